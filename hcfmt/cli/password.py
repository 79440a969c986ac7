"""Where a password comes from: an option, a file, the environment, or a prompt on a terminal."""

import getpass
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from hcfmt.errors import UsageError

VARIABLE = "HCFMT_PASSWORD"
HOW = f"set {VARIABLE}, or give --password-file FILE, or --password PASSWORD, or run it on a terminal to be asked"
_PANEL = "Password (one for all; asked for on a terminal where it is not given)"
_LONGEST = 64 * 1024  # bytes of a password file's first line

Password = Annotated[
    str | None,
    typer.Option(
        metavar="PASSWORD",
        rich_help_panel=_PANEL,
        help=f"The password. Other users of this machine can see it: better set {VARIABLE}.",
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", rich_help_panel=_PANEL, help="A file whose first line is the password."),
]


def password_source(given: str | None, file: Path | None, *, confirm: bool = False) -> Callable[[], bytes]:
    """Return a function that gets the password when it is needed, and asks a person at most once.

    What an option gives goes before the environment, and that before asking; a variable that is set to nothing counts
    as not set. Raises UsageError when both options are given; the function does when there is no password to be had.
    """
    if given is not None and file is not None:
        raise UsageError("Give --password or --password-file, not both.")

    @cache
    def source() -> bytes:
        if given is not None:
            return _some(os.fsencode(given), "--password")
        if file is not None:
            return _some(_first_line(file), "The password file's first line")
        if os.environ.get(VARIABLE):
            return os.fsencode(os.environ[VARIABLE])
        if sys.stdin.isatty():
            return _some(_asked(confirm=confirm), "The password")
        raise UsageError(f"A password is needed and none was given: {HOW}.")

    return source


def _some(password: bytes, what: str) -> bytes:
    if not password:
        raise UsageError(f"{what} is empty.")
    return password


def _first_line(file: Path) -> bytes:
    try:
        with file.open("rb") as lines:
            line = lines.readline(_LONGEST)
    except OSError as error:
        raise UsageError(f"{file}: the password file cannot be read: {error.strerror}.") from None
    if len(line) == _LONGEST:
        raise UsageError(f"{file}: the first line is too long for a password.")
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _asked(*, confirm: bool) -> bytes:
    try:
        password = getpass.getpass("Password of the archive: ")
        if confirm and getpass.getpass("The same again: ") != password:
            raise UsageError("The two passwords differ.")
    except EOFError:
        raise UsageError("No password was given.") from None
    return os.fsencode(password)
