"""Holds what is answered to the contract: each object to its schema, each answer to what its operation documents."""

from functools import cache
from typing import Any

import jsonschema_rs

from hcfmt.server.openapi import contract
from hcfmt.server.operations.call import ApiResponse


@cache
def _document() -> dict[str, Any]:
    return contract.document("http://127.0.0.1:1234/v2")


@cache
def _validator(reference: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": reference, **{key: _document()[key] for key in ("components", "paths")}}
    return jsonschema_rs.Draft202012Validator(schema)


def holds(name: str, value: object) -> None:
    """Raise unless a value is as the contract's schema of that name has it."""
    _validator(f"#/components/schemas/{name}").validate(value)


@cache
def _documented(operation: str) -> tuple[str, dict[str, Any]]:
    """Return the pointer of an operation's responses, and them."""
    for path, item in _document()["paths"].items():
        for method, told in item.items():
            if method != "parameters" and told["operationId"] == operation:
                escaped = path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
                return f"#/paths/{escaped}/{method}/responses", told["responses"]
    raise AssertionError(f"The contract has no {operation}.")


def answers(operation: str, answer: ApiResponse) -> None:
    """Raise unless an answer is one that an operation documents: its status, its body, its headers."""
    pointer, responses = _documented(operation)
    status = str(answer.status)
    assert status in responses, f"{operation} documents no {status}"
    told = responses[status]
    if "$ref" in told:
        pointer, status = "#/components/responses", told["$ref"].rpartition("/")[2]
        told = _document()["components"]["responses"][status]
    if "content" in told:
        _validator(f"{pointer}/{status}/content/application~1json/schema").validate(answer.body)
    else:
        assert answer.body is None
    assert ("Location" in told.get("headers", {})) <= ("Location" in answer.headers)
