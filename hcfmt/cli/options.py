"""Options that several commands share."""

from collections.abc import Sequence
from typing import Annotated

import typer

from hcfmt.cli.choices import choice
from hcfmt.container import DIGESTS

Digest = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Key derivation from the password: md5 as in hc-migrate, sha256 or pbkdf2.",
        show_default="each is tried",
        **choice("digest", lambda: DIGESTS),
    ),
]


def digests_to_try(digest: str | None) -> Sequence[str]:
    """Return the digests with which an archive is decrypted: the one of ``--digest``, or each in turn."""
    return (digest,) if digest else DIGESTS
