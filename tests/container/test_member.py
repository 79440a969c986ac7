"""A member knows whether its path is UTF-8."""

import pytest

from hcfmt.container import Member, MemberKind


@pytest.mark.parametrize(
    ("raw", "decodable"),
    [
        (b"rooms.json", True),
        ("café 한".encode(), True),
        (b"", True),
        (b"caf\xe9", False),
        (b"\xed\xa0\x80", False),  # a surrogate, which UTF-8 cannot hold
    ],
)
def test_a_path_that_is_not_utf_8_is_kept_and_not_decodable(raw: bytes, *, decodable: bool) -> None:
    member = Member(raw.decode("utf-8", "surrogateescape"), 0, MemberKind.FILE, iter(()))
    assert member.decodable is decodable
    assert member.path.encode("utf-8", "surrogateescape") == raw
