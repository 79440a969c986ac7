"""Members to bytes: a tar as Go writes it, gzip and the seal around it, or the directory that all of it unpacks to."""

import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hcfmt.container import (
    SALT,
    encrypt,
    gzipped,
    is_directory_name,
    need_name,
    private_directory,
    private_file,
    temporary_directory,
    whole_file,
)
from hcfmt.errors import UsageError

MTIME = 1_544_400_000  # 2018-12-10, the documented sample's own, in seconds since 1970 UTC
BLOCK = tarfile.BLOCKSIZE
END = 2 * BLOCK  # bytes of zeros that end a tar; GNU tar adds more, Go's archive/tar does not
_ODD = re.compile(r"[\\\x00-\x1f\x7f-\x9f]|^[A-Za-z]:")


class Form(StrEnum):
    """What an export is written as; of a file the value is the suffix that says so."""

    SEALED = ".tar.gz.aes"
    PACKED = ".tar.gz"
    TAR = ".tar"
    DIRECTORY = "directory"

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the form, the outermost first, by the names that ``hcfmt.container`` has for them."""
        return _LAYERS[self]


_LAYERS = {
    Form.SEALED: ("aes", "gzip", "tar"),
    Form.PACKED: ("gzip", "tar"),
    Form.TAR: ("tar",),
    Form.DIRECTORY: ("directory",),
}
_SUFFIXES = {".aes": Form.SEALED, ".gz": Form.PACKED, ".tgz": Form.PACKED, ".tar": Form.TAR}
# Of files that an export is not written as; .ase is .aes misspelt.
_OTHERS = frozenset(
    {".7z", ".ase", ".bz2", ".enc", ".gpg", ".json", ".lz4", ".lzma", ".pgp", ".rar"}
    | {".tbz", ".tbz2", ".txt", ".txz", ".xz", ".z", ".zip", ".zst"}
)


def form_of(path: str) -> Form | None:
    """Return the form that the last suffix of a path asks for, in any letter case; None where it says nothing."""
    return next((form for suffix, form in _SUFFIXES.items() if path.lower().endswith(suffix)), None)


def output_form(path: str) -> Form | None:
    """Return the form that a path to be written asks for; None where it says nothing.

    A slash at its end asks for a directory. Raises UsageError for a path without a name, and for one whose suffix is
    that of a file of another kind.
    """
    need_name(path)
    if is_directory_name(path):
        return Form.DIRECTORY
    form, suffix = form_of(path), Path(path).suffix
    if form is None and suffix.lower() in _OTHERS:
        raise UsageError(
            f"{path}: an export is not written as {suffix}: name it .tar.gz.aes, .tar.gz or .tar, or end the name with"
            " a slash for a directory."
        )
    return form


@dataclass(frozen=True, slots=True)
class Entry:
    """One member to be packed: its path, its size in bytes, and chunks that are that many bytes together.

    A path is text of which ``surrogateescape`` makes the bytes, as in ``Member``; one that ends in a slash is a
    directory. With a ``target`` it is a symbolic link, which has no bytes.
    """

    path: str
    size: int
    chunks: Iterable[bytes] = ()
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """How the outermost layer is made: the password, asked when it is needed; 8 bytes of salt; the key derivation."""

    password: Callable[[], bytes]
    salt: bytes
    digest: str = "md5"

    def __post_init__(self) -> None:
        """Refuse a salt of another length before anything is written."""
        if len(self.salt) != SALT:
            raise UsageError(f"The salt of a sealed file is {SALT} bytes.")


def tarred(entries: Iterable[Entry], mtime: int = MTIME) -> Iterator[bytes]:
    """Yield a tar in GNU's format; ``mtime`` (seconds since 1970 UTC) is that of every member.

    Raises UsageError for a member whose chunks are not what its size says, after what came before it.
    """
    for entry in entries:
        yield _header(entry, mtime)
        yield from _exactly(entry)
        yield bytes(-entry.size % BLOCK)
    yield bytes(END)


def _header(entry: Entry, mtime: int) -> bytes:
    info = tarfile.TarInfo(entry.path.removesuffix("/"))
    info.size, info.mtime = entry.size, mtime
    if entry.target is not None:
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, entry.target, 0o777
    elif entry.path.endswith("/"):
        info.type, info.mode = tarfile.DIRTYPE, 0o755
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _exactly(entry: Entry) -> Iterator[bytes]:
    left = entry.size
    for chunk in entry.chunks:
        left -= len(chunk)
        if left < 0:
            break
        yield chunk
    if left:
        raise UsageError(f"A member was announced with {entry.size:,} bytes, and that is not what came.")


def sealed(chunks: Iterable[bytes], seal: Seal) -> Iterator[bytes]:
    """Yield chunks sealed as ``openssl enc -aes-256-cbc`` seals them."""
    return encrypt(iter(chunks), seal.password(), seal.digest, salt=seal.salt)


def pack(entries: Iterable[Entry], form: Form, *, seal: Seal | None = None, mtime: int = MTIME) -> Iterator[bytes]:
    """Return the bytes of a file of some form; the same tar for the same entries, everywhere.

    Nothing is held in memory but a chunk. Raises UsageError for a directory, and for a sealed file without a seal.
    """
    if form is Form.DIRECTORY:
        raise UsageError("A directory is no stream of bytes.")
    if form is Form.SEALED and seal is None:
        raise UsageError("A sealed file needs a password.")
    chunks = tarred(entries, mtime)
    if form is not Form.TAR:
        chunks = gzipped(chunks)
    return sealed(chunks, seal) if form is Form.SEALED and seal else chunks


def write(
    path: str,
    form: Form,
    entries: Iterable[Entry],
    *,
    seal: Seal | None = None,
    force: bool = False,
    mtime: int = MTIME,
) -> None:
    """Write an export so that it appears whole or not at all.

    What stands at ``path`` is only replaced with ``force``, and only a file by a file. Raises UsageError where that
    cannot be, or as ``pack`` and ``unpacked`` do.
    """
    if form is Form.DIRECTORY:
        with whole_directory(path) as directory:
            unpacked(directory, entries)
        return
    chunks = pack(entries, form, seal=seal, mtime=mtime)
    with whole_file(path, force=force) as file:
        file.writelines(chunks)


@contextmanager
def whole_directory(path: str) -> Iterator[Path]:
    """Give an empty directory that takes its place at ``path`` when the block ends well, else vanishes.

    It is its owner's alone. A directory that is there already is never replaced. Raises UsageError where it cannot be
    written; an OSError of the block counts as that.
    """
    need_name(path)
    target = Path(path)
    try:
        _check_free(target)
        with temporary_directory(target.parent) as part:
            yield part
            _check_free(target)
            part.rename(target)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or type(error).__name__}.") from None


def _check_free(target: Path) -> None:
    if target.is_symlink() or target.exists():
        raise UsageError(f"{target}: exists; a directory is written where nothing stands.")


def unpacked(directory: Path, entries: Iterable[Entry]) -> None:
    """Write members below an empty directory that nobody else writes to.

    Raises UsageError for what a directory cannot hold: a link, a second member of one path, a path that is absolute,
    climbs, or holds a backslash or a control character; and for one that the locale's encoding has no bytes for.
    """
    for entry in entries:
        parts = [part for part in entry.path.split("/") if part not in {"", "."}]
        odd = entry.path.startswith("/") or ".." in parts or not parts or _ODD.search(entry.path)
        if odd or entry.target is not None:
            raise UsageError("A directory cannot hold such a member; write a .tar instead.")
        place = directory.joinpath(*parts)
        try:
            if entry.path.endswith("/"):
                private_directory(place)
                continue
            private_directory(place.parent)
            with private_file(place) as file:
                file.writelines(_exactly(entry))
        except (FileExistsError, NotADirectoryError):
            raise UsageError("A directory cannot hold two members of one path; write a .tar instead.") from None
        except UnicodeEncodeError:
            raise UsageError(
                "The encoding of this locale cannot write the name of a member: write a .tar instead, or set a UTF-8"
                " locale, such as LC_ALL=C.UTF-8."
            ) from None
