"""Writes an export: a tar as Go writes it, compressed and encrypted, or a directory."""

import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import SpooledTemporaryFile

from hcfmt.container import SALT, Password, compress, encrypt, password_bytes
from hcfmt.container.atomic_write import atomic_file, is_directory_name, require_file_name
from hcfmt.container.private_files import private_directory, private_file, temporary_directory
from hcfmt.errors import UsageError

MTIME = 1_544_400_000  # seconds since 1970 UTC: 2018-12-10, as in the documented sample
BLOCK = tarfile.BLOCKSIZE
_SIZE, _CHECKSUM = slice(124, 135), slice(148, 156)  # places in a header
_LARGEST = 8**11 - 1  # bytes of a member whose size has 11 octal digits
END = 2 * BLOCK  # bytes of zeros at the end of a tar; GNU tar adds more, Go's archive/tar does not
_READ = 1 << 18  # bytes of a spooled member that are in memory at once
_UNPORTABLE = re.compile(r"[\\\x00-\x1f\x7f-\x9f]|^[A-Za-z]:")


class ArchiveForm(StrEnum):
    """The form of an archive: a file, with its suffix as the value, or a directory."""

    ENCRYPTED = ".tar.gz.aes"
    GZIP = ".tar.gz"
    TAR = ".tar"
    DIRECTORY = "directory"

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the form, the outermost first: aes, gzip, tar; or directory alone."""
        return _LAYERS[self]


_LAYERS = {
    ArchiveForm.ENCRYPTED: ("aes", "gzip", "tar"),
    ArchiveForm.GZIP: ("gzip", "tar"),
    ArchiveForm.TAR: ("tar",),
    ArchiveForm.DIRECTORY: ("directory",),
}
_SUFFIXES = {".aes": ArchiveForm.ENCRYPTED, ".gz": ArchiveForm.GZIP, ".tgz": ArchiveForm.GZIP, ".tar": ArchiveForm.TAR}
# Suffixes of other kinds of files; .ase is a misspelt .aes.
_OTHER_SUFFIXES = frozenset(
    {".7z", ".ase", ".bz2", ".enc", ".gpg", ".json", ".lz4", ".lzma", ".pgp", ".rar"}
    | {".tbz", ".tbz2", ".txt", ".txz", ".xz", ".z", ".zip", ".zst"}
)


def form_of(path: str) -> ArchiveForm | None:
    """Return the form of a path's last suffix, in any letter case; None for other suffixes."""
    return next((form for suffix, form in _SUFFIXES.items() if path.lower().endswith(suffix)), None)


def output_form(path: str) -> ArchiveForm | None:
    """Return the form for a path to write: a directory for a slash at its end, else the form of its suffix, or None.

    Raises UsageError for a path without a name, and for the suffix of another kind of file.
    """
    require_file_name(path)
    if is_directory_name(path):
        return ArchiveForm.DIRECTORY
    form, suffix = form_of(path), Path(path).suffix
    if form is None and suffix.lower() in _OTHER_SUFFIXES:
        raise UsageError(
            f"{path}: an export is not written as {suffix}: give it the suffix .tar.gz.aes, .tar.gz or .tar, or a "
            "slash at the end for a directory."
        )
    return form


@dataclass(frozen=True, slots=True)
class Entry:
    """One member to write: its path, its size in bytes, and its payload in chunks of that size together.

    The path is text encoded with ``surrogateescape``, as in ``Member``; with a slash at its end it is a directory. With
    a ``target`` the member is a symbolic link without payload.
    """

    path: str
    size: int
    chunks: Iterable[bytes] = ()
    target: str | None = None


def spooled(path: str, parts: Iterable[bytes], directory: Path | None = None) -> Iterator[Entry]:
    """Yield a member; its payload is in a temporary file until its size, which comes first, is known.

    The file is in ``directory``, by default the machine's directory of temporary files, and is gone with its process.
    Raises UsageError if the directory cannot hold it.
    """
    try:
        with SpooledTemporaryFile(max_size=_READ, prefix="hcfmt-", dir=str(directory) if directory else None) as file:
            file.writelines(parts)
            size = file.tell()
            file.seek(0)
            yield Entry(path, size, iter(lambda: file.read(_READ), b""))
    except OSError as error:
        raise UsageError(f"The temporary directory cannot hold a data file: {error.strerror}.") from None


@dataclass(frozen=True, slots=True)
class Encryption:
    """Settings of the AES layer: the password, 8 bytes of salt, and the key derivation."""

    password: Password
    salt: bytes
    digest: str = "md5"

    def __post_init__(self) -> None:
        """Refuse a salt of another length before anything is written."""
        if len(self.salt) != SALT:
            raise UsageError(f"The salt has {len(self.salt)} bytes, but must have {SALT}.")


