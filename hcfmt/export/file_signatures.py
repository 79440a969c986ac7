"""What a stored file's leading bytes say: whether they contradict its extension, and how large an image is.

Neither is proof: whoever wants to fool a signature can. A false alarm is worse than a miss, so an extension takes part
only where its format has a firm signature, or where the bytes are firmly those of another format.
"""

import re
import struct
from functools import cache
from pathlib import PurePosixPath

HEAD = 1 << 12  # bytes; a PDF's signature may stand a kibibyte in, a comment may stand before HTML
IMAGE_HEAD = 1 << 18  # bytes; a JPEG image may carry a preview and a colour profile before its size
OTHER = "something else"

# What the bytes look like, the extensions that promise it, how such files begin ("." is any byte).
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
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?+\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--.*?-->\s*+)*+<(?:!doctype\s++html|html|head)[\s>]",
    re.IGNORECASE | re.DOTALL,
)

_PROMISES = {ending: openings for _, endings, openings in _KINDS for ending in endings.split()}
_OLE, _OFFICE = _PROMISES["msi"], ("docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "potx", "ppsx")
# How files of an extension may begin besides: too weak, or too rare, to name a kind by.
_ALSO: dict[str, tuple[bytes, ...]] = {
    "bmp": (b"BM", b"BA"),
    "bz2": (b"BZh",),
    "dll": (b"MZ",),
    "exe": (b"MZ",),
    "flac": (b"fLaC", b"ID3"),
    "ico": _PROMISES["png"],  # browsers take a PNG image for an icon, so many are
    "jar": (b"#!",),  # a shell script before it starts it
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
_OFFICE_97 = frozenset({"OLE document", "ZIP archive", *_TEXTUAL})  # Office opens those whatever their names are
# Extensions that have no firm signature, and what their files may look like: any other kind contradicts them.
_LOOSE: dict[str, frozenset[str]] = {
    **dict.fromkeys(["3gp", "m4a", "m4v", "mov", "mp4", "qt"], frozenset({"MP4 or QuickTime video"})),
    **dict.fromkeys(["doc", "dot", "msg", "pps", "ppt", "xls"], _OFFICE_97),
    "mp3": frozenset({"MP3 sound", "WAV sound"}),
    "tar": frozenset({"tar archive"}),
    **dict.fromkeys(["json", "svg"], frozenset()),
    **dict.fromkeys(_TEXT.split(), _TEXTUAL),
}
_PDF_WITHIN = 1024  # bytes that readers of PDF search for its signature
_FIRM = 4  # bytes that a signature of the library must have
_BROAD = {"audio": "another kind of sound", "image": "another kind of image", "video": "another kind of video"}


def extension_mismatch(path: str, head: bytes) -> str | None:
    """Return what a file's first ``HEAD`` bytes look like when that is not what its extension promises, else None.

    The answer is one of a few fixed words, never text of the file: "HTML", "PNG image", ``OTHER``. An empty file, a
    signature that the file's end cuts and an extension that promises nothing are no contradiction, nor is a file named
    "._*", where macOS keeps what belongs to another.
    """
    head = head[:HEAD]
    name = PurePosixPath(path).name
    ending = PurePosixPath(name).suffix[1:].lower()
    if not head or name.startswith("._") or not (ending in _PROMISES or ending in _LOOSE):
        return None
    if ending in _PROMISES and _keeps(ending, head):
        return None
    word = _looks_like(head)
    if ending in _LOOSE:
        return None if word in _LOOSE[ending] else word
    return word or _asked(ending, head)


def _keeps(ending: str, head: bytes) -> bool:
    """Return whether bytes begin as an extension promises, as far as they go."""
    if ending == "pdf" and b"%PDF-" in head[:_PDF_WITHIN]:
        return True
    return any(_begins(head, opening) for opening in (*_PROMISES[ending], *_ALSO.get(ending, ())))


def _begins(head: bytes, opening: bytes) -> bool:
    return all(wanted in (byte, ord(".")) for wanted, byte in zip(opening, head, strict=False))


@cache
def _signatures() -> re.Pattern[bytes]:
    """Return one expression with a group for each kind, in their order; made when first needed, for it is large."""
    kinds = (b"|".join(re.escape(one).replace(rb"\.", b".") for one in openings) for _, _, openings in _KINDS)
    return re.compile(b"|".join(b"(%b)" % kind for kind in kinds), re.DOTALL)


def _looks_like(head: bytes) -> str | None:
    """Return the kind whose whole signature stands there, None for no kind that is known here."""
    signature = _signatures().match(head)
    if signature and signature.lastindex:
        return _KINDS[signature.lastindex - 1][0]
    return "HTML" if _HTML.match(head) else None


def _asked(ending: str, head: bytes) -> str | None:
    """Return what a library of rare signatures takes bytes for, None when that is what the extension promises."""
    import puremagic  # noqa: PLC0415 - reads its signatures when imported, and only bytes of no common kind need them

    try:
        # Matches at the end are left out, for these are not the file's last bytes.
        matches = [match for match in puremagic.magic_string(head) if match.offset >= 0]
    except puremagic.PureError:
        return OTHER
    matches = [match for match in matches if len(match.byte_match) >= _FIRM]
    if any(match.extension == f".{ending}" for match in matches):
        return None
    broad = (_BROAD.get(match.mime_type.partition("/")[0]) for match in matches)
    return next(filter(None, broad), OTHER)


def image_size(head: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, JPEG, GIF, BMP or WebP image from its first ``IMAGE_HEAD`` bytes.

    They are the stored ones: EXIF data that would turn the image are not applied. None where the bytes are of no such
    image, are cut before its size, or give none (0).
    """
    for start, measure in _MEASURES:
        if _begins(head, start):
            try:
                width, height = measure(head)
            except (struct.error, ValueError):
                return None
            return (width, height) if width > 0 < height else None
    return None


def _png(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _bmp(head: bytes) -> tuple[int, int]:
    """Read the header that begins at byte 14 with its own length; rows from the top down have a negative height."""
    (length,) = struct.unpack_from("<I", head, 14)
    width, height = struct.unpack_from("<HH" if length == 12 else "<ii", head, 18)  # noqa: PLR2004 - OS/2's header
    return width, abs(height)


def _webp(head: bytes) -> tuple[int, int]:
    """Read the first chunk of RFC 9649: the extended header, a lossless image, or a key frame of RFC 6386."""
    kind = head[12:16]
    if kind == b"VP8X":
        (sizes,) = struct.unpack_from("6s", head, 24)
        return int.from_bytes(sizes[:3], "little") + 1, int.from_bytes(sizes[3:], "little") + 1
    if kind == b"VP8L" and head[20:21] == b"\x2f":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and head[23:26] == b"\x9d\1\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF  # the upper two bits ask for scaling
    raise ValueError("No image of a known kind.")


_SEGMENT = re.compile(rb"\xff++([\xc0-\xcf\xdb-\xfe])(..)", re.DOTALL)
_NO_FRAME = b"\xc4\xc8\xcc"  # tables among the markers of frames


def _jpeg(head: bytes) -> tuple[int, int]:
    """Walk the segments to the frame's header, whatever its coding (ITU-T T.81, B.2.2)."""
    at = 2
    while segment := _SEGMENT.match(head, at):
        marker, (length,) = segment[1], struct.unpack(">H", segment[2])
        if marker <= b"\xcf" and marker not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", head, segment.end() + 1)
            return width, height
        at = segment.end() - 2 + max(length, 2)  # the length counts its own two bytes
    raise ValueError("No frame.")


_MEASURES = (
    (b"\x89PNG\r\n\x1a\n....IHDR", _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"GIF8.a", _gif),
    (b"BM", _bmp),
    (b"RIFF....WEBP", _webp),
)
