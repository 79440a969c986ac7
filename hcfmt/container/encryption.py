"""Decrypts a .tar.gz.aes file to the .tar.gz inside, and encrypts a .tar.gz."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from hcfmt.container.aes import DIGESTS, Decryption, encrypt
from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.content import AES_MAGIC
from hcfmt.container.gzip import HEADER, begins_member
from hcfmt.container.passwords import Password, password_bytes
from hcfmt.container.source import Source, open_source
from hcfmt.errors import Fault, UsageError


def decrypt_archive(source: Source, password: Password, digests: Sequence[str] = DIGESTS) -> Iterator[bytes]:
    """Yield the .tar.gz inside an encrypted file.

    Raises Fault when it cannot be decrypted, is cut, or (at the end) has invalid padding; UsageError when it is not
    encrypted.
    """
    stream = ByteStream(source.chunks())
    if stream.peek(len(AES_MAGIC)) != AES_MAGIC:
        raise UsageError("The file is not encrypted: it does not begin with OpenSSL's 'Salted__'.")
    decryption = Decryption(stream, password_bytes(password), digests)
    yield from decryption.chunks()
    if not decryption.padding:
        raise Fault("bad-padding", "The last encrypted block holds no valid padding: the end was altered or cut.")


def encrypt_archive(source: Source, password: Password, digest: str, salt: bytes) -> Iterator[bytes]:
    """Yield a .tar.gz encrypted like ``openssl enc -aes-256-cbc``; UsageError when it is not a gzip stream."""
    stream = ByteStream(source.chunks())
    if not begins_member(stream.peek(HEADER)):
        raise UsageError("The file is not a .tar.gz: only gzip data shows at decryption that the password is right.")
    yield from encrypt(iter(lambda: stream.read_some(CHUNK), b""), password_bytes(password), digest, salt=salt)


def open_input(path: str, stdin: BinaryIO) -> Source:
    """Open a file to encrypt or decrypt, ``-`` for ``stdin``; UsageError for a directory or an unreadable file."""
    source = open_source(path, Budget(), stdin)
    if source is None:
        raise UsageError(f"{path} is a directory; pack it with tar and gzip first.")
    return source
