"""Decrypts a .tar.gz.aes file to the .tar.gz inside, and encrypts a .tar.gz."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from hcfmt.container.aes import DIGESTS, encrypt
from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.gzip import HEADER, begins_member
from hcfmt.container.passwords import Password, password_bytes, passwords
from hcfmt.container.seals import open_seals
from hcfmt.container.source import Source, open_source
from hcfmt.errors import Fault, UsageError


def decrypt_archive(source: Source, password: Password, digests: Sequence[str] = DIGESTS) -> Iterator[bytes]:
    """Yield what an encrypted file holds, mostly a .tar.gz; a file that was encrypted twice is decrypted twice.

    Raises Fault when it cannot be decrypted, is cut, or (at the end) has invalid padding; UsageError when it is not
    encrypted.
    """
    seals, stream = open_seals(ByteStream(source.chunks()), passwords(password), digests)
    if not seals:
        raise UsageError("The file is not encrypted: it does not begin with OpenSSL's 'Salted__'.")
    yield from iter(lambda: stream.read_some(CHUNK), b"")
    for seal in seals:
        if seal.extra:
            raise seal.cut_fault()
        if not seal.padding:
            raise Fault("bad-padding", "The last encrypted block holds no valid padding: the end was altered or cut.")


def encrypt_archive(source: Source, password: Password, digest: str, salt: bytes) -> Iterator[bytes]:
    """Yield a .tar.gz encrypted like ``openssl enc -aes-256-cbc``; UsageError when it is not a gzip stream."""
    stream = ByteStream(source.chunks())
    if not begins_member(stream.peek(HEADER)):
        raise UsageError("The file is not a .tar.gz, which importers expect inside: pack it with tar and gzip first.")
    yield from encrypt(iter(lambda: stream.read_some(CHUNK), b""), password_bytes(password), digest, salt=salt)


def open_input(path: str, stdin: BinaryIO) -> Source:
    """Open a file to encrypt or decrypt, ``-`` for ``stdin``; UsageError for a directory or an unreadable file."""
    source = open_source(path, Budget(), stdin)
    if source is None:
        raise UsageError(f"{path} is a directory; pack it with tar and gzip first.")
    return source
