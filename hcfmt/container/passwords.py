"""Passwords as callers give them: text, bytes, or a function that returns either."""

import codecs
from collections.abc import Callable
from typing import BinaryIO

from hcfmt.errors import UsageError

Password = str | bytes | Callable[[], str | bytes]
"""A password, or a function that returns it and is called only when an encrypted archive needs it. Text is UTF-8."""

LONGEST_LINE = 64 * 1024  # bytes of a password file's first line

_TOO_LONG = f"the first line is longer than {LONGEST_LINE:,} bytes; a password is expected there."
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_EXPECTED = "give it as str, bytes, or a function that returns either"


def password_bytes(password: Password) -> bytes:
    """Return the bytes of a password; a function is called.

    Raises UsageError for a value of another type and for text that UTF-8 cannot encode. Errors of the function pass.
    """
    value: object = password() if callable(password) else password
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        source = "The password function returned" if callable(password) else "The password is"
        raise UsageError(f"{source} {_with_article(type(value).__name__)}: {_EXPECTED}.")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise UsageError("The password holds a lone surrogate, which UTF-8 cannot encode: give it as bytes.") from None


def password_line(file: BinaryIO) -> bytes:
    """Return the first line of a password file without its end.

    A byte order mark, which Windows editors write, is no part of the password. UTF-16, which it may announce, becomes
    UTF-8; all other bytes stay as they are. Raises UsageError for a longer line, and for UTF-16 that is none.
    """
    line = file.readline(LONGEST_LINE)
    encoding = _UTF16.get(line[:2])
    if encoding:
        return _utf16_line(line[2:] + file.read(LONGEST_LINE), encoding)
    if len(line) >= LONGEST_LINE:
        raise UsageError(_TOO_LONG)
    return line.removeprefix(codecs.BOM_UTF8).removesuffix(b"\n").removesuffix(b"\r")


def _utf16_line(data: bytes, encoding: str) -> bytes:
    """Return the first line of UTF-16 as UTF-8; of a long file these are the first bytes."""
    is_whole = len(data) < LONGEST_LINE
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data, final=is_whole)
    except UnicodeDecodeError:
        raise UsageError("the file begins like UTF-16 and is none; save it as UTF-8.") from None
    line, end, _ = text.partition("\n")
    if not end and not is_whole:
        raise UsageError(_TOO_LONG)
    return line.removesuffix("\r").encode()


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
