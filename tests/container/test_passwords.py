"""Passwords: text, bytes and functions mean the same; anything else gets an error that says what to give."""

import codecs
import io
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hcfmt.container import Password, password_bytes
from hcfmt.container.passwords import MOST_BYTES, password_lines, passwords
from hcfmt.errors import UsageError

WORD = "pässword \N{SNOWMAN}"
FORMS: dict[str, Password] = {
    "text": WORD,
    "bytes": WORD.encode(),
    "a function that returns text": lambda: WORD,
    "a function that returns bytes": WORD.encode,
    "an empty text": "",
}
TYPES = "give it as str or bytes, several of them, or a function that returns any of these."
BYTES = "which UTF-8 cannot encode: give it as bytes."
REFUSED: list[tuple[Any, str]] = [
    (5, f"The password is an int: {TYPES}"),
    (True, f"The password is a bool: {TYPES}"),
    (bytearray(b"x"), f"The password is a bytearray: {TYPES}"),
    (Path("x"), f"The password is a {type(Path()).__name__}: {TYPES}"),
    (lambda: None, f"The password is a NoneType: {TYPES}"),
    (lambda: 5, f"The password is an int: {TYPES}"),
    ([b"right", 5], f"The password is an int: {TYPES}"),
    (os.fsdecode(b"\xff"), f"The password holds a lone surrogate, {BYTES}"),
    (lambda: "\ud800", f"The password holds a lone surrogate, {BYTES}"),
]


@pytest.mark.parametrize(("form", "password"), FORMS.items(), ids=FORMS)
def test_every_form_of_a_password_gives_the_same_bytes(form: str, password: Password) -> None:
    assert password_bytes(password) == (b"" if form == "an empty text" else WORD.encode())


@pytest.mark.parametrize(("password", "sentence"), REFUSED)
def test_another_value_is_refused_with_what_to_give(password: Any, sentence: str) -> None:  # noqa: ANN401 - any value
    with pytest.raises(UsageError) as caught:
        list(passwords(password))
    assert str(caught.value) == sentence


@pytest.mark.parametrize("several", [["a", b"b"], ("a", "b"), iter([b"a", "b"]), lambda: ["a", "b"]])
def test_several_passwords_come_in_turn(several: Password) -> None:
    assert list(passwords(several)) == [b"a", b"b"]


def test_of_several_passwords_the_first_one_encrypts() -> None:
    assert password_bytes(["a", "b"]) == b"a"
    with pytest.raises(UsageError, match="No password was given"):
        password_bytes([])


def test_an_error_of_the_function_passes() -> None:
    with pytest.raises(ZeroDivisionError):
        password_bytes(lambda: str(1 // 0))


LINE = st.binary(min_size=1, max_size=40).filter(lambda line: b"\n" not in line and not line.endswith(b"\r"))
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@given(lines=st.lists(LINE, min_size=1, max_size=3), end=st.sampled_from([b"\n", b"\r\n", b"\n\r\n"]))
def test_any_bytes_of_a_password_file_but_a_mark_and_the_line_ends_are_passwords(
    mark: bytes, lines: list[bytes], end: bytes
) -> None:
    assume(not lines[0].startswith(MARKS) or mark)
    for content in (end.join(lines), end.join((*lines, b""))):
        assert password_lines(io.BytesIO(mark + content)) == tuple(lines)


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")])
@given(lines=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=3))
def test_a_password_file_in_utf_16_is_read_as_text(mark: bytes, encoding: str, lines: list[str]) -> None:
    assume(not any("\n" in line or line.endswith("\r") for line in lines) and not lines[0].startswith("\ufeff"))
    content = "\r\n".join(lines).encode(encoding)
    assert password_lines(io.BytesIO(mark + content)) == tuple(line.encode() for line in lines)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"x" * (MOST_BYTES + 1), "the file has more than 65,536 bytes; a password is expected in each line."),
        (b"x\n" * 1001, "the file has 1,001 passwords; no more than 1,000 are tried."),
        (b"\r\n\n", "the password file is empty."),
        (codecs.BOM_UTF16_LE + b"x", "the file begins like UTF-16 and is none; save it as UTF-8."),
    ],
)
def test_a_file_without_usable_passwords_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        password_lines(io.BytesIO(content))
    assert str(caught.value) == says


def test_a_password_file_of_any_length_is_read_in_part() -> None:
    file = io.BytesIO(b"x" * MOST_BYTES * 4)
    with pytest.raises(UsageError):
        password_lines(file)
    assert file.tell() <= 2 * MOST_BYTES
