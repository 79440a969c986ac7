"""Decrypts and encrypts the outermost layer, in the format of ``openssl enc -aes-256-cbc``.

The format is ``Salted__``, 8 bytes of salt, then AES-256-CBC with PKCS#7 padding. It authenticates nothing: a wrong
password and damage show only in the plaintext.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.gzip import begins_member
from hcfmt.errors import Fault, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
    from cryptography.hazmat.primitives.ciphers.modes import CBC

MAGIC = b"Salted__"
SALT = 8
HEADER = len(MAGIC) + SALT
BLOCK = 16
KEY = 32

DIGESTS = ("md5", "sha256", "pbkdf2")
"""The key derivations in the order they are tried: that of hc-migrate, OpenSSL's default since 1.1.0, ``-pbkdf2``."""

PBKDF2_ITERATIONS = 10_000  # the default of `openssl enc -pbkdf2`


def derive(password: bytes, salt: bytes, digest: str) -> tuple[bytes, bytes]:
    """Return the key (32 bytes) and the initialization vector (16 bytes) as ``openssl enc`` derives them.

    ``pbkdf2`` is PBKDF2-HMAC-SHA256 with 10,000 iterations; the others are EVP_BytesToKey with one iteration. Raises
    UsageError for a name that is not in ``DIGESTS``.
    """
    import hashlib  # noqa: PLC0415 - slow to import, and only needed for encrypted files

    if digest not in DIGESTS:
        raise UsageError(f"The key derivation is unknown: choose {', '.join(DIGESTS[:-1])} or {DIGESTS[-1]}.")
    if digest == "pbkdf2":
        derived = hashlib.pbkdf2_hmac("sha256", password, salt, PBKDF2_ITERATIONS, KEY + BLOCK)
    else:
        derived = last = b""
        while len(derived) < KEY + BLOCK:
            # The format prescribes MD5.
            last = hashlib.new(digest, last + password + salt, usedforsecurity=False).digest()
            derived += last
    return derived[:KEY], derived[KEY : KEY + BLOCK]


def _cipher(password: bytes, salt: bytes, digest: str) -> "Cipher[CBC]":
    from cryptography.hazmat.primitives.ciphers import Cipher  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.ciphers.algorithms import AES256  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.ciphers.modes import CBC  # noqa: PLC0415 - as above

    key, vector = derive(password, salt, digest)
    return Cipher(AES256(key), CBC(vector))


class Decryption:
    """Decrypts an encrypted stream.

    ``digest`` is the derivation that fits. ``padding``, set after the last chunk, is the number of padding bytes
    removed: 1 to 16, or 0 where the padding is not valid PKCS#7 and the last block was yielded whole.
    """

    __slots__ = ("_decryptor", "_stream", "digest", "padding")

    def __init__(self, stream: ByteStream, password: bytes, digests: Sequence[str] = DIGESTS) -> None:
        """Read the header and the first block, and find the derivation that fits.

        A derivation fits when the first block begins like a gzip member: 16 fixed bits of magic, 8 of the method and
        the 3 reserved flags that must be zero (RFC 1952, 2.3). A wrong key passes these 27 bits once in 134 million
        times; valid padding alone, the test of openssl, once in 256. Raises Fault (ciphertext-cut, cannot-decrypt).
        """
        head = stream.peek(HEADER + BLOCK)
        if len(head) < HEADER + BLOCK:
            message = (
                f"The encrypted file has {len(head)} bytes, but its header and one block need {HEADER + BLOCK}: it was "
                "cut short. Copy or export it again."
            )
            raise Fault("ciphertext-cut", message, len(head))
        salt, block = head[len(MAGIC) : HEADER], head[HEADER:]
        for digest in digests:
            cipher = _cipher(password, salt, digest)
            if begins_member(cipher.decryptor().update(block)):
                self._stream, self.digest, self.padding = stream, digest, 0
                self._decryptor: CipherContext = cipher.decryptor()
                stream.read(HEADER)
                return
        message = (
            f"The password does not decrypt this file to a gzip stream ({', '.join(digests)} tried): most likely the "
            "password is wrong. Damage to the salt or the first block has the same effect."
        )
        raise Fault("cannot-decrypt", message, HEADER)

    def chunks(self) -> Iterator[bytes]:
        """Yield the plaintext without its padding; invalid padding is yielded too.

        One chunk is held back until it is known whether it is the last. Raises Fault (ciphertext-cut) after the last
        whole block where the length is not a multiple of 16 bytes.
        """
        pending = b""
        while chunk := self._stream.read_some(CHUNK):
            if plain := self._decryptor.update(chunk):
                if pending:
                    yield pending
                pending = plain
        extra = self._stream.position % BLOCK
        if not extra:
            self.padding = padding_of(pending)
            pending = pending[: len(pending) - self.padding]
        yield pending
        if extra:
            message = (
                f"The length of the encrypted file is not a multiple of {BLOCK} bytes: {extra} too many bytes, or "
                f"{BLOCK - extra} missing. It was cut short or extended; the whole blocks were read."
            )
            raise Fault("ciphertext-cut", message, self._stream.position)


def padding_of(plain: bytes) -> int:
    """Return the length in bytes of a plaintext's PKCS#7 padding (RFC 5652, 6.3), 0 where it is invalid."""
    count = plain[-1]
    return count if 1 <= count <= BLOCK and plain.endswith(bytes([count]) * count) else 0


def encrypt(chunks: Iterator[bytes], password: bytes, digest: str = "md5", *, salt: bytes) -> Iterator[bytes]:
    """Yield chunks encrypted like ``openssl enc -aes-256-cbc``; ``salt`` is 8 bytes, different for every file."""
    if len(salt) != SALT:
        raise UsageError(f"The salt has {len(salt)} bytes, but must have {SALT}.")
    encryptor = _cipher(password, salt, digest).encryptor()
    yield MAGIC + salt
    length = 0
    for chunk in chunks:
        length += len(chunk)
        yield encryptor.update(chunk)
    count = BLOCK - length % BLOCK
    yield encryptor.update(bytes([count]) * count)
