"""Tests of request heads: the encoding of targets, the limit, and what is refused."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.errors import ApiError
from hcfmt.server.transport.request_head import encode_target, head_length, parse_head


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        (b"GET /v2/room/My Room HTTP/1.1\r\nHost: x", b"GET /v2/room/My%20Room HTTP/1.1\r\nHost: x"),
        ("GET /v2/room/grün HTTP/1.1\r\n".encode(), b"GET /v2/room/gr%C3%BCn HTTP/1.1\r\n"),
        (b"GET /a HTTP/1.1 b HTTP/1.1\r\n", b"GET /a%20HTTP/1.1%20b HTTP/1.1\r\n"),
        (b"GET /a\x00\r HTTP/1.0\n", b"GET /a%00%0D HTTP/1.0\n"),
        (b"GET /v2/room/a%20b?x=%20 HTTP/1.1\r\n", b"GET /v2/room/a%20b?x=%20 HTTP/1.1\r\n"),
        (b"nonsense with blanks\r\n", b"nonsense with blanks\r\n"),
        (b"GET / HTTP/1.1\r\nX: GET /a b HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nX: GET /a b HTTP/1.1\r\n"),
    ],
)
def test_a_raw_target_is_encoded(sent: bytes, line: bytes) -> None:
    assert encode_target(sent) == line


@given(st.binary(max_size=60))
def test_only_the_target_is_ever_changed(target: bytes) -> None:
    target = target.replace(b"\n", b"")
    rest = b"Host: x\r\nX: \xff y\r\n\r\n"
    encoded = encode_target(b"GET /" + target + b" HTTP/1.1\r\n" + rest)
    first, _, after = encoded.partition(b"\r\n")
    method, path, version = first.split(b" ")
    assert (method, version, after) == (b"GET", b"HTTP/1.1", rest)
    assert path.startswith(b"/")
    assert all(0x21 <= byte <= 0x7E for byte in path)


LIMIT = 100


def head(size: int) -> bytes:
    """Return a request head of so many bytes."""
    return b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * (size - 32) + b"\r\n\r\n"


@given(st.integers(40, 140), st.binary(max_size=50), st.data())
def test_a_head_has_its_length_or_is_too_long_wherever_the_data_is_cut(
    size: int, rest: bytes, data: st.DataObject
) -> None:
    sent = head(size) + rest
    cut = sent[: data.draw(st.integers(0, len(sent)))]
    if min(size, len(cut)) > LIMIT:
        with pytest.raises(ApiError, match="too long"):
            head_length(cut, LIMIT)
    else:
        assert head_length(cut, LIMIT) == (size if len(cut) >= size else None)


@pytest.mark.parametrize(
    ("sent", "length"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0),
        (b"GET / HTTP/1.0\n\n", 0),
        (b"POST / HTTP/1.1\r\nHost: x\r\ncontent-length: 500\r\n\r\n", 500),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\n", 5),
    ],
)
def test_a_valid_head_is_unchanged_and_has_the_length_of_its_body(sent: bytes, length: int) -> None:
    assert parse_head(sent) == (sent, length)


def test_a_connection_with_a_chunked_body_is_closed_after_it() -> None:
    parsed = parse_head(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    parser = h11.Connection(h11.SERVER)
    parser.receive_data(parsed.data)
    request = parser.next_event()
    assert isinstance(request, h11.Request)
    assert (b"connection", b"close") in list(request.headers)
    assert parsed.body_length is None


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # without Host
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n",
        b"GET / HTTP/2\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        # Two lengths: one server may read a request where the next reads a body.
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_an_invalid_head_is_refused(sent: bytes) -> None:
    with pytest.raises(ApiError) as raised:
        parse_head(sent)
    assert raised.value.status in {400, 501}
