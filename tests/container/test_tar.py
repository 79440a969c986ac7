"""The tar reader reads every kind of header."""

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from hcfmt.container import Budget, MemberKind
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.tar import Tar
from tests.support.builders import (
    END,
    GNU,
    USTAR,
    V7,
    chunked,
    each_chunk_size,
    entry,
    header,
    pax,
    read_tar,
    record,
)
from tests.support.counterparts import counterpart

FILE, DIRECTORY, LINK, SPECIAL = MemberKind
NEXT = entry(b"next", b"payload of the next")
NEXT_ROW = ("next", 19, FILE, b"payload of the next")
LONG = b"rooms/" + b"x" * 300

# One member before NEXT: its blocks, and the path, size and kind that it must have.
MEMBERS: dict[str, tuple[bytes, tuple[str, int, MemberKind]]] = {
    "ustar": (entry(b"a", b"abc"), ("a", 3, FILE)),
    "v7": (entry(b"a", b"abc", b"\0", magic=V7), ("a", 3, FILE)),
    "GNU": (entry(b"a", b"abc", magic=GNU), ("a", 3, FILE)),
    "a contiguous file": (entry(b"a", b"abc", b"7"), ("a", 3, SPECIAL)),
    "a payload of one block": (entry(b"a", b"x" * 512), ("a", 512, FILE)),
    "an empty name": (entry(b"", b"abc"), ("", 3, FILE)),
    "a name of 100 bytes": (entry(b"n" * 100, b"abc"), ("n" * 100, 3, FILE)),
    "a name that is not UTF-8": (entry(b"caf\xe9", b"abc"), ("caf\udce9", 3, FILE)),
    "ustar's prefix": (header(b"a", patches={345: b"rooms/1"}), ("rooms/1/a", 0, FILE)),
    "a prefix of 155 bytes": (header(b"a", patches={345: b"p" * 155}), ("p" * 155 + "/a", 0, FILE)),
    "GNU has no prefix": (header(b"a", magic=GNU, patches={345: b"00000000000\0"}), ("a", 0, FILE)),
    "v7 has no prefix": (header(b"a", magic=V7, patches={345: b"anything"}), ("a", 0, FILE)),
    "v7 has no device numbers": (header(b"a", magic=V7, patches={329: b"anything"}), ("a", 0, FILE)),
    "numbers that end in a space": (header(b"a", patches={100: b"000644 \0", 124: b"00000000000 "}), ("a", 0, FILE)),
    "numbers with leading spaces": (header(b"a", patches={100: b"   644 \0"}), ("a", 0, FILE)),
    "numbers left empty": (header(b"a", patches={100: bytes(8), 108: b" " * 8}), ("a", 0, FILE)),
    "numbers that fill their field": (header(b"a", patches={100: b"00000644"}), ("a", 0, FILE)),
    "a size in base 256": (
        header(b"a", patches={124: b"\x80" + bytes(10) + b"\x03"}) + b"abc" + bytes(509),
        ("a", 3, FILE),
    ),
    "a time before 1970 in base 256": (header(b"a", patches={136: b"\xff" * 12}), ("a", 0, FILE)),
    "a signed checksum": (header(b"caf\xc3\xa9", signed=True), ("café", 0, FILE)),
    "a checksum without its space": (header(b"a", patches={148: b"0" + header(b"a")[148:154] + b"\0"}), ("a", 0, FILE)),
    "a directory": (header(b"rooms/", flag=b"5"), ("rooms/", 0, DIRECTORY)),
    "v7's directory": (header(b"rooms/", flag=b"\0", magic=V7), ("rooms/", 0, DIRECTORY)),
    "v7's directory with a size": (header(b"rooms/", 700, b"\0", magic=V7), ("rooms/", 0, DIRECTORY)),
    "a file that is named like a directory": (entry(b"rooms/", b"abc"), ("rooms/", 3, DIRECTORY)),
    "a directory with a size": (header(b"rooms/", 700, b"5"), ("rooms/", 0, DIRECTORY)),
    "a hard link with a size": (header(b"a", 700, b"1"), ("a", 0, LINK)),
    "a symbolic link with a size": (header(b"a", 700, b"2"), ("a", 0, LINK)),
    "a character device with a size": (header(b"a", 700, b"3"), ("a", 0, SPECIAL)),
    "a block device with a size": (header(b"a", 700, b"4"), ("a", 0, SPECIAL)),
    "a FIFO with a size": (header(b"a", 700, b"6"), ("a", 0, SPECIAL)),
    "GNU's volume": (entry(b"a", b"", b"V"), ("a", 0, SPECIAL)),
    "GNU's continued volume": (entry(b"a", b"x" * 700, b"M"), ("a", 700, SPECIAL)),
    "GNU's dumped directory": (entry(b"a", b"Yfile\0\0", b"D"), ("a", 7, SPECIAL)),
    "a type that nobody knows": (entry(b"a", b"x" * 700, b"Z"), ("a", 700, SPECIAL)),
    "GNU's sparse file": (entry(b"a", b"x" * 700, b"S", magic=GNU), ("a", 700, SPECIAL)),
    "GNU's sparse file, its map continued": (
        header(b"a", 3, b"S", magic=GNU, patches={482: b"\1"})
        + (bytes(504) + b"\1" + bytes(7)) * 2
        + bytes(512)
        + b"abc".ljust(512, b"\0"),
        ("a", 3, SPECIAL),
    ),
    "GNU's long name": (entry(b"././@LongLink", LONG + b"\0", b"L") + entry(b"a", b"abc"), (LONG.decode(), 3, FILE)),
    "GNU's long link": (entry(b"././@LongLink", LONG + b"\0", b"K") + header(b"a", flag=b"2"), ("a", 0, LINK)),
    "pax: path": (pax(record(b"path", LONG)) + entry(b"a", b"abc"), (LONG.decode(), 3, FILE)),
    "pax: Sun's own": (pax(record(b"path", LONG), flag=b"X") + entry(b"a", b"abc"), (LONG.decode(), 3, FILE)),
    "pax: size": (pax(record(b"size", b"3")) + header(b"a") + b"abc" + bytes(509), ("a", 3, FILE)),
    "pax: a path with =, newline and NUL": (pax(record(b"path", b"a=b\nc\0d")) + header(b"a"), ("a=b\nc\0d", 0, FILE)),
    "pax: a path that names a directory": (pax(record(b"path", b"rooms/")) + header(b"a"), ("rooms/", 0, DIRECTORY)),
    "pax: names that are not UTF-8": (
        pax(record(b"hdrcharset", b"BINARY"), record(b"path", b"caf\xe9")) + header(b"a"),
        ("caf\udce9", 0, FILE),
    ),
    "pax: an unknown keyword": (pax(record(b"mtime", b"1.5"), record(b"X.y", b"z")) + header(b"a"), ("a", 0, FILE)),
    "pax: an empty value takes the keyword back": (pax(record(b"path", b"")) + header(b"a"), ("a", 0, FILE)),
    "pax: the later record wins": (pax(record(b"path", b"b"), record(b"path", b"c")) + header(b"a"), ("c", 0, FILE)),
    "pax: no records": (pax() + header(b"a"), ("a", 0, FILE)),
    "pax: filled up with NULs": (pax(record(b"path", b"b"), bytes(9)) + header(b"a"), ("b", 0, FILE)),
    "pax: two headers": (pax(record(b"path", b"b")) + pax(record(b"size", b"0")) + header(b"a", 9), ("b", 0, FILE)),
    "pax: sparse, version 1.0": (
        pax(record(b"GNU.sparse.major", b"1"), record(b"GNU.sparse.name", b"b"))
        + entry(b"a", b"0\n".ljust(512, b"\0")),
        ("b", 512, SPECIAL),
    ),
    "pax: sparse, version 0.1": (pax(record(b"GNU.sparse.map", b"0,1")) + entry(b"a", b"x"), ("a", 1, SPECIAL)),
    "a GNU name goes before a pax path": (
        pax(record(b"path", b"b")) + entry(b"L", b"c\0", b"L") + header(b"a"),
        ("c", 0, FILE),
    ),
}


