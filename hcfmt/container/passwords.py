"""Passwords as callers give them: text, bytes, or a function that returns either."""

from collections.abc import Callable

from hcfmt.errors import UsageError

Password = str | bytes | Callable[[], str | bytes]
"""A password, or a function that returns it and is called only when an encrypted archive needs it. Text is UTF-8."""

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


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
