"""Writes the tag files of a BagIt bag (RFC 8493) whose payload are the extracted members of an archive.

``extract`` writes the payload itself, into the directory ``data`` beside the tag files.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from hcfmt.container import DIGESTS, Archive, ArchiveInput, Budget, MemberKind, Password, open_archive
from hcfmt.container.archive import EMPTY
from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.content_digests import MemberDigest
from hcfmt.container.distinct_files import FileName, require_not_input
from hcfmt.container.private_files import private_directory
from hcfmt.container.safe_names import SafeNames
from hcfmt.errors import Fault, UsageError
from hcfmt.version import __version__

MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
TAG_FILES = (MANIFEST, "bagit.txt", "bag-info.txt", TAG_MANIFEST)  # in the order of their writing
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ENCODED = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})  # RFC 8493, section 2.1.3
_DEFAULT = Budget()


class Bag(Struct, frozen=True):
    """What the manifest of a bag lists: number and bytes of files; ``left_out`` counts links and special members."""

    files: int
    bytes: int
    left_out: int


def write_bag(
    archive: ArchiveInput,
    directory: str | os.PathLike[str],
    *,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    force: bool = False,
    stdin: BinaryIO | None = None,
    watch: Callable[[Archive], Callable[[str], None]] | None = None,
) -> Bag:
    """Write ``manifest-sha256.txt`` and the other tag files of a bag into a directory.

    The manifest lists every file of the archive by the name that ``extract`` gives it, below ``data/``. Links and
    special members are left out, as ``extract`` leaves them out. The directory is created if it is missing; tag files
    that are there are overwritten only with ``force``. The same archive gives the same bytes. The other arguments are
    those of ``extract``.

    Raises UsageError where the archive cannot be read or the files cannot be written, and Fault where it cannot be read
    to its end; then nothing is written.
    """
    root = Path(directory)
    require_free(root, [archive] if isinstance(archive, str | os.PathLike) else [], force=force)
    with open_archive(
        archive, password=password, digests=digests, budget=budget, stdin=stdin, sha256=True, contents=True
    ) as opened:
        progress = watch(opened) if watch else None
        for member in opened.members():
            if progress:
                progress(member.path)
        assert opened.contents  # noqa: S101 - it was opened with them
        if fault := opened.fault or (None if opened.contents.members else EMPTY):
            raise Fault(fault.kind, fault.message, fault.byte, fault.values)
        members, digest = opened.contents.members, opened.sha256
    payload = sorted(_payload(members, budget))
    bag = Bag(len(payload), sum(size for _, size, _ in payload), sum(map(_is_left_out, members)))
    manifest = "".join(f"{hashed}  data/{path.translate(_ENCODED)}\n" for path, _, hashed in payload)
    _write(root, {MANIFEST: manifest, "bagit.txt": _DECLARATION, "bag-info.txt": _info(bag, digest)}, force=force)
    return bag


def require_free(directory: str | os.PathLike[str], inputs: Sequence[FileName], *, force: bool) -> None:
    """Raise UsageError where tag files would be written over an input, or over others without ``force``."""
    for name in TAG_FILES:
        path = str(Path(directory, name))
        require_not_input(path, inputs)
        if not force and os.path.lexists(path):
            raise UsageError(f"{path}: exists; --force overwrites it.")


def _payload(members: Sequence[MemberDigest], budget: Budget) -> Iterator[tuple[str, int, str]]:
    """Yield name, size and digest of every file that is extracted, in the order of the archive."""
    names = SafeNames(budget)
    for member in members:
        if member.kind is MemberKind.FILE:
            yield "/".join(names.file(member.path)), member.size, member.sha256 or ""
        elif member.kind is MemberKind.DIRECTORY:
            names.directory(member.path)


def _is_left_out(member: MemberDigest) -> bool:
    return member.kind in {MemberKind.LINK, MemberKind.SPECIAL}


def _info(bag: Bag, digest: str | None) -> str:
    identifier = f"External-Identifier: sha256:{digest}\n" if digest else ""
    return f"Bag-Software-Agent: hcfmt {__version__}\n{identifier}Payload-Oxum: {bag.bytes}.{bag.files}\n"


def _write(root: Path, files: Mapping[str, str], *, force: bool) -> None:
    """Write tag files, and the manifest of these as the last."""
    texts = {name: text.encode() for name, text in files.items()}
    lines = [f"{sha256(text).hexdigest()}  {name}\n".encode() for name, text in sorted(texts.items())]
    texts[TAG_MANIFEST] = b"".join(lines)
    try:
        private_directory(root)
    except OSError as error:
        raise UsageError(f"{root}: cannot be made: {error.strerror}.") from None
    for name in TAG_FILES:
        with atomic_file(str(root / name), force=force) as file:
            file.write(texts[name])
