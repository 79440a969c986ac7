"""Writes an export: a tar as Go writes it, compressed and encrypted, or a directory."""

import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hcfmt.container import (
    SALT,
    Password,
    atomic_file,
    compress,
    encrypt,
    is_directory_name,
    password_bytes,
    private_directory,
    private_file,
    require_file_name,
    temporary_directory,
)
from hcfmt.errors import UsageError

MTIME = 1_544_400_000  # 2018-12-10, the documented sample's own, in seconds since 1970 UTC
BLOCK = tarfile.BLOCKSIZE
END = 2 * BLOCK  # bytes of zeros that end a tar; GNU tar adds more, Go's archive/tar does not
_ODD = re.compile(r"[\\\x00-\x1f\x7f-\x9f]|^[A-Za-z]:")


class ArchiveForm(StrEnum):
    """What an export is written as; of a file the value is the suffix that says so."""

    ENCRYPTED = ".tar.gz.aes"
    GZIP = ".tar.gz"
    TAR = ".tar"
    DIRECTORY = "directory"

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the form, the outermost first, by the names that ``hcfmt.container`` has for them."""
        return _LAYERS[self]


_LAYERS = {
    ArchiveForm.ENCRYPTED: ("aes", "gzip", "tar"),
    ArchiveForm.GZIP: ("gzip", "tar"),
    ArchiveForm.TAR: ("tar",),
    ArchiveForm.DIRECTORY: ("directory",),
}
_SUFFIXES = {".aes": ArchiveForm.ENCRYPTED, ".gz": ArchiveForm.GZIP, ".tgz": ArchiveForm.GZIP, ".tar": ArchiveForm.TAR}
# Of files that an export is not written as; .ase is .aes misspelt.
_OTHERS = frozenset(
    {".7z", ".ase", ".bz2", ".enc", ".gpg", ".json", ".lz4", ".lzma", ".pgp", ".rar"}
    | {".tbz", ".tbz2", ".txt", ".txz", ".xz", ".z", ".zip", ".zst"}
)


def form_of(path: str) -> ArchiveForm | None:
    """Return the form that the last suffix of a path asks for, in any letter case; None where it says nothing."""
    return next((form for suffix, form in _SUFFIXES.items() if path.lower().endswith(suffix)), None)


def output_form(path: str) -> ArchiveForm | None:
    """Return the form that a path to be written asks for; None where it says nothing.

    A slash at its end asks for a directory. Raises UsageError for a path without a name, and for one whose suffix is
    that of a file of another kind.
    """
    require_file_name(path)
    if is_directory_name(path):
        return ArchiveForm.DIRECTORY
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
class Encryption:
    """Settings of the AES layer: the password, which a function may return, 8 bytes of salt, and the key derivation."""

    password: Password
    salt: bytes
    digest: str = "md5"

    def __post_init__(self) -> None:
        """Refuse a salt of another length before anything is written."""
        if len(self.salt) != SALT:
            raise UsageError(f"The salt has {len(self.salt)} bytes, but must have {SALT}.")


def tar_chunks(entries: Iterable[Entry], mtime: int = MTIME) -> Iterator[bytes]:
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


def encrypt_chunks(chunks: Iterable[bytes], encryption: Encryption) -> Iterator[bytes]:
    """Yield chunks sealed as ``openssl enc -aes-256-cbc`` seals them."""
    return encrypt(iter(chunks), password_bytes(encryption.password), encryption.digest, salt=encryption.salt)


def archive_chunks(
    entries: Iterable[Entry], form: ArchiveForm, *, encryption: Encryption | None = None, mtime: int = MTIME
) -> Iterator[bytes]:
    """Return the bytes of a file of some form; the same tar for the same entries, everywhere.

    At most one chunk is held in memory. Raises UsageError for a directory, and for an encrypted file without a
    password.
    """
    if form is ArchiveForm.DIRECTORY:
        raise UsageError("A directory is no stream of bytes.")
    if form is ArchiveForm.ENCRYPTED and encryption is None:
        raise UsageError("A sealed file needs a password.")
    chunks = tar_chunks(entries, mtime)
    if form is not ArchiveForm.TAR:
        chunks = compress(chunks)
    return encrypt_chunks(chunks, encryption) if form is ArchiveForm.ENCRYPTED and encryption else chunks


def write_archive(
    path: str,
    form: ArchiveForm,
    entries: Iterable[Entry],
    *,
    encryption: Encryption | None = None,
    force: bool = False,
    mtime: int = MTIME,
) -> None:
    """Write an export so that it appears whole or not at all.

    What stands at ``path`` is only replaced with ``force``, and only a file by a file. Raises UsageError where that
    cannot be, or as ``pack`` and ``unpacked`` do.
    """
    if form is ArchiveForm.DIRECTORY:
        with atomic_directory(path) as directory:
            write_directory(directory, entries)
        return
    chunks = archive_chunks(entries, form, encryption=encryption, mtime=mtime)
    with atomic_file(path, force=force) as file:
        file.writelines(chunks)


@contextmanager
def atomic_directory(path: str) -> Iterator[Path]:
    """Give an empty directory that takes its place at ``path`` when the block ends well, else vanishes.

    It is its owner's alone. A directory that is there already is never replaced. Raises UsageError where it cannot be
    written; an OSError of the block counts as that.
    """
    require_file_name(path)
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


def write_directory(directory: Path, entries: Iterable[Entry]) -> None:
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
