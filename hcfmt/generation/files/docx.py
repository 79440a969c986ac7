"""Word documents of an exact size: a title, text, and a picture that takes the rest of the size."""

from collections.abc import Iterator, Sequence
from functools import partial
from importlib.resources import files
from string import Template

from hcfmt.generation.files import images
from hcfmt.generation.files.zip_archive import Member, overhead, zip_archive
from hcfmt.generation.vocabulary import phrases
from hcfmt.rng import random_for

LEAST = 12_288  # bytes of the smallest: the other parts take less than half, the smallest picture the rest

_WIDTH = 5_400_000  # English metric units, 360,000 a centimetre
_PICTURE = "word/media/image1.jpg"
_PARTS = {  # the template of each other part (ECMA-376, WordprocessingML)
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package.rels",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document.rels",
}


def docx(seed: int, name: Sequence[str | int], size: int, subject: str) -> Iterator[bytes]:
    """Yield a document about a subject of exactly ``size`` bytes, ``LEAST`` at least."""
    shape = images.drawing(seed, name, "jpg", images.LEAST, subject)
    text = " ".join(random_for(seed, *name, "docx").sample(phrases("files")["sentence"], 6))
    values = {
        "heading": phrases("files")["heading"][subject],
        "text": text,
        "width": _WIDTH,
        "height": _WIDTH * shape.height // shape.width,
    }
    members = []
    for path, template in _PARTS.items():
        part = (
            Template(files(__package__).joinpath("templates", template).read_text("utf-8")).substitute(values).encode()
        )
        members.append(Member(path, len(part), partial(iter, [part])))
    length = size - overhead([*_PARTS, _PICTURE]) - sum(member.size for member in members)
    members.append(Member(_PICTURE, length, partial(images.picture, seed, name, "jpg", length, subject)))
    return zip_archive(members)
