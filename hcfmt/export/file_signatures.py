"""Detects stored files whose first bytes contradict the extension of their name.

A signature proves nothing, and a false alarm is worse than a miss: an extension is checked only if its format has a
reliable signature, or if the bytes have the reliable signature of another format.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

HEAD = 1 << 12  # bytes; a PDF's signature may begin after a kibibyte, HTML after a comment
OTHER = "something else"

# The name of a kind, its extensions, and the signatures of its files ("." is any byte).
_KINDS = (
    ("PNG image", "png apng", (b"\x89PNG\r\n\x1a\n",)),
    ("JPEG image", "jpg jpeg jpe jfif", (b"\xff\xd8\xff",)),
    ("GIF image", "gif", (b"GIF87a", b"GIF89a")),
    ("BMP image", "bmp", (b"BM....\0\0\0\0...\0.\0\0\0",)),
    ("TIFF image", "tif tiff", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    ("WebP image", "webp", (b"RIFF....WEBP",)),
    ("icon", "ico cur", (b"\0\0\1\0.\0", b"\0\0\2\0.\0")),
    ("Photoshop image", "psd psb", (b"8BPS\0\1", b"8BPS\0\2")),
    ("HEIF image", "heic heif avif", (b"\0\0..ftyphe", b"\0\0..ftypmi", b"\0\0..ftypmsf", b"\0\0..ftypavi")),
    ("PDF document", "pdf", (b"%PDF-1", b"%PDF-2")),
    ("RTF document", "rtf", (b"{\\rtf",)),
    (
        "ZIP archive",
        "zip docx docm dotx xlsx xlsm xltx pptx pptm potx ppsx odt ods odp odg jar war apk epub",
        (b"PK\3\4", b"PK\5\6", b"PK\7\x08"),
    ),
    ("gzip data", "gz tgz svgz", (b"\x1f\x8b\x08",)),
    ("bzip2 data", "bz2 tbz2", (b"BZh.1AY&SY", b"BZh.\x17rE8P\x90")),
    ("xz data", "xz txz", (b"\xfd7zXZ\0",)),
    ("7-Zip archive", "7z", (b"7z\xbc\xaf\x27\x1c",)),
    ("RAR archive", "rar", (b"Rar!\x1a\7",)),
    ("tar archive", "", (b"." * 257 + b"ustar\0", b"." * 257 + b"ustar ")),
    ("WAV sound", "wav", (b"RIFF....WAVE", b"RIFX....WAVE", b"RF64....WAVE", b"BW64....WAVE")),
    ("FLAC sound", "flac", (b"fLaC\0", b"fLaC\x80")),
    ("MP3 sound", "", (b"ID3\2\0", b"ID3\3\0", b"ID3\4\0")),
    ("Ogg sound or video", "ogg oga ogv opus", (b"OggS\0",)),
    ("AVI video", "avi", (b"RIFF....AVI",)),
    ("MP4 or QuickTime video", "", (b"\0\0..ftyp", b"\0...moov", b"\0\0\0\x08wide")),
    ("Matroska video", "mkv mka webm", (b"\x1aE\xdf\xa3",)),
    ("Windows Media", "asf wma wmv", (b"0&\xb2u\x8ef\xcf\x11",)),
    ("OLE document", "msi", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    ("Windows program", "exe dll", (b"MZ" + b"." * 60 + b"\0\0",)),
    ("ELF program", "", (b"\x7fELF",)),
)
_HTML = rb"(?is)(?:\xef\xbb\xbf)?+\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--.*?-->\s*+)*+<(?:!doctype\s++html|html|head)[\s>]"

_SIGNATURES = {ending: openings for _, endings, openings in _KINDS for ending in endings.split()}
_OLE, _OFFICE = _SIGNATURES["msi"], ("docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "potx", "ppsx")
# Further signatures of an extension, too weak or too rare to name a kind by.
_ALSO: dict[str, tuple[bytes, ...]] = {
    "bmp": (b"BM", b"BA"),
    "bz2": (b"BZh",),
    "dll": (b"MZ",),
    "exe": (b"MZ",),
    "flac": (b"fLaC", b"ID3"),
    "ico": _SIGNATURES["png"],  # browsers accept a PNG image as an icon, so many icons are one
    "jar": (b"#!",),  # a shell script in front starts it
    "pdf": (b"%PDF-", b"%!PS-Adobe-... PDF-"),
    "rar": (b"Rar!", b"RE~^"),
    "rtf": (b"{\\rt",),
    "tgz": (b"\x1f\x9d", b"\x1f\xa0"),
    "war": (b"#!",),
    **dict.fromkeys(["avif", "heic", "heif"], (b"\0\0..ftyp",)),
    **dict.fromkeys(_OFFICE, _OLE),  # a document with a password
}

_TEXT = (
    "bat c cfg conf cpp cs css csv diff eml go h htm html ics ini java js log markdown md patch php ps1 py rb sh sql"
    " tex toml tsv txt vcf xhtml xml yaml yml"
)
_TEXTUAL = frozenset({"HTML", "RTF document"})
_OFFICE_97 = frozenset({"OLE document", "ZIP archive", *_TEXTUAL})  # Office opens these under any name
# Extensions without a reliable signature, and the kinds that agree with them; any other kind contradicts.
_LOOSE: dict[str, frozenset[str]] = {
    **dict.fromkeys(["3gp", "m4a", "m4v", "mov", "mp4", "qt"], frozenset({"MP4 or QuickTime video"})),
    **dict.fromkeys(["doc", "dot", "msg", "pps", "ppt", "xls"], _OFFICE_97),
    "mp3": frozenset({"MP3 sound", "WAV sound"}),
    "tar": frozenset({"tar archive"}),
    **dict.fromkeys(["json", "svg"], frozenset()),
    **dict.fromkeys(_TEXT.split(), _TEXTUAL),
}
TEXT_EXTENSIONS = frozenset(_TEXT.split())
"""Extensions, in small letters, of files that hold text."""

EXTENSIONS = frozenset({*_SIGNATURES, *_LOOSE})
"""Extensions, in small letters, of files whose first bytes are compared with them."""

_PDF_WITHIN = 1024  # bytes in which readers of PDF search for the signature
_FIRM = 4  # bytes of the shortest signature of the library that is reliable
_BROAD = {"audio": "another kind of sound", "image": "another kind of image", "video": "another kind of video"}


def extension_mismatch(path: str, head: bytes) -> str | None:
    """Return the kind of a file by its first ``HEAD`` bytes where it contradicts the extension, else None.

    The kind is one of a few fixed words, never text of the file: "HTML", "PNG image", ``OTHER``. An empty file, a
    signature cut by the end of the file, an unknown extension, and the files "._*" of macOS, which hold data of another
    file, are no contradiction.
    """
    head = head[:HEAD]
    name = PurePosixPath(path).name
    ending = PurePosixPath(name).suffix[1:].lower()
    if not head or name.startswith("._") or not (ending in _SIGNATURES or ending in _LOOSE):
        return None
    if ending in _SIGNATURES and _agrees(ending, head):
        return None
    word = _kind_of(head)
    if ending in _LOOSE:
        return None if word in _LOOSE[ending] else word
    return word or _rare_kind(ending, head)


def beginnings(path: str, head: bytes) -> Iterator[bytes]:
    """Yield the signatures that the first bytes of a file have, the surest first, "." standing for any byte.

    They are bytes that formats define, so that nothing of the file is among them.
    """
    ending = PurePosixPath(path).suffix[1:].lower()
    kinds = (openings for kind, _, openings in _KINDS if kind == _kind_of(head))
    own = (*_SIGNATURES.get(ending, ()), *_ALSO.get(ending, ()))
    for opening in (*chain.from_iterable(kinds), *own):
        if _begins(head, opening):
            yield opening
    if ending == "pdf" and b"%PDF-" in head[:_PDF_WITHIN]:
        yield b"%PDF-"
    if re.match(_HTML, head):
        yield b"<html>"
    yield from (b"." * match.offset + match.byte_match for match in _rare_matches(head[:HEAD]))


def _agrees(ending: str, head: bytes) -> bool:
    """Whether bytes begin with a signature of an extension, as far as they go."""
    if ending == "pdf" and b"%PDF-" in head[:_PDF_WITHIN]:
        return True
    return any(_begins(head, opening) for opening in (*_SIGNATURES[ending], *_ALSO.get(ending, ())))


def _begins(head: bytes, opening: bytes) -> bool:
    return all(expected in (byte, ord(".")) for expected, byte in zip(opening, head, strict=False))


@cache
def _expression() -> re.Pattern[bytes]:
    """Return one expression with a group for each kind, in their order; compiled on first use, as it is large."""
    kinds = (b"|".join(re.escape(opening).replace(rb"\.", b".") for opening in openings) for _, _, openings in _KINDS)
    return re.compile(b"|".join(b"(%b)" % kind for kind in kinds), re.DOTALL)


def _kind_of(head: bytes) -> str | None:
    """Return the kind with a complete signature, None for none."""
    signature = _expression().match(head)
    if signature and signature.lastindex:
        return _KINDS[signature.lastindex - 1][0]
    return "HTML" if re.match(_HTML, head) else None


def _rare_kind(ending: str, head: bytes) -> str | None:
    """Return the kind by a library of rare signatures, None where it agrees with the extension."""
    matches = _rare_matches(head)
    if any(match.extension == f".{ending}" for match in matches):
        return None
    broad = (_BROAD.get(match.mime_type.partition("/")[0]) for match in matches)
    return next(filter(None, broad), OTHER)


def _rare_matches(head: bytes) -> list[Any]:
    """Return the signatures of a library that bytes have; each has an offset, the bytes, an extension and a type."""
    import puremagic  # noqa: PLC0415 - slow to import, and only needed for bytes of no common kind

    try:
        # Matches at the end are dropped: these are not the last bytes of the file.
        matches = [match for match in puremagic.magic_string(head) if match.offset >= 0]
    except (puremagic.PureError, ValueError):  # the latter for no bytes
        return []
    return [match for match in matches if len(match.byte_match) >= _FIRM]
