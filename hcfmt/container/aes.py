"""Decrypts and encrypts the outermost layer, in the format of ``openssl enc -aes-256-cbc``.

The format is ``Salted__``, 8 bytes of salt, then AES-256-CBC with PKCS#7 padding. It authenticates nothing: a wrong
password and damage show only in the plaintext.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.content import AES_MAGIC, content_of, proves_key
from hcfmt.container.remainder import HEAD
from hcfmt.errors import Fault, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
    from cryptography.hazmat.primitives.ciphers.modes import CBC

SALT = 8
HEADER = len(AES_MAGIC) + SALT
BLOCK = 16
DAMAGED_HEAD = 32 * 1024  # bytes of which the first may be damaged
KEY = 32

DIGESTS = ("md5", "sha256", "pbkdf2")
"""The key derivations in the order they are tried: that of hc-migrate, OpenSSL's default since 1.1.0, ``-pbkdf2``."""

_WRONG = "The password is most likely wrong (tried {}), or the first block damaged."
_WRONG_INSIDE = (
    "The password opens the file ({}), but inside is another encrypted file, which it does not open ({} tried): that "
    "one has another password, or its first block is damaged. Give both passwords, each in a line of a file "
    "(--password-file)."
)

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

    ``password`` opens it, ``digest`` is the derivation that fits, ``content`` what the plaintext is by its beginning.
    The rest is set after the last chunk:

    - ``padding``: the number of padding bytes removed, 1 to 16; 0 where the padding is not valid PKCS#7 and the last
      block was yielded whole
    - ``size``: the bytes of the encrypted file; ``extra`` of them, 0 to 15, follow the last whole block
    - ``zeros``: the number of zero bytes at the end of the encrypted file
    - ``joined``: the offset at which a second encrypted file seems to begin, None for none
    """

    __slots__ = (
        "_decryptor",
        "_stream",
        "content",
        "digest",
        "extra",
        "joined",
        "padding",
        "password",
        "size",
        "zeros",
    )

    def __init__(
        self,
        stream: ByteStream,
        password: bytes,
        digests: Sequence[str] = DIGESTS,
        outer: str | None = None,
        proves_damaged: Callable[[bytes], bool] | None = None,
    ) -> None:
        """Read the header and the first blocks, and find the derivation that fits.

        A derivation fits when the first blocks are content that a wrong key does not yield. The least of it is the
        beginning of a gzip member: 16 fixed bits of magic, 8 of the method and the 3 reserved flags that must be zero
        (RFC 1952, 2.3). A wrong key passes these 27 bits once in 134 million times; valid padding alone, the test of
        openssl, once in 256. Raises Fault (ciphertext-cut, cannot-decrypt); ``outer`` is the derivation of the
        encryption around this one, which the password opened. Where no derivation fits, ``proves_damaged`` is asked
        about more of the plaintext, of which the beginning may be damaged.
        """
        head = stream.peek(HEADER + HEAD)
        if len(head) < HEADER + BLOCK:
            message = (
                f"The encrypted file has {len(head)} bytes, but its header and one block need {HEADER + BLOCK}: it was "
                "cut short. Copy or export it again."
            )
            raise Fault("ciphertext-cut", message, len(head))
        for count, proves in ((HEAD, proves_key), (DAMAGED_HEAD, proves_damaged)):
            head = stream.peek(HEADER + count) if proves else b""
            salt, blocks = head[len(AES_MAGIC) : HEADER], head[HEADER : len(head) // BLOCK * BLOCK]
            for digest in digests if proves else ():
                cipher = _cipher(password, salt, digest)
                plain = cipher.decryptor().update(blocks)
                if proves and proves(plain):
                    self._stream, self.password, self.digest = stream, password, digest
                    self.content = content_of(plain)
                    self._decryptor: CipherContext = cipher.decryptor()
                    self.padding = self.size = self.extra = self.zeros = 0
                    self.joined: int | None = None
                    stream.read(HEADER)
                    return
        tried = ", ".join(digests)
        raise Fault("cannot-decrypt", _WRONG_INSIDE.format(outer, tried) if outer else _WRONG.format(tried), HEADER)

    def chunks(self) -> Iterator[bytes]:
        """Yield what ``blocks`` yields. Raises Fault (ciphertext-cut) at the end where the last block is not whole."""
        yield from self.blocks()
        if self.extra:
            raise self.cut_fault()

    def blocks(self) -> Iterator[bytes]:
        """Yield the plaintext of all whole blocks without the padding at the end; invalid padding is yielded too.

        One chunk is held back until it is known whether it is the last.
        """
        pending = b""
        for chunk in self._ciphertext():
            if plain := self._decryptor.update(chunk):
                if pending:
                    yield pending
                pending = plain
        self.size = self._stream.position
        self.extra = self.size % BLOCK
        if not self.extra:
            self.padding = padding_of(pending)
            pending = pending[: len(pending) - self.padding]
        yield pending

    def cut_fault(self) -> Fault:
        """Return the fault of a file that does not end with a whole block."""
        message = (
            f"The length of the encrypted file is not a multiple of {BLOCK} bytes: {self.extra} too many bytes, or "
            f"{BLOCK - self.extra} missing. It was cut short or extended; the whole blocks were read."
        )
        return Fault("ciphertext-cut", message, self.size)

    def _ciphertext(self) -> Iterator[bytes]:
        """Yield what follows the header, and look for zeros at its end and for the header of another file."""
        before = b""
        while chunk := self._stream.read_some(CHUNK):
            filled = len(chunk.rstrip(b"\0"))
            self.zeros = len(chunk) - filled + (0 if filled else self.zeros)
            if self.joined is None:
                start = self._stream.position - len(chunk)
                self.joined = _header_in(before + chunk[: len(AES_MAGIC)], start - len(before))
                if self.joined is None:
                    self.joined = _header_in(chunk, start)
                before = (before + chunk[-len(AES_MAGIC) :])[1 - len(AES_MAGIC) :]
            yield chunk


def _header_in(chunk: bytes, start: int) -> int | None:
    """Return the offset of the first block that begins like an encrypted file, in a chunk that begins at ``start``.

    Only the blocks' first bytes are searched, in a fifth of the time that all bytes take.
    """
    first = -start % BLOCK
    beginnings = chunk[first::BLOCK]
    block = beginnings.find(AES_MAGIC[:1])
    while block >= 0:
        at = first + block * BLOCK
        if chunk.startswith(AES_MAGIC, at):
            return start + at
        block = beginnings.find(AES_MAGIC[:1], block + 1)
    return None


def padding_of(plain: bytes) -> int:
    """Return the length in bytes of a plaintext's PKCS#7 padding (RFC 5652, 6.3), 0 where it is invalid."""
    count = plain[-1]
    return count if 1 <= count <= BLOCK and plain.endswith(bytes([count]) * count) else 0


def encrypt(chunks: Iterator[bytes], password: bytes, digest: str = "md5", *, salt: bytes) -> Iterator[bytes]:
    """Yield chunks encrypted like ``openssl enc -aes-256-cbc``; ``salt`` is 8 bytes, different for every file."""
    if len(salt) != SALT:
        raise UsageError(f"The salt has {len(salt)} bytes, but must have {SALT}.")
    encryptor = _cipher(password, salt, digest).encryptor()
    yield AES_MAGIC + salt
    length = 0
    for chunk in chunks:
        length += len(chunk)
        yield encryptor.update(chunk)
    count = BLOCK - length % BLOCK
    yield encryptor.update(bytes([count]) * count)
