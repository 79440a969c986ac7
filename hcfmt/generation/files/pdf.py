"""PDF documents of an exact size: a page of text, and a picture that takes the rest of the size."""

from collections.abc import Iterator, Sequence

from hcfmt.generation.files import images
from hcfmt.generation.vocabulary import phrases
from hcfmt.rng import random_for

LEAST = 6144  # bytes of the smallest: the other objects take less than a third, the smallest picture the rest

_HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"  # four bytes above 127 mark the file as binary for transfer programs
_OBJECTS = (
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources 4 0 R >>",
    "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /Im1 6 0 R >> >>",
)
# The numbers are padded, so that the size of the file does not depend on them.
_IMAGE = (
    "6 0 obj\n<< /Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
    " /Width {:<5} /Height {:<5} /Length {:<15} >>\nstream\n"
)
_END = "startxref\n{:015}\n%%EOF\n"


def pdf(seed: int, name: Sequence[str | int], size: int, subject: str) -> Iterator[bytes]:
    """Yield a document about a subject of exactly ``size`` bytes, ``LEAST`` at least (ISO 32000-1, 7.5)."""
    page, body, table = _page(seed, name, subject), _HEADER, "xref\n0 7\n0000000000 65535 f \n"
    for number, data in enumerate([*_OBJECTS, f"<< /Length {len(page)} >>\nstream\n{page}\nendstream"], 1):
        table += f"{len(body):010} 00000 n \n"
        body += f"{number} 0 obj\n{data}\nendobj\n".encode()
    table = f"\nendstream\nendobj\n{table}{len(body):010} 00000 n \ntrailer\n<< /Size 7 /Root 1 0 R >>\n"
    length = size - len(body) - len(_IMAGE.format(0, 0, 0)) - len(table) - len(_END.format(0))
    shape = images.drawing(seed, name, "jpg", length, subject)
    yield body + _IMAGE.format(shape.width, shape.height, length).encode()
    yield from images.picture(seed, name, "jpg", length, subject)
    yield (table + _END.format(size - len(_END.format(0)) - len(table) + table.index("xref"))).encode()


def _page(seed: int, name: Sequence[str | int], subject: str) -> str:
    """Return the content of the page; lengths are in 1/72 inch, from the lower left corner of an A4 sheet."""
    shape = images.drawing(seed, name, "jpg", images.LEAST, subject)
    lines = random_for(seed, *name, "pdf").sample(phrases("files")["sentence"], 8)
    texts = [f"BT /F1 11 Tf 50 {740 - 20 * line_number} Td ({line}) Tj ET" for line_number, line in enumerate(lines)]
    picture = f"q 420 0 0 {420 * shape.height // shape.width} 50 30 cm /Im1 Do Q"
    return "\n".join([f"BT /F1 22 Tf 50 780 Td ({phrases('files')['heading'][subject]}) Tj ET", *texts, picture])
