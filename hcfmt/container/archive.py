"""Opens an archive by its content, whatever its layers are, and reads it to its last byte."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from msgspec.structs import replace

from hcfmt.container.aes import DIGESTS
from hcfmt.container.budget import Budget
from hcfmt.container.directory import Directory
from hcfmt.container.layers import Layers
from hcfmt.container.member import Member
from hcfmt.container.passwords import Password
from hcfmt.container.recovery import Recovery
from hcfmt.container.source import ArchiveInput, Source, input_name, open_source
from hcfmt.container.suffixes import suffix_defect, with_advice
from hcfmt.container.tar import Tar
from hcfmt.errors import Defect, Fault, UsageError

if TYPE_CHECKING:
    from hcfmt.container.content_digests import ContentDigests

DIRECTORY = "directory"
EMPTY = Defect("not-an-archive", "The input is empty: it holds no members.")
"""The defect of an archive without members, for those to whom only members matter."""

_DEFAULT = Budget()


class Archive:
    """An open archive, which is read once; ``open_archive`` returns it, its ``with`` block closes it.

    ``fault`` is the defect that ended the reading, None if nothing did. ``defects`` are all others; they are complete
    when ``members`` has ended without a fault. ``contents`` are the digests of what was read, None if they were not
    asked for.
    """

    __slots__ = ("_begun", "_change", "_layers", "_reader", "_source", "contents", "defects", "fault", "name")

    def __init__(
        self,
        name: str,
        layers: Layers,
        reader: Tar | Directory | None,
        source: Source | None,
        fault: Defect | None,
        contents: "ContentDigests | None" = None,
    ) -> None:
        """Take the layers and the reader of their members; a directory has no source."""
        self.contents = contents
        self.name = name
        self._source = source
        self.fault = self._explained(fault) if fault else None
        self.defects: list[Defect] = []
        self._layers = layers
        self._reader = reader
        self._begun = False
        self._change: Callable[[Iterator[Member]], Iterable[Member]] | None = None
        misnamed = suffix_defect(name, layers.names) if self.is_file_name else None
        if misnamed:
            self.defects.append(misnamed)

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; standard input and the caller's file objects stay open. No thread is left."""
        if self._source:
            self._source.close()
        self._layers.close()

    @property
    def is_file_name(self) -> bool:
        """Whether ``name`` is that of a file, whose suffixes promise the layers."""
        return self._source is not None and self._source.is_file_name

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers found, the outermost first: aes (twice if encrypted twice), gzip, tar; or directory alone."""
        return self._layers.names if self._source else (DIRECTORY,)

    @property
    def password(self) -> bytes | None:
        """The password that opened an encrypted archive, of several that were given."""
        return self._layers.password

    @property
    def digest(self) -> str | None:
        """The key derivation that opened an encrypted archive, one of ``DIGESTS``."""
        return self._layers.digest

    @property
    def size(self) -> int | None:
        """The length of the input in bytes; None for pipes and directories, where it is not known beforehand."""
        return self._source.size if self._source else None

    @property
    def sha256(self) -> str | None:
        """The SHA-256 of the input in hexadecimal; None of a directory, before the end, and if it was not asked for."""
        return self._source.sha256 if self._source else None

    @property
    def hashed_bytes(self) -> int | None:
        """The number of bytes of which ``sha256`` is the digest; None where that is."""
        return self._source.bytes_read if self._source and self._source.sha256 else None

    @property
    def bytes_read(self) -> int:
        """The number of bytes read from the input."""
        return self._layers.bytes_read if self._source else self.expanded

    @property
    def expanded(self) -> int:
        """The number of bytes after decryption and decompression; of a directory, of its payloads."""
        return self._layers.expanded

    @property
    def sizes(self) -> dict[str, int]:
        """The number of bytes read from each layer, the outermost first; of a directory, from its payloads."""
        return self._layers.sizes() if self._source else {DIRECTORY: self.expanded}

    def hash_rest(self) -> None:
        """Hash the bytes of the input that were not read, where the reading ended early: then ``sha256`` has them too.

        Nothing can be read afterwards. Where the time is up, or the input does not end, ``sha256`` stays None.
        """
        if self._source and self._source.sha256 is None:
            self._layers.close()
            with suppress(Fault):
                self._source.hash_rest()

    def change_members(self, change: Callable[[Iterator[Member]], Iterable[Member]]) -> None:
        """Have ``members`` yield what a function makes of the members; called before they are read.

        A second function gets what the first one makes.
        """
        before = self._change
        self._change = (lambda members: change(iter(before(members)))) if before else change

    def look_only_at(self, path: str) -> None:
        """Have ``members`` of a directory yield the file of a path alone; any other archive is read as ever."""
        if isinstance(self._reader, Directory):
            directory = self._reader
            self.change_members(lambda _: directory.file(path))

    def members(self) -> Iterator[Member]:
        """Yield each member, then read every layer to its last byte; once.

        Where the archive cannot be read on, the iterator ends and ``fault`` is set; a payload that is being read raises
        the Fault, so that a part of it never passes for the whole. Raises UsageError where the input fails.
        """
        if self._begun:
            raise UsageError("The archive was read before: open it again.")
        self._begun = True
        if not self.fault:
            yield from self._members()

    def _members(self) -> Iterator[Member]:
        try:
            members = self._reader.members() if self._reader else iter(())
            for member in self._change(members) if self._change else members:
                read = replace(member, chunks=self._keep_fault(member.chunks))
                if self.contents is None:
                    yield read
                else:
                    yield from self._hashed(read, self.contents)
                if self.fault:
                    return
        except Fault as fault:
            self.fault = self.fault or self._explained(self._layers.root_cause(fault))
        else:
            self.defects += self._layers.defects()
            if self.contents:
                self.contents.complete = True
                self.contents.tar_bytes, self.contents.tar_sha256 = self._layers.tar_digest or (None, None)

    def _hashed(self, member: Member, contents: "ContentDigests") -> Iterator[Member]:
        """Yield a member, then read the rest of its bytes and add their digest."""
        from hcfmt.container.content_digests import HashedChunks  # noqa: PLC0415 - most runs hash nothing

        chunks = HashedChunks(member.chunks)
        yield replace(member, chunks=chunks)
        if not self.fault:
            contents.add(member, chunks.digest())

    def _explained(self, fault: Defect) -> Defect:
        """Return a fault with what the file name tells of its cause."""
        return with_advice(fault, self.name) if self.is_file_name else fault

    def _keep_fault(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the chunks of a payload, and keep the fault that ends them."""
        try:
            yield from chunks if self._source else self._layers.counted(chunks)
        except Fault as fault:
            self.fault = self._explained(self._layers.root_cause(fault))
            raise


