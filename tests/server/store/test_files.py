"""Stored files are read in any range, and have names that every file system allows."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.export.layout import DATA_NAMES, layout_of
from hcfmt.server.store import Store, files
from hcfmt.server.store.file_names import is_unsafe, safe_name
from tests.support.store_exports import members, store_of, user

PATH = "rooms/1/files/abc/ä b.PNG"
DATA = bytes(range(256)) * 12


@pytest.fixture(scope="module")
def small_chunks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "CHUNK", 1000)
        yield


@pytest.fixture(scope="module")
def store(small_chunks: None) -> Iterator[Store]:  # noqa: ARG001 - must come before
    more = {PATH: DATA, "users/files/x/empty": b"", "users/files/x/whole": DATA[:1000]}
    with store_of(members([user(1)], more=more)) as opened:
        yield opened


@settings(max_examples=200)
@given(st.integers(0, 3100), st.none() | st.integers(0, 4000))
def test_any_range_of_a_file_has_the_bytes_of_that_range(store: Store, start: int, stop: int | None) -> None:
    file = store.file(PATH)
    assert file is not None
    parts = list(store.read_file(file, start, stop))
    assert b"".join(parts) == DATA[start:stop]
    assert max(map(len, parts), default=0) <= 1000


def test_a_file_is_found_by_its_path_and_by_its_id(store: Store) -> None:
    file = store.file(PATH)
    assert file is not None
    assert (file.path, file.name, file.size, file.type) == (PATH, "ä b.PNG", len(DATA), "image/png")
    assert store.file_by_id(file.id) == file
    for path, size in (("users/files/x/empty", 0), ("users/files/x/whole", 1000)):
        found = store.file(path)
        assert found is not None
        assert (found.size, len(b"".join(store.read_file(found))), found.type) == (
            size,
            size,
            "application/octet-stream",
        )


@pytest.mark.parametrize(
    "path", ["", "users.json", "/etc/passwd", "rooms/1/files/abc", f"./{PATH}", f"x/../{PATH}", "\0"]
)
def test_an_unknown_path_finds_no_file(store: Store, path: str) -> None:
    assert store.file(path) is None


def test_an_unknown_id_finds_no_file(store: Store) -> None:
    assert store.file_by_id(0) is store.file_by_id(-1) is store.file_by_id(10**6) is None


@given(st.lists(st.binary(max_size=20), max_size=12))
def test_bytes_in_any_parts_are_stored_in_equal_chunks(parts: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "CHUNK", 7)
        chunks = list(files._chunks_of(parts))  # noqa: SLF001 - the cuts cannot be seen from outside
    assert b"".join(chunks) == b"".join(parts)
    assert [len(chunk) for chunk in chunks[:-1]] == [7] * (len(chunks) - 1)
    assert all(chunks)


@pytest.mark.parametrize(
    ("name", "safe"),
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
def test_the_name_of_an_upload_becomes_a_safe_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_name_becomes_a_name_that_an_export_can_have(name: str) -> None:
    safe = safe_name(name)
    path = f"rooms/1/files/{'a' * 15}/{safe}"
    assert layout_of(path) is not None
    assert not is_unsafe(path)
    assert "/" not in safe
    assert safe.strip(" .") == safe
    assert safe.lower() not in DATA_NAMES
    assert len(safe.encode()) <= 140
    assert safe_name(safe) == safe
