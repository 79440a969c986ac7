"""Fixes of single values of records, at the places that their schemas and the rules of records report."""

import re
from collections.abc import Callable
from typing import Any

from hcfmt.findings import Flaw
from hcfmt.fixes.defaults import address_of, roles_of
from hcfmt.fixes.doubles import drop_record
from hcfmt.fixes.items import Item
from hcfmt.fixes.plan import FlawFix, Path, Plan
from hcfmt.fixes.texts import unstorable

_DATE = len("2018-04-02T15:40:44Z")
_DIGITS = 6  # of microseconds
_TEXTS = frozenset({"topic", "title", "url"})
_TAG = r"(?i)<(?=\s*/?\s*(?:head|style|script|body))"  # that silences html2text
_LIMITS = {"name": 100, "mention_name": 64, "title": 128}  # characters that targets take
_TOPIC, _ROOM_NAME = 250, 50  # characters


def _at_flaw(fix: FlawFix) -> Callable[[Plan], None]:
    """Return the fix that calls a function for everything that schemas report."""
    return lambda plan: plan.on_flaw(fix)


def _written(edit: Callable[[Any], Any]) -> Callable[[Plan], None]:
    """Return the fix that writes another value in place of one that a schema reports."""
    return _at_flaw(lambda item, path, _: item.set(path, edit(item.at(path))))


def _null_for_empty(item: Item, path: Path, _: Flaw) -> None:
    name = path[-1] if path else ""
    if name == "mentions" and "UserMessage" in path:  # which a room message of hc-migrate does not have
        item.drop(path)
    elif path and name == "roles":
        item.set(path, roles_of(item.at(path[:-1])))
    elif path and name != "owner":
        item.set(path, "" if name in _TEXTS else [])


def _members_as_objects(item: Item, path: Path, _: Flaw) -> None:
    if isinstance(item.at(path), dict):
        item.set(path, item.at(path)["id"])


def _roles(roles: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    return ["user", *(roles or ())]


def _microseconds(stamp: str) -> str:
    """Return a timestamp with six digits behind the blank, as a fraction of the second."""
    return f"{stamp[:_DATE]} {stamp[_DATE + 1 :][:_DIGITS]:0<{_DIGITS}}"


def _long_name(item: Item, path: Path, _: Flaw) -> None:
    item.set(path, item.at(path)[: _ROOM_NAME if path[-1] == "name" else _TOPIC])


def _long_account_text(item: Item, path: Path, _: Flaw) -> None:
    if limit := _LIMITS.get(str(path[-1])):
        item.set(path, item.at(path)[:limit])


def _first_address(item: Item, path: Path, _: Flaw) -> None:
    addresses = re.findall(r"[^\s,;<>()\"]+@[^\s,;<>()\"]+", item.at(path))
    if addresses:
        item.set(path, addresses[0])


def _missing_email(item: Item, path: Path, _: Flaw) -> None:
    user = path if path[-1] == "User" else path[:-1]
    item.set((*user, "email"), address_of(item.at(user)))


def _empty_message(item: Item, path: Path, _: Flaw) -> None:
    drop_record(item, path)


def _deleted_not_empty(item: Item, path: Path, _: Flaw) -> None:
    item.set((*path[:1], "message"), "")


def unstorable_text(plan: Plan) -> None:
    """Write U+FFFD for characters that databases refuse, wherever they are in a record."""
    plan.on_items(_replace_below)


def _replace_below(item: Item, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        for key, inner in list(value.items()):
            _replace_below(item, (*path, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _replace_below(item, (*path, index), inner)
    elif (text := unstorable(value)) is not None:
        item.set(path, text)


def attachment_path_disagrees(plan: Plan) -> None:
    """Write the path of the attachment into attachment_path, null without an attachment."""

    def fix(item: Item, path: Path, _: Flaw) -> None:
        attachment = item.at(path[:-1]).get("attachment")
        item.set(path, attachment["path"] if attachment else None)

    plan.on_rule(fix)


def unclosed_html_tag(plan: Plan) -> None:
    """Write &lt; in place of the < of tags that silence a converter."""
    plan.on_rule(lambda item, path, _: item.set(path, re.sub(_TAG, "&lt;", item.at(path))))


def unknown_timezone(plan: Plan) -> None:
    """Write UTC in place of the time zone."""
    plan.on_rule(lambda item, path, _: item.set(path, "UTC"))


property_dropped = _at_flaw(lambda item, path, _: item.drop(path))
members_as_objects = _at_flaw(_members_as_objects)
null_for_empty = _at_flaw(_null_for_empty)
long_name = _at_flaw(_long_name)
long_account_text = _at_flaw(_long_account_text)
first_address = _at_flaw(_first_address)
missing_email = _at_flaw(_missing_email)
empty_message = _at_flaw(_empty_message)
deleted_not_empty = _at_flaw(_deleted_not_empty)
integer_as_float = _written(int)
legacy_blanked = _written(lambda value: [] if isinstance(value, list) else "")
roles_without_user = _written(_roles)
foreign_group = _written(lambda _: 1)
no_microseconds = _written(_microseconds)