def unreadable_archive(archive: ArchiveInput, reason: str, budget: Budget) -> Archive:
    """Return an archive without members, whose fault (unreadable-input) is the reason why it cannot be read."""
    name = input_name(archive)
    source = Source(io.BytesIO(), name, budget, owned=True, is_file_name=False, size=None)
    return Archive(name, Layers(budget), None, source, Defect("unreadable-input", reason[0].upper() + reason[1:]))


def open_archive(
    archive: ArchiveInput,
    *,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    stdin: BinaryIO | None = None,
    sha256: bool = False,
    contents: bool = False,
    recovery: Recovery | None = None,
) -> Archive:
    """Open an archive, whose layers its bytes show: a path, ``-`` for ``stdin``, or a binary file object.

    A file object is read from its current position and stays open. ``password`` is used only for encrypted bytes, of
    several the first that fits. With ``sha256`` the archive has that of the input in the end, and with ``contents`` the
    digests of the tar inside and of each member, for which every byte is read. With ``recovery`` damage does not end
    the reading, but is noted there; payloads of damaged members then end early. A Fault met while opening is kept in
    the archive, which then has no members; empty input has none either. Raises UsageError where the input cannot be
    read, NoPasswordError where it is encrypted and there is no password.
    """
    layers = Layers(budget, recovery)
    name, source = input_name(archive), open_source(archive, budget, stdin)
    digests_of = _content_digests(budget) if contents else None
    if source is None:
        return Archive(name, layers, Directory(name, budget), None, None, digests_of)
    if contents:
        layers.hash_tar()
    if sha256:
        source.hash_bytes()
    try:
        reader, defect = _open_layers(layers, source, password, digests)
    except BaseException:
        source.close()
        layers.close()
        raise
    return Archive(name, layers, reader, source, defect, digests_of)


def _content_digests(budget: Budget) -> "ContentDigests":
    from hcfmt.container.content_digests import ContentDigests  # noqa: PLC0415 - most runs hash nothing

    return ContentDigests(budget)


def _open_layers(
    layers: Layers, source: Source, password: Password | None, digests: Sequence[str]
) -> tuple[Tar | None, Defect | None]:
    """Return the reader of the members, or the defect that ends the reading."""
    try:
        return layers.open(source, password, digests), None
    except Fault as fault:
        return None, layers.root_cause(fault)
