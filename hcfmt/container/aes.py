"""The outermost layer: what ``openssl enc -aes-256-cbc`` writes, opened and sealed.

The form is ``Salted__``, 8 bytes of salt, then AES-256-CBC with PKCS#7 padding (facts 3). Nothing in it is
authenticated: a wrong password and damage can only be told by what comes out.
"""

import hashlib
from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.gzip import begins_member
from hcfmt.errors import Fault, UsageError

MAGIC = b"Salted__"
SALT = 8
HEADER = len(MAGIC) + SALT
BLOCK = 16
KEY = 32

DIGESTS = ("md5", "sha256", "pbkdf2")
"""The key derivations in the order they are tried: hc-migrate's own, OpenSSL's default since 1.1.0, and ``-pbkdf2``."""

PBKDF2_ITERATIONS = 10_000  # what `openssl enc -pbkdf2` does unless told otherwise


def derive(password: bytes, salt: bytes, digest: str) -> tuple[bytes, bytes]:
    """Return the key (32 bytes) and the first vector (16 bytes) as ``openssl enc`` derives them.

    ``pbkdf2`` is PBKDF2-HMAC-SHA256 with 10,000 iterations; the others are EVP_BytesToKey with one. Raises UsageError
    for a name that is not in ``DIGESTS``.
    """
    if digest not in DIGESTS:
        raise UsageError(f"There is no key derivation of that name; there are {', '.join(DIGESTS)}.")
    if digest == "pbkdf2":
        made = hashlib.pbkdf2_hmac("sha256", password, salt, PBKDF2_ITERATIONS, KEY + BLOCK)
    else:
        made = last = b""
        while len(made) < KEY + BLOCK:
            # The format demands MD5; it is no choice of ours and protects nothing beyond it.
            last = hashlib.new(digest, last + password + salt, usedforsecurity=False).digest()
            made += last
    return made[:KEY], made[KEY : KEY + BLOCK]


def _cipher(password: bytes, salt: bytes, digest: str) -> Cipher[CBC]:
    key, vector = derive(password, salt, digest)
    return Cipher(AES256(key), CBC(vector))


class Decryption:
    """The plaintext of a sealed stream.

    ``digest`` is the derivation that fits. ``padding``, known after the last chunk, is the number of padding bytes that
    were found and taken away: 1 to 16, or 0 where the last block is not valid PKCS#7 and was passed on whole.
    """

    __slots__ = ("_decryptor", "_stream", "digest", "padding")

    def __init__(self, stream: ByteStream, password: bytes, digests: Sequence[str] = DIGESTS) -> None:
        """Read the header and the first block, and find the derivation that fits.

        A derivation fits when the first block begins like a gzip member: 16 fixed bits of magic, 8 of the method and
        the 3 reserved flags that must be zero (RFC 1952, 2.3). A wrong key passes these 27 bits once in 134 million
        times; valid padding alone, which is what openssl looks at, once in 256. Raises Fault (ciphertext-cut,
        cannot-decrypt).
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
            f"No key derived from the password ({', '.join(digests)} tried) opens this file to a gzip stream: most "
            "likely the password is wrong. Damage to the salt or the first block looks the same."
        )
        raise Fault("cannot-decrypt", message, HEADER)

    def chunks(self) -> Iterator[bytes]:
        """Yield the plaintext without its padding.

        One chunk is held back, because only the end tells which block is last; invalid padding is passed on. Raises
        Fault (ciphertext-cut) after the last whole block where the length is no multiple of 16 bytes.
        """
        held = b""
        while chunk := self._stream.read_some(CHUNK):
            if plain := self._decryptor.update(chunk):
                if held:
                    yield held
                held = plain
        extra = self._stream.position % BLOCK
        if not extra:
            self.padding = padding_of(held)
            held = held[: len(held) - self.padding]
        yield held
        if extra:
            message = (
                f"The encrypted file is no whole number of {BLOCK}-byte blocks: {extra} too many bytes, or "
                f"{BLOCK - extra} missing to the next block. It was cut short or added to; the whole blocks were read."
            )
            raise Fault("ciphertext-cut", message, self._stream.position)


def padding_of(plain: bytes) -> int:
    """Return the length in bytes of a plaintext's PKCS#7 padding, 0 where there is none (RFC 5652, 6.3)."""
    count = plain[-1]
    return count if 1 <= count <= BLOCK and plain.endswith(bytes([count]) * count) else 0


def encrypt(chunks: Iterator[bytes], password: bytes, digest: str = "md5", *, salt: bytes) -> Iterator[bytes]:
    """Yield the chunks sealed as ``openssl enc -aes-256-cbc`` seals them; ``salt`` is 8 bytes, fresh each time."""
    if len(salt) != SALT:
        raise UsageError(f"The salt of a sealed file is {SALT} bytes.")
    encryptor = _cipher(password, salt, digest).encryptor()
    yield MAGIC + salt
    length = 0
    for chunk in chunks:
        length += len(chunk)
        yield encryptor.update(chunk)
    count = BLOCK - length % BLOCK
    yield encryptor.update(bytes([count]) * count)
