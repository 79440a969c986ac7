"""Fixes of what histories and rooms have in common: states of rooms, and messages of other people."""

from collections.abc import Mapping
from typing import Any

from hcfmt.check.export_view import ROOMS
from hcfmt.check.history_facts import OPEN, State
from hcfmt.export.references import comparable, owner_of
from hcfmt.fixes.items import Item
from hcfmt.fixes.plan import Path, Plan

_STATES = {
    "HC432": ("ArchiveRoomMessage", "is_archived"),
    "HC433": ("GuestAccessMessage", "guest_access_url"),
    "HC434": ("TopicRoomMessage", "topic"),
}
_GUESTS = "GuestAccessMessage"


def is_known(kind: str, state: State) -> bool:
    """Whether the state that the last messages of a kind set is known: guests may enter at an unknown address."""
    return kind != _GUESTS or OPEN not in state.states


def state_of_last_message(plan: Plan) -> None:
    """Set the property of a room to what its last message of the kind says."""
    kind, name = _STATES[plan.code]
    states = {path: state for path, _, state in plan.view.states(kind)}

    def fix(item: Item, path: Path, record: Mapping[str, Any]) -> None:
        state = states.get(plan.view.history_of(ROOMS, comparable(record["id"])))
        value = record.get(name) or ("" if name == "topic" else None)
        if state and not state.agrees(record[name] if name == "is_archived" else value) and is_known(kind, state):
            item.set((*path, name), min(state.states, key=str))

    plan.on_records(["Room"], fix)


def foreign_private_message(plan: Plan) -> None:
    """Drop the private messages that the owner of a history neither sent nor received."""

    def fix(item: Item, _: Path, record: Mapping[str, Any]) -> None:
        owner = owner_of(item.member)
        if owner not in {record["sender"]["id"], record["receiver"]["id"]}:
            item.remove()

    plan.on_records(["PrivateUserMessage"], fix)
