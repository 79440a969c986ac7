"""A broken tar, or one beyond the limits, is a fault, found at little cost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hcfmt.container import Budget, open_archive
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.tar import Tar
from tests.support.builders import END, each_chunk_size, entry, header, pax, read_tar, record, zipped
from tests.support.memory import traced

NEXT = entry(b"next", b"payload of the next")

# Changes of a valid tar, the kind of the fault, and a part of its message.
BROKEN = {
    "a byte of the header turned": (b"b" + entry(b"a")[1:] + END, "tar-corrupt", "checksum"),
    "a checksum that is no number": (header(patches={148: b"********"}) + END, "tar-corrupt", "checksum"),
    "a checksum left empty": (header(patches={148: bytes(8)}) + END, "tar-corrupt", "checksum"),
    "a checksum with a sign": (header(patches={148: b"+" + header()[149:154] + b"\0 "}), "tar-corrupt", "checksum"),
    "text after the end": (NEXT + b"text".ljust(512), "tar-corrupt", "checksum"),
    "a size with an 8": (header(patches={124: b"00000000008\0"}), "tar-corrupt", "number"),
    "a size with an underscore": (header(patches={124: b"0000000_001\0"}), "tar-corrupt", "number"),
    "a mode that is no number": (header(patches={100: b"rw-r--r-"}), "tar-corrupt", "number"),
    "a user that is no number": (header(patches={108: b"nobody\0\0"}), "tar-corrupt", "number"),
    "a time that is no number": (header(patches={136: b"yesterday\0\0\0"}), "tar-corrupt", "number"),
    "a device that is no number": (header(patches={329: b"disk\0\0\0\0"}), "tar-corrupt", "number"),
    "a negative size in base 256": (header(patches={124: b"\xff" * 12}), "tar-corrupt", "negative"),
    "a size of 2**63 in base 256": (
        header(patches={124: b"\x80\0\0\0\x80\0\0\0\0\0\0\0"}),
        "tar-corrupt",
        "impossible size",
    ),
    "pax: a length that is no number": (pax(b"x path=a\n") + header(), "tar-corrupt", "malformed"),
    "pax: no length": (pax(b" path=a\n") + header(), "tar-corrupt", "malformed"),
    "pax: a length beyond the header": (pax(b"99 path=a\n") + header(), "tar-corrupt", "malformed"),
    "pax: a length of 30 digits": (pax(b"9" * 30 + b" path=a\n") + header(), "tar-corrupt", "malformed"),
    "pax: a length within the length": (pax(b"1 path=a\n") + header(), "tar-corrupt", "malformed"),
    "pax: no equals sign": (pax(b"7 path\n") + header(), "tar-corrupt", "malformed"),
    "pax: no keyword": (pax(b"5 =a\n") + header(), "tar-corrupt", "malformed"),
    "pax: no newline": (pax(b"9 path=ab") + header(), "tar-corrupt", "malformed"),
    "pax: bytes after NULs": (pax(record(b"path", b"a"), b"\0\0x") + header(), "tar-corrupt", "malformed"),
    "pax: a size that is no number": (pax(record(b"size", b"-1")) + header(), "tar-corrupt", "impossible size"),
    "pax: a size of 2**63": (pax(record(b"size", b"%d" % (1 << 63))) + header(), "tar-corrupt", "impossible size"),
    "pax: a size of 5000 digits": (pax(record(b"size", b"9" * 5000)) + header(), "tar-corrupt", "impossible size"),
    "cut in a header": (NEXT + entry()[:300], "tar-cut", "inside a header"),
    "cut in a payload": (entry(b"a", b"x" * 5000)[:4000], "tar-cut", "inside a member's payload"),
    "cut before a payload": (entry(b"a", b"x" * 5000)[:512], "tar-cut", "inside a member's payload"),
    "cut in the padding": (entry(b"a", b"x" * 700)[:1300], "tar-cut", "inside a member's last block"),
    "cut before the padding": (entry(b"a", b"x" * 700)[:1212], "tar-cut", "inside a member's last block"),
    "cut in a pax header": (pax(record(b"path", b"a" * 900))[:1000], "tar-cut", "inside an extended header"),
    "cut in a long name": (entry(b"L", b"a" * 900, b"L")[:1000], "tar-cut", "inside an extended header"),
    "cut after a pax header": (pax(record(b"path", b"a")), "tar-cut", "whose member is missing"),
    "a pax header before the end": (pax(record(b"path", b"a")) + END, "tar-cut", "whose member is missing"),
    "cut in a sparse map": (header(b"a", 3, b"S", patches={482: b"\1"}) + bytes(100), "tar-cut", "extended header"),
    "a huge size": (header(patches={124: b"\x80\0\0\0\x7f" + b"\xff" * 7}) + END, "tar-cut", "payload"),
}


@each_chunk_size
@pytest.mark.parametrize(("data", "kind", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_broken_tar_is_a_fault_corrupt_or_cut(data: bytes, kind: str, sentence: str, chunk: int) -> None:
    fault = read_tar(data, chunk).fault
    assert fault is not None
    assert fault.kind == kind
    assert sentence in fault.message
    assert fault.byte is not None
    assert fault.byte <= len(data)


@pytest.mark.parametrize("name", [b"hcanary", b"rooms/hcanary/history.json"])
def test_no_message_holds_text_of_the_archive(name: bytes) -> None:
    for data in (header(name, patches={124: b"hcanary\0"}), pax(b"hcanary"), entry(name, b"x" * 900)[:600]):
        fault = read_tar(data).fault
        assert fault is not None
        assert "hcanary" not in fault.message


def test_a_cut_payload_raises() -> None:
    read = read_tar(entry(b"a", b"x" * 5000)[:3000])
    assert read.rows == []
    assert read.fault is not None
    assert read.fault.byte == 3000


LIMITS: dict[str, tuple[Budget, Callable[[int], bytes], int]] = {
    # The budget, an archive that spends so many of its unit, and how many are allowed.
    "members": (Budget(members=3), lambda count: entry() * count, 3),
    "path": (Budget(path=200), lambda count: pax(record(b"path", b"a" * count)) + header(), 200),
    "header": (Budget(header=2048), lambda count: entry(b"L", b"a" * (count - 512), b"L") + header(), 2048),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_exact(name: str) -> None:
    budget, spend, allowed = LIMITS[name]
    assert read_tar(spend(allowed) + END, budget=budget).fault is None
    fault = read_tar(spend(allowed + 1) + END, budget=budget).fault
    assert fault is not None
    assert fault.kind == "budget-exceeded"
    assert f"--max-{name}" in fault.message


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param(pax(record(b"comment", b"x" * 600)), id="pax headers"),
        pytest.param(pax(flag=b"g"), id="empty global headers"),
        pytest.param(entry(b"K", b"", b"K"), id="long links"),
    ],
)
def test_many_extended_headers_before_one_member_spend_one_budget(blocks: bytes) -> None:
    fault = read_tar(blocks * 100 + header() + END, budget=Budget(header=20_000)).fault
    assert fault is not None
    assert "--max-header" in fault.message
    assert read_tar((blocks + header()) * 100 + END, budget=Budget(header=20_000)).fault is None


def test_a_sparse_map_spends_the_header_budget_too() -> None:
    endless = header(b"a", 0, b"S", patches={482: b"\1"}) + (bytes(504) + b"\1" + bytes(7)) * 1000
    fault = read_tar(endless, budget=Budget(header=20_000)).fault
    assert fault is not None
    assert "--max-header" in fault.message


def test_global_headers_with_ever_new_keywords_are_not_kept() -> None:
    with traced() as peak:
        blocks = (
            pax(record(b"GNU.sparse.%d" % number, b"x" * 100_000), flag=b"g") + header(b"a", flag=b"2")
            for number in range(100)
        )
        tar = Tar(ByteStream(blocks), Budget())
        assert len(list(tar.members())) == 100
        highest = peak()
    assert highest < 2_000_000


def test_a_small_file_with_a_pax_header_of_300_mb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    zeros = zipped(bytes(1 << 20))
    path = tmp_path / "bomb.tar.gz"
    path.write_bytes(zipped(header(b"x", 300 << 20, b"x")) + zeros * 300)
    assert path.stat().st_size < 500_000
    with traced() as peak:
        with open_archive(str(path), password=None) as archive:
            assert list(archive.members()) == []
        highest = peak()
    assert archive.fault is not None
    assert archive.fault.kind == "budget-exceeded"
    assert highest < 4 << 20


@pytest.mark.slow
def test_a_pax_header_of_many_tiny_records_takes_no_memory() -> None:
    records = b"5 a=\n" * 50_000
    with traced() as peak:
        read = read_tar(entry(b"x", records, b"x") + header(b"a") + END)
        highest = peak()
    assert [row[0] for row in read.rows] == ["a"]
    assert highest < 2_000_000
