"""Fixes of records whose id another record has: the later one is dropped, or gets an id of its own."""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

from hcfmt.check.export_view import ExportView
from hcfmt.export.annotations import DEFINES
from hcfmt.export.message_kinds import MESSAGE_KINDS
from hcfmt.export.records import LISTS
from hcfmt.export.references import identifier
from hcfmt.fixes.items import Item
from hcfmt.fixes.plan import Path, Plan

_DIGEST = 16  # bytes, those of an id


def duplicate_record(plan: Plan) -> None:
    """Keep the first record of each id, and drop the others."""
    for annotation, _ in plan.view.occurrences_of(DEFINES):
        if annotation.arguments["rule"] == plan.code:
            plan.on_values([annotation], _first_only(annotation.arguments["thing"]))


def _first_only(thing: str) -> Callable[[Item, Path, Any], None]:
    """Return a function that drops the record of an identifier that came before."""
    seen = set()

    def fix(item: Item, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
        name = identifier(value, thing)
        if name is not None and name in seen:
            drop_record(item, path)
        seen.add(name)

    return fix


def drop_record(item: Item, path: Path) -> None:
    """Leave out the record that a path is in."""
    if item.index is None and item.schema in LISTS:
        item.drop(path[:2])
    else:
        item.remove()


def duplicate_message_id(plan: Plan) -> None:
    """Drop a message that is the same as an earlier one; another message with its id gets a new id."""
    messages = _Messages(plan.view)
    plan.on_records([kind.name for kind in MESSAGE_KINDS], messages.fix)


class _Messages:
    """The ids of the messages of the history that is read, each with the digest of its first message."""

    def __init__(self, view: ExportView) -> None:
        self._histories = view.index.histories_with_repeats
        self._member = ""
        self._seen: dict[bytes, bytes] = {}

    def fix(self, item: Item, path: Path, record: Mapping[str, Any]) -> None:
        if item.member not in self._histories or item.index is None:
            return
        if item.member != self._member:
            self._member, self._seen = item.member, {}
        key = UUID(record["id"]).bytes
        digest = blake2b(orjson.dumps(item.value, option=orjson.OPT_SORT_KEYS), digest_size=_DIGEST).digest()
        first = self._seen.setdefault(key, digest)
        if key in self._seen and first is not digest:
            if first == digest:
                item.remove()
            else:
                item.set((*path, "id"), str(self._new_id(f"{item.member} {item.index}")))

    def _new_id(self, place: str) -> UUID:
        """Return an id for the message at a place: the same in every run, and no other message's."""
        number = 0
        while (new := UUID(bytes=_digest(f"{place} {number}"), version=4)).bytes in self._seen:
            number += 1
        self._seen[new.bytes] = b""
        return new


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=_DIGEST).digest()
