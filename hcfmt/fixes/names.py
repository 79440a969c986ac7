"""Fixes of names that several users or rooms have, or that importers cannot take."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from hcfmt.check.export_view import ExportView
from hcfmt.export.annotations import DEFINES
from hcfmt.export.canonical_names import NAME_LENGTH, canonical_name
from hcfmt.export.references import Identifier, comparable
from hcfmt.export.schemas import resolved
from hcfmt.findings import Flaw
from hcfmt.fixes.items import Item
from hcfmt.fixes.plan import Path, Plan
from hcfmt.profiles.computed_keys import mattermost_channel, mattermost_username, rocketchat_slug

_LONGEST_MENTION_NAME = 64
_CANONICAL = "HC426"  # the rule of rooms with the same canonical name
_LONGEST_NUMBER = 5  # characters, with the blank before it
_Keys = Callable[[str], set[str]]
"""Returns all that importers make of a name; records whose names share one of these clash."""


def _mention_keys(name: str) -> set[str]:
    return {f"name {name.casefold()}", f"Mattermost {mattermost_username(name)}"}


def _room_keys(name: str) -> set[str]:
    found = {"name": name.casefold(), "Mattermost": mattermost_channel(name), "Rocket.Chat": rocketchat_slug(name)}
    return {f"{importer} {key}" for importer, key in found.items() if key}


def _canonical_keys(name: str) -> set[str]:
    return {f"canonical {name.casefold()}"}


class _Names:
    """The names of the users or rooms of an export: what clashes, and what is free."""

    def __init__(self, view: ExportView, keys: Mapping[str, _Keys]) -> None:
        """Take the things that are names, each with the keys of one."""
        self._rows: list[tuple[bool, int, Identifier, set[str]]] = []  # set apart, id as a number, id, keys
        for annotation, values in view.occurrences_of(DEFINES):
            if of_name := keys.get(annotation.arguments["thing"]):
                self._rows += [(bool(apart), int(number), number, of_name(name)) for number, name, apart in values]
        self._rows.sort(key=lambda row: row[:2])
        self._taken = {key for *_, found in self._rows for key in found}

    def clashing(self) -> set[Identifier]:
        """Return the ids whose name clashes with that of an id before; those of deleted users come last."""
        seen: dict[str, Identifier] = {}
        return {
            number for _, _, number, found in self._rows if sum(seen.setdefault(key, number) != number for key in found)
        }

    def free(self, candidates: Iterator[str], *keys: _Keys) -> str:
        """Return the first candidate that clashes with no name, which then has it."""
        for name in candidates:
            found = {key for of_name in keys for key in of_name(name)}
            if self._taken.isdisjoint(found):
                self._taken |= found
                return name
        raise ValueError("The candidates ended.")


def clashing_mention_names(plan: Plan) -> None:
    """Add a number to the mention name of the later user, or of the deleted one."""
    names = _Names(plan.view, {"mention name": _mention_keys})
    clashing = names.clashing()

    def fix(item: Item, path: Path, record: Mapping[str, Any]) -> None:
        if comparable(record["id"]) in clashing:
            stem = record["mention_name"][: _LONGEST_MENTION_NAME - _LONGEST_NUMBER]
            item.set((*path, "mention_name"), names.free((f"{stem}{number}" for number in count(2)), _mention_keys))

    plan.on_records(["User"], fix)


def clashing_room_names(plan: Plan) -> None:
    """Add a number to the name of the later room; if canonical names may clash, derive that too."""
    is_canonical = plan.code == _CANONICAL
    names = _room_names(plan.view)
    clashing = names.clashing()

    def fix(item: Item, path: Path, record: Mapping[str, Any]) -> None:
        if comparable(record["id"]) in clashing:
            stem = record["name"][: NAME_LENGTH - _LONGEST_NUMBER]
            _rename_room(item, path, names, (f"{stem} {number}" for number in count(2)), is_canonical=is_canonical)

    plan.on_records(["Room"], fix)


def _room_names(view: ExportView) -> _Names:
    return _Names(view, {"room name": _room_keys, "canonical name": _canonical_keys})


def odd_room_name(plan: Plan) -> None:
    """Name a room by its id whose name importers cannot take."""
    names = _room_names(plan.view)

    def fix(item: Item, path: Path, _: Flaw) -> None:
        room = path[:-1]
        candidates = (f"Room {item.at(room)['id']}{'.' * dots}" for dots in count())
        _rename_room(item, room, names, candidates, is_canonical=False)

    plan.on_rule(fix)


def _rename_room(item: Item, path: Path, names: _Names, candidates: Iterator[str], *, is_canonical: bool) -> None:
    """Give a room a new name; in HipChat a room that is renamed keeps its canonical name, which autojoins refer to."""
    name = names.free(candidates, _room_keys, lambda name: _canonical_keys(canonical_name(name)))
    item.set((*path, "name"), name)
    if is_canonical and "canonical_name" in item.at(path):
        item.set((*path, "canonical_name"), canonical_name(name))


def odd_mention_name(plan: Plan) -> None:
    """Leave out what ends a mention, so that the name can be mentioned; a name of nothing else is made of the id."""
    user = resolved("export/users")["items"]["properties"]["User"]["properties"]
    pattern = user["mention_name"]["x-should"][plan.code]["pattern"]
    mentionable = re.compile(pattern.removeprefix("^").removesuffix("+$"))

    def fix(item: Item, path: Path, _: Flaw) -> None:
        name = "".join(mentionable.findall(item.at(path)))
        item.set(path, name or f"user{item.at(path[:-1])['id']}")

    plan.on_flaw(fix)


def email_of_deleted(plan: Plan) -> None:
    """Drop the address of a deleted user that somebody else has."""
    holders: dict[str, set[Identifier]] = defaultdict(set)
    for annotation, values in plan.view.occurrences_of(DEFINES):
        if annotation.arguments["thing"] == "e-mail address":
            for number, address, _ in values:
                holders[address].add(number)
    shared = {address for address, numbers in holders.items() if len(numbers) > 1}

    def fix(item: Item, path: Path, record: Mapping[str, Any]) -> None:
        if record["is_deleted"] and (record["email"] or "").casefold() in shared:
            item.set((*path, "email"), None)

    plan.on_records(["User"], fix)
