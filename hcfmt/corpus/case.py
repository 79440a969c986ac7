"""Case of the suite, with the password, the encryption and the in-memory export that cases share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from hcfmt.container import SALT, compress
from hcfmt.export.writer import END, ArchiveForm, Encryption, Entry, encrypt_chunks, tar_chunks
from hcfmt.rng import random_for
from hcfmt.verdict import Report

PASSWORD = b"hipchat"  # of every encrypted case
CHUNK = 1 << 20  # bytes


class Folder(StrEnum):
    """The directories of the suite: cases by their verdict, and apart from them the hostile cases."""

    VALID = "valid"
    WARNING = "warning"
    INVALID = "invalid"
    HOSTILE = "hostile"


@dataclass(frozen=True, slots=True)
class Case:
    """One archive of the suite, and the function that writes it.

    ``about`` describes it in one sentence. ``write`` takes a path where no file is, and returns the report on the
    archive if it has one; it raises UsageError if the archive cannot be made. ``digest`` is the key derivation of an
    encrypted archive.
    """

    folder: Folder
    id: str
    about: str
    write: Callable[[str], Report | None]
    form: ArchiveForm = ArchiveForm.ENCRYPTED
    digest: str = "md5"

    @property
    def path(self) -> str:
        """The path in the suite."""
        return f"{self.folder}/{self.id}{self.form}"


def encryption_for(seed: int, name: str, *, password: bytes = PASSWORD, digest: str = "md5") -> Encryption:
    """Return the encryption of a case, with a salt of its own."""
    return Encryption(
        password, random_for(seed, "corpus", name, "salt").getrandbits(8 * SALT).to_bytes(SALT, "big"), digest
    )


@dataclass(frozen=True, slots=True)
class Files:
    """A sound export in memory: the paths and the bytes of its files, in order."""

    files: Sequence[tuple[str, bytes]]

    @property
    def content(self) -> dict[str, bytes]:
        """The bytes of each file."""
        return dict(self.files)

    def first_history(self, below: str, containing: bytes = b"") -> str:
        """Return the path of the first history below a directory that contains some bytes."""
        return next(
            path
            for path, data in self.files
            if path.startswith(f"{below}/") and path.endswith("/history.json") and containing in data
        )

    def with_content(self, path: str, content: bytes) -> "Files":
        """Return the same files with another content of one of them."""
        return Files([(other, content if other == path else data) for other, data in self.files])

    def entries(self) -> Iterator[Entry]:
        """Yield the files as entries of a tar."""
        return (Entry(path, len(data), (data,)) for path, data in self.files)

    def tar(self, more: Iterable[bytes] = ()) -> Iterator[bytes]:
        """Yield a tar of the files, and after them members as ``tar_member`` returns them."""
        tar = b"".join(tar_chunks(self.entries()))
        return chain([tar[:-END]], more, [tar[-END:]])


def pack(tar: Iterable[bytes], encryption: Encryption | None = None) -> Iterator[bytes]:
    """Yield a tar compressed, and encrypted if an encryption is given."""
    return encrypt_chunks(compress(tar), encryption) if encryption else compress(tar)
