"""Fixes of references to users that do not exist: the reference is dropped, or a deleted user is added."""

import json
from collections.abc import Mapping
from typing import Any

from hcfmt.check.export_view import ExportView
from hcfmt.export.annotations import REFERS, Annotation
from hcfmt.export.editable_members import Step
from hcfmt.export.references import Identifier, comparable, identifier, targets
from hcfmt.fixes.items import Item
from hcfmt.fixes.placeholders import add_user
from hcfmt.fixes.plan import Path, Plan

_GREATEST_ID = 999_999_999  # a greater one is reported by another rule


def unknown_values(view: ExportView, code: str) -> Mapping[str, tuple[Annotation, frozenset[Any]]]:
    """Return the annotations whose references a rule reports, by label, with the values that refer to nothing."""
    found = {}
    for annotation, values in view.occurrences_of(REFERS):
        if annotation.arguments["rule"] == code:
            unknown = frozenset(value for value in values if not _names_something(view, annotation, value))
            if unknown:
                found[annotation.label] = annotation, unknown
    return found


def _names_something(view: ExportView, annotation: Annotation, value: Identifier) -> bool:
    return any(name in view.names[thing] for thing, name in targets(value, annotation.arguments["to"]))


def placeholder_users(plan: Plan) -> None:
    """Add a deleted user for each id that is not a user's, and could be one."""
    for _, values in unknown_values(plan.view, plan.code).values():
        for value in sorted(value for value in values if isinstance(value, int) and 0 < value <= _GREATEST_ID):
            add_user(plan, value)


def dropped_reference(plan: Plan) -> None:
    """Drop the item of a list that holds a reference to nothing."""
    for annotation, unknown in unknown_values(plan.view, plan.code).values():
        plan.on_values([annotation], _dropping(annotation, unknown))


def _dropping(annotation: Annotation, unknown: frozenset[Any]) -> Any:  # noqa: ANN401 - a ValueFix
    thing = next(iter(annotation.arguments["to"]))

    def fix(item: Item, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
        if identifier(value, thing) in unknown or comparable(value) in unknown:
            item.drop(_item_of_list(path))

    return fix


def _item_of_list(path: Path) -> tuple[Step, ...]:
    """Return the path of the innermost item of a list on a path."""
    last = max(place for place, step in enumerate(path) if isinstance(step, int))
    return path[: last + 1]


def unknown_autojoin_target(plan: Plan) -> None:
    """Drop the entries of autojoins, which are JSON in a string, that open nothing."""
    for annotation, unknown in unknown_values(plan.view, plan.code).values():

        def fix(item: Item, path: Path, value: Any, unknown: frozenset[Any] = unknown) -> None:  # noqa: ANN401 - JSON
            entries = json.loads(value)
            kept = [entry for entry in entries if comparable(entry.get("jid")) not in unknown]
            item.set(path, json.dumps(kept, separators=(",", ":"), ensure_ascii=False))

        plan.on_values([annotation], fix)
