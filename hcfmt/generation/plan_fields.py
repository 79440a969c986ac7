"""The fields of a plan: defaults, derivation of missing fields from given ones, and checks for contradictions."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from math import ceil
from typing import Any, Final

from hcfmt.export.dialects import CHECKED, HC_MIGRATE
from hcfmt.generation.scenarios import SCENARIOS, scenario_fields
from hcfmt.suggestions import unknown_name

LARGEST_LEAST = 12_288  # bytes; the largest of the smallest sizes of all kinds of files, see files.contents.LEAST

_FIRST_DAY = date(1970, 1, 1)
_SHORTEST = timedelta(days=7)  # from since to until, so that rooms can be created and talked in


class _Derived:
    """The default of every field: its value is derived from the given fields."""

    def __repr__(self) -> str:
        return "derived"


DERIVED: Final[Any] = _Derived()

SMALL: Mapping[str, Any] = {
    "users": 20,
    "guests": 1,
    "deleted_users": 1,
    "rooms": 8,
    "private_rooms": 2,
    "archived_rooms": 1,
    "deleted_rooms": 1,
    "renamed_rooms": 0,
    "messages": 2_000,
    "private_share": 0.25,
    "notification_share": 0.08,
    "attachments": 20,
    "attachment_bytes": 2_000_000,
    "emoticons": 5,
    "since": date(2018, 10, 8),
    "until": date(2018, 11, 10),
    "locales": ("en_US",),
    "seed": 1,
    "nasty": False,
    "dialect": HC_MIGRATE,
    "scenarios": (),
}
"""The fields of the profile small."""


def part_of(count: int, share: float) -> int:
    """Return a share of a number, rounded; 0 for a share outside 0 to 1."""
    return round(count * share) if 0 <= share <= 1 else 0


def _messages_of_users(plan: Mapping[str, Any]) -> int:
    count: int = plan["messages"] - part_of(plan["messages"], plan["notification_share"])
    return count


# Each part, the most that its whole leaves for it, and the other part that takes from the same whole.
_PARTS: tuple[tuple[str, Callable[[Mapping[str, Any]], Any], str], ...] = (
    ("guests", lambda plan: plan["users"] - 1, "deleted_users"),
    ("deleted_users", lambda plan: plan["users"] - 1, "guests"),
    ("private_rooms", lambda plan: plan["rooms"], ""),
    ("renamed_rooms", lambda plan: plan["rooms"], ""),
    ("archived_rooms", lambda plan: plan["rooms"], "deleted_rooms"),
    ("deleted_rooms", lambda plan: plan["rooms"], "archived_rooms"),
    ("private_share", lambda _: 1, "notification_share"),
    ("notification_share", lambda _: 1, "private_share"),
    ("attachments", _messages_of_users, ""),
    ("attachments", lambda plan: max(min(plan["attachment_bytes"], 1), plan["attachment_bytes"] // LARGEST_LEAST), ""),
)


def derived_fields(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all fields of a plan: the given ones, and those of the base as they fit the given ones.

    A whole grows to hold its given parts, then a part shrinks to what its whole leaves for it: of two users no three
    are guests. The bytes of attachments follow their number. Scenarios change the base.
    """
    set_by_scenarios = _set_by_scenarios(base, given)
    base = {**base, **set_by_scenarios}
    plan, settled = _with_wholes({**base, **given}, base, given), {*given}
    for name, maximum, rival in _PARTS:
        if name not in given:
            plan[name] = max(0, min(plan[name], maximum(plan) - (plan[rival] if rival in settled else 0)))
            settled.add(name)
    if "attachment_bytes" not in {*given, *set_by_scenarios}:
        plan["attachment_bytes"] = base["attachment_bytes"] * plan["attachments"] // base["attachments"]
    return plan


