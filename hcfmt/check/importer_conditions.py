"""Conditions of importer profiles on the records of one data file; nothing here runs unless a profile is asked for."""

from collections import defaultdict
from collections.abc import Sequence

from hcfmt.check.context import CheckContext
from hcfmt.export.columns import property_of
from hcfmt.export.records import LISTS, WRAPPERS, Batch
from hcfmt.export.references import owner_of
from hcfmt.export.schemas import dialect_of
from hcfmt.profiles.conditions_met import PRIVATE, ConditionsMet, conditions_met
from hcfmt.profiles.html_silence import Reading, read_messages
from hcfmt.profiles.loading import facts_of

SILENCED = "zulip_silenced_messages"
"""The fact that needs the readings of all messages that Zulip imports."""

_IMPORTED_BY_ZULIP = frozenset({"UserMessage", "NotificationMessage", PRIVATE})


def examine_batches(member: str, batches: Sequence[Batch], context: CheckContext) -> ConditionsMet:
    """Return what valid records meet."""
    found = ConditionsMet()
    for batch in batches:
        found.merge(_met(batch.kind, batch.records, batch.at, member, context), 0)
        if batch.kind in _IMPORTED_BY_ZULIP and any(SILENCED in facts_of(source) for source in context.importers):
            found.readings[member, batch.kind] = _reading(batch, owner_of(member))
    return found


def _reading(batch: Batch, owner: int | None) -> Reading:
    """Return the reading of messages: of private ones, those that the owner of the history sent."""
    texts, at = property_of(batch.records, "message"), batch.at
    if batch.kind == PRIVATE:
        senders = property_of(property_of(batch.records, "sender"), "id")
        sent = [place for place, sender in enumerate(senders) if sender == owner]
        texts, at = [texts[place] for place in sent], [at[place] for place in sent]
    return read_messages(texts, at)


def examine_misshapen(
    name: str, member: str, elements: Sequence[tuple[int, object]], context: CheckContext
) -> ConditionsMet:
    """Return what elements of a list that contradict their schema meet, with or without their wrappers."""
    found, by_kind = ConditionsMet(), defaultdict[str, list[tuple[int, object]]](list)
    for index, element in elements:
        if name in LISTS:
            by_kind[LISTS[name][0]].append((index, element))
            continue
        by_kind[f"{place_of(name)}/*"].append((index, element))
        if isinstance(element, dict):
            for kind in element.keys() & set(WRAPPERS[name]):
                by_kind[kind].append((index, element[kind]))
    for kind, rows in by_kind.items():
        at, records = [index for index, _ in rows], [record for _, record in rows]
        found.merge(_met(kind, records, at, member, context), 0)
    return found


def examine_document(name: str, member: str, document: object, context: CheckContext) -> ConditionsMet:
    """Return what a data file meets whose top is not as hc-migrate's schema says."""
    return _met(place_of(name), [document], [0], member, context)


def place_of(name: str) -> str:
    """Return the place of a data file as profiles name it, by its schema: ``rooms/*/history.json``."""
    file = dialect_of(name)[1].removeprefix("export/")
    return {"room-history": "rooms/*/history.json", "user-history": "users/*/history.json"}.get(file, f"{file}.json")


def _met(kind: str, records: Sequence[object], at: Sequence[int], member: str, context: CheckContext) -> ConditionsMet:
    return conditions_met(context.importers, kind, records, at, member, owner_of(member))
