"""Reads the password from an option, a file, the environment variable HCFMT_PASSWORD or a prompt."""

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hcfmt.container.passwords import password_line
from hcfmt.errors import UsageError

VARIABLE = "HCFMT_PASSWORD"
HOW = f"set {VARIABLE}, give --password-file FILE or --password PASSWORD, or run the command on a terminal"


def password_source(password: str | None, file: Path | None, *, confirm: bool = False) -> Callable[[], bytes]:
    """Return a function that reads the password on its first call and prompts at most once.

    Options take precedence over the environment, and the environment over the prompt; an empty variable counts as not
    set. Raises UsageError if both options are given; the returned function raises it if no password can be had.
    """
    if password is not None and file is not None:
        raise UsageError("Give --password or --password-file, not both.")

    @cache
    def source() -> bytes:
        if password is not None:
            return _not_empty(os.fsencode(password), "--password")
        if file is not None:
            return _not_empty(_first_line(file), "The password file's first line")
        if os.environ.get(VARIABLE):
            return os.fsencode(os.environ[VARIABLE])
        if sys.stdin.isatty():
            return _not_empty(_prompt(confirm=confirm), "The password")
        raise UsageError(f"The archive needs a password: {HOW}.")

    return source


def _not_empty(password: bytes, origin: str) -> bytes:
    if not password:
        raise UsageError(f"{origin} is empty.")
    return password


def _first_line(file: Path) -> bytes:
    try:
        with file.open("rb") as lines:
            return password_line(lines)
    except OSError as error:
        raise UsageError(f"{file}: the password file cannot be read: {error.strerror}.") from None
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from None


def _prompt(*, confirm: bool) -> bytes:
    from getpass import getpass  # noqa: PLC0415 - most runs have no prompt

    try:
        password = getpass("Password of the archive: ")
        if confirm and getpass("Repeat the password: ") != password:
            raise UsageError("The two passwords differ.")
    except EOFError:
        raise UsageError("No password was given.") from None
    return os.fsencode(password)
