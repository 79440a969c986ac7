"""PDF documents of an exact size: a report with a title, paragraphs, a chart, a picture, and a file attached to it."""

from collections.abc import Iterator
from random import Random

from hcfmt.generation.files.filler import noises
from hcfmt.generation.files.images import Drawing

LEAST = 6144  # bytes of the smallest: more than any report without a picture

_HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"  # four bytes above 127 tell transfer programs that this is not text
_DIGITS = 15  # of the offset at the end: always as many, for the file's size must not depend on it
TITLES = ("Quarterly report", "Office survey", "Migration plan", "Incident review", "Cost overview", "Release summary")
SENTENCES = (
    "The numbers of this quarter are in line with the plan.",
    "Two of the five goals were met early.",
    "The remaining work has been moved to the next sprint.",
    "Support answered most questions within four hours.",
    "The new servers were delivered and are in service.",
    "Travel costs fell, while those of training rose.",
    "We thank everyone who took part.",
    "A decision on the budget is expected next month.",
    "The outage lasted eleven minutes and no data were lost.",
    "Details are found in the attached measurements.",
)


def pdf(random: Random, size: int, picture: Drawing | None = None) -> Iterator[bytes]:
    """Yield a document of exactly so many bytes, ``LEAST`` and those of the picture at least.

    The picture is a JPEG image in three colours. What is missing to the size is the content of an attached
    file. ISO 32000-1, 7.5 describes the parts.
    """
    image = _image(picture) if picture else b"null"
    shown = "/XObject << /Im1 7 0 R >>" if picture else ""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(measurements.dat) 8 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources"
        f" << /Font << /F1 5 0 R /F2 6 0 R >> {shown} >> >>".encode(),
        _stream("", _page(random, picture).encode()),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        image,
        b"<< /Type /Filespec /F (measurements.dat) /EF << /F 9 0 R >> >>",
    ]
    body, offsets = _HEADER, []
    for number, data in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, data)
    offsets.append(len(body))
    yield from _with_attachment(random, body, offsets, size)


def _with_attachment(random: Random, body: bytes, offsets: list[int], size: int) -> Iterator[bytes]:
    """Yield all that is given, the attached file in the size that is missing, and the table of offsets."""
    opening = "9 0 obj\n<< /Type /EmbeddedFile /Length {:<15} >>\nstream\n"
    closing = b"\nendstream\nendobj\n"
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(offsets) + 1, entries)
    table += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n" % (len(offsets) + 1)
    ending = b"\n%%EOF\n"
    start = size - len(table) - _DIGITS - len(ending)
    length = start - len(body) - len(opening.format(0)) - len(closing)
    yield body + opening.format(length).encode()
    yield from noises(random, length)
    yield closing + table + f"{start:0{_DIGITS}}".encode() + ending


def _image(picture: Drawing) -> bytes:
    entries = "/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
    return _stream(f"{entries} /Width {picture.width} /Height {picture.height}", picture.data)


def _stream(entries: str, data: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries.encode(), len(data), data)


def _page(random: Random, picture: Drawing | None) -> str:
    """Return the drawing of the page: lengths are 1/72 inch, from the lower left corner of an A4 sheet."""
    red, green, blue = random.choice(((0.13, 0.35, 0.65), (0.1, 0.5, 0.42), (0.62, 0.2, 0.25), (0.35, 0.27, 0.58)))
    colour = f"{red} {green} {blue} rg"
    parts = [f"{colour} 0 780 595 62 re f 1 g", _text(50, 802, 22, random.choice(TITLES), "F2"), "0.2 g"]
    for paragraph in range(3):
        sentences = random.sample(SENTENCES, 4)
        parts += [_text(50, 745 - 76 * paragraph - 15 * line, 10.5, one) for line, one in enumerate(sentences)]
    parts.append(_text(50, 492, 13, "By month", "F2"))
    for month in range(12):
        height = 30 + random.randrange(110)
        parts += [
            colour,
            f"{52 + 41 * month} 330 28 {height} re f 0.4 g",
            _text(60 + 41 * month, 316, 8, str(month + 1)),
        ]
    parts.append("0.6 G 50 330 m 545 330 l S")
    if picture:
        scale = min(495 / picture.width, 230 / picture.height)
        parts.append(f"q {picture.width * scale:.2f} 0 0 {picture.height * scale:.2f} 50 60 cm /Im1 Do Q")
    return "\n".join(parts)


def _text(x: int, y: int, points: float, text: str, font: str = "F1") -> str:
    return f"BT /{font} {points} Tf {x} {y} Td ({text}) Tj ET"
