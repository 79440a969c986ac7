"""Copies of files: their bytes under safe names, which no browser opens as a page."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from hcfmt.container import Budget
from hcfmt.container.new_tree import NewTree
from hcfmt.errors import Fault
from hcfmt.server.page.static_export.file_copies import FileCopies
from tests.support.store_exports import members, room, store_of, user

FOLDER = "rooms/7/files/d"


def _copy(directory: Path, paths: list[str], budget: Budget | None = None) -> dict[str, str]:
    """Copy files whose bytes are their paths; return the addresses by path."""
    with store_of(members([user(1)], [room(7)], {}, {path: path.encode() for path in paths})) as store:
        tree = NewTree(str(directory))
        copies = FileCopies(tree, budget or Budget())
        stored = list(store.chats.all_files())
        for file in stored:
            copies.write(store, file)
        tree.close()
        return {file.path: copies.address(file) for file in stored}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.png", "a.png"),
        ("Plan Ä#1?.PDF", "Plan Ä#1_.PDF"),
        ("100%.txt", "100%.txt"),
        ("a.html", "a.html.bin"),
        ("a.HTM", "a.HTM.bin"),
        ("a.svg", "a.svg.bin"),
        ("a.xhtml", "a.xhtml.bin"),
        ("a.xml", "a.xml.bin"),
        ("a.mht", "a.mht.bin"),
        ("a.html.", "a.html..bin"),
        ("a.png ", "a.png .bin"),
        ("a.html?x.png", "a.html_x.png"),
        ("a", "a.bin"),
        (".png", ".png"),
        ("con.txt", "_con.txt"),
    ],
)
def test_a_file_has_a_name_that_is_safe_to_write_and_to_open(tmp_path: Path, name: str, written: str) -> None:
    ((path, address),) = _copy(tmp_path / "out", [f"{FOLDER}/{name}"]).items()
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    file = tmp_path / "out" / unquote(parts.path)
    assert file.read_bytes() == path.encode()
    assert file.name == written


@pytest.mark.parametrize(("extension", "suffix"), [("html", ".bin"), ("png", ".png")])
def test_a_long_name_ends_as_a_short_one(tmp_path: Path, extension: str, suffix: str) -> None:
    (address,) = _copy(tmp_path / "out", [f"{FOLDER}/{'x' * 250}.{extension}"]).values()
    assert len(address.rpartition("/")[2]) <= 255
    assert address.endswith(suffix)


def test_files_of_the_same_name_get_numbers(tmp_path: Path) -> None:
    paths = [f"{FOLDER}/{name}" for name in ("a.txt", "A.txt", "a.html", "a.html.bin")]
    addresses = _copy(tmp_path / "out", paths)
    assert [address.rpartition("/")[2] for address in addresses.values()] == [
        "a.txt",
        "A-2.txt",
        "a.html.bin",
        "a.html-2.bin",
    ]
    for path, address in addresses.items():
        assert (tmp_path / "out" / unquote(address)).read_bytes() == path.encode()


def test_names_that_take_too_much_memory_are_refused(tmp_path: Path) -> None:
    paths = [f"{FOLDER}{'/d' * 20}{at}/a.txt" for at in range(20)]
    with pytest.raises(Fault, match="member names"):
        _copy(tmp_path / "out", paths, Budget(names=100))
