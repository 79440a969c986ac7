"""Stored files as responses: in chunks, with ranges and ETags, and safe to open in a browser."""

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hcfmt.server.errors import ApiError
from hcfmt.server.http.middleware.injected_faults import raise_injected_failure
from hcfmt.server.http.request import RequestContext
from hcfmt.server.http.state import ServerState

if TYPE_CHECKING:
    from hcfmt.server.store import Store, StoredFile

# Media types that a browser may display; others are downloaded, as HTML and SVG may contain scripts.
_INLINE = frozenset({"image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"})
_RANGE = re.compile(r"bytes=([0-9]{0,100})-([0-9]{0,100})", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_UNQUOTABLE = re.compile(r"[^ !#-\[\]-~]")  # in the quoted string of a header


class StoredFiles:
    """Handler of requests below /files."""

    def __init__(self, state: ServerState) -> None:
        """Create the handler of a server."""
        self._state = state

    async def __call__(self, context: RequestContext) -> Response:
        """Respond with a file, by its path in the archive."""
        raise_injected_failure(context, self._state.clock())
        path = "/".join(context.parts[1:])
        return await run_in_threadpool(file_response, self._state.store, path, context.request)


def file_response(store: "Store", path: str, request: Request) -> Response:
    """Return the response for a stored file: the whole file, a range of it, or 304 if it is unchanged.

    Supported are If-None-Match and, for GET, one range of bytes with If-Range (RFC 9110); several ranges are answered
    with the whole file. Raises ApiError(404) for an unknown path.
    """
    file = store.file(path)
    if file is None:
        raise ApiError(404, "File not found")
    response_headers, headers = _headers(file), request.headers
    etag = response_headers["ETag"]
    cached = headers.get("if-none-match", "")
    if cached.strip() == "*" or etag in re.findall(r'"[^"]*"', cached):
        return Response(None, 304, response_headers)
    requested = None
    if request.method == "GET" and headers.get("if-range", etag) == etag:
        requested = _parse_range(headers.get("range", ""), file.size)
    if requested is None:
        response_headers["Content-Length"] = str(file.size)
        return StreamingResponse(store.read_file(file), 200, response_headers)
    if not requested:
        return Response(None, 416, {**response_headers, "Content-Range": f"bytes */{file.size}"})
    response_headers["Content-Range"] = f"bytes {requested.start}-{requested.stop - 1}/{file.size}"
    response_headers["Content-Length"] = str(len(requested))
    return StreamingResponse(store.read_file(file, requested.start, requested.stop), 206, response_headers)


def _parse_range(header: str, size: int) -> range | None:
    """Return the bytes that a Range header requests: empty if unsatisfiable, None for the whole file."""
    match = _RANGE.fullmatch(header.strip())
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
    media_type = file.type if _MEDIA_TYPE.fullmatch(file.type) else "application/octet-stream"
    disposition = "inline" if media_type in _INLINE else "attachment"
    ascii_name = _UNQUOTABLE.sub("_", file.name)
    encoded_name = quote(file.name, safe="")
    return {
        "Content-Type": media_type,
        "Content-Disposition": f"{disposition}; filename=\"{ascii_name}\"; filename*=UTF-8''{encoded_name}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.id}-{file.size}"',
    }
