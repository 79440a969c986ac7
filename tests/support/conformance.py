"""Checks that objects and responses conform to the contract."""

from functools import cache
from typing import Any

import jsonschema_rs

from hcfmt.server.openapi import contract
from hcfmt.server.operations.call import ApiResponse

_PLAIN = {"date", "from", "id", "mentions", "message", "type"}
_NOTIFICATION = _PLAIN | {"attach_to", "card", "color", "message_format", "notification_sender"}
MESSAGE_KEYS = {
    "message": [_PLAIN, _PLAIN | {"file"}, _PLAIN | {"message_links"}, _PLAIN | {"file", "message_links"}],
    "notification": [_NOTIFICATION],
    "topic": [_PLAIN],
    "guest_access": [_PLAIN],
}
"""The proven sets of keys of a message by its type (docs/api.md#message)."""


@cache
def _document() -> dict[str, Any]:
    return contract.document("http://127.0.0.1:1234/v2")


@cache
def _validator(reference: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": reference, **{key: _document()[key] for key in ("components", "paths")}}
    return jsonschema_rs.Draft202012Validator(schema)


def check_object(name: str, value: object) -> None:
    """Raise if a value does not match the contract's schema of that name."""
    _validator(f"#/components/schemas/{name}").validate(value)


@cache
def _documented(operation: str) -> tuple[str, dict[str, Any]]:
    """Return the JSON pointer of an operation's responses, and the responses."""
    for path, item in _document()["paths"].items():
        for method, operation_node in item.items():
            if method != "parameters" and operation_node["operationId"] == operation:
                escaped = path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
                return f"#/paths/{escaped}/{method}/responses", operation_node["responses"]
    raise AssertionError(f"The contract has no {operation}.")


def check_response(operation: str, response: ApiResponse) -> None:
    """Raise if the status, body or headers of a response are not documented for an operation."""
    pointer, responses = _documented(operation)
    status = str(response.status)
    assert status in responses, f"{operation} documents no {status}"
    documented = responses[status]
    if "$ref" in documented:
        pointer, status = "#/components/responses", documented["$ref"].rpartition("/")[2]
        documented = _document()["components"]["responses"][status]
    if "content" in documented:
        _validator(f"{pointer}/{status}/content/application~1json/schema").validate(response.body)
    else:
        assert response.body is None
    assert ("Location" in documented.get("headers", {})) <= ("Location" in response.headers)
