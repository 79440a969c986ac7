"""Request heads: length limit, encoding of raw targets, and validation before uvicorn reads them."""

import re
from typing import NamedTuple

import h11

from hcfmt.server.errors import ApiError

HEAD_END = b"\r\n\r\n"
TOO_LONG = 431  # RFC 6585, section 5
_END = re.compile(rb"\n\r?\n")
_REQUEST_LINE = re.compile(rb"([A-Z]+) (.*) (HTTP/1\.[01]\r?)", re.DOTALL)
_UNENCODED = re.compile(rb"[^\x21-\x7e]")


class RequestHead(NamedTuple):
    """A valid request head: its bytes, and the body's length in bytes, None for a chunked body."""

    data: bytes
    body_length: int | None


def head_length(data: bytes | bytearray, limit: int) -> int | None:
    """Return the length of the head that ``data`` begins with, None if its end is missing.

    Raises ApiError 431 if the head is, or will be, longer than ``limit`` bytes.
    """
    match = _END.search(data)
    if (match.end() if match else len(data)) > limit:
        raise ApiError(TOO_LONG, "The request head is too long.")
    return match.end() if match else None


def parse_head(data: bytes) -> RequestHead:
    """Validate a whole request head and return it with an encoded target.

    A chunked request gets ``Connection: close``, as only its end shows where the next request begins. Raises ApiError
    400 for invalid HTTP and for a body with two lengths, which servers read differently (RFC 9112, section 6.1).
    """
    data = encode_target(data)
    parser = h11.Connection(h11.SERVER, len(data) + 1)
    try:
        parser.receive_data(data)
        event = parser.next_event()
    except h11.RemoteProtocolError:
        event = None
    if not isinstance(event, h11.Request):
        raise ApiError(400, "The request is not valid HTTP.")
    headers = dict(event.headers)
    if b"transfer-encoding" not in headers:
        return RequestHead(data, int(headers.get(b"content-length", b"0")))
    if b"content-length" in headers:
        raise ApiError(400, "The request is not valid HTTP.")
    line, _, rest = data.partition(b"\n")
    return RequestHead(line + b"\nConnection: close\r\n" + rest, None)


def encode_target(data: bytes) -> bytes:
    """Return a request head with every character of its target percent-encoded that has to be, such as spaces."""
    line, newline, rest = data.partition(b"\n")
    match = _REQUEST_LINE.fullmatch(line)
    if match is None or not _UNENCODED.search(match[2]):
        return data
    target = _UNENCODED.sub(lambda byte: b"%%%02X" % byte[0][0], match[2])
    return b"%s %s %s%s%s" % (match[1], target, match[3], newline, rest)
