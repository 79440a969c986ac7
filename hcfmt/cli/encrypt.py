"""``hcfmt decrypt`` and ``hcfmt encrypt``: remove or add the encryption of an archive, as the openssl command does."""

import os
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from hcfmt.cli.app import app
from hcfmt.cli.choices import choice
from hcfmt.cli.options import Digest, Force, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import standard_output, write_err
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar, watched
from hcfmt.container import DIGESTS, SALT, Source
from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.distinct_files import FileName
from hcfmt.container.encryption import decrypt_archive, encrypt_archive, open_input
from hcfmt.errors import UsageError
from hcfmt.report.visible_text import visible

SUFFIX = ".aes"
STDIO = "-"

Output = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="The file to write, - for standard output.")
]
NewDigest = Annotated[
    str,
    typer.Option(
        "--digest",
        metavar="NAME",
        help="Key derivation from the password: md5, sha256 or pbkdf2.",
        **choice("digest", lambda: DIGESTS),
    ),
]


@app.command()
def decrypt(
    archive: Annotated[str, typer.Argument(help="An encrypted archive, or - for standard input.", metavar="ARCHIVE")],
    *,
    output: Output = None,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
) -> None:
    """Decrypt an archive to its .tar.gz.

    Without --output it is written next to the archive, under its name without .aes. An archive that was encrypted
    twice with the same password is decrypted twice. Padding behind the encrypted file is left out, with a warning.

    The file appears only after everything was decrypted. For standard output the exit status says whether it is whole.

    Examples:
      hcfmt decrypt export.tar.gz.aes
      hcfmt decrypt export.tar.gz.aes --output - | tar tzv
    """
    if output is None and not archive.endswith(SUFFIX):
        reason = "Standard input has no name" if archive == STDIO else "The file name does not end in .aes"
        raise UsageError(f"{reason}: name the output with --output.")
    secret = password_source(password, password_file)
    with closing(open_input(archive, sys.stdin.buffer)) as source:
        warnings: list[str] = []
        plain = decrypt_archive(source, secret, digests_to_try(digest), warn=warnings.append)
        _write(plain, source, output or archive.removesuffix(SUFFIX), named_inputs(archive, password_file), force=force)
        write_err(warnings)


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
    """Encrypt a .tar.gz as hc-migrate did.

    Without --output it is written next to the file, under its name with .aes.

    'openssl aes-256-cbc -d -md md5' decrypts the result. Importers expect MD5, which protects a secret poorly.

    Examples:
      hcfmt encrypt export.tar.gz
    """
    if output is None and file == STDIO:
        raise UsageError("Standard input has no name: name the output with --output.")
    secret = password_source(password, password_file, confirm=True)
    with closing(open_input(file, sys.stdin.buffer)) as source:
        cipher = encrypt_archive(source, secret, digest, os.urandom(SALT))
        _write(cipher, source, output or file + SUFFIX, named_inputs(file, password_file), force=force)


def _write(chunks: Iterable[bytes], source: Source, output: str, inputs: Iterable[FileName], *, force: bool) -> None:
    """Write chunks to standard output, or to a file that appears only if everything succeeds."""
    with progress_bar() as watch:
        watched_chunks = watched(chunks, source, Path(output).name, watch)
        if output == STDIO:
            with standard_output() as stream:
                stream.buffer.writelines(watched_chunks)
            return
        with atomic_file(output, force=force, inputs=inputs) as target:
            target.writelines(watched_chunks)
    write_err([f"{visible(output)} written."])
