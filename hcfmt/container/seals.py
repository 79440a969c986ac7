"""Opens the encryption of an archive; somebody may have encrypted an encrypted file again."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from hcfmt.container.aes import Decryption
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.content import AES_MAGIC, Content
from hcfmt.errors import Fault, NoPasswordError

MOST_SEALS = 2


def is_encrypted(stream: ByteStream) -> bool:
    """Whether a stream begins like a file of ``openssl enc``."""
    return stream.peek(len(AES_MAGIC)) == AES_MAGIC


def open_seals(
    stream: ByteStream,
    passwords: Iterable[bytes],
    digests: Sequence[str],
    *,
    proves_damaged: Callable[[bytes], bool] | None = None,
) -> tuple[list[Decryption], ByteStream]:
    """Return the encryptions around a stream, the outermost first, at most two, and the stream inside them.

    ``passwords`` are tried in turn, if anything is encrypted: on an inner encryption first the one that opened the
    outer, then those before it, then the rest. Raises Fault as ``Decryption`` does for the last one; the stream does so
    at its end for an encryption without a whole last block, unless gzip is inside, whose end is known.

    With ``proves_damaged``, which is as for ``Decryption``, the file may be damaged: the stream raises nothing.
    """
    seals: list[Decryption] = []
    tried, rest = list[bytes](), iter(passwords)
    while len(seals) < MOST_SEALS and is_encrypted(stream):
        seal = _opened(stream, _in_turn(tried, rest), digests, seals[-1].digest if seals else None, proves_damaged)
        seals.append(seal)
        stream = ByteStream(seal.blocks() if proves_damaged or seal.content is Content.GZIP else seal.chunks())
    return seals, stream


def _in_turn(tried: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the passwords that were taken already, the latest first, then the rest, which are taken now."""
    yield from reversed(tried[:])
    for password in rest:
        tried.append(password)
        yield password


def _opened(
    stream: ByteStream,
    passwords: Iterable[bytes],
    digests: Sequence[str],
    outer: str | None,
    proves_damaged: Callable[[bytes], bool] | None,
) -> Decryption:
    """Return the encryption that the first fitting password opens.

    ``outer`` and ``proves_damaged`` are as for ``Decryption``.
    """
    wrong: Fault | None = None
    for password in passwords:
        try:
            return Decryption(stream, password, digests, outer, proves_damaged)
        except Fault as fault:
            if fault.defect.kind != "cannot-decrypt":
                raise
            wrong = fault
    if wrong is None:
        raise NoPasswordError("The archive is encrypted, but no password was given.")
    raise wrong
