"""Stored files: ranges, ETags, safe headers."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.pytest_plugin import HipchatServer
from hcfmt.server.http.stored_files import _parse_range
from tests.support.serving import get, head, post, serving

ROOM = 100_001  # the first room that the generator makes
DATA = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    with serving(tmp_path_factory.mktemp("served")) as hipchat_server:
        yield hipchat_server


def share_file(server: HipchatServer, name: str, data: bytes, kind: str = "application/octet-stream") -> str:
    """Share a file in a room, and return its URL."""
    files = {"metadata": (None, b"{}", "application/json"), "file": (name, data, kind)}
    response = post(f"{server.api}/room/{ROOM}/share/file", files=files, headers=server.headers)
    assert response.status_code == 204
    history = get(f"{server.api}/room/{ROOM}/history", headers=server.headers).json()
    return str(history["items"][-1]["file"]["url"])


@pytest.fixture(scope="module")
def url(server: HipchatServer) -> str:
    return share_file(server, "some data.bin", DATA)


def test_a_file_is_served_at_the_address_that_stands_in_texts(server: HipchatServer, url: str) -> None:
    directory, name = url.split("/")[-2:]
    response = get(f"{server.url}/files/1/3/{directory}/{name}")
    assert (response.status_code, response.content) == (200, DATA)
    assert get(f"{server.url}/files/1/3/other/{name}").status_code == 404


def test_a_file_needs_no_token(url: str) -> None:
    response = get(url)
    assert (response.status_code, response.content) == (200, DATA)
    assert response.headers["Content-Length"] == str(len(DATA))
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("byte_range", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=10000-", slice(10_000, None)),
        ("bytes=-100", slice(-100, None)),
        ("bytes=-999999", slice(None)),
        ("bytes=0-999999", slice(None)),
    ],
)
def test_a_range_is_served(url: str, byte_range: str, part: slice) -> None:
    response = get(url, headers={"Range": byte_range})
    assert (response.status_code, response.content) == (206, DATA[part])
    start, stop, _ = part.indices(len(DATA))
    assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(DATA)}"


@pytest.mark.parametrize("byte_range", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_beyond_the_end_is_unsatisfiable(url: str, byte_range: str) -> None:
    response = get(url, headers={"Range": byte_range})
    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["Content-Range"] == f"bytes */{len(DATA)}"


@pytest.mark.parametrize(
    "byte_range",
    ["bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=-", "bytes", "bytes=" + "9" * 101 + "-"],
)
def test_an_invalid_range_returns_the_whole_file(url: str, byte_range: str) -> None:
    response = get(url, headers={"Range": byte_range})
    assert (response.status_code, response.content) == (200, DATA)


def test_an_unchanged_file_is_304(url: str) -> None:
    tag = get(url).headers["ETag"]
    for etags in (tag, f'"other", {tag}', f"W/{tag}"):
        response = get(url, headers={"If-None-Match": etags})
        assert (response.status_code, response.content) == (304, b"")
    assert get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_if_range_with_another_etag_returns_the_whole_file(url: str) -> None:
    tag = get(url).headers["ETag"]
    range_header = {"Range": "bytes=0-9"}
    assert get(url, headers={**range_header, "If-Range": tag}).status_code == 206
    assert get(url, headers={**range_header, "If-Range": '"other"'}).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-3"}], ids=["plain", "range"])
def test_head_returns_the_size_of_the_whole_file(url: str, headers: dict[str, str]) -> None:
    response = head(url, headers=headers)
    assert (response.status_code, response.content, response.headers["Content-Length"]) == (200, b"", str(len(DATA)))


@pytest.mark.parametrize(
    ("name", "kind", "manner"),
    [
        ("page.html", "text/html", "attachment"),
        ("drawing.svg", "image/svg+xml", "attachment"),
        ("picture.png", "image/png", "inline"),
        ("archive.zip", "application/zip", "attachment"),
    ],
)
def test_files_that_may_contain_scripts_are_attachments(
    server: HipchatServer, name: str, kind: str, manner: str
) -> None:
    headers = get(share_file(server, name, b"<script>alert(1)</script>", kind)).headers
    assert headers["Content-Disposition"].startswith(f"{manner}; filename=")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("kind", ["text/html\r\nX-Evil: 1", "text", "", "text/html; charset=utf-8", "grün/grün"])
def test_an_invalid_media_type_never_reaches_a_header(server: HipchatServer, kind: str) -> None:
    boundary = b"--x\r\n"
    part = f'Content-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: {kind}\r\n\r\n'.encode()
    body = boundary + b"Content-Type: application/json\r\n\r\n{}\r\n" + boundary + part + b"data\r\n--x--\r\n"
    headers = {**server.headers, "Content-Type": "multipart/related; boundary=x"}
    response = post(f"{server.api}/room/{ROOM}/share/file", content=body, headers=headers)
    assert response.status_code in {204, 400}
    if response.status_code == 204:
        items = get(f"{server.api}/room/{ROOM}/history", headers=server.headers).json()["items"]
        assert "x-evil" not in get(items[-1]["file"]["url"]).headers


def test_a_name_with_any_letters_is_encoded_in_ascii(server: HipchatServer) -> None:
    response = get(share_file(server, 'grün "x".bin', b"data"))
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].isascii()
    assert "filename*=UTF-8''" in response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path",
    ["", "nowhere", "users.json", "../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "%00", "rooms"],
)
def test_other_paths_are_not_found(server: HipchatServer, path: str) -> None:
    assert get(f"{server.url}/files/{path}").status_code == 404


@given(st.integers(1, 50), st.integers(0, 60), st.one_of(st.none(), st.integers(0, 60)))
def test_a_range_is_within_the_file(size: int, start: int, last: int | None) -> None:
    part = _parse_range(f"bytes={start}-{'' if last is None else last}", size)
    expected = range(size)[start : None if last is None else last + 1]
    if last is not None and last < start:
        assert part is None
    else:
        assert list(part or ()) == list(expected)
