"""Fixes that add deleted users and rooms, to which references and histories of nobody then belong."""

from hcfmt.check.catalogue import RULES
from hcfmt.check.export_view import ROOMS
from hcfmt.check.rules import run_rules
from hcfmt.export.placeholders import placeholder_room, placeholder_user
from hcfmt.fixes.histories import is_known
from hcfmt.fixes.plan import Plan


def add_user(plan: Plan, number: int) -> None:
    """Add a deleted user with an id, of whom nothing else is known, unless one is added already."""
    if number not in plan.people:
        plan.people.add(number)
        plan.append("users.json", placeholder_user(number, plan.view.layout.dialect.name))


def history_of_unknown_user(plan: Plan) -> None:
    """Add a deleted user for each directory of nobody, and leave out the pictures in it."""
    for number in _unknown(plan, "user"):
        add_user(plan, number)
        plan.drop(f"{plan.extra}users/{number}/avatars")


def history_of_unknown_room(plan: Plan) -> None:
    """Add a private room for each directory of no room, with the state that its last messages set.

    The user with the lowest id owns it and is its member, as somebody must.
    """
    view = plan.view
    owner = min((int(user) for user in view.names["user"]), default=None)
    for number in _unknown(plan, "room"):
        histories = view.history(ROOMS, number).states.items()
        states = {kind: min(state.states, key=str) for kind, state in histories if is_known(kind, state)}
        room = placeholder_room(
            number,
            view.layout.dialect.name,
            owner=owner,
            members=[] if owner is None else [owner],
            guest_access_url=states.get("GuestAccessMessage"),
            is_archived=states.get("ArchiveRoomMessage", False),
            topic=states.get("TopicRoomMessage", ""),
        )
        plan.append("rooms.json", room)


def _unknown(plan: Plan, thing: str) -> list[int]:
    """Return the ids that the rule reports."""
    flaws = run_rules([RULES[plan.code]], plan.view)
    return [int(str(flaw.values[thing])) for code, flaw in flaws if code == plan.code]
