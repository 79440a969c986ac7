"""The bytes of stored files: of what kinds and sizes they are, and files that open as what they are, of exact size."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise
from random import Random

from hcfmt.errors import UsageError
from hcfmt.generation.files import docx, images, pdf, text, zip_archive
from hcfmt.generation.files.filler import noises, pieces
from hcfmt.rng import random_for

# Of a hundred files that a company's people send: how many, their median size in bytes and the spread of its logarithm.
_KINDS = {
    "png": (33, 70_000, 1.0),
    "jpg": (26, 180_000, 1.0),
    "pdf": (11, 190_000, 1.2),
    "docx": (6, 60_000, 1.0),
    "gif": (6, 120_000, 1.1),
    "log": (5, 30_000, 1.7),
    "txt": (4, 3_000, 1.2),
    "csv": (3, 15_000, 1.6),
    "zip": (3, 400_000, 1.7),
    "json": (2, 8_000, 1.4),
    "bin": (1, 200_000, 1.7),
}
KINDS = tuple(_KINDS)
"""Kinds of files, which are their extensions too."""

_LEAST = {
    **dict.fromkeys(images.KINDS, images.LEAST),
    **dict.fromkeys(text.KINDS, text.LEAST),
    "pdf": pdf.LEAST,
    "docx": 12_288,  # its other parts take a half, the smallest picture the rest
    "zip": 1_024,
    "bin": 1,
}
_VOLUME = 1 << 30  # bytes of the largest member of a ZIP archive
_ROOMY = 1 << 16  # bytes from which on a ZIP archive holds some files besides


def kind_of(random: Random) -> str:
    """Return a kind of file, the common ones more often."""
    return random.choices(KINDS, [share for share, _, _ in _KINDS.values()])[0]


def minimum(kind: str) -> int:
    """Return how many bytes a file of that kind has at least."""
    return _LEAST[kind]


def sizes(random: Random, kinds: Sequence[str], total: int) -> list[int]:
    """Return sizes in bytes for files of these kinds, together ``total``: few are large, none is below its minimum.

    Raises UsageError when that is too little.
    """
    least = sum(map(minimum, kinds))
    if total < least:
        raise UsageError(f"{len(kinds)} attachments of these kinds have at least {least} bytes together, not {total}.")
    # Whole numbers from here on, for the last digits of a fraction are not the same on all machines.
    weights = [int(_KINDS[kind][1] * random.lognormvariate(0, _KINDS[kind][2])) + 1 for kind in kinds]
    whole = max(1, sum(weights))
    ends = [(total - least) * end // whole for end in accumulate(weights, initial=0)]
    return [minimum(kind) + after - before for kind, (before, after) in zip(kinds, pairwise(ends), strict=True)]


def content(seed: int, name: Sequence[str | int], kind: str, size: int) -> Iterator[bytes]:
    """Yield a file of one of ``KINDS`` and exactly so many bytes (``minimum`` at least), in chunks of 256 KiB at most.

    The same arguments yield the same bytes. Nothing that is held grows with the size.
    """
    random = random_for(seed, *name, kind)
    if kind in images.KINDS:
        return images.picture(seed, name, kind, size)
    if kind in text.KINDS:
        return text.plain(random, kind, size)
    if kind == "pdf":
        return pdf.pdf(random, size, _illustration(seed, name, size - pdf.LEAST))
    if kind in ("docx", "zip"):
        return _docx(seed, name, size) if kind == "docx" else _zip(seed, name, size)
    return noises(random, size)


def _illustration(seed: int, name: Sequence[str | int], room: int) -> images.Drawing | None:
    """Return a picture for a document where there is room for one."""
    return images.drawing(seed, name, "jpg", room) if room >= images.LEAST else None


def _docx(seed: int, name: Sequence[str | int], size: int) -> Iterator[bytes]:
    """Return a document with a picture that is as large as the document must be."""
    shape = images.drawing(seed, name, "jpg", images.LEAST)  # at any size it is the same one
    parts = docx.parts(random_for(seed, *name, "parts"), shape.width, shape.height)
    room = size - zip_archive.overhead([*parts, docx.PICTURE], size) - sum(map(len, parts.values()))
    members = [zip_archive.Member(path, len(data), partial(iter, [data])) for path, data in parts.items()]
    picture = zip_archive.Member(docx.PICTURE, room, partial(content, seed, name, "jpg", room))
    return zip_archive.zipped([*members, picture], size)


def _zip(seed: int, name: Sequence[str | int], size: int) -> Iterator[bytes]:
    """Return an archive of some small files, if there is room, and of volumes that make up the rest."""
    small = [("README.txt", "txt", minimum("txt"))]
    if size >= _ROOMY:
        small += [("data/export.csv", "csv", size // 16), ("photos/IMG_0417.jpg", "jpg", size // 4)]
    count = size // _VOLUME + 1
    paths = [f"data/backup.{number:03}" for number in range(1, count + 1)]
    room = (
        size
        - zip_archive.overhead([path for path, _, _ in small] + paths, size)
        - sum(length for _, _, length in small)
    )
    wanted = [
        *small,
        *((path, "bin", length) for path, length in zip(paths, pieces(room, -(-room // count)), strict=True)),
    ]
    members = [
        zip_archive.Member(path, length, partial(content, seed, (*name, path), kind, length))
        for path, kind, length in wanted
    ]
    return zip_archive.zipped(members, size)
