"""``hcfmt decrypt`` and ``hcfmt encrypt``: the outermost layer alone, as the openssl command treats it."""

import os
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Annotated, Literal

import typer

from hcfmt.cli.app import app
from hcfmt.cli.options import Digest
from hcfmt.cli.output import standard_output, write_err
from hcfmt.cli.password import Password, PasswordFile, password_source
from hcfmt.cli.progress import progress_bar, watched
from hcfmt.container import DIGESTS, SALT, Source, atomic_file, decrypt_archive, encrypt_archive, open_input
from hcfmt.errors import UsageError
from hcfmt.report.text_style import visible

SUFFIX = ".aes"
STANDARD = "-"

Output = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="The file to write, - for standard output.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a file that is there already.")]
NewDigest = Annotated[
    Literal["md5", "sha256", "pbkdf2"],
    typer.Option("--digest", metavar="NAME", help="How the key is made of the password: md5, sha256 or pbkdf2."),
]


@app.command()
def decrypt(
    archive: Annotated[str, typer.Argument(help="A sealed archive, or - for standard input.", metavar="ARCHIVE")],
    *,
    output: Output = None,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
) -> None:
    """Write the .tar.gz that a sealed archive holds.

    It is written beside the archive, its name without .aes, unless told otherwise.

    A file appears only when all of it was decrypted. Of standard output the exit status says whether it is whole.

    Examples:
      hcfmt decrypt export.tar.gz.aes
      hcfmt decrypt export.tar.gz.aes --output - | tar tzv
    """
    if output is None and not archive.endswith(SUFFIX):
        what = "Standard input has no name" if archive == STANDARD else "The name does not end in .aes"
        raise UsageError(f"{what}, so the output needs one: give --output.")
    secret = password_source(password, password_file)
    with closing(open_input(archive, sys.stdin.buffer)) as source:
        plain = decrypt_archive(source, secret, (digest,) if digest else DIGESTS)
        _written(plain, source, output or archive.removesuffix(SUFFIX), force=force)


@app.command()
def encrypt(
    file: Annotated[str, typer.Argument(help="A .tar.gz, or - for standard input.", metavar="FILE")],
    *,
    output: Output = None,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: NewDigest = "md5",
) -> None:
    """Seal a .tar.gz as hc-migrate did.

    It is written beside the file, its name with .aes, unless told otherwise.

    What this writes, 'openssl aes-256-cbc -d -md md5' opens: importers expect MD5, a secret deserves better.

    Examples:
      hcfmt encrypt export.tar.gz
    """
    if output is None and file == STANDARD:
        raise UsageError("Standard input has no name, so the output needs one: give --output.")
    secret = password_source(password, password_file, confirm=True)
    with closing(open_input(file, sys.stdin.buffer)) as source:
        cipher = encrypt_archive(source, secret, digest, os.urandom(SALT))
        _written(cipher, source, output or file + SUFFIX, force=force)


def _written(chunks: Iterable[bytes], source: Source, output: str, *, force: bool) -> None:
    """Write chunks to a file that appears only when all went well, or to standard output."""
    with progress_bar() as watch:
        shown = watched(chunks, source, Path(output).name, watch)
        if output == STANDARD:
            with standard_output() as stream:
                stream.buffer.writelines(shown)
            return
        with atomic_file(output, force=force) as target:
            target.writelines(shown)
    write_err([f"{visible(output)} written."])
