"""The contract: validity, completeness, references to the schemas of exports."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from hcfmt.export import schemas
from hcfmt.server.errors import ApiError
from hcfmt.server.http.bodies import read_body
from hcfmt.server.openapi import contract
from hcfmt.server.openapi.error_messages import MESSAGES
from hcfmt.server.store import Upload

FILE = Path(__file__).parents[3] / "schemas" / "api" / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(FILE.read_bytes())
BASE = "http://127.0.0.1:1234/v2"
SERVED = contract.document(BASE)

OPERATIONS = {operation.id: operation for operation in contract.operations()}
METHODS = ("get", "put", "post", "delete")
DOCUMENTED = {
    node["operationId"]: (path, method, node)
    for path, item in DOCUMENT["paths"].items()
    for method, node in item.items()
    if method in METHODS
}

SOURCE = re.compile(r"\.\./\.\./docs/api\.md#[a-z0-9-]+|https://www\.rfc-editor\.org/rfc/rfc9110#section-[0-9.]+")
AREAS = [
    *("Capabilities", "OAuth Sessions", "Rooms", "Users", "Messages", "Webhooks", "Emoticons", "Sessions", "Add-ons"),
]

# What an API object has that is the very thing that a record of the export has.
SHARED = {
    "UserReference": {"id": "export/users", "mention_name": "export/users", "name": "export/users"},
    "User": dict.fromkeys(
        ("id", "mention_name", "name", "email", "is_deleted", "roles", "timezone", "title"), "export/users"
    ),
    "MemberReference": {"id": "export/users", "mention_name": "export/users", "name": "export/users"},
    "RoomReference": dict.fromkeys(("id", "is_archived", "name", "privacy"), "export/rooms"),
    "Room": dict.fromkeys(("id", "is_archived", "name", "privacy", "guest_access_url", "topic"), "export/rooms"),
    "RoomCreation": {"privacy": "export/rooms"},
    "RoomUpdate": {"privacy": "export/rooms"},
    "EmoticonReference": {"id": "export/emoticons", "shortcut": "export/emoticons"},
    "Emoticon": dict.fromkeys(("id", "shortcut", "width", "height"), "export/emoticons"),
    "Message": {
        "id": "messages/common",
        "color": "messages/NotificationMessage",
        "card": "messages/NotificationMessage",
    },
    "Sent": {"id": "messages/common"},
}

each_operation = pytest.mark.parametrize("name", DOCUMENTED)


def nodes(node: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON value
    """Yield every object of a JSON value with its pointer."""
    if isinstance(node, dict):
        yield pointer, node
        for key, inner in node.items():
            yield from nodes(inner, f"{pointer}/{key}")
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from nodes(inner, f"{pointer}/{index}")


def at(reference: str) -> Any:  # noqa: ANN401 - any part of the document
    """Return the target of a reference of the served document; raises KeyError for an unknown one."""
    node: Any = SERVED
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def body_error(name: str, content_type: str, data: bytes) -> ApiError:
    with pytest.raises(ApiError) as excinfo:
        read_body(OPERATIONS[name], content_type, data)
    return excinfo.value


def test_it_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(SERVED).validate()
    OpenAPIV31SpecValidator(DOCUMENT, base_uri=FILE.as_uri()).validate()


def test_every_schema_is_valid() -> None:
    for schema in SERVED["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_of_the_served_document_resolves_within_it() -> None:
    references = [node["$ref"] for _, node in nodes(SERVED) if isinstance(node.get("$ref"), str)]
    assert len(references) > 500
    for reference in references:
        assert reference.startswith("#/components/")
        assert at(reference)


def test_every_component_is_used() -> None:
    used = {node["$ref"] for _, node in nodes(DOCUMENT) if "$ref" in node}
    for kind, components in DOCUMENT["components"].items():
        if kind != "securitySchemes":
            assert {f"#/components/{kind}/{name}" for name in components} <= used, kind


def test_the_served_document_names_its_own_server_only() -> None:
    assert SERVED["servers"] == [{"url": BASE}]
    assert contract.document("https://api.hipchat.com/v2")["servers"] == [{"url": "https://api.hipchat.com/v2"}]
    assert contract.document(BASE) == SERVED


def test_bundled_schemas_have_no_extension_keywords() -> None:
    bundled = {name: item for name, item in SERVED["components"]["schemas"].items() if "." in name}
    assert len(bundled) > 20
    assert [pointer for pointer, node in nodes(bundled) if any(key.startswith("x-") for key in node)] == []


@pytest.mark.parametrize(("name", "key", "file"), [(n, k, f) for n, keys in SHARED.items() for k, f in keys.items()])
def test_properties_of_records_are_references_to_the_export_s_schemas(name: str, key: str, file: str) -> None:
    reference = DOCUMENT["components"]["schemas"][name]["properties"][key]["$ref"]
    assert reference.startswith(f"../{file}.json#/")
    assert schemas.resolve_reference(reference, contract.API)


def test_dates_of_accounts_and_rooms_are_those_of_the_export() -> None:
    moment = DOCUMENT["components"]["schemas"]["Moment"]["anyOf"]
    assert moment == [{"$ref": "../messages/common.json#/$defs/iso-date"}, {"type": "null"}]


def test_it_has_the_nine_areas_and_an_operation_in_each() -> None:
    assert [tag["name"] for tag in DOCUMENT["tags"]] == AREAS
    assert {tag for _, _, node in DOCUMENTED.values() for tag in node["tags"]} == set(AREAS)


def test_every_operation_has_a_name_of_its_own_in_lower_camel_case() -> None:
    count = sum(method in METHODS for item in DOCUMENT["paths"].values() for method in item)
    assert len(DOCUMENTED) == count == len(OPERATIONS)
    assert all(re.fullmatch("[a-z]+([A-Z][a-z]+)+", name) for name in DOCUMENTED)


@each_operation
def test_every_operation_has_a_summary_and_sources(name: str) -> None:
    operation = DOCUMENTED[name][2]
    assert re.fullmatch(r"[A-Z].*[^.]", operation["summary"])
    assert operation["x-source"]


@pytest.mark.parametrize("kind", ["parameters", "headers", "responses", "schemas", "securitySchemes"])
def test_every_component_has_a_description_and_sources(kind: str) -> None:
    for name, node in DOCUMENT["components"][kind].items():
        assert node["x-source"], name
        assert node["description"].endswith("."), name


def test_every_source_is_of_a_known_kind_and_every_doubt_is_a_sentence() -> None:
    for pointer, node in nodes(DOCUMENT):
        if isinstance(node.get("x-source"), list):
            assert [item for item in node["x-source"] if not SOURCE.fullmatch(item)] == [], pointer
        if "x-unproven" in node:
            assert re.fullmatch(r"(?s)[A-Z`].*\.", node["x-unproven"]), pointer


@each_operation
def test_every_operation_has_a_parameter_for_each_part_of_its_path(name: str) -> None:
    path = DOCUMENTED[name][0]
    node = [
        at(parameter["$ref"]) if "$ref" in parameter else parameter
        for parameter in SERVED["paths"][path].get("parameters", ())
    ]
    assert {item["name"] for item in node if item["in"] == "path"} == set(re.findall(r"\{([a-z_]+)\}", path))


@each_operation
def test_every_operation_documents_its_errors(name: str) -> None:
    path, method, node = DOCUMENTED[name]
    expected = {"400", "405", "429", "5XX"}
    if node.get("security") != []:
        expected |= {"401"}
    if not OPERATIONS[name].is_open:
        expected |= {"403", "202"}
    if "{" in path:
        expected |= {"404"}
    if method != "get":
        expected |= {"413"}
    assert expected <= node["responses"].keys()
    for status, response in node["responses"].items():
        described = at(response["$ref"]) if "$ref" in response else response
        assert {f"X-Ratelimit-{item}" for item in ("Limit", "Remaining", "Reset")} <= described["headers"].keys()
        if status[0] in "45":
            assert described["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}


@each_operation
def test_every_operation_with_a_token_has_auth_test(name: str) -> None:
    operation = OPERATIONS[name]
    assert ("auth_test" in operation.query([])) == (not operation.is_open)


def test_every_example_of_an_error_is_valid() -> None:
    error = Draft202012Validator({**SERVED["components"]["schemas"]["Error"], "components": SERVED["components"]})
    for name, node in SERVED["components"]["responses"].items():
        for content in node.get("content", {}).values():
            for sample in content.get("examples", {}).values():
                error.validate(sample["value"])
                assert list(sample["value"]["error"]) == sorted(sample["value"]["error"]), name


@pytest.mark.parametrize(
    ("name", "method", "path", "scopes", "is_open", "success"),
    [
        ("getCapabilities", "GET", "/capabilities", set(), True, 200),
        ("generateToken", "POST", "/oauth/token", set(), True, 200),
        ("getToken", "GET", "/oauth/token/{token}", set(), False, 200),
        ("getRoom", "GET", "/room/{id_or_name}", {"view_group", "view_room"}, False, 200),
        ("createRoom", "POST", "/room", {"manage_rooms"}, False, 201),
        ("deleteRoom", "DELETE", "/room/{id_or_name}", {"manage_rooms"}, False, 204),
        ("sendRoomMessage", "POST", "/room/{id_or_name}/message", {"send_message"}, False, 201),
        ("sendRoomNotification", "POST", "/room/{id_or_name}/notification", {"send_notification"}, False, 204),
        ("getRoomHistory", "GET", "/room/{id_or_name}/history", {"view_messages"}, False, 200),
        ("getUserPhotoBySize", "GET", "/user/{id_or_email}/photo/{size}", {"view_group"}, False, 302),
        ("updateUser", "PUT", "/user/{id_or_email}", {"admin_group"}, False, 204),
    ],
)
def test_an_operation_has_the_properties_of_the_document(
    *, name: str, method: str, path: str, scopes: set[str], is_open: bool, success: int
) -> None:
    operation = OPERATIONS[name]
    assert (operation.method, operation.path, set(operation.scopes), operation.is_open, operation.success) == (
        method,
        path,
        scopes,
        is_open,
        success,
    )


def test_every_needed_scope_is_documented() -> None:
    documented = set(SERVED["components"]["schemas"]["Scope"]["enum"])
    assert set().union(*(operation.scopes for operation in OPERATIONS.values())) <= documented


def test_every_keyword_of_a_request_has_its_message() -> None:
    request_schemas = [
        *(parameter.schema for operation in OPERATIONS.values() for parameter in operation.parameters),
        *(schema for operation in OPERATIONS.values() for schema in operation.content.values()),
    ]
    silent = {"description", "default", "title", "examples", "properties", "items", "additionalProperties"}
    silent |= {"format", "contentEncoding", "contentMediaType", "required"}
    used = {key for schema in request_schemas for part in _schemas(schema) for key in part if not key.startswith("x-")}
    assert used - silent <= set(MESSAGES)


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a part of a schema
    yield schema
    for inner in schema.get("properties", {}).values():
        yield from _schemas(inner)
    if "items" in schema:
        yield from _schemas(schema["items"])


def test_no_request_schema_forbids_unknown_properties_but_those_in_parts_of_a_card() -> None:
    parts = [
        part for operation in OPERATIONS.values() for schema in operation.content.values() for part in _schemas(schema)
    ]
    closed = {tuple(sorted(part["properties"])) for part in parts if "additionalProperties" in part}
    assert closed == {("format", "value"), ("html", "icon"), ("label", "value"), ("icon", "label", "style", "url")}


def test_what_is_taken_as_json_is_taken_as_a_form() -> None:
    form = "application/x-www-form-urlencoded"
    for operation in OPERATIONS.values():
        assert operation.content.get("application/json") == operation.content.get(form), operation.id


def test_an_operation_without_a_body_ignores_it() -> None:
    assert read_body(OPERATIONS["deleteRoom"], "text/nonsense", b"\xff") is None


def test_a_body_is_read_with_its_defaults() -> None:
    body = read_body(OPERATIONS["sendRoomNotification"], "application/json", b'{"message": "hi", "token": "x"}')
    expected = {"message": "hi", "color": "yellow", "notify": False, "message_format": "html", "from": ""}
    assert body == expected


def test_a_file_is_read_with_its_metadata() -> None:
    data = b'--b\r\n\r\n{"message": "hi"}\r\n--b\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n'
    upload = read_body(OPERATIONS["shareFileWithRoom"], "multipart/related; boundary=b", data)
    assert upload == Upload("file", "image/png", b"\x89PNG", {"message": "hi"})


@pytest.mark.parametrize(
    ("data", "message", "details"),
    [
        (
            b'{"message": "hi", "notify": "true"}',
            "Value u'true' for field 'notify' is not of type 'boolean'",
            {"expected_type": "boolean", "field": "notify", "validation": "type", "value": "true"},
        ),
        (
            b'{"color": "red"}',
            "Required field 'message' is missing",
            {"field": "message", "validation": "optional", "value": None},
        ),
        (
            b'{"message": "hi", "card": {"thumbnail": {"url": 7}}}',
            "Value 7 for field 'card.thumbnail.url' is not of type 'string'",
            {"expected_type": "string", "field": "card.thumbnail.url", "validation": "type", "value": 7},
        ),
    ],
)
def test_an_invalid_body_has_hipchat_s_message(data: bytes, message: str, details: dict[str, Any]) -> None:
    error = body_error("sendRoomNotification", "application/json", data)
    assert (error.status, error.message, error.details) == (400, message, details)
