"""Targets of requests: origins, paths, own and foreign hosts."""

import pytest

from hcfmt.server.errors import ApiError
from hcfmt.server.http.target import own_host, parse_target


@pytest.mark.parametrize(
    ("scheme", "host", "path", "origin", "rest"),
    [
        ("http", "localhost:8080", "/v2/room", "http://localhost:8080", "/v2/room"),
        ("https", "api.hipchat.com", "/v2", "https://api.hipchat.com", "/v2"),
        ("http", "127.0.0.1:80", "/", "http://127.0.0.1", "/"),
        ("https", "x:80", "/", "https://x:80", "/"),
        ("https", "x:443", "/", "https://x", "/"),
        ("http", "[::1]:8080", "/", "http://[::1]:8080", "/"),
        ("http", None, "/", "http://127.0.0.1:1234", "/"),
        ("http", "", "/", "http://127.0.0.1:1234", "/"),
        ("http", "other", "http://api.hipchat.com/v2/room", "http://api.hipchat.com", "/v2/room"),
        ("http", "other", "HTTPS://api.hipchat.com:443/v2", "https://api.hipchat.com", "/v2"),
        ("http", "other", "http://api.hipchat.com", "http://api.hipchat.com", "/"),
    ],
)
def test_the_origin_is_the_one_that_the_client_used(
    scheme: str, host: str | None, path: str, origin: str, rest: str
) -> None:
    parsed = parse_target(scheme, host, "127.0.0.1:1234", path)
    assert (parsed.origin, parsed.path) == (origin, rest)


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        *(
            (host, True)
            for host in ("127.0.0.1:80", "localhost", "LocalHost:1", "app.localhost", "[::1]:7", "192.0.2.7:9")
        ),
        *((host, True) for host in ("api.hipchat.com", "API.hipchat.com.:443", "acme.hipchat.com", "hipchat.com")),
        *((host, False) for host in ("evil.example", "evilhipchat.com", "hipchat.com.evil.example", "192.0.2.8")),
        *((host, False) for host in ("xlocalhost", "127.0.0.1.evil.example", "127.0.0.2", "[::2]:80")),
    ],
)
def test_a_foreign_host_is_replaced_by_the_local_address(host: str, *, is_own: bool) -> None:
    assert own_host(host, "192.0.2.7:1234") == (host if is_own else "192.0.2.7:1234")


@pytest.mark.parametrize("host", [None, "", "x/y", "a b"])
def test_a_malformed_host_is_left_unchanged(host: str | None) -> None:
    assert own_host(host, "192.0.2.7:1234") == host


@pytest.mark.parametrize(
    "host",
    ["a b", "x/y", "x?y", "x#y", "x@y", "x:port", "x:123456", "[x]", "::1", "x\ty", "ü", '"', "<script>", "x\\y"],
)
def test_a_malformed_host_is_refused(host: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        parse_target("http", host, "127.0.0.1:1234", "/v2")
    assert excinfo.value.status == 400
    with pytest.raises(ApiError):
        parse_target("http", "x", "127.0.0.1:1234", f"http://user:password@{host}/v2")
