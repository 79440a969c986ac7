"""The parts of a word-processor document with a picture (ECMA-376, WordprocessingML), to be zipped."""

from collections.abc import Mapping
from random import Random

from hcfmt.generation.files.pdf import SENTENCES, TITLES

PICTURE = "word/media/image1.jpg"
"""The part that is still missing in ``parts``."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WIDE = 5_400_000  # English metric units, 360,000 a centimetre

_TYPES = (
    f'<Types xmlns="{_PACKAGE}content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONSHIP = (
    f'<Relationships xmlns="{_PACKAGE}relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/{{}}" Target="{{}}"/></Relationships>'
)
_SHOWN = (  # width and height twice
    f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}wordprocessingDrawing" >'
    '<wp:extent cx="{0}" cy="{1}"/><wp:docPr id="1" name="Picture 1"/>'
    f'<a:graphic xmlns:a="{_DRAWING}main"><a:graphicData uri="{_DRAWING}picture">'
    f'<pic:pic xmlns:pic="{_DRAWING}picture">'
    '<pic:nvPicPr><pic:cNvPr id="0" name="image1.jpg"/><pic:cNvPicPr/></pic:nvPicPr>'
    f'<pic:blipFill><a:blip xmlns:r="{_OFFICE}" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{0}" cy="{1}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)


def parts(random: Random, width: int, height: int) -> Mapping[str, bytes]:
    """Return all parts of a document but its picture, by path; the picture is shown in these proportions."""
    title = random.choice(TITLES)
    texts = [" ".join(random.sample(SENTENCES, 4)) for _ in range(3)]
    body = _paragraph(title, "<w:b/><w:sz w:val='36'/>") + "".join(map(_paragraph, texts[:2]))
    body += _SHOWN.format(_WIDE, _WIDE * height // width) + _paragraph(texts[2])
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    written = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONSHIP.format("officeDocument", "word/document.xml"),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _RELATIONSHIP.format("image", "media/image1.jpg"),
    }
    return {path: (_XML + text).encode() for path, text in written.items()}


def _paragraph(text: str, look: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
