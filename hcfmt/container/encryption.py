"""Decrypts a .tar.gz.aes file to the .tar.gz inside, and encrypts a .tar.gz."""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import BinaryIO

from hcfmt.container.aes import DIGESTS, Decryption, encrypt
from hcfmt.container.budget import MIB, Budget
from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.content import Content
from hcfmt.container.gzip import HEADER, GzipReader, begins_member
from hcfmt.container.layer_ends import end_defects
from hcfmt.container.passwords import Password, password_bytes, passwords
from hcfmt.container.remainder import read_remainder
from hcfmt.container.seals import open_seals
from hcfmt.container.source import Source, open_source
from hcfmt.errors import Defect, Fault, UsageError

_MOST_HELD = 8 * MIB  # bytes that wait for the end of a gzip stream, or of what follows it


def decrypt_archive(
    source: Source, password: Password, digests: Sequence[str] = DIGESTS, *, warn: Callable[[str], None]
) -> Iterator[bytes]:
    """Yield what an encrypted file holds, mostly a .tar.gz; a file that was encrypted twice is decrypted twice.

    Padding behind the last block of an encrypted gzip stream is left out, and ``warn`` is called with a sentence on it.
    Raises Fault when the file cannot be decrypted, is cut, or (at the end) has invalid padding; UsageError when it is
    not encrypted.
    """
    seals, stream = open_seals(ByteStream(source.chunks()), passwords(password), digests)
    if not seals:
        raise UsageError("The file is not encrypted: it does not begin with OpenSSL's 'Salted__'.")
    chunks = iter(lambda: stream.read_some(CHUNK), b"")
    if seals[-1].content is not Content.GZIP:
        yield from chunks
    elif padding := (yield from _gzip_stream(chunks, seals)):
        warn(f"Padding was left out. {padding.message}")
        return
    for seal in seals:
        if seal.extra:
            raise seal.cut_fault()
        if not seal.padding:
            raise Fault("bad-padding", "The last encrypted block holds no valid padding: the end was altered or cut.")


def _gzip_stream(chunks: Iterator[bytes], seals: Sequence[Decryption]) -> Generator[bytes, None, Defect | None]:
    """Yield decrypted chunks that begin with a gzip stream, and return the defect of padding behind the encryption.

    Only the end of the gzip stream shows where the encryption should end, so that the padding is known and left out.
    Of a stream that is damaged, or that much follows, everything is yielded.
    """
    held = deque[bytes]()
    reader, size = GzipReader(ByteStream(_kept(chunks, held))), 0
    try:
        for _ in reader.members():
            while len(held) > 1:
                size += len(held[0])
                yield held.popleft()
    except Fault:
        yield from held
        yield from chunks
        return None
    rest = b"".join(held)
    yield rest[: reader.size - size]
    rest = rest[reader.size - size :]
    for chunk in chunks:
        rest += chunk
        if len(rest) > _MOST_HELD:
            yield rest
            yield from chunks
            return None
    reader.rest = read_remainder(ByteStream(iter([rest])))
    for defect in end_defects(seals, reader, None):
        if defect.kind == "trailing-padding" and defect.values == {"layer": "aes"}:
            return defect
    yield rest
    return None


def _kept(chunks: Iterator[bytes], held: deque[bytes]) -> Iterator[bytes]:
    """Yield chunks and hold them too. Raises Fault where too many are held, as of a stream that expands to nothing."""
    for chunk in chunks:
        held.append(chunk)
        if sum(map(len, held)) > _MOST_HELD:
            raise Fault("budget-exceeded", "Too many bytes of the gzip stream expand to nothing.")
        yield chunk


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
