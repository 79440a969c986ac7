"""A damaged tar is read on at the next header."""

import pytest

from hcfmt.container import Budget
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.recovery import RecoveringTar, Recovery
from hcfmt.errors import Fault
from tests.support.builders import END, chunked, entry, pax, record

FIRST, SECOND, THIRD = (entry(name, name * 700) for name in (b"first", b"second", b"third"))
WHOLE = FIRST + SECOND + THIRD + END


def read(data: bytes, chunk: int = 65_536, budget: Budget | None = None) -> tuple[dict[str, bytes], Recovery]:
    """Return the members that are whole, and what was met."""
    recovery = Recovery()
    tar = RecoveringTar(ByteStream(chunked(data, chunk)), budget or Budget(), recovery)
    members = [(member.path, b"".join(member.chunks)) for member in tar.members()]
    return {path: data for number, (path, data) in enumerate(members) if number not in recovery.lost}, recovery


@pytest.mark.parametrize("chunk", [1, 512, 65_536])
def test_a_sound_tar_is_read_without_a_damage(chunk: int) -> None:
    members, recovery = read(pax(record(b"path", b"long")) + WHOLE, chunk)
    assert [*members] == ["long", "second", "third"]
    assert recovery.damages == []


@pytest.mark.parametrize(
    ("damaged", "whole", "kinds"),
    [
        (b"\1" * 512 + WHOLE[512:], ["second", "third"], ["tar-corrupt"]),
        (FIRST + b"x" * 512 + SECOND[512:] + THIRD + END, ["first", "third"], ["tar-corrupt"]),
        (FIRST + bytes(512) + SECOND[512:] + THIRD + END, ["first", "third"], ["tar-corrupt"]),
        (FIRST + bytes(1536) + SECOND[1536:] + THIRD + END, ["first", "third"], ["tar-corrupt"]),
        (FIRST + SECOND[:1000], ["first"], ["tar-cut"]),
        (FIRST + SECOND[:100], ["first"], ["tar-cut"]),
        (FIRST + SECOND[:700] + SECOND[701:] + THIRD + END, ["first", "third"], []),
        (FIRST + SECOND[:700] + b"more" + SECOND[700:] + THIRD + END, ["first", "third"], []),
        (FIRST + SECOND, ["first", "second"], []),
    ],
    ids=[
        "the first header is damaged",
        "a header is damaged",
        "a header is zero",
        "a header and what follows are zero",
        "cut in a payload",
        "cut in a header",
        "a byte is missing",
        "bytes were put in",
        "no end",
    ],
)
def test_members_that_are_not_damaged_are_whole(damaged: bytes, whole: list[str], kinds: list[str]) -> None:
    members, recovery = read(damaged)
    assert [*members] == whole
    assert all(members[path] == path.encode() * 700 for path in whole)
    assert [damage.kind for damage in recovery.damages] == kinds


def test_the_bytes_that_a_cut_took_are_counted() -> None:
    _, recovery = read(FIRST + SECOND[:1000])
    assert recovery.lost == {1: len(b"second" * 700) - (1000 - 512)}


def test_a_second_archive_behind_the_end_is_not_read() -> None:
    members, recovery = read(FIRST + END + SECOND + END)
    assert [*members] == ["first"]
    assert recovery.damages == []


def test_a_gap_ends_a_payload_and_the_next_header_is_found_anywhere() -> None:
    recovery = Recovery()
    at = len(FIRST) + 1000
    recovery.gaps.append(at)
    data = FIRST + SECOND[:1000] + SECOND[2777:] + THIRD + END
    tar = RecoveringTar(ByteStream(chunked(data, 700)), Budget(), recovery)
    members = {member.path: b"".join(member.chunks) for member in tar.members()}
    assert [*recovery.lost] == [1]
    assert members["third"] == b"third" * 700


def test_limits_still_hold() -> None:
    with pytest.raises(Fault) as caught:
        read(WHOLE, budget=Budget(members=2))
    assert caught.value.defect.kind == "budget-exceeded"
