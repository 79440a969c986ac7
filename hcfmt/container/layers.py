"""Detects and opens the layers of an archive (AES, gzip, tar) by their magic bytes, and checks their ends."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from hcfmt.container import aes, gzip, tar_header
from hcfmt.container.aes import DAMAGED_HEAD, Decryption
from hcfmt.container.budget import MIB, Budget
from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.content import Content, content_of
from hcfmt.container.gzip import GzipReader
from hcfmt.container.layer_ends import end_defects
from hcfmt.container.passwords import Password, passwords
from hcfmt.container.read_ahead import ReadAhead
from hcfmt.container.recovery import RecoveringGzip, RecoveringTar, Recovery
from hcfmt.container.recovery.signs import holds_tar, is_compressed, proves_key
from hcfmt.container.seals import is_encrypted, open_seals
from hcfmt.container.source import Source
from hcfmt.container.tar import Tar
from hcfmt.errors import Defect, Fault, NoPasswordError

if TYPE_CHECKING:
    from hashlib import _Hash

AES, GZIP, TAR = "aes", "gzip", "tar"

_ENCRYPT_AGAIN = (
    "openssl enc -d -aes-256-cbc {option} -pass env:HCFMT_PASSWORD -in old.tar.gz.aes"
    " | openssl enc -aes-256-cbc -md md5 -pass env:HCFMT_PASSWORD -out new.tar.gz.aes"
)
_PACKED = (Content.AES, Content.GZIP)
_SYMPTOMS = ("not-an-archive", "tar-corrupt", "tar-cut")
_OPTIONS = {"sha256": "-md sha256", "pbkdf2": "-pbkdf2"}


class _Progress(NamedTuple):
    """How far the outer layers were read: the bytes of the input, and those of the headers and paddings of AES."""

    bytes_read: int
    sealing: int


class _Packing(NamedTuple):
    """What one run of hc-migrate's script puts around a tar: the encryptions, the outermost first, and gzip."""

    seals: list[Decryption]
    inflation: GzipReader | None


