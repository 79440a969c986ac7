"""Bodies in several parts (RFC 2046, 5.1), as clients send a file with its metadata: cut apart, and decoded.

The bytes of a part are never looked at but for the boundary, so that a file comes out as it went in.
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

MOST_PARTS = 20
MOST_MARKS = 10_000  # places that look like a boundary; each costs time, and an honest boundary is nowhere else
MOST_HEAD = 4 << 10  # bytes of a part's headers

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,199}[0-9A-Za-z'()+_,./:=?-]")
_LINE_END = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_LF = ord("\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the names of its field and of its file, its media type, each empty where not told; its bytes."""

    name: str
    filename: str
    type: str
    data: bytes


def parts(boundary: str, data: bytes) -> list[Part]:
    """Return the parts between a boundary; raises ApiError(400) for what is no such body, or has too many parts.

    Lines may end in CRLF or in LF alone. The closing boundary may be missing, as some clients forget it.
    """
    if not _BOUNDARY.fullmatch(boundary):
        raise _broken("has no boundary")
    mark = b"--" + boundary.encode("ascii")
    if data.count(mark) > MOST_MARKS:
        raise _broken("holds its boundary too often")
    found: list[Part] = []
    start = None
    for line in _lines(mark, data):
        if start is not None:
            found.append(_part(data, start, line.start))
        start = line.end
        if line.is_last:
            break
        if len(found) >= MOST_PARTS:
            raise _broken(f"has more than {MOST_PARTS} parts")
    if not found:
        raise _broken("has no parts")
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """A boundary's line: where it starts, with the line break before it, where it ends, and whether it is the last."""

    start: int
    end: int
    is_last: bool


def _lines(mark: bytes, data: bytes) -> Iterator[_Line]:
    """Yield the lines of a boundary, and at last the end of the data in the place of one."""
    place = data.find(mark)
    while place >= 0:
        rest = _LINE_END.match(data, place + len(mark))
        if rest and (place == 0 or data[place - 1] == _LF):
            yield _Line(_before_break(data, place), rest.end(), bool(rest[1]))
        place = data.find(mark, place + len(mark))
    yield _Line(len(data), len(data), is_last=True)


def _before_break(data: bytes, place: int) -> int:
    """Return where the line break begins that ends before a place; the place itself where there is none."""
    return place - 2 if data.endswith(b"\r\n", 0, place) else place - 1 if place else 0


def _part(body: bytes, start: int, end: int) -> Part:
    """Return the part between two places of a body, whose data are copied once."""
    first = body[start : min(end, start + len(b"\r\n"))]
    blank = _HEAD_END.search(body, start, min(end, start + MOST_HEAD))
    if first.startswith((b"\r\n", b"\n")):  # no headers at all
        head, data = b"", body[start + (2 if first == b"\r\n" else 1) : end]
    elif blank:
        head, data = body[start : blank.start()], body[blank.end() : end]
    else:
        raise _broken("has a part without an end of its headers")
    header = HeaderParser().parsestr(head.decode("utf-8", "replace"))
    try:
        name, filename = header.get_param("name", "", "content-disposition"), header.get_filename("")
    except (LookupError, ValueError):  # RFC 2231 lets a sender name any character set
        raise _broken("has a part whose name is in no known character set") from None
    return Part(
        name=_text(name),
        filename=filename or "",
        type=str(header.get("content-type") or "").partition(";")[0].strip().lower(),
        data=_decoded(header, data),
    )


def _text(told: object) -> str:
    """Return a parameter of a header; one in the form of RFC 2231 is a tuple, of which its text is the last."""
    return str(told[-1] if isinstance(told, tuple) else told or "")


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
        raise _broken("has a part that is no base64") from None
    raise _broken("has a part in an unknown Content-Transfer-Encoding")


def _broken(why: str) -> ApiError:
    return ApiError(400, f"The request body {why}")
