"""Fixes that add deleted users and rooms, to which references and histories of nobody then belong."""

from typing import Any

from hcfmt.check.catalogue import RULES
from hcfmt.check.export_view import ROOMS, ExportView
from hcfmt.check.rules import run_rules
from hcfmt.export.dialects import CLOUD, HC_MIGRATE, SERVER
from hcfmt.fixes.histories import is_known
from hcfmt.fixes.plan import Plan

_CREATED = "1970-01-01T00:00:00+00:00"
_NOT_WRITTEN = {
    HC_MIGRATE: frozenset[str](),
    SERVER: frozenset({"metadata", "canonical_name", "is_deleted of Room"}),
    CLOUD: frozenset({"metadata", "rooms", "canonical_name", "room_admins", "is_deleted of Room"}),
}
"""The properties that the files of a dialect do not have."""


def add_user(plan: Plan, number: int) -> None:
    """Add a deleted user with an id, of whom nothing else is known, unless one is added already."""
    if number in plan.people:
        return
    dialect = plan.view.layout.dialect.name
    user = {
        "id": number,
        "name": f"Deleted user {number}",
        "mention_name": f"deleted{number}",
        "email": None,
        "title": "",
        "avatar": "" if dialect == HC_MIGRATE else None,
        "created": _CREATED,
        "is_deleted": True,
        "timezone": "UTC",
        "account_type": "user",
        "roles": ["user"],
        "rooms": [],
        "metadata": "{}",
    }
    plan.people.add(number)
    plan.append("users.json", {"User": _in_dialect(user, "User", dialect)})


def history_of_unknown_user(plan: Plan) -> None:
    """Add a deleted user for each directory of nobody, and leave out the pictures in it."""
    for number in _unknown(plan, "user"):
        add_user(plan, number)
        plan.drop(f"{plan.extra}users/{number}/avatars")


def history_of_unknown_room(plan: Plan) -> None:
    """Add a deleted room for each directory of no room, with the state that its last messages set."""
    view = plan.view
    dialect = view.layout.dialect.name
    for number in _unknown(plan, "room"):
        plan.append("rooms.json", {"Room": _in_dialect(_room(view, number), "Room", dialect)})


def _unknown(plan: Plan, thing: str) -> list[int]:
    """Return the ids that the rule reports."""
    flaws = run_rules([RULES[plan.code]], plan.view)
    return [int(str(flaw.values[thing])) for code, flaw in flaws if code == plan.code]


def _room(view: ExportView, number: int) -> dict[str, Any]:
    """Return the record of a deleted room; a user of the export owns it, as somebody must."""
    owner = min((int(user) for user in view.names["user"]), default=None)
    histories = view.history(ROOMS, number).states.items()
    states = {kind: min(state.states, key=str) for kind, state in histories if is_known(kind, state)}
    return {
        "id": number,
        "created": _CREATED,
        "guest_access_url": states.get("GuestAccessMessage"),
        "is_archived": states.get("ArchiveRoomMessage", True),
        "members": [] if owner is None else [owner],
        "canonical_name": f"deleted_room_{number}",
        "name": f"Deleted room {number}",
        "owner": owner,
        "participants": [],
        "privacy": "private",
        "room_admins": [],
        "topic": states.get("TopicRoomMessage", ""),
        "is_deleted": True,
    }


def _in_dialect(record: dict[str, Any], kind: str, dialect: str) -> dict[str, Any]:
    absent = _NOT_WRITTEN.get(dialect, frozenset())
    return {name: value for name, value in record.items() if name not in absent and f"{name} of {kind}" not in absent}