class Layers:
    """The layers of one archive.

    ``names`` are those found, the outermost first: aes, gzip, tar; aes twice for an archive that was encrypted twice,
    and the layers of both packings for one that was packed twice. ``password`` opened the outermost encryption, and
    ``digest`` is its key derivation. ``expanded`` is the number of bytes decrypted and decompressed so far, those of
    both packings together.
    """

    __slots__ = (
        "_ahead",
        "_budget",
        "_content",
        "_packings",
        "_recovery",
        "_source",
        "_tar",
        "_tar_hash",
        "digest",
        "expanded",
        "names",
        "password",
    )

    def __init__(self, budget: Budget, recovery: Recovery | None = None) -> None:
        """Start without a layer; ``open`` finds them. With a ``recovery`` damage ends no layer."""
        self.names: tuple[str, ...] = ()
        self.password: bytes | None = None
        self.digest: str | None = None
        self.expanded = 0
        self._budget = budget
        self._recovery = recovery
        self._source: Source | None = None
        self._ahead: ReadAhead[_Progress] | None = None
        self._packings: list[_Packing] = []
        self._content: ByteStream | None = None
        self._tar: Tar | None = None
        self._tar_hash: _Hash | None = None

    def hash_tar(self) -> None:
        """Hash the bytes of the tar as they are read; to be called before ``open``."""
        from hashlib import sha256  # noqa: PLC0415 - most runs need no hash, and it takes time to import

        self._tar_hash = sha256()

    @property
    def tar_digest(self) -> tuple[int, str] | None:
        """The size and the SHA-256 of the tar inside, after all was read; None without a tar, or if not asked for."""
        if self._tar is None or self._content is None or self._tar_hash is None:
            return None
        return self._content.position, self._tar_hash.hexdigest()

    def open(self, source: Source, password: Password | None, digests: Sequence[str]) -> Tar | None:
        """Return the tar inside, None where the content is empty. Raises Fault, and NoPasswordError.

        A tar begins with zeros or with a header whose checksum is right. A damaged header with tar's magic counts too,
        so that the fault names its place.
        """
        _keep_freed_memory()
        self._source = source
        content = self._unpacked(ByteStream(source.chunks()), source, password, digests)
        if self._packings[0].inflation and content_of(content.peek(tar_header.BLOCK)) in _PACKED:
            content = self._unpacked(content, source, password, digests)
        self._content = content
        head = content.peek(tar_header.BLOCK)
        if not head:
            return None
        if any(head) and not tar_header.checksum_holds(head) and not tar_header.is_ustar(head):
            from hcfmt.container.foreign import WINDOW, foreign_fault  # noqa: PLC0415 - of no use to archives

            if self._recovery is None or not holds_tar(content):
                raise foreign_fault(content.peek(WINDOW), inside=bool(self.names))
        self.names += (TAR,)
        self._tar = (
            RecoveringTar(content, self._budget, self._recovery) if self._recovery else Tar(content, self._budget)
        )
        return self._tar

    def _unpacked(
        self, stream: ByteStream, source: Source, password: Password | None, digests: Sequence[str]
    ) -> ByteStream:
        """Return what the encryptions and the gzip stream around it hold, which become a packing."""
        outer = self.names
        if is_encrypted(stream):
            self.names += (AES,)  # even if it cannot be decrypted
        seals, stream = open_seals(
            stream, _require_passwords(password), digests, proves_damaged=proves_key if self._recovery else None
        )
        self.names = outer + (AES,) * len(seals)
        if seals and self.digest is None:
            self.password, self.digest = seals[0].password, seals[0].digest
        self._packings.append(_Packing(seals, None))
        if stream.peek(len(gzip.MAGIC)) != gzip.MAGIC and not self._is_damaged_gzip(stream):
            return ByteStream(self.counted(self._hashed(iter(lambda: stream.read_some(CHUNK), b""))))
        self.names += (GZIP,)
        inflation = RecoveringGzip(stream, self._recovery) if self._recovery else GzipReader(stream)
        self._packings[-1] = _Packing(seals, inflation)
        chunks = self._hashed(_inflated(inflation, seals))
        if self._ahead:  # which reads what is outside of this packing
            return ByteStream(self.counted(chunks))
        return ByteStream(self.counted(self._read_ahead(source, chunks)), self._ahead)

    def _is_damaged_gzip(self, stream: ByteStream) -> bool:
        return self._recovery is not None and is_compressed(stream.peek(DAMAGED_HEAD))

    def close(self) -> None:
        """End the reading ahead; the source is closed before."""
        if self._ahead:
            self._ahead.close()

    @property
    def bytes_read(self) -> int:
        """The number of bytes read from the input for what was taken from the layers so far."""
        return self._progress().bytes_read

    def root_cause(self, fault: Fault) -> Defect:
        """Return the defect that caused a fault: an outer layer's, if reading on to the end finds one.

        Damage to the compressed bytes shows first as nonsense in the tar, and as itself at the checksum at the end.
        """
        try:
            while self._content and fault.defect.kind in _SYMPTOMS and self._content.read_some(CHUNK):
                pass
        except Fault as outer:
            return fault.defect if outer.defect.kind == "budget-exceeded" else outer.defect
        return fault.defect

    def counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield expanded bytes and count them. Raises Fault (budget-exceeded) beyond their limit."""
        for chunk in chunks:
            self.expanded += len(chunk)
            if self.expanded > self._budget.expanded:
                raise self._budget.exceeded("expanded", "expanded bytes", self._budget.expanded)
            self._budget.spend_time()
            yield chunk

    def sizes(self) -> dict[str, int]:
        """Return the bytes read from each layer found, the outermost first; of the inner packing those of tar alone."""
        progress = self._progress()
        sizes = dict.fromkeys(self.names, progress.bytes_read)
        if GZIP in sizes:
            sizes[GZIP] -= progress.sealing
        if self._packings and not self._packings[0].seals:
            sizes.pop(AES, None)
        if self._tar and self._content:
            sizes[TAR] = self._content.position
        return sizes

    def defects(self) -> Iterator[Defect]:
        """Yield the defects that did not end the reading; called after all layers were read to their ends."""
        if not self._packings or (self._recovery and self._recovery.damages):  # a directory; or no end was reached
            return
        *outer, inner = self._packings
        for seals, inflation in outer:
            yield _packed_twice(self.names, is_sealed=bool(seals))
            yield from end_defects(seals, inflation, None)
        if len(inner.seals) > 1:
            yield _sealed_twice(inner.seals)
        elif self.digest in _OPTIONS:
            yield _modern_key_derivation(self.digest)
        yield from end_defects(*inner, self._tar)

    def _hashed(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Return the content of a packing, hashed if asked for; an inner packing begins the digest anew."""
        if self._tar_hash is None:
            return chunks
        from hcfmt.container.content_digests import hashed  # noqa: PLC0415 - as above

        self.hash_tar()
        return hashed(chunks, self._tar_hash)

    def _read_ahead(self, source: Source, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Return the chunks, which a thread of its own reads, decrypts and inflates, as far as this is safe.

        Only regular files are read ahead: a thread that waits for a pipe could not be ended, and other file objects may
        be bound to their thread.
        """
        if not source.is_regular:
            return chunks
        self._ahead = ReadAhead(chunks, _observer(source, self._packings[0].seals))
        return self._ahead

    def _progress(self) -> _Progress:
        if self._ahead:
            return self._ahead.note
        seals = self._packings[0].seals if self._packings else ()
        return _observer(self._source, seals)() if self._source else _Progress(0, 0)


def _keep_freed_memory() -> None:
    """Let the next chunk reuse the memory of the last one.

    The C library of Linux returns large blocks to the system, which clears every page before it gives it again: that
    takes as long as inflating. What is large to it grows to the largest block that was freed, at least this MiB.
    """
    bytes(MIB)


def _observer(source: Source, seals: Sequence[Decryption]) -> Callable[[], _Progress]:
    """Return a function that tells how far all of them were read."""
    return lambda: _Progress(source.bytes_read, sum(aes.HEADER + seal.padding for seal in seals))


def _inflated(inflation: GzipReader, seals: Sequence[Decryption]) -> Iterator[bytes]:
    """Yield the chunks of a gzip stream. One that ends early in a file without a whole last block is cut there."""
    try:
        yield from inflation.chunks()
    except Fault as fault:
        if fault.defect.kind == "gzip-cut" and seals and seals[-1].extra:
            raise seals[-1].cut_fault() from None
        raise


def _require_passwords(password: Password | None) -> Iterator[bytes]:
    if password is None:
        raise NoPasswordError(
            "The archive is encrypted, but no password was given: set HCFMT_PASSWORD, or give --password-file or "
            "--password, or run it at a terminal's prompt; in Python, pass password."
        )
    yield from passwords(password)


def _modern_key_derivation(digest: str) -> Defect:
    message = (
        f"The key is derived with {digest}, but importers' documented commands expect md5. "
        f"To encrypt it again: {_ENCRYPT_AGAIN.format(option=_OPTIONS[digest])}"
    )
    return Defect("modern-key-derivation", message)


def _sealed_twice(seals: Sequence[Decryption]) -> Defect:
    digests = " and ".join(seal.digest for seal in seals)
    message = (
        f"The file was encrypted twice with the same password (keys by {digests}). Importers and the documented "
        "command decrypt it once and find no gzip stream. 'hcfmt decrypt' removes both; encrypt the result once."
    )
    return Defect("encrypted-twice", message)


def _packed_twice(names: Sequence[str], *, is_sealed: bool) -> Defect:
    command = "hcfmt decrypt, then gzip -dc OLD > NEW" if is_sealed else "gzip -dc OLD > NEW"
    message = (
        f"The archive was packed twice: its layers are {', '.join(names)}, the outermost first. All of them were read, "
        f"but importers find no tar inside. Take off the outer layers ({command}), and import what is left."
    )
    return Defect("packed-twice", message)
