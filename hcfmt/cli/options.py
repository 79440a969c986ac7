"""Options that more than one command has."""

from typing import Annotated, Literal

import typer

Digest = Annotated[
    Literal["md5", "sha256", "pbkdf2"] | None,
    typer.Option(
        metavar="NAME",
        help="How the key is made of the password: md5 as hc-migrate does, sha256 or pbkdf2.",
        show_default="all are tried",
    ),
]
