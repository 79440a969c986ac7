"""Passwords as callers give them: text, bytes, several of them, or a function that returns any of these."""

import codecs
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from hcfmt.errors import UsageError

_Passwords = Sequence[str | bytes] | Iterator[str | bytes]
Password = str | bytes | _Passwords | Callable[[], str | bytes | _Passwords]
"""A password, or several that are tried in turn, or a function that returns either and is called only when an encrypted
archive needs it. Text is UTF-8."""

MOST_BYTES = 64 * 1024  # of a password file
MOST_PASSWORDS = 1000  # of a file; each takes as long as three key derivations

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_EXPECTED = "give it as str or bytes, several of them, or a function that returns any of these"


def passwords(password: Password) -> Iterator[bytes]:
    """Yield the bytes of each password; a function is called.

    Raises UsageError for a value of another type and for text that UTF-8 cannot encode. Errors of the function pass.
    """
    value: object = password() if callable(password) else password
    for each in value if isinstance(value, list | tuple | Iterator) else (value,):
        yield _encoded(each)


def password_bytes(password: Password) -> bytes:
    """Return the bytes of a password, of several the first one. Raises UsageError as ``passwords`` does."""
    for first in passwords(password):
        return first
    raise UsageError("No password was given.")


def _encoded(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise UsageError(f"The password is {_with_article(type(value).__name__)}: {_EXPECTED}.")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise UsageError("The password holds a lone surrogate, which UTF-8 cannot encode: give it as bytes.") from None


def password_lines(file: BinaryIO) -> tuple[bytes, ...]:
    """Return the lines of a password file without their ends and without empty lines.

    A byte order mark, which Windows editors write, is no part of a password. UTF-16, which it may announce, becomes
    UTF-8; all other bytes stay as they are. Raises UsageError for a file of more than 64 KiB or 1,000 passwords, for
    one without any, and for UTF-16 that is none.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UsageError(f"the file has more than {MOST_BYTES:,} bytes; a password is expected in each line.")
    encoding = _UTF16.get(data[:2])
    if encoding:
        try:
            data = data[2:].decode(encoding).encode()
        except UnicodeDecodeError:
            raise UsageError("the file begins like UTF-16 and is none; save it as UTF-8.") from None
    lines = [line.removesuffix(b"\r") for line in data.removeprefix(codecs.BOM_UTF8).split(b"\n")]
    found = tuple(line for line in lines if line)
    if not found:
        raise UsageError("the password file is empty.")
    if len(found) > MOST_PASSWORDS:
        raise UsageError(f"the file has {len(found):,} passwords; no more than {MOST_PASSWORDS:,} are tried.")
    return found


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
