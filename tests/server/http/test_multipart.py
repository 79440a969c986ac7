"""Bodies in parts: cut apart as they were put together, and bounded."""

import base64
import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.server.errors import ApiError
from hcfmt.server.http.multipart import MAX_BOUNDARIES, MAX_HEAD, MAX_PARTS, Part, parts

PLAIN = Part("", "", "", b"x")


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_it_is_cut_at_its_boundary_alone(end: bytes) -> None:
    lines = (b"preamble", b"--b", b"", b"one", b"--bc", b" --b", b"--b", b"", b"", b"--b--", b"--b", b"", b"epilogue")
    assert [part.data for part in parts("b", end.join(lines))] == [end.join((b"one", b"--bc", b" --b")), b""]


@pytest.mark.parametrize(
    "data",
    [
        b"--b\r\n\r\nx",
        b"--b\r\n\r\nx\r\n--b--",
        b"--b\r\n\r\nx\r\n--b\r\n",
        b"--b\n\nx\n--b\n",
        b"--b\n\nx\n--b",
        b"\r\n--b \t\r\n\r\nx\r\n--b--  \r\nmore",
    ],
)
def test_an_end_may_be_missing_or_stand_alone(data: bytes) -> None:
    assert parts("b", data) == [PLAIN]


def test_a_parts_headers_tell_its_names_and_its_type() -> None:
    head = (
        "CONTENT-TYPE: Image/PNG; x=y\r\ncontent-disposition: form-data; filename*=UTF-8''%C3%A9.png; name=file\r\n\r\n"
    )
    assert parts("b", b"--b\r\n" + head.encode() + b"x\r\n--b--") == [Part("file", "é.png", "image/png", b"x")]


def test_a_name_may_be_written_in_utf_8() -> None:
    head = 'Content-Disposition: form-data; name="é"; filename="ü.png"\r\n\r\n'
    assert parts("b", b"--b\r\n" + head.encode() + b"x\r\n--b--") == [Part("é", "ü.png", "", b"x")]


@pytest.mark.parametrize(
    ("encoding", "data", "decoded"),
    [
        ("binary", b"\xff\r\n\n", b"\xff\r\n\n"),
        ("8BIT", b"\xff", b"\xff"),
        ("7bit", b"x", b"x"),
        ("Base64", b"eHl6\r\n eA==\r\n", b"xyzx"),
        ("quoted-printable", b"a=3Db=\r\nc", b"a=bc"),
    ],
)
def test_a_transfer_encoding_is_undone(encoding: str, data: bytes, decoded: bytes) -> None:
    (part,) = parts("b", f"--b\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + data + b"\r\n--b--")
    assert part.data == decoded


@pytest.mark.parametrize(
    ("boundary", "data", "why"),
    [
        ("", b"----", "has no boundary"),
        ("ä", b"--b", "has no boundary"),
        ("b" * 201, b"--b", "has no boundary"),
        ("b ", b"--b", "has no boundary"),
        ("b", b"", "has no parts"),
        ("b", b"--c\r\n\r\nx\r\n--c--", "has no parts"),
        ("b", b"--b--", "has no parts"),
        ("b", b"--b\r\nContent-Type: text/plain\r\n--b--", "whose headers do not end"),
        ("b", b"--b\r\n--b\r\n\r\nx--b--", "whose headers do not end"),
        ("b", b"--b\r\na:" + b"x" * MAX_HEAD + b"\r\n\r\n", "whose headers do not end"),
        ("b", b"--b\r\n\r\nx\r\n" * (MAX_PARTS + 1), f"more than {MAX_PARTS} parts"),
        ("b", b"--b" * (MAX_BOUNDARIES + 1), "contains its boundary too often"),
        ("b", b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--b--", "invalid base64"),
        ("b", b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\nabc\r\n--b--", "invalid base64"),
        ("b", b"--b\r\nContent-Transfer-Encoding: zip\r\n\r\nabc\r\n--b--", "unknown Content-Transfer-Encoding"),
    ],
)
def test_an_invalid_body_is_refused(boundary: str, data: bytes, why: str) -> None:
    with pytest.raises(ApiError, match=why) as excinfo:
        parts(boundary, data)
    assert excinfo.value.status == 400


def encoded(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data)
    # Not quopri.encodestring, which takes the line breaks of binary data for those of text.
    return b"=\r\n".join(b"=%02X" % byte for byte in data) if encoding else data


@given(
    contents=st.lists(st.binary(max_size=100), min_size=1, max_size=4), encoding=st.sampled_from(["", "base64", "qp"])
)
@example([b"\r\n", b"\n", b"--", b"\r"], "")
@example([b"\n\r\n"], "qp")
def test_any_bytes_are_returned_unchanged(contents: list[bytes], encoding: str) -> None:
    name = {"": "binary", "base64": "base64", "qp": "quoted-printable"}[encoding]
    head = f"--unlikely-7f3a\r\nContent-Transfer-Encoding: {name}\r\n\r\n".encode()
    data = b"".join(head + encoded(content, encoding) + b"\r\n" for content in contents) + b"--unlikely-7f3a--"
    assert [part.data for part in parts("unlikely-7f3a", data)] == contents


@given(
    data=st.lists(
        st.sampled_from([b"--b", b"--", b"\r\n", b"\n", b"Content-Disposition: form-data; name*=", b"x", b"\xff"])
    )
)
def test_any_pieces_are_cut_or_refused(data: list[bytes]) -> None:
    with contextlib.suppress(ApiError):
        assert 0 < len(parts("b", b"".join(data))) <= MAX_PARTS
