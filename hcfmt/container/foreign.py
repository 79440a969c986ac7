"""Says what a file is that holds no archive of an export, and what to do with it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hcfmt.container.content import Content, content_of
from hcfmt.errors import Fault

WINDOW = 64 * 1024  # bytes of the file that are looked at

_SPACE = rb"(?:\xef\xbb\xbf)?\s*"
_ZIP_HEADER = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)  # of a member: its name's length, that of the rest


class _Kind(NamedTuple):
    """A kind of text that people take for an archive: its name, how it begins, and the end of a sentence on it."""

    name: str
    begins: re.Pattern[bytes]
    sentence: str


_TEXTS = (
    _Kind(
        "web page",
        re.compile(_SPACE + rb"(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head)\b", re.IGNORECASE),
        "a web page, perhaps one to log in, and no archive: the download failed. Log in, and download it again.",
    ),
    _Kind(
        "error message",
        re.compile(_SPACE + rb"(?:<\?xml[^>]*>\s*)?<error\b", re.IGNORECASE),
        "an error message of a storage service (XML), and no archive: the download failed, perhaps because its link "
        "had expired. Get a new link, and download it again.",
    ),
    _Kind(
        "XML",
        re.compile(_SPACE + rb"<\?xml\b"),
        "XML, and no archive: the download may have failed. Download it again.",
    ),
    _Kind(
        "JSON",
        re.compile(_SPACE + rb'(?:\{\s*"|\[\s*[{\]])'),
        "JSON, and no archive. Give the archive, or the directory that holds users.json.",
    ),
)
_PACKED = {
    Content.AES: "an encrypted file inside other layers. Take it out (gzip -d, hcfmt decrypt), and check it.",
    Content.GZIP: "compressed once more. Decompress it once (gzip -dc OLD > NEW), and check what that gives.",
    Content.OTHER_PACKER: f"{Content.OTHER_PACKER}: unpack it, and check what it holds.",
}
_UNKNOWN = (
    "The file is neither encrypted by OpenSSL, nor gzip, nor tar. Check that it is the right file and was not altered "
    "in transfer."
)
_UNKNOWN_INSIDE = "The content was decrypted or decompressed, but is not a tar: this is not a HipChat export."

_OLD_CLOUD = "an old export of HipChat Cloud (before mid-2018), which has another format: hcfmt does not read it"
# How the names of a ZIP's members end, and what it then holds; the first that fits.
_ZIPS = (
    (
        re.compile(rb"(?:^|/)(?:users|rooms)/list\.json$"),
        f"holds {_OLD_CLOUD}. Look for an importer that was made for it.",
    ),
    (
        re.compile(
            rb"(?:^|/)(?:(?:users|rooms|emoticons|autojoins|preferences|metadata)|(?:rooms|users)/\d+/history)\.json$"
            rb"|(?:^|/)(?:users/(?:\d+/avatars|files)|rooms/\d+/files|files/img/emoticons)/"
        ),
        "holds the files of an export. Importers do not read it: unpack it (unzip FILE -d DIR), and check that.",
    ),
    (
        re.compile(rb"\.(?:aes|gz|tgz|tar)$", re.IGNORECASE),
        "holds an archive: unpack it, and check that. 'unzip -p FILE | hcfmt validate -' does so at once.",
    ),
)
_OTHER_ZIP = f"may hold {_OLD_CLOUD}. Unpack it, and check what is inside if it is something else."


def foreign_fault(head: bytes, *, inside: bool) -> Fault:
    """Return the fault of a file, or of what is ``inside`` its layers, that begins with ``head`` and is no tar.

    Its values name the kind of content, if it is known.
    """
    what = "The content" if inside else "This file"
    content = content_of(head)
    if content is Content.ZIP:
        return _fault(f"{what} is a ZIP file and {_zip_sentence(head)}", "ZIP")
    if content in _PACKED:
        return _fault(f"{what} is {_PACKED[content]}", content.name)
    for kind in _TEXTS:
        if kind.begins.match(head):
            return _fault(f"{what} is {kind.sentence}", kind.name)
    return Fault("not-an-archive", _UNKNOWN_INSIDE if inside else _UNKNOWN, 0)


def _fault(message: str, content: str) -> Fault:
    return Fault("not-an-archive", message, 0, {"content": content})


def _zip_sentence(head: bytes) -> str:
    names = list(_names(head))
    return next((sentence for name, sentence in _ZIPS if any(map(name.search, names))), _OTHER_ZIP)


def _names(head: bytes) -> Iterator[bytes]:
    """Yield the names of the members whose headers are in the first bytes of a ZIP (APPNOTE.TXT, 4.3.7)."""
    for match in _ZIP_HEADER.finditer(head):
        yield head[match.end() : match.end() + int.from_bytes(match[1], "little")]
