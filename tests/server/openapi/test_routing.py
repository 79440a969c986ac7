"""Lookup of operations by path: spellings, parameters, unknown paths and methods."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.errors import ApiError, MethodNotAllowedError
from hcfmt.server.http.target import parse_target
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
def test_a_path_finds_its_operation_in_any_spelling(path: str, name: str, values: dict[str, str]) -> None:
    assert found("GET", path) == (name, values)
    assert found("HEAD", path) == (name, values)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_every_operation_is_found_at_its_own_template(operation: Operation) -> None:
    values = [part for part in operation.path.split("/") if part.startswith("{")]
    path = operation.path
    for number, name in enumerate(values):
        path = path.replace(name, f"some%2F{number}")
    parameters = {name[1:-1]: f"some/{number}" for number, name in enumerate(values)}
    assert found(operation.method, f"/v2{path}") == (operation.id, parameters)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda name: name != "/"))
def test_any_name_is_decoded_unchanged(name: str) -> None:
    assert found("GET", f"/v2/room/{quote(name, safe='')}/history") == ("getRoomHistory", {"id_or_name": name})


@pytest.mark.parametrize("path", ["/v2/rooms", "/v2/room/1/2/3/4", "/v2/Room", "/v2/"])
def test_an_unknown_path_is_404(path: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        found("GET", path)
    assert excinfo.value.status == 404


def test_another_method_is_405_with_the_allowed_ones() -> None:
    with pytest.raises(MethodNotAllowedError) as excinfo:
        found("PATCH", "/v2/room")
    assert (excinfo.value.status, excinfo.value.allow) == (405, "GET, HEAD, POST")


def test_a_method_of_a_parameter_is_found_beside_a_literal() -> None:
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


def test_two_operations_with_one_method_and_path_are_an_error() -> None:
    twice = [
        Operation(name, "GET", path, frozenset(), is_open=True, success=200)
        for name, path in (("a", "/x/{a}"), ("b", "/x/{b}"))
    ]
    with pytest.raises(ValueError, match="b has the method and path of a"):
        OperationTree(twice)
