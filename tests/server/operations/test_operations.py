"""Properties of all operations: a function each, and 404 for unknown rooms and users."""

import pytest

from hcfmt.server.errors import ApiError
from hcfmt.server.openapi import contract
from hcfmt.server.operations import OPERATIONS
from tests.server.operations.api import OPERATIONS as CONTRACT
from tests.server.operations.api import Api

OF_A_ROOM = sorted(name for name, operation in CONTRACT.items() if "{id_or_name}" in operation.path)
OF_A_USER = sorted(name for name, operation in CONTRACT.items() if operation.path.startswith("/user/{id_or_email}"))
BODIES = {
    "addRoomMember": {},
    "createRoomWebhook": {"url": "http://127.0.0.1/", "event": "room_message"},
    "inviteUserToRoom": {},
    "replyToRoomMessage": {"parentMessageId": "x", "message": "m"},
    "sendPrivateMessage": {"message": "m"},
    "sendRoomMessage": {"message": "m"},
    "sendRoomNotification": {"message": "m"},
    "setRoomTopic": {"topic": "t"},
    "shareLinkWithRoom": {"link": "http://x"},
    "shareLinkWithUser": {"link": "http://x"},
    "updateRoom": {},
    "updateRoomAvatar": {"avatar": "iVBORw0KGgo="},
    "updateUser": {},
    "updateUserPhoto": {"photo": "iVBORw0KGgo="},
}
OTHERS = {"message_id": "x", "id_or_email": "1", "webhook_id": 1, "size": "big"}


def test_contract_and_code_define_the_same_operations() -> None:
    assert set(OPERATIONS) == {operation.id for operation in contract.operations()}


@pytest.mark.parametrize("key", ["No such room", "0", "99999999999999999999", "\0", "é" * 5_000])
@pytest.mark.parametrize("operation", OF_A_ROOM)
def test_an_unknown_room_is_404_for_every_operation(api: Api, operation: str, key: str) -> None:
    if operation.startswith("shareFile"):
        return
    with pytest.raises(ApiError) as excinfo:
        api(operation, OTHERS | {"id_or_name": key}, body=BODIES.get(operation))
    assert excinfo.value.status == 404
    assert excinfo.value.message == f"Room {key[:200]} not found"


@pytest.mark.parametrize("key", ["nobody@example.com", "@nobody", "0", "99999999999999999999", "\0"])
@pytest.mark.parametrize("operation", OF_A_USER)
def test_an_unknown_user_is_404_for_every_operation(api: Api, operation: str, key: str) -> None:
    if operation.startswith("shareFile"):
        return
    with pytest.raises(ApiError) as excinfo:
        api(operation, OTHERS | {"id_or_email": key}, body=BODIES.get(operation))
    assert (excinfo.value.status, excinfo.value.message) == (404, f"User {key} not found")
