"""The digests of members and of the tar inside are those of their bytes, whatever is read and however it is packed."""

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from hcfmt.container import Archive, Budget, Member, MemberKind, open_archive
from hcfmt.container.content_digests import ContentDigests, MemberDigest
from tests.support.builders import END, PASSWORD, encrypted, entry, zipped
from tests.support.layers import NOISE

MEMBERS = {"empty": b"", "small": b"x" * 700, "noise": NOISE, "last": b"z"}
LINK = entry(b"link", flag=b"2")
TAR = b"".join(entry(name.encode(), payload) for name, payload in MEMBERS.items()) + LINK + END + b"behind"
PACKINGS = {
    "tar": TAR,
    "tar.gz": zipped(TAR),
    "tar.gz.aes": encrypted(zipped(TAR)),
    "tar.aes": encrypted(TAR),
    "packed twice": encrypted(zipped(encrypted(zipped(TAR)))),
}
EXPECTED = [
    *(MemberDigest(name, MemberKind.FILE, len(x), hashlib.sha256(x).hexdigest()) for name, x in MEMBERS.items()),
    MemberDigest("link", MemberKind.LINK, 0, None),
]


@cache
def large() -> tuple[bytes, bytes, bytes]:
    """Return a payload, a tar that holds it, and its gzip stream, which is large enough to be read ahead."""
    payload = NOISE * 20
    tar = entry(b"a", payload) + entry(b"b", NOISE) + END
    return payload, tar, zipped(tar)


def nothing(_: Member) -> None:
    """Leave a member unread."""


def first_chunk(member: Member) -> None:
    list(islice(member.chunks, 1))


def all_chunks(member: Member) -> None:
    for _ in member.chunks:
        pass


READERS = (nothing, first_chunk, all_chunks)


def read(archive: Archive, reader: Callable[[Member], object]) -> ContentDigests:
    with archive:
        for member in archive.members():
            reader(member)
    assert archive.contents
    return archive.contents


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("data", PACKINGS.values(), ids=PACKINGS)
def test_digests_are_those_of_the_bytes_whatever_was_read(data: bytes, reader: Callable[[Member], object]) -> None:
    found = read(open_archive("-", password=PASSWORD, stdin=io.BytesIO(data), contents=True), reader)
    assert found.members == EXPECTED
    assert (found.complete, found.tar_bytes, found.tar_sha256) == (True, len(TAR), hashlib.sha256(TAR).hexdigest())


@pytest.mark.parametrize("reader", READERS)
def test_a_large_file_that_is_read_ahead_has_the_same_digests(
    tmp_path: Path, reader: Callable[[Member], object]
) -> None:
    payload, tar, data = large()
    (tmp_path / "large.tar.gz").write_bytes(data)
    found = read(open_archive(str(tmp_path / "large.tar.gz"), password=None, contents=True), reader)
    assert [member.sha256 for member in found.members] == [hashlib.sha256(x).hexdigest() for x in (payload, NOISE)]
    assert found.tar_sha256 == hashlib.sha256(tar).hexdigest()


def test_a_directory_has_the_digests_of_its_files_and_no_tar(tmp_path: Path) -> None:
    for name, payload in MEMBERS.items():
        (tmp_path / name).write_bytes(payload)
    found = read(open_archive(str(tmp_path), password=None, contents=True), nothing)
    assert found.members == sorted(EXPECTED[:-1], key=lambda member: member.path)
    assert (found.complete, found.tar_bytes, found.tar_sha256) == (True, None, None)


def test_nothing_is_hashed_unless_it_was_asked_for() -> None:
    assert open_archive("-", password=PASSWORD, stdin=io.BytesIO(TAR)).contents is None


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("cut", [600, 2000, 200_000, len(TAR) - 2048])
def test_of_an_archive_that_is_cut_the_whole_members_have_digests(cut: int, reader: Callable[[Member], object]) -> None:
    def tolerant(member: Member) -> Iterator[None]:
        try:
            reader(member)
        except Exception:  # noqa: BLE001 - the cut
            yield

    archive = open_archive("-", password=None, stdin=io.BytesIO(TAR[:cut]), contents=True, sha256=True)
    found = read(archive, lambda member: list(tolerant(member)))
    assert archive.fault
    assert archive.fault.kind == "tar-cut"
    assert found.members == EXPECTED[: len(found.members)]
    assert (found.complete, found.tar_bytes, found.tar_sha256) == (False, None, None)


@pytest.mark.parametrize(
    "data", [GARBAGE := b"no archive" * 100_000, zipped(TAR)[:5000] + GARBAGE, encrypted(b"")[:20] + GARBAGE]
)
def test_the_rest_of_an_input_whose_reading_ended_early_is_hashed_on_request(data: bytes) -> None:
    archive = open_archive("-", password=PASSWORD, stdin=io.BytesIO(data), sha256=True)
    read_paths = [member.path for member in archive.members()]
    archive.hash_rest()
    assert archive.sha256 == hashlib.sha256(data).hexdigest()
    assert archive.fault, read_paths


def test_a_file_that_is_read_ahead_is_hashed_to_its_end_on_request(tmp_path: Path) -> None:
    data = zipped(entry(b"a", NOISE * 16) + b"no header" * 1000) + NOISE * 16
    (tmp_path / "broken.tar.gz").write_bytes(data)
    with open_archive(str(tmp_path / "broken.tar.gz"), password=None, sha256=True) as archive:
        list(archive.members())
        archive.hash_rest()
        assert archive.sha256 == hashlib.sha256(data).hexdigest()


class Endless(io.RawIOBase):
    """A file that never ends."""

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return as many bytes as asked for."""
        return b"x" * size


def test_an_input_without_end_has_no_hash() -> None:
    budget = Budget(expanded=1 << 20)
    archive = open_archive("-", password=None, stdin=Endless(), sha256=True, budget=budget)  # type: ignore[arg-type]
    list(archive.members())
    archive.hash_rest()
    assert (archive.sha256, archive.hashed_bytes) == (None, None)


def test_names_take_no_more_memory_than_allowed() -> None:
    archive = open_archive("-", password=None, stdin=io.BytesIO(TAR), contents=True, budget=Budget(names=12))
    found = read(archive, nothing)
    assert archive.fault
    assert archive.fault.values == {"limit": 12, "option": "--max-names"}
    assert [member.path for member in found.members] == ["empty", "small"]
