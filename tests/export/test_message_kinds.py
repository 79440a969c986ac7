"""The table of message kinds agrees with the schemas of messages."""

import pytest

from hcfmt.export.message_kinds import MESSAGE_KINDS, MessageKind, room_states
from hcfmt.export.schemas import resolved

STATES = [kind for kind in MESSAGE_KINDS if kind.state]


@pytest.mark.parametrize("kind", MESSAGE_KINDS, ids=lambda kind: kind.name)
def test_a_kind_has_the_type_of_its_schema(kind: MessageKind) -> None:
    schema = resolved(f"messages/{kind.name}")
    assert schema["properties"]["type"]["const"] == kind.type


@pytest.mark.parametrize("kind", STATES, ids=lambda kind: kind.name)
def test_a_kind_that_sets_a_state_does_so_with_properties_of_its_schema(kind: MessageKind) -> None:
    room = resolved("export/rooms")["items"]["properties"]["Room"]
    assert kind.state in room["required"]
    own = set(resolved(f"messages/{kind.name}")["required"]) - {"id", "type", "sender", "message", "timestamp"}
    assert set(kind.properties("")) == own


def test_the_states_of_a_room_are_those_of_its_record() -> None:
    room = dict.fromkeys(kind.state for kind in STATES) | {"topic": "Lunch", "guest_access_url": "https://x.example/g1"}
    states = {state.kind: state.properties for state in room_states(room)}
    assert set(states) == {kind.name for kind in STATES}
    assert states["TopicRoomMessage"] == {"topic": "Lunch"}
    assert states["GuestAccessMessage"] == {"enable_guest_access": True, "url": "https://x.example/g1"}
