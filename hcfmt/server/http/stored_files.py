"""Stored files as responses: in pieces, in part where a part is asked for, and harmless in a browser."""

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hcfmt.server.api.call import Refusal

if TYPE_CHECKING:
    from hcfmt.server.store import Store, StoredFile

# What a browser may show where it is; all else is for saving, as a page or a drawing may hold a script.
_SHOWN = frozenset({"image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"})
_RANGE = re.compile(r"bytes=([0-9]{0,100})-([0-9]{0,100})", re.IGNORECASE)
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_ODD = re.compile(r"[^ !#-\[\]-~]")


def response(store: "Store", path: str, request: Request) -> Response:
    """Return a stored file by its path in the archive: all of it, the range that is asked for, or that nothing changed.

    As RFC 9110 has it: one range in bytes, for GET alone, If-Range and If-None-Match with the ETag; several ranges are
    answered with all. Raises Refusal(404) where there is no such file.
    """
    file = store.file(path)
    if file is None:
        raise Refusal(404, "File not found")
    told, headers = _headers(file), request.headers
    held = headers.get("if-none-match", "")
    if held.strip() == "*" or told["ETag"] in re.findall(r'"[^"]*"', held):
        return Response(None, 304, told)
    part = None
    if request.method == "GET" and headers.get("if-range", told["ETag"]) == told["ETag"]:
        part = _part(headers.get("range", ""), file.size)
    if part is None:
        return StreamingResponse(store.pieces(file), 200, {**told, "Content-Length": str(file.size)})
    if not part:
        return Response(None, 416, {**told, "Content-Range": f"bytes */{file.size}"})
    told |= {"Content-Range": f"bytes {part.start}-{part.stop - 1}/{file.size}", "Content-Length": str(len(part))}
    return StreamingResponse(store.pieces(file, part.start, part.stop), 206, told)


def _part(wanted: str, size: int) -> range | None:
    """Return the bytes that a Range header asks for: an empty range where there are none, None where all are meant."""
    match = _RANGE.fullmatch(wanted.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        last = int(match[2])
        return range(max(size - last, 0), size) if last else range(0)
    start, last = int(match[1]), int(match[2] or size)
    if match[2] and last < start:
        return None
    return range(start, min(last + 1, size))


def _headers(file: "StoredFile") -> dict[str, str]:
    kind = file.type if _TYPE.fullmatch(file.type) else "application/octet-stream"
    manner = "inline" if kind in _SHOWN else "attachment"
    plain = _ODD.sub("_", file.name)
    return {
        "Content-Type": kind,
        "Content-Disposition": f"{manner}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.id}-{file.size}"',
    }
