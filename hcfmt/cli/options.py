"""Options that several commands share."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from hcfmt.cli.choices import choice
from hcfmt.cli.jobs import MAX_JOBS
from hcfmt.cli.password import VARIABLE
from hcfmt.container import DIGESTS

_PANEL = "Password (by default HCFMT_PASSWORD, or a prompt)"

Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        help="Number of processes that share the work.",
        min=1,
        max=MAX_JOBS,
        show_default="one for each core where that saves time",
    ),
]
Password = Annotated[
    str | None,
    typer.Option(
        metavar="PASSWORD",
        rich_help_panel=_PANEL,
        help=f"The password. Other users of this machine can see it; {VARIABLE} is safer.",
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        rich_help_panel=_PANEL,
        help="A file with a password in each line, in UTF-8, or UTF-16 with a byte order mark; they are tried in turn.",
    ),
]
Digest = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Key derivation from the password: md5 as in hc-migrate, sha256 or pbkdf2.",
        show_default="each is tried",
        **choice("digest", lambda: DIGESTS),
    ),
]
NewArchive = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="The archive to write. Its suffix .tar.gz.aes, .tar.gz or .tar decides the form, otherwise ARCHIVE does;"
        " a slash at its end asks for a directory.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]


def digests_to_try(digest: str | None) -> Sequence[str]:
    """Return the digests with which an archive is decrypted: the one of ``--digest``, or each in turn."""
    return (digest,) if digest else DIGESTS
