"""Stored files are read in any range, and named so that no file system minds."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.export.layout import DATA_NAMES, layout_of
from hcfmt.server.store import Store, files
from hcfmt.server.store.files import is_unsafe, safe_name
from tests.server.store.exports import members, stored, user

PATH = "rooms/1/files/abc/ä b.PNG"
DATA = bytes(range(256)) * 12


@pytest.fixture(scope="module")
def small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "PIECE", 1000)
        yield


@pytest.fixture(scope="module")
def store(small_pieces: None) -> Iterator[Store]:  # noqa: ARG001 - must come before
    more = {PATH: DATA, "users/files/x/empty": b"", "users/files/x/whole": DATA[:1000]}
    with stored(members([user(1)], more=more)) as made:
        yield made


@settings(max_examples=200)
@given(st.integers(0, 3100), st.none() | st.integers(0, 4000))
def test_any_range_of_a_file_is_that_of_its_bytes(store: Store, start: int, stop: int | None) -> None:
    file = store.file(PATH)
    assert file is not None
    pieces = list(store.pieces(file, start, stop))
    assert b"".join(pieces) == DATA[start:stop]
    assert max(map(len, pieces), default=0) <= 1000


def test_a_file_is_told_by_its_path_and_by_its_id(store: Store) -> None:
    file = store.file(PATH)
    assert file is not None
    assert (file.path, file.name, file.size, file.type) == (PATH, "ä b.PNG", len(DATA), "image/png")
    assert store.file_by_id(file.id) == file
    for path, size in (("users/files/x/empty", 0), ("users/files/x/whole", 1000)):
        found = store.file(path)
        assert found is not None
        assert (found.size, len(b"".join(store.pieces(found))), found.type) == (size, size, "application/octet-stream")


@pytest.mark.parametrize(
    "path", ["", "users.json", "/etc/passwd", "rooms/1/files/abc", f"./{PATH}", f"x/../{PATH}", "\0"]
)
def test_a_path_that_is_no_files_leads_nowhere(store: Store, path: str) -> None:
    assert store.file(path) is None


def test_no_id_is_no_file(store: Store) -> None:
    assert store.file_by_id(0) is store.file_by_id(-1) is store.file_by_id(10**6) is None


@given(st.lists(st.binary(max_size=20), max_size=12))
def test_bytes_in_any_chunks_are_cut_into_equal_pieces(chunks: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "PIECE", 7)
        pieces = list(files._pieces(chunks))  # noqa: SLF001 - the cuts cannot be seen from outside
    assert b"".join(pieces) == b"".join(chunks)
    assert [len(one) for one in pieces[:-1]] == [7] * (len(pieces) - 1)
    assert all(pieces)


@pytest.mark.parametrize(
    ("given_", "made"),
    [
        ("report.pdf", "report.pdf"),
        ("C:\\x\\report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a/", "a"),
        ("", "file"),
        ("..", "file"),
        (" . ", "file"),
        (".bashrc", "bashrc"),
        ("a\0b\n.txt", "a_b_.txt"),
        ("users.json", "_users.json"),
        ("CON.txt", "_CON.txt"),
        ("com1", "_com1"),
        ("what? <now>", "what_ _now_"),
        ("x\u202egnp.exe", "x_gnp.exe"),
        ("a\ud800b.txt", "ab.txt"),
        ("e\u0301.png", "é.png"),
        ("x." + "y" * 200, "x." + "y" * 118),
        ("ä" * 100 + ".png", "ä" * 60 + ".png"),
    ],
)
def test_a_files_name_is_made_safe(given_: str, made: str) -> None:
    assert safe_name(given_) == made


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_name_makes_a_name_that_an_export_can_have(name: str) -> None:
    made = safe_name(name)
    path = f"rooms/1/files/{'a' * 15}/{made}"
    assert layout_of(path) is not None
    assert not is_unsafe(path)
    assert "/" not in made
    assert made.strip(" .") == made
    assert made.lower() not in DATA_NAMES
    assert len(made.encode()) <= 140
    assert safe_name(made) == made
