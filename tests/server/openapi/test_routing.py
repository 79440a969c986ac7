"""Targets taken apart, and paths matched with the contract's templates."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.errors import ApiError, MethodNotAllowedError
from hcfmt.server.http.target import own_host, parse_target
from hcfmt.server.openapi.contract import Operation, operations
from hcfmt.server.openapi.routing import OperationTree

TREE = OperationTree(operations())


def found(method: str, path: str) -> tuple[str, dict[str, str]]:
    operation, values = TREE.find(method, parse_target("http", "x", "", path).parts[1:])
    return operation.id, dict(values)


@pytest.mark.parametrize(
    ("path", "name", "values"),
    [
        ("/v2/room", "getAllRooms", {}),
        ("/v2/room/", "getAllRooms", {}),
        ("//v2//room", "getAllRooms", {}),
        ("/v2/room/7", "getRoom", {"id_or_name": "7"}),
        ("/v2/room/My%20Room", "getRoom", {"id_or_name": "My Room"}),
        ("/v2/room/My+Room", "getRoom", {"id_or_name": "My+Room"}),
        ("/v2/room/gr%C3%BCn", "getRoom", {"id_or_name": "grün"}),
        ("/v2/room/a%2Fb/history/", "getRoomHistory", {"id_or_name": "a/b"}),
        ("/v2/room/%2Fhistory", "getRoom", {"id_or_name": "/history"}),
        ("/v2/room/a%2Fhistory", "getRoom", {"id_or_name": "a/history"}),
        ("/v2/room/%FF", "getRoom", {"id_or_name": "\ufffd"}),
        ("/v2/room/..", "getRoom", {"id_or_name": ".."}),
        ("/v2/room/history/history", "getRoomHistory", {"id_or_name": "history"}),
        ("/v2/room/7/history/latest", "getLatestRoomHistory", {"id_or_name": "7"}),
        ("/v2/user/@somebody", "getUser", {"id_or_email": "@somebody"}),
        ("/v2/user/%40somebody", "getUser", {"id_or_email": "@somebody"}),
        ("/v2/user/a%2Bb@example.com", "getUser", {"id_or_email": "a+b@example.com"}),
    ],
)
def test_a_path_finds_its_operation_however_it_is_written(path: str, name: str, values: dict[str, str]) -> None:
    assert found("GET", path) == (name, values)
    assert found("HEAD", path) == (name, values)


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)
def test_every_operation_is_found_at_its_own_template(operation: Operation) -> None:
    values = [part for part in operation.path.split("/") if part.startswith("{")]
    path = operation.path
    for number, name in enumerate(values):
        path = path.replace(name, f"some%2F{number}")
    wanted = {name[1:-1]: f"some/{number}" for number, name in enumerate(values)}
    assert found(operation.method, f"/v2{path}") == (operation.id, wanted)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda name: name != "/"))
def test_any_name_arrives_as_it_was(name: str) -> None:
    assert found("GET", f"/v2/room/{quote(name, safe='')}/history") == ("getRoomHistory", {"id_or_name": name})


@pytest.mark.parametrize("path", ["/v2/rooms", "/v2/room/1/2/3/4", "/v2/Room", "/v2/"])
def test_nothing_is_elsewhere(path: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        found("GET", path)
    assert excinfo.value.status == 404


def test_another_method_is_not_allowed_and_those_that_are_are_told() -> None:
    with pytest.raises(MethodNotAllowedError) as excinfo:
        found("PATCH", "/v2/room")
    assert (excinfo.value.status, excinfo.value.allow) == (405, "GET, HEAD, POST")


def test_a_method_that_only_a_parameters_place_has_is_found_there() -> None:
    routes = OperationTree(
        [
            Operation("literal", "GET", "/a/b", frozenset(), is_open=True, success=200),
            Operation("parameter", "DELETE", "/a/{x}", frozenset(), is_open=True, success=204),
        ]
    )
    assert routes.find("DELETE", ("a", "b"))[0].id == "parameter"
    with pytest.raises(MethodNotAllowedError) as excinfo:
        routes.find("PUT", ("a", "b"))
    assert excinfo.value.allow == "DELETE, GET, HEAD"


def test_two_operations_of_one_place_are_a_fault() -> None:
    twice = [
        Operation(name, "GET", path, frozenset(), is_open=True, success=200)
        for name, path in (("a", "/x/{a}"), ("b", "/x/{b}"))
    ]
    with pytest.raises(ValueError, match="b has the method and path of a"):
        OperationTree(twice)


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
def test_an_origin_is_what_the_client_reached(scheme: str, host: str | None, path: str, origin: str, rest: str) -> None:
    one = parse_target(scheme, host, "127.0.0.1:1234", path)
    assert (one.origin, one.path) == (origin, rest)


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
def test_a_host_that_is_not_the_server_s_own_gives_way_to_where_it_is(host: str, *, is_own: bool) -> None:
    assert own_host(host, "192.0.2.7:1234") == (host if is_own else "192.0.2.7:1234")


@pytest.mark.parametrize("host", [None, "", "x/y", "a b"])
def test_what_is_no_host_stays_for_the_target_to_refuse(host: str | None) -> None:
    assert own_host(host, "192.0.2.7:1234") == host


@pytest.mark.parametrize(
    "host",
    ["a b", "x/y", "x?y", "x#y", "x@y", "x:port", "x:123456", "[x]", "::1", "x\ty", "ü", '"', "<script>", "x\\y"],
)
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        parse_target("http", host, "127.0.0.1:1234", "/v2")
    assert excinfo.value.status == 400
    with pytest.raises(ApiError):
        parse_target("http", "x", "127.0.0.1:1234", f"http://user:password@{host}/v2")
