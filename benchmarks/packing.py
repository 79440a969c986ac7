"""Packs an export with tarfile, the command gzip and the command openssl: no part of hcfmt takes part."""

import hashlib
import io
import subprocess
import tarfile
from pathlib import Path

from benchmarks.contents import Shape, members

PASSWORD = "hipchat"  # noqa: S105 - of archives that hold nothing
SALT = b"hcfmtest"
GZIP = ("gzip", "-6", "-n")


def pack(shape: Shape, path: Path) -> None:
    """Write the export of a shape as a .tar.gz.aes; raises CalledProcessError where gzip or openssl fails."""
    key, vector = _key()
    encrypt = ("openssl", "enc", "-aes-256-cbc", "-K", key.hex(), "-iv", vector.hex())
    with path.open("wb") as file:
        # Some releases of openssl write the salt that they are given, others do not: so both are written here.
        file.write(b"Salted__" + SALT)
        file.flush()
        with (
            subprocess.Popen(encrypt, stdin=subprocess.PIPE, stdout=file) as openssl,  # noqa: S603 - fixed arguments
            subprocess.Popen(GZIP, stdin=subprocess.PIPE, stdout=openssl.stdin) as gzip,  # noqa: S603 - fixed arguments
        ):
            assert openssl.stdin  # noqa: S101 - a pipe
            assert gzip.stdin  # noqa: S101 - a pipe
            openssl.stdin.close()
            with gzip.stdin, tarfile.open(fileobj=gzip.stdin, mode="w|", format=tarfile.GNU_FORMAT) as tar:
                for name, content in members(shape):
                    info = tarfile.TarInfo(name)
                    info.size = len(content)
                    tar.addfile(info, io.BytesIO(content))
        for process in (gzip, openssl):
            if process.returncode:
                raise subprocess.CalledProcessError(process.returncode, process.args)


def _key() -> tuple[bytes, bytes]:
    """Return the key and the initialization vector that ``openssl enc -md md5`` derives from password and salt."""
    derived = block = b""
    while len(derived) < 48:  # noqa: PLR2004 - bytes of both together
        block = hashlib.md5(block + PASSWORD.encode() + SALT, usedforsecurity=False).digest()
        derived += block
    return derived[:32], derived[32:48]