def _set_by_scenarios(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that known scenarios set; the others are reported by ``problems``."""
    names = given.get("scenarios", base["scenarios"])
    known = [name for name in names if name in SCENARIOS] if isinstance(names, tuple) else []
    return scenario_fields(known, given)


def _with_wholes(plan: dict[str, Any], base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Change the wholes of a plan that are not given, so that they hold the given parts; return it."""
    needed = {name: given.get(name, 0) for name in base}
    if "users" not in given:
        plan["users"] = max(plan["users"], needed["guests"] + needed["deleted_users"] + 1)
    if "rooms" not in given:
        rooms = needed["archived_rooms"] + needed["deleted_rooms"], needed["private_rooms"], needed["renamed_rooms"]
        plan["rooms"] = max(plan["rooms"], *rooms) if plan["messages"] else 0
    if not plan["rooms"]:  # only private messages need no room
        plan["private_share"] = given.get("private_share", 1.0)
        plan["notification_share"] = given.get("notification_share", 0.0)
    share = plan["notification_share"]
    if "messages" not in given and share < 1:
        plan["messages"] = max(plan["messages"], ceil(needed["attachments"] / (1 - share)))
    if plan["until"] - plan["since"] < _SHORTEST:
        days = (base["until"] - base["since"]).days
        if "until" not in given:
            plan["until"] = date.fromordinal(min(plan["since"].toordinal() + days, date.max.toordinal()))
        elif "since" not in given:
            plan["since"] = date.fromordinal(max(plan["until"].toordinal() - days, _FIRST_DAY.toordinal()))
    return plan


def problems(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each impossible value of a field, and for each contradiction between two fields."""
    for name, value in plan.items():
        if isinstance(value, int) and value < 0:
            yield f"{name} must be 0 or more, not {value:,}."
        if name.endswith("_share") and not 0 <= value <= 1:
            yield f"{name} must be between 0 and 1, not {value}."
    yield from _wrong_parts(plan)
    yield from _wrong_messages(plan)
    if plan["since"] < _FIRST_DAY:
        yield f"since must be {_FIRST_DAY} or later, not {plan['since']}."
    if plan["until"] - plan["since"] < _SHORTEST:
        days = f"{_SHORTEST.days} days"
        yield f"until is {plan['until']} but since is {plan['since']}: until must be at least {days} later."
    if not isinstance(plan["locales"], tuple) or not plan["locales"]:
        yield f"locales must be a tuple of names such as ('de_DE', 'en_GB'), not {plan['locales']!r}."
    if plan["dialect"] not in CHECKED:
        yield unknown_name("dialect", str(plan["dialect"]), CHECKED)
    yield from _wrong_scenarios(plan)


def _wrong_scenarios(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each unknown scenario, and for each that lacks what it needs."""
    if not isinstance(plan["scenarios"], tuple):
        yield f"scenarios must be a tuple of names such as ('code', 'large-ids'), not {plan['scenarios']!r}."
        return
    for name in plan["scenarios"]:
        if name not in SCENARIOS:
            yield unknown_name("scenario", str(name), SCENARIOS)
        else:
            yield from (
                f"{need} is 0, but the scenario {name} needs some." for need in SCENARIOS[name].needs if not plan[need]
            )


def _wrong_parts(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each part of the users or rooms that exceeds its whole."""
    if plan["users"] < 1:
        yield f"users must be 1 or more, not {plan['users']:,}."
    if plan["guests"] + plan["deleted_users"] >= plan["users"]:
        yield f"{_values(plan, 'guests', 'deleted_users')} but {_values(plan, 'users')}: one user must be neither."
    for parts in (("private_rooms",), ("renamed_rooms",), ("archived_rooms", "deleted_rooms")):
        if sum(plan[part] for part in parts) > plan["rooms"]:
            yield f"{_values(plan, *parts)} but {_values(plan, 'rooms')}."


def _wrong_messages(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each number of messages and attachments that contradicts another one."""
    messages, files = plan["messages"], plan["attachments"]
    if not plan["rooms"] and part_of(messages, plan["notification_share"]):
        yield f"{_values(plan, 'rooms')} but {_values(plan, 'notification_share')}: notifications need a room."
    if not plan["rooms"] and messages > part_of(messages, plan["private_share"]):
        yield f"{_values(plan, 'rooms')} but {_values(plan, 'private_share')}: the other messages need a room."
    if plan["rooms"] and not messages:
        yield f"{_values(plan, 'rooms')} but {_values(plan, 'messages')}: the histories would look lost."
    if round(plan["private_share"] + plan["notification_share"], 9) > 1:
        yield f"{_values(plan, 'private_share', 'notification_share')}: together they must be 1 or less."
    if files > _messages_of_users(plan):
        shares = _values(plan, "messages", "notification_share")
        yield f"{_values(plan, 'attachments')} but {shares}: only messages of users have attachments."
    if plan["attachment_bytes"] and not files:
        yield f"{_values(plan, 'attachment_bytes')} but {_values(plan, 'attachments')}."
    if plan["attachment_bytes"] < files * LARGEST_LEAST:
        values = f"{_values(plan, 'attachment_bytes')} but {_values(plan, 'attachments')}"
        yield f"{values}: each attachment needs {LARGEST_LEAST:,} bytes."


def _values(plan: Mapping[str, Any], *names: str) -> str:
    """Return names with their values, as in "guests is 3 and deleted_users is 2"."""
    return " and ".join(f"{name} is {plan[name]:,}" for name in names)