def tar_chunks(entries: Iterable[Entry], mtime: int = MTIME) -> Iterator[bytes]:
    """Yield a tar in GNU's format; ``mtime`` is the time of every member, in seconds since 1970 UTC.

    Raises UsageError at the end of a member whose payload has another size.
    """
    for entry in entries:
        yield _header(entry, mtime)
        yield from _payload(entry)
        yield bytes(-entry.size % BLOCK)
    yield bytes(END)


def _header(entry: Entry, mtime: int) -> bytes:
    path = entry.path
    is_short = path.isascii() and len(path) <= tarfile.LENGTH_NAME and entry.size <= _LARGEST
    if is_short and entry.target is None and not path.endswith("/"):
        return _short_header(path.encode(), entry.size, mtime)
    info = tarfile.TarInfo(entry.path.removesuffix("/"))
    info.size, info.mtime = entry.size, mtime
    if entry.target is not None:
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, entry.target, 0o777
    elif entry.path.endswith("/"):
        info.type, info.mode = tarfile.DIRTYPE, 0o755
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _short_header(path: bytes, size: int, mtime: int) -> bytes:
    """Return the header of a file as tarfile makes it: tarfile takes as long as the picture of a person to pack."""
    header = bytearray(_blank_header(mtime))
    header[: len(path)] = path
    header[_SIZE] = b"%011o" % size
    header[_CHECKSUM] = b"%06o\0 " % sum(header)  # those of the blank are spaces, as the checksum counts them
    return bytes(header)


@cache
def _blank_header(mtime: int) -> bytes:
    """Return the header of a file without a path, size and checksum."""
    info = tarfile.TarInfo()
    info.mtime = mtime
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[_CHECKSUM] = b" " * 8
    return bytes(header)


def _payload(entry: Entry) -> Iterator[bytes]:
    remaining = entry.size
    for chunk in entry.chunks:
        remaining -= len(chunk)
        if remaining < 0:
            break
        yield chunk
    if remaining:
        raise UsageError(f"The payload of a member does not have the {entry.size:,} bytes of its size.")


def encrypt_chunks(chunks: Iterable[bytes], encryption: Encryption) -> Iterator[bytes]:
    """Yield chunks encrypted like ``openssl enc -aes-256-cbc``."""
    return encrypt(iter(chunks), password_bytes(encryption.password), encryption.digest, salt=encryption.salt)


def archive_chunks(
    entries: Iterable[Entry], form: ArchiveForm, *, encryption: Encryption | None = None, mtime: int = MTIME
) -> Iterator[bytes]:
    """Yield the bytes of an archive file; equal entries give an equal tar on every machine.

    At most one chunk is in memory. Raises UsageError for a directory, and for an encrypted file without a password.
    """
    if form is ArchiveForm.DIRECTORY:
        raise UsageError("A directory cannot be written as a stream of bytes.")
    if form is ArchiveForm.ENCRYPTED and encryption is None:
        raise UsageError("An encrypted archive needs a password.")
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
    """Write an archive so that it appears complete or not at all.

    An existing file is replaced only with ``force``, a directory never. Raises UsageError where the archive cannot be
    written, and as ``archive_chunks`` and ``write_directory`` do.
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
    """Create an empty directory that is moved to ``path`` when the block ends normally, and deleted when it raises.

    It is readable by its owner alone. Raises UsageError where something exists at ``path`` or the directory cannot be
    written, also for an OSError of the block.
    """
    require_file_name(path)
    target = Path(path)
    try:
        require_free(target)
        with temporary_directory(target.parent) as part:
            yield part
            require_free(target)
            part.rename(target)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or type(error).__name__}.") from None


def require_free(target: Path) -> None:
    """Raise UsageError if something exists at the path of a directory to write."""
    if target.is_symlink() or target.exists():
        raise UsageError(f"{target}: exists, and is not overwritten by a directory: choose another name.")


def write_directory(directory: Path, entries: Iterable[Entry]) -> None:
    """Write members below an empty private directory.

    Raises UsageError for members that a directory cannot hold safely: a link, a second member of the same path, a path
    that is absolute or has ``..``, a backslash or a control character, and a name that the locale cannot encode.
    """
    for entry in entries:
        parts = [part for part in entry.path.split("/") if part not in {"", "."}]
        is_unsafe = entry.path.startswith("/") or ".." in parts or not parts or _UNPORTABLE.search(entry.path)
        if is_unsafe or entry.target is not None:
            raise UsageError("A directory cannot hold a link or an unsafe path of the archive: write a .tar instead.")
        target = directory.joinpath(*parts)
        try:
            if entry.path.endswith("/"):
                private_directory(target)
                continue
            private_directory(target.parent)
            with private_file(target) as file:
                file.writelines(_payload(entry))
        except (FileExistsError, NotADirectoryError):
            raise UsageError("A directory cannot hold two members of the same path: write a .tar instead.") from None
        except UnicodeEncodeError:
            raise UsageError(
                "The locale cannot encode the name of a member: write a .tar instead, or set a UTF-8 locale, such as"
                " LC_ALL=C.UTF-8."
            ) from None
