"""Members by name: the first of each, and an error for a name that no file has."""

import io

import pytest

from hcfmt.container import open_archive
from hcfmt.container.named_members import named_files
from hcfmt.errors import Fault, UsageError
from tests.support.builders import END, entry, header

TAR = (
    entry(b"users.json", b"first")
    + entry(b"./rooms.json", b"rooms")
    + entry(b"users.json", b"second")
    + header(b"rooms/", 0, b"5")
    + entry(b"users.json", b"third")
)


def read(tar: bytes, *names: str) -> tuple[list[bytes], list[str]]:
    """Return the contents of the named files of a tar, and the warnings."""
    warnings: list[str] = []
    with open_archive(io.BytesIO(tar)) as archive:
        return [b"".join(member.chunks) for member in named_files(archive, names, warn=warnings.append)], warnings


def test_files_come_in_the_order_of_the_archive_and_a_second_one_is_named_once() -> None:
    contents, warnings = read(TAR + END, "rooms.json", "./users.json")
    assert contents == [b"first", b"rooms"]
    assert warnings == ["users.json: the archive holds this name more than once; the first file was written."]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("user.json", "There is no member 'user.json'; did you mean 'users.json'?"),
        ("rooms", "rooms: is no file in the archive, but a directory"),
    ],
)
def test_a_name_that_no_file_has_is_an_error(name: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        read(TAR + END, name)
    assert message in str(error.value)


def test_a_file_behind_a_directory_of_its_name_is_found() -> None:
    assert read(header(b"a/", 0, b"5") + entry(b"a", b"1") + END, "a") == ([b"1"], [])


@pytest.mark.parametrize("end", [3 * 512, 3 * 512 + 100])
def test_an_archive_that_is_cut_ends_in_its_fault(end: int) -> None:
    with pytest.raises(Fault):
        read(TAR[:end], "users.json", "missing")
