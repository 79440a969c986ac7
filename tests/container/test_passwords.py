"""Passwords: text, bytes and functions mean the same; anything else gets an error that says what to give."""

import os
from pathlib import Path
from typing import Any

import pytest

from hcfmt.container import Password, password_bytes
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
