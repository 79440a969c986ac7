"""A directory is read as an archive: in order, within limits, without following links."""

import os
import sys
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from hcfmt.container import Archive, Budget, MemberKind, directory, open_archive
from hcfmt.errors import Fault, UsageError
from tests.support.builders import kinds, opened

FILE, DIRECTORY, LINK, SPECIAL = MemberKind


@pytest.fixture(params=["by descriptor", "by path"], autouse=True)
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each tree as POSIX systems can, and as Windows must."""
    if request.param == "by path":
        monkeypatch.setattr(directory, "BY_DESCRIPTOR", False)


by_descriptor_only = pytest.mark.parametrize("_either_way", ["by descriptor"], indirect=True)


def _open(path: Path, budget: Budget | None = None) -> Archive:
    return open_archive(str(path), password=None, budget=budget or Budget())


def test_entries_are_members_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("rooms/2", "rooms/10", "users", "empty"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("users.json", "rooms/2/history.json", "rooms/a.json", "café"):
        (tmp_path / name).write_bytes(name.encode())
    archive, rows = opened(tmp_path)
    assert rows == [
        ("café", 5, FILE, "café".encode()),
        ("empty/", 0, DIRECTORY, b""),
        ("rooms/", 0, DIRECTORY, b""),
        ("rooms/10/", 0, DIRECTORY, b""),
        ("rooms/2/", 0, DIRECTORY, b""),
        ("rooms/2/history.json", 20, FILE, b"rooms/2/history.json"),
        ("rooms/a.json", 12, FILE, b"rooms/a.json"),
        ("users/", 0, DIRECTORY, b""),
        ("users.json", 10, FILE, b"users.json"),
    ]
    assert kinds(archive) == []
    assert (archive.layers, archive.digest, archive.size) == (("directory",), None, None)
    assert archive.expanded == archive.bytes_read == 47


def test_an_empty_directory_has_no_members(tmp_path: Path) -> None:
    archive, rows = opened(tmp_path)
    assert rows == []
    assert kinds(archive) == []


def test_links_and_special_files_are_reported_and_never_opened(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (inside / "a").symlink_to(outside / "secret")
    (inside / "b").symlink_to(outside)
    (inside / "c").symlink_to("nowhere")
    (inside / "d").symlink_to(".")
    rows = opened(inside)[1]
    assert rows == [(name, 0, LINK, b"") for name in "abcd"]


def test_a_fifo_does_not_block_the_reading(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert opened(tmp_path)[1] == [("fifo", 0, SPECIAL, b"")]


def test_a_link_named_by_the_caller_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_bytes(b"a")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert opened(tmp_path / "link")[1] == [("a", 1, FILE, b"a")]


def test_a_deep_tree_needs_no_more_open_files_than_a_flat_one(tmp_path: Path) -> None:
    (tmp_path / Path(*["d"] * 300)).mkdir(parents=True)
    before, paths = _descriptors(), []
    for member in _open(tmp_path).members():
        assert _descriptors() <= before + 1
        paths.append(member.path)
    assert paths == ["d/" * level for level in range(1, 301)]


def test_a_name_that_is_not_utf_8_survives(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9"
    try:
        os.close(os.open(raw, os.O_CREAT | os.O_WRONLY))
    except OSError:
        assert sys.platform == "darwin", "only macOS refuses such a name"
        return
    members = list(_open(tmp_path).members())
    assert [(member.path, member.decodable) for member in members] == [("caf\udce9", False)]


@pytest.mark.parametrize(
    ("budget", "option"),
    [
        (Budget(members=3), "--max-members"),
        (Budget(path=7), "--max-path"),
        (Budget(expanded=5), "--max-expanded"),
        (Budget(expired=lambda: True), "--max-seconds"),
    ],
)
def test_the_limits_hold_in_a_directory_too(tmp_path: Path, budget: Budget, option: str) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("a", "folder/b", "folder/c"):
        (tmp_path / name).write_bytes(b"xyz")
    archive, _ = opened(tmp_path, budget)
    assert archive.fault is not None
    assert archive.fault.kind == "budget-exceeded"
    assert option in archive.fault.message


def test_members_within_the_limits_are_read(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("a", "folder/b"):
        (tmp_path / name).write_bytes(b"xyz")
    archive, rows = opened(tmp_path, Budget(members=3, path=8, expanded=6))
    assert kinds(archive) == []
    assert len(rows) == 3


def test_a_payload_beyond_a_limit_raises(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"xyz")
    archive, paths = _open(tmp_path, Budget(expanded=2)), []
    for member in archive.members():
        paths.append(member.path)
        with pytest.raises(Fault, match="--max-expanded"):
            next(member.chunks)
    assert archive.fault is not None
    assert paths == ["a"]


def test_a_payload_that_is_not_read_costs_nothing(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 40)
    archive = _open(tmp_path, Budget(expanded=1))
    assert [(member.path, member.size) for member in archive.members()] == [("huge", 1 << 40)]
    assert archive.expanded == 0


def test_a_payload_is_invalid_after_the_next_member(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"xyz")
    members = _open(tmp_path).members()
    first = next(members)
    next(members)
    with pytest.raises(ValueError, match="closed file"):
        next(first.chunks)


def test_a_file_that_shrinks_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(600_000))
    members = _open(tmp_path).members()
    chunks = next(members).chunks
    assert next(chunks)
    os.truncate(path, 10)
    with pytest.raises(UsageError, match="became shorter"):
        next(chunks)


def test_a_file_that_grows_is_read_to_its_first_size(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    members = _open(tmp_path).members()
    member = next(members)
    path.write_bytes(b"abcdef")
    assert b"".join(member.chunks) == b"abc"


@by_descriptor_only
def test_a_directory_replaced_by_a_link_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    for path in (outside / "y", inside / "x" / "a", inside / "x" / "y"):
        path.mkdir(parents=True)
    (outside / "y" / "secret").write_bytes(b"secret")
    members = _open(inside).members()
    assert [next(members).path for _ in range(2)] == ["x/", "x/a/"]
    (inside / "x").rename(inside / "moved")
    (inside / "x").symlink_to(outside)
    with pytest.raises(UsageError, match="an entry of this directory cannot be read"):
        list(members)


@by_descriptor_only
def test_a_file_replaced_by_a_link_or_a_fifo_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.stat
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    path = tmp_path / "inside" / "a"
    path.write_bytes(b"a")

    def swapped(name: str | int, **options: Any) -> os.stat_result:  # noqa: ANN401 - whatever os.stat takes
        status = real(name, **options)
        if name == "a":
            path.unlink()
            path.symlink_to("../secret")
        return status

    archive = _open(tmp_path / "inside")
    monkeypatch.setattr(os, "stat", swapped)
    with pytest.raises(UsageError, match="cannot be read"):
        list(archive.members())


def _failing(*_: object, **__: object) -> int:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("call", ["stat", "open", "scandir"])
def test_the_error_of_an_unreadable_entry_hides_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    (tmp_path / "hcanary").write_bytes(b"a")
    archive = _open(tmp_path)
    monkeypatch.setattr(os, call, _failing)
    with pytest.raises(UsageError, match="cannot be read: Permission denied") as caught:
        list(archive.members())
    assert "hcanary" not in str(caught.value)


def test_a_file_that_fails_during_reading_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        """A file on a disk that fails."""

        def __init__(self, descriptor: int, *_: object, **__: object) -> None:
            self.descriptor = descriptor

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self.descriptor)

        def fileno(self) -> int:
            return self.descriptor

        def read(self, _: int) -> bytes:
            raise OSError(5, "Input/output error")

    (tmp_path / "a").write_bytes(b"a")
    monkeypatch.setattr(os, "fdopen", Failing)
    members = _open(tmp_path).members()
    with pytest.raises(UsageError, match="Input/output error"):
        next(next(members).chunks)


def test_an_unreadable_directory_is_an_error_on_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "scandir", _failing)
    with pytest.raises(UsageError, match="Permission denied"):
        _open(tmp_path)


def test_a_reparse_point_of_windows_is_a_link() -> None:
    junction = SimpleNamespace(st_mode=0o040777, st_file_attributes=0x410)
    plain = SimpleNamespace(st_mode=0o040777, st_file_attributes=0x10)
    assert directory._kind(cast("os.stat_result", junction)) is LINK  # noqa: SLF001 - no junction can be made elsewhere
    assert directory._kind(cast("os.stat_result", plain)) is DIRECTORY  # noqa: SLF001 - as above


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    for name in ("a/b", "c"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "file").write_bytes(b"x")
    before = _descriptors()
    for stop in range(6):
        members = _open(tmp_path).members()
        assert len(list(islice(members, stop))) == min(stop, 5)
        del members
        assert _descriptors() == before


def _descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def test_the_file_of_a_path_is_found_alone_and_through_no_link(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/c").write_bytes(b"c")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "a/file").symlink_to(tmp_path / "a/b/c")

    def contents(path: str) -> list[bytes]:
        with _open(tmp_path) as archive:
            archive.look_only_at(path)
            return [b"".join(member.chunks) for member in archive.members()]

    assert contents("a/b/c") == [b"c"]
    missing = ["", "a", "a/b", "a/b/d", "a\0", "a/b/c/d", "link/b/c", "a/file", f"../{tmp_path.name}/a/b/c"]
    assert [contents(path) for path in missing] == [[]] * len(missing)
