"""Fixes of members: those that are left out, renamed or added."""

from hcfmt.check.catalogue import RULES
from hcfmt.check.rules import run_rules
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.layout import OPTIONAL, Kind, canonical, system_of
from hcfmt.fixes.plan import Plan

_EMPTY = {
    "emoticons.json": b'{"Emoticons":[]}',
    "autojoins.json": b'{"AutoJoins":[]}',
    "preferences.json": b"{}",
    "metadata.json": b"{}",
}
_EMPTY_OF_SERVER = b'{"include_emoticons": false}'


def bad_header(plan: Plan) -> None:
    """Leave out the members whose header the rule reports, as each is read."""
    plan.headers.add(plan.code)


def duplicate_member(plan: Plan) -> None:
    """Leave out all members of a path but the first."""
    plan.doubles = plan.code


def reported_by_layout(plan: Plan) -> None:
    """Leave out the members that the rule of the layout reports."""
    plan.drop(*_reported(plan, plan.view.layout))


def reported_by_export(plan: Plan) -> None:
    """Leave out the members that the rule of the export reports."""
    plan.drop(*_reported(plan, plan.view))


def _reported(plan: Plan, subject: object) -> list[str]:
    flaws = run_rules([RULES[plan.code]], subject)
    return [canonical(flaw.member) for code, flaw in flaws if code == plan.code and flaw.member]


def unexpected_file(plan: Plan) -> None:
    """Leave out files without a place in the tree, and all that an operating system left."""
    reported_by_layout(plan)
    layout = plan.view.layout
    plan.drop(*(path for path in layout.places if system_of(path) and path not in layout.claimed))


def prefixed_members(plan: Plan) -> None:
    """Take the extra directories off the names of members."""
    plan.prefix = plan.extra
    plan.around({"prefix": plan.extra}, {"prefix": ""})


def dotted_members(plan: Plan) -> None:
    """Take ./ off the names of members."""
    plan.undotted = True
    plan.around({"prefix": "./"}, {"prefix": ""})


def absent_optional_file(plan: Plan) -> None:
    """Add the data files that the exporter always writes, as they are without any data."""
    layout = plan.view.layout
    of_server = layout.dialect.name != HC_MIGRATE
    images = any(row and row.kind is Kind.EMOTICON for row in layout.places.values())
    for name in ("metadata.json",) if of_server else OPTIONAL:
        if layout.lacks(name) and not (images and name == "emoticons.json"):  # which would name none of them
            plan.add(plan.extra + name, _EMPTY_OF_SERVER if of_server else _EMPTY[name])


def room_without_history(plan: Plan) -> None:
    """Add an empty history for each room that has none."""
    for number, _, _ in plan.view.defined("room"):
        path = plan.view.history_of("rooms", number)
        if path not in plan.view.layout.members:
            plan.add(path, b"[]")
