"""Parser of multipart bodies (RFC 2046, section 5.1), in which clients send a file with its metadata.

The bytes of a file are searched for the boundary and otherwise left alone. The standard library's email parser loses a
file of the type message/rfc822, and takes two hundred times as long for a body of line breaks.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from hcfmt.server.errors import ApiError

MAX_PARTS = 20
MAX_BOUNDARIES = 10_000  # occurrences of the boundary; each costs time, and an honest boundary occurs nowhere else
MAX_HEAD = 4 << 10  # bytes of a part's headers

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,199}[0-9A-Za-z'()+_,./:=?-]")
_LINE_END = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_LF = ord("\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its field name, file name and media type, each "" if missing, and its decoded bytes."""

    name: str
    filename: str
    type: str
    data: bytes


def parts(boundary: str, data: bytes) -> list[Part]:
    """Split a body at its boundary; raise ApiError 400 for an invalid body or too many parts.

    Lines may end in CRLF or LF. The closing boundary may be missing, or lack its last hyphens, as some clients omit
    them (docs/api.md#share-file).
    """
    if not _BOUNDARY.fullmatch(boundary):
        raise _invalid("has no boundary")
    delimiter = b"--" + boundary.encode("ascii")
    if data.count(delimiter) > MAX_BOUNDARIES:
        raise _invalid("contains its boundary too often")
    found: list[Part] = []
    start = None
    for line in _lines(delimiter, data):
        if start is not None and not (found and start == len(data)):
            found.append(_part(data, start, line.start))
        start = line.end
        if line.is_last:
            break
        if len(found) >= MAX_PARTS:
            raise _invalid(f"has more than {MAX_PARTS} parts")
    if not found:
        raise _invalid("has no parts")
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """A delimiter line: its start, including the line break before it, its end, and whether it closes the body."""

    start: int
    end: int
    is_last: bool


def _lines(delimiter: bytes, data: bytes) -> Iterator[_Line]:
    """Yield the delimiter lines, and the end of the data as the last one."""
    offset = data.find(delimiter)
    while offset >= 0:
        rest = _LINE_END.match(data, offset + len(delimiter))
        if rest and (offset == 0 or data[offset - 1] == _LF):
            yield _Line(_before_break(data, offset), rest.end(), bool(rest[1]))
        offset = data.find(delimiter, offset + len(delimiter))
    yield _Line(len(data), len(data), is_last=True)


def _before_break(data: bytes, offset: int) -> int:
    """Return the start of the line break that ends at ``offset``, or ``offset`` if there is none."""
    return offset - 2 if data.endswith(b"\r\n", 0, offset) else offset - 1 if offset else 0


def _part(body: bytes, start: int, end: int) -> Part:
    """Parse the part between two offsets of a body; its data is copied once."""
    first = body[start : min(end, start + len(b"\r\n"))]
    blank = _HEAD_END.search(body, start, min(end, start + MAX_HEAD))
    if first.startswith((b"\r\n", b"\n")):  # no headers
        head, data = b"", body[start + (2 if first == b"\r\n" else 1) : end]
    elif blank:
        head, data = body[start : blank.start()], body[blank.end() : end]
    else:
        raise _invalid("has a part whose headers do not end")
    header = HeaderParser().parsestr(head.decode("utf-8", "replace"))
    try:
        name, filename = header.get_param("name", "", "content-disposition"), header.get_filename("")
    except (LookupError, ValueError):  # RFC 2231 allows a sender to name any character set
        raise _invalid("has a part whose name has an unknown character set") from None
    return Part(
        name=_text(name),
        filename=filename or "",
        type=str(header.get("content-type") or "").partition(";")[0].strip().lower(),
        data=_decoded(header, data),
    )


def _text(value: object) -> str:
    """Return a header parameter as text; in the form of RFC 2231 it is a tuple that ends with the text."""
    return str(value[-1] if isinstance(value, tuple) else value or "")


def _decoded(header: Message, data: bytes) -> bytes:
    encoding = str(header.get("content-transfer-encoding") or "binary").strip().lower()
    if encoding in {"binary", "8bit", "7bit"}:
        return data
    if encoding == "quoted-printable":
        return quopri.decodestring(data)
    try:
        if encoding == "base64":
            return base64.b64decode(data.translate(None, b" \t\r\n"), validate=True)
    except binascii.Error:
        raise _invalid("has a part with invalid base64") from None
    raise _invalid("has a part in an unknown Content-Transfer-Encoding")


def _invalid(reason: str) -> ApiError:
    return ApiError(400, f"The request body {reason}")
