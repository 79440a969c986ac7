"""Text of data files: bytes that are not UTF-8 are replaced one by one, UTF-16 is converted, and all else stays."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.export.editing import Change
from hcfmt.fixes.texts import ENCODING, filtered, unstorable


def utf8(text: bytes, chunk: int = 1 << 16) -> tuple[bytes, list[Change]]:
    """Return a text as UTF-8, which comes in chunks, and the changes."""
    changes: list[Change] = []
    chunks = (text[start : start + chunk] for start in range(0, len(text), chunk))
    found = filtered(chunks, {ENCODING}, "users.json", lambda _, change: changes.append(change))
    return b"".join(found), changes


@given(st.text(), st.integers(1, 5))
def test_valid_text_stays_as_it_is(text: str, chunk: int) -> None:
    assert utf8(text.encode(), chunk) == (text.encode(), [])


@given(st.binary(max_size=40).filter(lambda data: not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))))
def test_where_a_text_is_cut_makes_no_difference(data: bytes) -> None:
    whole = utf8(data)
    whole[0].decode()
    assert all(utf8(data, chunk) == whole for chunk in (1, 2, 3))


@pytest.mark.parametrize("data", [b"caf\xe9", b"caf\xff", b"caf\xe2\x82"])
def test_every_bad_byte_is_replaced_and_counted(data: bytes) -> None:
    bad = len(data) - len(b"caf")
    change = Change("users.json", None, {"bytes that are not UTF-8": bad}, {"character": "U+FFFD"})
    assert utf8(data) == (b"caf" + "\ufffd".encode() * bad, [change])


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_utf_16_is_converted(chunk: int) -> None:
    change = Change("users.json", None, {"encoding": "UTF-16"}, {"encoding": "UTF-8"})
    assert utf8('["é😀"]'.encode("utf-16"), chunk) == ('["é😀"]'.encode(), [change])


def test_text_is_left_unless_the_rule_is_to_be_fixed() -> None:
    chunks = iter([b"\xff"])
    assert filtered(chunks, set(), "users.json", lambda *_: None) is chunks


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a\0b", "a\ufffdb"), ("\ud83d", "\ufffd"), ("😀", None), ("", None), (7, None), (None, None)],
)
def test_what_databases_refuse_is_replaced(value: object, expected: str | None) -> None:
    assert unstorable(value) == expected
