"""Reads the password from an option, a file, the environment variable HCFMT_PASSWORD or a prompt."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from hcfmt.container.passwords import Password, password_lines
from hcfmt.errors import NoPasswordError, UsageError

VARIABLE = "HCFMT_PASSWORD"
HOW = f"set {VARIABLE}, give --password-file FILE or --password PASSWORD, or run the command on a terminal"
_MOST_QUESTIONS = 3  # for an archive that no answer opens


def password_source(password: str | None, file: Path | None, *, confirm: bool = False) -> Password:
    """Return the passwords to try: those of an option or of the environment, or a prompt.

    Options take precedence over the environment, and the environment over the prompt; an empty variable counts as not
    set. ``confirm`` is for a new password: the prompt asks for it twice. Raises UsageError if both options are given,
    and for a file that cannot be read or holds no password.
    """
    if password is not None and file is not None:
        raise UsageError("Give --password or --password-file, not both.")
    if password is not None:
        return _not_empty(os.fsencode(password), "--password")
    if file is not None:
        return _lines(file)
    if os.environ.get(VARIABLE):
        return os.fsencode(os.environ[VARIABLE])
    return Prompt(confirm=confirm)


class Prompt:
    """Asks for the password on a terminal, and again while the answers do not open an archive."""

    def __init__(self, *, confirm: bool) -> None:
        """Take whether the password is new, to be repeated."""
        self._confirm = confirm
        self._answers: list[bytes] = []
        self._has_none = False  # there is no terminal, or the answer was empty: nothing is asked again

    @property
    def answers(self) -> tuple[bytes, ...]:
        """The answers so far."""
        return tuple(self._answers)

    def __call__(self) -> Iterator[bytes]:
        """Yield the answers for earlier archives, then up to three new ones.

        Raises NoPasswordError if no password can be had, and UsageError if two new ones differ.
        """
        yield from self._answers
        for _ in range(_MOST_QUESTIONS):
            if self._has_none:
                raise NoPasswordError(f"The archive needs a password: {HOW}.")
            if self._answers:
                sys.stderr.write("This password does not open the archive. ")
                sys.stderr.flush()
            answer = self._ask()
            self._has_none = not answer
            if answer:
                self._answers.append(answer)
                yield answer

    def _ask(self) -> bytes:
        """Return the answer, b"" if there is none."""
        if not sys.stdin.isatty():
            return b""
        from getpass import getpass  # noqa: PLC0415 - most runs have no prompt

        try:
            password = getpass("Password of the archive: ")
            if self._confirm and getpass("Repeat the password: ") != password:
                raise UsageError("The two passwords differ.")
        except EOFError:
            return b""
        return os.fsencode(password)


def _not_empty(password: bytes, origin: str) -> bytes:
    if not password:
        raise UsageError(f"{origin} is empty.")
    return password


def _lines(file: Path) -> tuple[bytes, ...]:
    try:
        with file.open("rb") as data:
            return password_lines(data)
    except OSError as error:
        raise UsageError(f"{file}: the password file cannot be read: {error.strerror}.") from None
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from None
