"""The bytes of stored files of every kind."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from hcfmt.generation.files import docx, images, pdf, text, zip_archive
from hcfmt.generation.files.filler import CHUNK, even_lengths, filler
from hcfmt.rng import random_for

LEAST: Mapping[str, int] = {
    **dict.fromkeys(images.KINDS, images.LEAST),
    **dict.fromkeys(text.KINDS, text.LEAST),
    "pdf": pdf.LEAST,
    "docx": docx.LEAST,
    "zip": 1_024,
    "bin": 1,
}
"""The bytes of the smallest file of each kind; a kind is the extension of its files too."""


def content(seed: int, name: Sequence[str | int], kind: str, size: int, subject: str, second: int) -> Iterator[bytes]:
    """Yield a file of a kind and exactly ``size`` bytes (``LEAST`` at least), in chunks of 256 KiB at most.

    It is about a subject, one of ``SUBJECTS``, and ends with what happened until ``second``, in seconds since 1970 UTC.
    The same arguments yield the same bytes. The memory it takes does not grow with the size. A "zip" or "docx" has
    less than ``zip_archive.LIMIT`` bytes.
    """
    if kind in images.KINDS:
        return images.picture(seed, name, kind, size, subject)
    if kind in text.KINDS:
        return text.text_file(random_for(seed, *name, kind), kind, size, second)
    if kind == "bin":
        random = random_for(seed, *name, kind)
        return (filler(random, length) for length in even_lengths(size, CHUNK))
    if kind == "zip":
        return _backup(seed, name, size, subject, second)
    return {"pdf": pdf.pdf, "docx": docx.docx}[kind](seed, name, size, subject)


def _backup(seed: int, name: Sequence[str | int], size: int, subject: str, second: int) -> Iterator[bytes]:
    """Return a ZIP archive of a note and of binary data that takes the rest of the size."""
    sizes = {"README.txt": text.LEAST, "data/dump.bin": 0}
    sizes["data/dump.bin"] = size - text.LEAST - zip_archive.overhead([*sizes])
    return zip_archive.zip_archive(
        [
            zip_archive.Member(path, length, partial(content, seed, (*name, path), path[-3:], length, subject, second))
            for path, length in sizes.items()
        ]
    )
