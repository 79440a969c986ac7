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
from hcfmt.container.passwords import LONGEST_LINE, password_line
from hcfmt.errors import UsageError

WORD = "pässword \N{SNOWMAN}"
FORMS: dict[str, Password] = {
    "text": WORD,
    "bytes": WORD.encode(),
    "a function that returns text": lambda: WORD,
    "a function that returns bytes": WORD.encode,
    "an empty text": "",
}
TYPES = "give it as str, bytes, or a function that returns either."
BYTES = "which UTF-8 cannot encode: give it as bytes."
REFUSED: list[tuple[Any, str]] = [
    (5, f"The password is an int: {TYPES}"),
    (True, f"The password is a bool: {TYPES}"),
    (bytearray(b"x"), f"The password is a bytearray: {TYPES}"),
    (Path("x"), f"The password is a {type(Path()).__name__}: {TYPES}"),
    (lambda: None, f"The password function returned a NoneType: {TYPES}"),
    (lambda: 5, f"The password function returned an int: {TYPES}"),
    (os.fsdecode(b"\xff"), f"The password holds a lone surrogate, {BYTES}"),
    (lambda: "\ud800", f"The password holds a lone surrogate, {BYTES}"),
]


@pytest.mark.parametrize(("form", "password"), FORMS.items(), ids=FORMS)
def test_every_form_of_a_password_gives_the_same_bytes(form: str, password: Password) -> None:
    assert password_bytes(password) == (b"" if form == "an empty text" else WORD.encode())


@pytest.mark.parametrize(("password", "sentence"), REFUSED)
def test_another_value_is_refused_with_what_to_give(password: Any, sentence: str) -> None:  # noqa: ANN401 - any value
    with pytest.raises(UsageError) as caught:
        password_bytes(password)
    assert str(caught.value) == sentence


def test_an_error_of_the_function_passes() -> None:
    with pytest.raises(ZeroDivisionError):
        password_bytes(lambda: str(1 // 0))


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
@given(line=st.binary(max_size=40).filter(lambda line: b"\n" not in line), end=st.sampled_from([b"", b"\n", b"\r\n"]))
def test_any_bytes_of_a_password_file_but_a_mark_and_the_line_end_are_the_password(
    bom: bytes, line: bytes, end: bytes
) -> None:
    assume(not line.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or bom)
    assume(not line.endswith(b"\r"))
    assert password_line(io.BytesIO(bom + line + end)) == line


@pytest.mark.parametrize(("bom", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")])
@given(line=st.text(max_size=20).filter(lambda line: "\n" not in line), rest=st.text(max_size=20))
def test_a_password_file_in_utf_16_is_read_as_text(bom: bytes, encoding: str, line: str, rest: str) -> None:
    assume(not line.endswith("\r"))
    for content in (line, f"{line}\r\n{rest}"):
        assert password_line(io.BytesIO(bom + content.encode(encoding))) == line.encode()


def test_a_password_file_of_any_length_is_read_in_part() -> None:
    for first in (b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE):
        file = io.BytesIO(first + b"x\0" * LONGEST_LINE * 4)
        with pytest.raises(UsageError, match="longer than 65,536 bytes"):
            password_line(file)
        assert file.tell() <= 2 * LONGEST_LINE
