"""Properties of all operations: a function each, and 404 for unknown rooms and users."""

from pathlib import Path

import pytest

from hcfmt.server.errors import ApiError
from hcfmt.server.http.schema_text import example
from hcfmt.server.openapi import contract
from hcfmt.server.operations import OPERATIONS
from tests.support.api import OPERATIONS as CONTRACT
from tests.support.api import Api

UPLOADS = {name for name, operation in CONTRACT.items() if any("multipart" in kind for kind in operation.content)}
OF_A_ROOM = {name for name, operation in CONTRACT.items() if "{id_or_name}" in operation.path}
OF_A_USER = {name for name, operation in CONTRACT.items() if operation.path.startswith("/user/{id_or_email}")}
BODIES = {
    name: example(next(iter(operation.content.values())), lambda _: {})
    for name, operation in CONTRACT.items()
    if operation.content
}
OTHER_PARAMETERS = {
    "message_id": "x",
    "id_or_email": "1",
    "webhook_id": 1,
    "size": "big",
    "extension_type": "glance",
    "extension_key": "k",
}


def test_contract_and_code_define_the_same_operations() -> None:
    operations = {operation.id for operation in contract.operations()}
    assert operations - OPERATIONS.keys() == set(), "these lack a function in hcfmt/server/operations/"
    assert OPERATIONS.keys() - operations == set(), "schemas/api/openapi.json lacks these; a helper begins with _"


def test_every_operation_is_in_a_test() -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert {name for name in OPERATIONS if f'"{name}"' not in tests} == set(), "add tests to tests/server/operations/"


@pytest.mark.parametrize("key", ["No such room", "0", "99999999999999999999", "\0", "é" * 5_000])
@pytest.mark.parametrize("operation", sorted(OF_A_ROOM - UPLOADS))
def test_an_unknown_room_is_404_for_every_operation(api: Api, operation: str, key: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        api(operation, OTHER_PARAMETERS | {"id_or_name": key}, body=BODIES.get(operation))
    assert excinfo.value.status == 404
    assert excinfo.value.message == f"Room {key[:200]} not found"


@pytest.mark.parametrize("key", ["nobody@example.com", "@nobody", "0", "99999999999999999999", "\0"])
@pytest.mark.parametrize("operation", sorted(OF_A_USER - UPLOADS))
def test_an_unknown_user_is_404_for_every_operation(api: Api, operation: str, key: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        api(operation, OTHER_PARAMETERS | {"id_or_email": key}, body=BODIES.get(operation))
    assert (excinfo.value.status, excinfo.value.message) == (404, f"User {key} not found")
