"""The head of a request: what is mended of it, and how long it may be, however it comes."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.transport.request_head import Heads, mended


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
def test_a_target_that_is_not_encoded_is(sent: bytes, line: bytes) -> None:
    assert mended(sent) == line


@given(st.binary(max_size=60))
def test_only_the_target_is_ever_changed(target: bytes) -> None:
    target = target.replace(b"\n", b"")
    rest = b"Host: x\r\nX: \xff y\r\n\r\n"
    made = mended(b"GET /" + target + b" HTTP/1.1\r\n" + rest)
    first, _, after = made.partition(b"\r\n")
    method, path, version = first.split(b" ")
    assert (method, version, after) == (b"GET", b"HTTP/1.1", rest)
    assert path.startswith(b"/")
    assert all(0x21 <= byte <= 0x7E for byte in path)


LIMIT = 100


def head(size: int) -> bytes:
    """Return the head of a request with so many bytes."""
    return b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * (size - 32) + b"\r\n\r\n"


def answer(heads: Heads) -> None:
    """Answer a request that has no body, so that the next one can be read."""
    assert isinstance(heads.next_event(), h11.EndOfMessage)
    heads.send(h11.Response(status_code=204, headers=[]))
    heads.send(h11.EndOfMessage())
    heads.start_next_cycle()


@given(st.lists(st.integers(40, 140), min_size=1, max_size=5), st.integers(1, 500))
def test_a_head_is_within_the_limit_or_refused_wherever_what_comes_is_cut(sizes: list[int], piece: int) -> None:
    sent = b"".join(map(head, sizes))
    coming = [sent[start : start + piece] for start in range(0, len(sent), piece)]
    heads = Heads(LIMIT)
    for size in sizes:
        try:
            while (event := heads.next_event()) is h11.NEED_DATA:
                heads.receive_data(coming.pop(0))
        except h11.RemoteProtocolError:
            assert size > LIMIT
            assert heads.is_too_long
            return
        assert isinstance(event, h11.Request)
        assert size <= LIMIT
        answer(heads)


def test_blanks_that_no_value_has_count_too() -> None:
    heads = Heads(LIMIT)
    heads.receive_data(b"GET / HTTP/1.1\r\nHost: x\r\nX:" + b" " * LIMIT + b"a\r\n\r\n")
    with pytest.raises(h11.RemoteProtocolError):
        heads.next_event()
    assert heads.is_too_long


def test_a_body_is_no_part_of_the_head() -> None:
    heads = Heads(LIMIT)
    heads.receive_data(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n" + b"a" * 500)
    events = [type(heads.next_event()) for _ in range(3)]
    assert events == [h11.Request, h11.Data, h11.EndOfMessage]


def test_a_body_with_two_lengths_is_no_http() -> None:
    heads = Heads(LIMIT)
    heads.receive_data(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    with pytest.raises(h11.RemoteProtocolError):
        heads.next_event()
    assert not heads.is_too_long


def test_what_is_no_http_is_not_called_too_long() -> None:
    heads = Heads(LIMIT)
    heads.receive_data(b"nonsense\r\n\r\n")
    with pytest.raises(h11.RemoteProtocolError):
        heads.next_event()
    assert not heads.is_too_long
