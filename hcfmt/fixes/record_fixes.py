"""Applies the fixes of a plan to the records of one data file, as the check finds what is wrong in them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct

from hcfmt.check.catalogue import RULES, rules_of
from hcfmt.check.rules import run_rules
from hcfmt.export.annotations import is_of_type
from hcfmt.export.editable_members import REMOVED
from hcfmt.export.records import LISTS, WRAPPERS
from hcfmt.export.schema_errors import explain, has_no_flaw
from hcfmt.export.schemas import SHAPE_GATE
from hcfmt.findings import Flaw, path_order
from hcfmt.fixes.items import Item, located
from hcfmt.fixes.plan import Path, Plan

_MOST_PASSES = 8  # over one record, as a contradiction to its schema hides other flaws


class RecordFixes(Struct, eq=False):
    """The fixes of a plan for the data files of one schema."""

    plan: Plan
    schema: str = ""

    def suspects(self, values: Sequence[Any]) -> Iterator[int]:
        """Yield the places of the elements of a list that may change, in order: those with a flaw, or all."""
        plan = self.plan
        kinds = WRAPPERS.get(self.schema, ())
        if (
            plan.items
            or plan.values.get(self.schema)
            or any(plan.records.get(kind) or self._rules(kind) for kind in kinds)
        ):
            return iter(range(len(values)))
        return self._flawed(values, 0) if plan.flaws else iter(())

    def _flawed(self, values: Sequence[Any], start: int) -> Iterator[int]:
        """Yield the places of flawed elements; parts of the list that compiled code accepts have none."""
        if not values or has_no_flaw(self.schema, values):
            return
        if len(values) == 1:
            yield start
            return
        middle = len(values) // 2
        yield from self._flawed(values[:middle], start)
        yield from self._flawed(values[middle:], start + middle)

    def apply(self, item: Item) -> None:
        """Change an item as all fixes say."""
        for code, fix in self.plan.items.items():
            _call(fix, code, item, (), item.value)
        item.end()
        is_sound = True
        for _ in range(_MOST_PASSES if self.plan.flaws or self._judges(item) else 0):
            before = item.changes
            is_sound = self._fix_flaws(item)
            item.end()
            if item.removed or item.changes == before:
                break
        if not is_sound or item.removed:
            return
        for path, kind, record in _records(item):
            self._fix_record(item, path, kind, record)
        item.end()

    def _judges(self, item: Item) -> bool:
        """Whether functions for whole records need to know that a record matches its schema."""
        return bool(self.plan.values.get(item.schema) or self.plan.records or self.plan.rules)

    def _fix_flaws(self, item: Item) -> bool:
        """Call the functions for the flaws of an item, those at its end first; return whether rules examine it."""
        flaws = list(_flaws(item))
        for path, code, flaw in sorted(flaws, key=lambda row: path_order(row[0]), reverse=True):
            if fix := self.plan.flaws.get(code):
                _call(fix, code, item, path, flaw)
        return SHAPE_GATE.isdisjoint(code for _, code, _ in flaws)

    def _fix_record(self, item: Item, path: Path, kind: str, record: Mapping[str, Any]) -> None:
        """Call the functions for a record that matches its schema."""
        for code in self._rules(kind):
            for found, flaw in list(run_rules([RULES[code]], record)) if _is_examined(code, record) else ():
                if found == code:
                    _call(self.plan.rules[code], code, item, (*path, *(flaw.path or ())), flaw)
        for code, annotation, fix in self.plan.values.get(item.schema, ()):
            if annotation.kind != kind:
                continue
            for below, value in list(located(record, annotation.path)):
                if annotation.type is None or is_of_type(value, annotation.type):
                    _call(fix, code, item, (*path, *below), value)
        for code, change in self.plan.records.get(kind, ()):
            _call(change, code, item, path, record)

    def _rules(self, kind: str) -> list[str]:
        return [rule.code for rule in rules_of(kind) if rule.code in self.plan.rules] if self.plan.rules else []


def _call(fix: Callable[[Item, Path, Any], None], code: str, item: Item, path: Path, about: object) -> None:
    """Call the function of a fix; a record of a form that it does not expect stays as it is, and its finding too."""
    item.code = code
    if not item.removed and _is_there(item, path):
        with suppress(LookupError, TypeError, ValueError, AttributeError):
            fix(item, path, about)


def _is_there(item: Item, path: Path) -> bool:
    """Whether the object or list that holds a path exists, in which another fix may have left out something."""
    try:
        return REMOVED not in (item.at(path[:-1]), *([item.at(path)] if path and isinstance(path[-1], int) else []))
    except (LookupError, TypeError):
        return False


def _is_examined(code: str, record: Mapping[str, Any]) -> bool:
    """Whether a rule of a kind of record examines a record."""
    rule = RULES[code]
    if rule.only_if_present and not any(record.get(name) for name in rule.only_if_present):
        return False
    return not rule.only_if_matches or re.search(rule.only_if_matches, record["message"]) is not None


def _flaws(item: Item) -> Iterator[tuple[Path, str, Flaw]]:
    """Yield the path inside an item, the rule's code and the flaw of all that its schema reports."""
    schema, value = item.schema, item.value
    if item.index is not None:
        if not has_no_flaw(schema, [value]):
            yield from (((flaw.path or ())[1:], code, flaw) for code, flaw in explain(schema, [value]))
        return
    if has_no_flaw(schema, value):
        return
    key, elements = _elements(item)
    if elements is None:
        yield from ((flaw.path or (), code, flaw) for code, flaw in explain(schema, value))
        return
    yield from ((flaw.path or (), code, flaw) for code, flaw in explain(schema, {**value, key: []}))
    for number, element in enumerate(elements):
        if not has_no_flaw(schema, {key: [element]}):
            for code, flaw in explain(schema, {key: [element]}):
                yield (key, number, *(flaw.path or ())[2:]), code, flaw


def _records(item: Item) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Yield path, kind and value of the records of an item."""
    if item.index is not None:
        for kind, record in list(item.value.items()):
            yield (kind,), kind, record
    elif item.schema in LISTS:
        kind, (key, elements) = LISTS[item.schema][0], _elements(item)
        for number, record in enumerate(elements or ()):
            if record is not REMOVED:
                yield (key, number), kind, record


def _elements(item: Item) -> tuple[str, list[Any] | None]:
    """Return the key and the list of a document around one; None where there is no list."""
    key = LISTS[item.schema][1] if item.schema in LISTS else ""
    elements = item.value.get(key) if key and isinstance(item.value, dict) else None
    return key, elements if isinstance(elements, list) else None