@each_chunk_size
@pytest.mark.parametrize(("blocks", "row"), MEMBERS.values(), ids=MEMBERS)
def test_a_member_has_the_right_path_size_and_kind_and_the_next_is_found(
    blocks: bytes, row: tuple[str, int, MemberKind], chunk: int
) -> None:
    read = read_tar(blocks + NEXT + END, chunk)
    assert read.fault is None
    assert [found[:3] for found in read.rows] == [row, NEXT_ROW[:3]]
    assert read.rows[1] == NEXT_ROW
    assert len(read.rows[0][3]) == row[1]
    assert read.terminated
    assert read.trailing == 0


def test_a_global_pax_header_holds_until_another_changes_it() -> None:
    blocks = (
        pax(record(b"path", b"everyone"), flag=b"g"),
        header(b"a"),
        pax(record(b"path", b"own")) + header(b"b"),
        header(b"c"),
        pax(record(b"path", b""), flag=b"g") + header(b"d"),
    )
    assert [row[0] for row in read_tar(b"".join(blocks) + END).rows] == ["everyone", "own", "everyone", "d"]


# What stands after the last member, and what is then said of the end.
ENDS = {
    "two zero blocks": (END, True, 0),
    "a record of GNU tar": (bytes(10_240), True, 0),
    "nothing": (b"", False, 0),
    "one zero block": (bytes(512), False, 0),
    "half a zero block": (bytes(256), False, 0),
    "one and a half": (bytes(768), False, 0),
    "text after the end": (END + b"text", True, 4),
    "text between zeros after the end": (END + bytes(700) + b"te\0xt" + bytes(700), True, 4),
    "a member after the end": (END + header(b"a"), True, 512 - header(b"a").count(0)),
    "a member after a lone zero block": (bytes(512) + header(b"a") + END, False, 512 - header(b"a").count(0)),
}


