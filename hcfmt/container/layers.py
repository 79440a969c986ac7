"""The layers of an archive, found by what the bytes are, peeled off, and asked at the end what only the end tells."""

from collections.abc import Iterator, Sequence

from hcfmt.container import aes, gzip, tar_header
from hcfmt.container.aes import Decryption
from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.gzip import GzipReader
from hcfmt.container.passwords import Password, password_bytes
from hcfmt.container.tar import Tar
from hcfmt.errors import Defect, Fault, UsageError

AES, GZIP, TAR = "aes", "gzip", "tar"

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_RESEAL = (
    "openssl enc -d -aes-256-cbc {option} -pass env:HCFMT_PASSWORD -in old.tar.gz.aes"
    " | openssl enc -aes-256-cbc -md md5 -pass env:HCFMT_PASSWORD -out new.tar.gz.aes"
)
_SHOWN_BY_DAMAGE = ("not-an-archive", "tar-corrupt", "tar-cut")
_OPTIONS = {"sha256": "-md sha256", "pbkdf2": "-pbkdf2"}


class Layers:
    """What is known of an archive's layers.

    ``names`` are those found, the outermost first: aes, gzip, tar. ``digest`` is the key derivation of an encrypted
    archive, ``expanded`` the number of bytes that came out of decryption and decompression so far.
    """

    __slots__ = ("_budget", "_content", "_decryption", "_inflation", "_tar", "digest", "expanded", "names")

    def __init__(self, budget: Budget) -> None:
        """Know of no layer yet."""
        self.names: tuple[str, ...] = ()
        self.digest: str | None = None
        self.expanded = 0
        self._budget = budget
        self._decryption: Decryption | None = None
        self._inflation: GzipReader | None = None
        self._content: ByteStream | None = None
        self._tar: Tar | None = None

    def peel(self, stream: ByteStream, password: Password | None, digests: Sequence[str]) -> Tar | None:
        """Return the tar inside, None where there is nothing at all. Raises Fault, and UsageError without a password.

        A tar is what begins with a header whose checksum agrees or with zeros; a damaged header still counts when it
        carries tar's magic, so that the fault can be told at its place.
        """
        if stream.peek(len(aes.MAGIC)) == aes.MAGIC:
            self.names = (AES,)
            self._decryption = Decryption(stream, _asked(password), digests)
            self.digest = self._decryption.digest
            stream = ByteStream(self._decryption.chunks())
        if stream.peek(len(gzip.MAGIC)) == gzip.MAGIC:
            self.names += (GZIP,)
            self._inflation = GzipReader(stream)
            chunks = self._inflation.chunks()
        else:
            chunks = iter(lambda: stream.read_some(CHUNK), b"")
        content = ByteStream(self.counted(chunks))
        self._content = content
        head = content.peek(tar_header.BLOCK)
        if not head:
            return None
        if any(head) and not tar_header.checksum_holds(head) and not tar_header.is_ustar(head):
            raise _foreign(head, inside=bool(self.names))
        self.names += (TAR,)
        self._tar = Tar(content, self._budget)
        return self._tar

    def cause(self, fault: Fault) -> Defect:
        """Return what is behind a fault of the tar: the rest is read, for the checksum at its end to have its say.

        Damage to the compressed bytes shows first as nonsense in the tar, and only at the end as what it is.
        """
        try:
            while self._content and fault.defect.kind in _SHOWN_BY_DAMAGE and self._content.read_some(CHUNK):
                pass
        except Fault as outer:
            return fault.defect if outer.defect.kind == "budget-exceeded" else outer.defect
        return fault.defect

    def counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Pass on expanded bytes within their limit. Raises Fault (budget-exceeded)."""
        for chunk in chunks:
            self.expanded += len(chunk)
            if self.expanded > self._budget.expanded:
                raise self._budget.exceeded("expanded", "expanded bytes", self._budget.expanded)
            self._budget.spend_time()
            yield chunk

    def sizes(self, whole: int) -> dict[str, int]:
        """Return the bytes of each layer found, the outermost first, of an input of ``whole`` bytes read to its end."""
        sizes = dict.fromkeys(self.names, whole)
        if self._decryption and GZIP in sizes:
            sizes[GZIP] -= aes.HEADER + self._decryption.padding
        if TAR in sizes:
            sizes[TAR] = self.expanded
        return sizes

    def defects(self) -> Iterator[Defect]:
        """Say what the layers noticed and could be read past; to be asked when all of them were read to their ends."""
        if self.digest in _OPTIONS:
            yield _modern(self.digest)
        if self._tar and not self._tar.terminated:
            message = (
                "The tar ends without its two zero blocks: it may have been cut short exactly between two members."
            )
            yield Defect("tar-unterminated", message)
        if self._tar and self._tar.trailing:
            yield _trailing(self._tar.trailing, "bytes other than zero follow the end of the tar")
        trailing = self._inflation.trailing if self._inflation else 0
        if self._decryption:
            padding = self._decryption.padding
            # A sound archive's padding starts where gzip ends. A damaged last block passes for padding of one byte once
            # in 256 times, and the rest of it then follows the gzip stream.
            if not padding or 0 < trailing <= aes.BLOCK - padding:
                yield Defect("bad-padding", _BAD_PADDING)
                trailing -= aes.BLOCK - padding
        if trailing > 0:
            yield _trailing(trailing, "bytes follow the end of the gzip stream")


_BAD_PADDING = (
    "Everything inside was read to its end, but the last encrypted block holds no valid padding: the end of the file "
    "was altered or cut. Copy or export it again."
)


def _asked(password: Password | None) -> bytes:
    if password is None:
        raise UsageError(
            "The archive is encrypted: give its password in HCFMT_PASSWORD, with --password-file, at a terminal's "
            "prompt, or with --password."
        )
    return password_bytes(password)


def _modern(digest: str) -> Defect:
    message = (
        f"The key is derived with {digest}, but importers' documented commands expect md5. "
        f"To seal it anew: {_RESEAL.format(option=_OPTIONS[digest])}"
    )
    return Defect("modern-key-derivation", message)


def _trailing(count: int, what: str) -> Defect:
    message = f"{count:,} {what}: GNU tar reports an error on them and some importers fail. Copy or export it again."
    return Defect("trailing-data", message)


def _foreign(head: bytes, *, inside: bool) -> Fault:
    place = "What was packed" if inside else "This"
    if head.startswith(_ZIP):
        message = (
            f"{place} is a ZIP file: most likely an old HipChat Cloud export, which is another format. Only the "
            ".tar.gz.aes exports of HipChat Server, Data Center and (from mid-2018) Cloud can be read."
        )
    elif inside:
        message = "The compressed stream was opened, but what it holds is no tar: this is no HipChat export."
    else:
        message = (
            "The bytes are no known layer: neither encrypted by OpenSSL, nor gzip, nor tar. Look whether this is the "
            "right file, and whether it was altered in transfer."
        )
    return Fault("not-an-archive", message, 0)
