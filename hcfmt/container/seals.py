"""Opens the encryption of an archive; somebody may have encrypted an encrypted file again, with the same password."""

from collections.abc import Callable, Sequence

from hcfmt.container.aes import Decryption
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.content import AES_MAGIC, Content

MOST_SEALS = 2


def is_encrypted(stream: ByteStream) -> bool:
    """Whether a stream begins like a file of ``openssl enc``."""
    return stream.peek(len(AES_MAGIC)) == AES_MAGIC


def open_seals(
    stream: ByteStream, password: Callable[[], bytes], digests: Sequence[str]
) -> tuple[list[Decryption], ByteStream]:
    """Return the encryptions around a stream, the outermost first, at most two, and the stream inside them.

    ``password`` is called once, if anything is encrypted; it opens them all. Raises Fault as ``Decryption`` does; the
    stream does so at its end for an encryption without a whole last block, unless gzip is inside, whose end is known.
    """
    seals: list[Decryption] = []
    secret = b""
    while len(seals) < MOST_SEALS and is_encrypted(stream):
        secret = secret or password()
        seal = Decryption(stream, secret, digests, outer=seals[-1].digest if seals else None)
        seals.append(seal)
        stream = ByteStream(seal.blocks() if seal.content is Content.GZIP else seal.chunks())
    return seals, stream
