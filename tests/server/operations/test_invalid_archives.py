"""Operations on invalid records: missing properties, and properties of other types."""

from collections.abc import Iterator, Mapping

import pytest

from hcfmt.server.api import tokens
from tests.support.api import MAIN, Api
from tests.support.invalid_records import HISTORY, ROOMS, USERS
from tests.support.store_exports import members, store_of

READS: list[tuple[str, Mapping[str, object] | None, str]] = [
    ("getAllUsers", None, "expand=items"),
    ("getAllRooms", None, "expand=items"),
    ("getRoomHistory", {"id_or_name": 11}, "date=2100-01-01"),
    *((item, {"id_or_name": room}, "") for item in ("getRoom", "getAllRoomParticipants") for room in (11, 12, 13)),
    ("getAllRoomMembers", {"id_or_name": 13}, ""),
    *(("getUser", {"id_or_email": user}, "") for user in (1, 2, 3)),
]
WRITES: list[tuple[str, Mapping[str, object] | None, Mapping[str, object] | None]] = [
    ("createRoom", None, {"name": "Another"}),
    ("createUser", None, {"name": "New", "email": "new@a.example"}),
    *(("sendRoomMessage", {"id_or_name": room}, {"message": "x"}) for room in (11, 12, 13)),
    *(("setRoomTopic", {"id_or_name": room}, {"topic": "x"}) for room in (11, 12, 13)),
    ("addRoomMember", {"id_or_name": 13, "id_or_email": 3}, None),
    ("deleteRoom", {"id_or_name": 12}, None),
    ("deleteUser", {"id_or_email": 2}, None),
]


@pytest.fixture
def api() -> Iterator[Api]:
    histories = {"rooms/11": HISTORY}
    with store_of(members(USERS, ROOMS, histories)) as store:
        tokens.put_main_token(store, MAIN)
        yield Api(store)


@pytest.mark.parametrize(("operation", "path", "query"), READS)
def test_invalid_records_can_be_read(api: Api, operation: str, path: Mapping[str, object] | None, query: str) -> None:
    assert api(operation, path, query).status == 200


@pytest.mark.parametrize(("operation", "path", "body"), WRITES)
def test_invalid_records_can_be_changed(
    api: Api, operation: str, path: Mapping[str, object] | None, body: Mapping[str, object] | None
) -> None:
    assert api(operation, path, body=body).status < 300


def test_messages_without_a_possible_date_are_omitted(api: Api) -> None:
    assert api.store.omissions == {"unreadable messages": 2}
