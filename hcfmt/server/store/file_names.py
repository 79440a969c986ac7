"""Names of stored files: safe names for uploads, directories with random names, media types by extension."""

import re
import secrets
import string
import unicodedata
from pathlib import PurePosixPath

from hcfmt.container.safe_names import is_device_name
from hcfmt.export.layout import DATA_NAMES

UNKNOWN = "application/octet-stream"
# A table of our own, so that the types are the same on every machine.
_TYPES = {
    "avi": "video/x-msvideo",
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "gz": "application/gzip",
    "htm": "text/html",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "log": "text/plain",
    "md": "text/markdown",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml",
    "tar": "application/x-tar",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "wav": "audio/wav",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
_IMAGES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}  # extensions by first bytes
_UNSAFE_CHARACTERS = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u202a-\u202e\u2066-\u2069]')
_UNSAFE_PATH = re.compile(r"[\\\x00-\x1f\x7f-\x9f]|^[A-Za-z]:|^/|(^|/)\.\.(/|$)")
_SLUG_CHARACTERS = string.ascii_letters + string.digits
_SLUG = 15  # characters of the directory of an upload
_STEM = 120  # bytes of a file's name without its extension
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,16}")


def is_unsafe(path: str) -> bool:
    """Whether a member's path is absolute, has "..", control characters or a backslash, or is not UTF-8."""
    return bool(_UNSAFE_PATH.search(path)) or any("\ud800" <= character <= "\udfff" for character in path)


def type_of(path: str) -> str:
    """Return the media type of a path's extension."""
    return _TYPES.get(PurePosixPath(path).suffix[1:].lower(), UNKNOWN)


def image_extension(data: bytes) -> str | None:
    """Return the extension, without a dot, of a PNG, JPEG or GIF image; None for other data."""
    return next((extension for magic, extension in _IMAGES.items() if data.startswith(magic)), None)


def slug() -> str:
    """Return 15 random letters and digits, as HipChat names the directory of an upload."""
    return "".join(secrets.choice(_SLUG_CHARACTERS) for _ in range(_SLUG))


def safe_name(name: str) -> str:
    """Return a name for an uploaded file that every file system allows, as close to the given name as possible."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rstrip("/").rpartition("/")[2])
    base = _UNSAFE_CHARACTERS.sub("_", base.encode("utf-8", "ignore").decode()).strip(" .")
    suffix = PurePosixPath(base).suffix
    suffix = suffix if _SUFFIX.fullmatch(suffix) else ""
    stem = base.removesuffix(suffix).encode()[:_STEM].decode("utf-8", "ignore").strip(" .") or "file"
    name = stem + suffix
    return f"_{name}" if is_device_name(name) or name.lower() in DATA_NAMES else name
