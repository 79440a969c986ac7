"""What a case of the suite is before it is made, and what cases share: the password, the seal, an export in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from hcfmt.container import SALT, compress
from hcfmt.export.writer import END, ArchiveForm, Encryption, Entry, encrypt_chunks, tar_chunks
from hcfmt.rng import random_for

PASSWORD = b"hipchat"  # of every sealed case
CHUNK = 1 << 20  # bytes


class Folder(StrEnum):
    """Where cases lie: by what the validator says of them, and apart from these what is made to do harm."""

    VALID = "valid"
    WARNING = "warning"
    INVALID = "invalid"
    HOSTILE = "hostile"


@dataclass(frozen=True, slots=True)
class Case:
    """One archive that can be made: where it lies, what it is called, what is in it, and who writes it.

    ``about`` says in a sentence what is special. ``write`` takes the path to write, where nothing stands, and raises
    UsageError where the archive cannot be made. ``digest`` is how the key is derived where it is sealed.
    """

    folder: Folder
    id: str
    about: str
    write: Callable[[str], None]
    form: ArchiveForm = ArchiveForm.ENCRYPTED
    digest: str = "md5"

    @property
    def path(self) -> str:
        """The path in the suite."""
        return f"{self.folder}/{self.id}{self.form}"


def seal(seed: int, name: str, *, password: bytes = PASSWORD, digest: str = "md5") -> Encryption:
    """Return the seal of a case."""
    return Encryption(
        password, random_for(seed, "corpus", name, "salt").getrandbits(8 * SALT).to_bytes(SALT, "big"), digest
    )


@dataclass(frozen=True, slots=True)
class Files:
    """A sound export in memory: the paths of its files and their bytes, in order."""

    files: Sequence[tuple[str, bytes]]

    @property
    def content(self) -> dict[str, bytes]:
        """The bytes of each file."""
        return dict(self.files)

    def first(self, below: str, holding: bytes = b"") -> str:
        """Return the path of the first history below a directory in which some bytes are."""
        return next(
            path
            for path, data in self.files
            if path.startswith(f"{below}/") and path.endswith("/history.json") and holding in data
        )

    def but(self, path: str, content: bytes) -> "Files":
        """Return the same with another content of one file."""
        return Files([(one, content if one == path else data) for one, data in self.files])

    def entries(self) -> Iterator[Entry]:
        """Yield the files as the packer takes them."""
        return (Entry(path, len(data), (data,)) for path, data in self.files)

    def tar(self, more: Iterable[bytes] = ()) -> Iterator[bytes]:
        """Yield a tar of the files and, behind them, members that are given as they stand in a tar."""
        held = b"".join(tar_chunks(self.entries()))
        return chain([held[:-END]], more, [held[-END:]])


def packed(tar: Iterable[bytes], how: Encryption | None = None) -> Iterator[bytes]:
    """Yield a tar gzipped, and sealed if it is told how."""
    return encrypt_chunks(compress(tar), how) if how else compress(tar)