@each_chunk_size
@pytest.mark.parametrize(("end", "terminated", "trailing"), ENDS.values(), ids=ENDS)
def test_the_end_is_two_zero_blocks_and_bytes_after_it_are_counted(
    end: bytes, *, terminated: bool, trailing: int, chunk: int
) -> None:
    read = read_tar(NEXT + end, chunk)
    assert read.rows == [NEXT_ROW]
    assert read.fault is None
    assert (read.terminated, read.trailing) == (terminated, trailing)


def test_gnu_tar_too_stops_at_a_lone_zero_block(tmp_path: Path) -> None:
    path = tmp_path / "lone.tar"
    path.write_bytes(NEXT + bytes(512) + entry(b"behind") + END)
    command = [counterpart("gtar", "tar", version="GNU tar"), "-tf", str(path)]
    listed = subprocess.run(command, capture_output=True, check=True, text=True)
    assert listed.stdout.split() == [row[0] for row in read_tar(path.read_bytes()).rows] == ["next"]
    assert "lone zero block" in listed.stderr


def test_a_payload_that_was_not_read_is_skipped() -> None:
    tar = Tar(ByteStream(chunked(entry(b"a", b"x" * 5000) + NEXT + END, 100)), Budget())
    paths = []
    for member in tar.members():
        paths.append(member.path)
        if member.path == "a":
            assert next(member.chunks)
    assert paths == ["a", "next"]
    assert tar.terminated


def test_a_payload_is_invalid_after_the_next_member() -> None:
    members = Tar(ByteStream(iter([entry(b"a", b"abc") + NEXT + END])), Budget()).members()
    first = next(members)
    next(members)
    with pytest.raises(ValueError, match="before the next member"):
        next(first.chunks)


@pytest.mark.parametrize(
    "arguments", ["--format=gnu", *(f"--format=posix --sparse-version={v}" for v in ("0.0", "0.1", "1.0"))]
)
def test_the_sparse_files_of_gnu_tar_are_special_and_what_follows_is_found(tmp_path: Path, arguments: str) -> None:
    with (tmp_path / "a.sparse").open("wb") as file:
        for hole in range(40):  # more than fit into one header, so that the map is continued
            file.seek(hole * 200_000)
            file.write(b"data")
        file.truncate(10_000_000)
    (tmp_path / "next").write_bytes(NEXT_ROW[3])
    tar = counterpart("gtar", "tar", version="GNU tar")
    command = [tar, "-C", str(tmp_path), "--sparse", *arguments.split(), "-cf", "-", "a.sparse", "next"]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    assert len(data) < 1_000_000
    read = read_tar(data)
    assert read.fault is None
    assert [row[::2] for row in read.rows[:1]] == [("a.sparse", SPECIAL)]
    assert read.rows[1:] == [NEXT_ROW]


@pytest.mark.parametrize("size", [8 << 30, 1 << 40])
def test_sizes_beyond_octal_are_read_as_they_were_written(size: int) -> None:
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        info = tarfile.TarInfo("huge")
        info.size = size
        blocks = info.tobuf(form)
        member = next(Tar(ByteStream(iter([blocks, b"first bytes"])), Budget()).members())
        assert (member.path, member.size) == ("huge", size)


def test_python_reads_the_tars_of_the_builders() -> None:
    with tarfile.open(fileobj=io.BytesIO(entry(b"a", b"abc", magic=USTAR) + NEXT + END)) as archive:
        assert archive.getnames() == ["a", "next"]
