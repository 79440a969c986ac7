"""Conditions of importer profiles on the records of one data file; nothing here runs unless a profile is asked for."""

from collections import defaultdict
from collections.abc import Sequence

from hcfmt.check.context import CheckContext
from hcfmt.export.records import LISTS, WRAPPERS, Batch
from hcfmt.export.references import owner_of
from hcfmt.profiles.conditions_met import (
    PRIVATE,
    ConditionsMet,
    Records,
    add_conditions,
    add_people,
    sent_by,
    sent_records,
)
from hcfmt.profiles.html_silence import read_messages
from hcfmt.profiles.loading import facts_of
from hcfmt.profiles.record_columns import RecordColumns
from hcfmt.profiles.vocabulary import place_of

SILENCED = "zulip_silenced_messages"
"""The fact that needs the readings of all messages that Zulip imports."""

_IMPORTED_BY_ZULIP = frozenset({"UserMessage", "NotificationMessage", PRIVATE})


def examine_batches(member: str, batches: Sequence[Batch], context: CheckContext) -> ConditionsMet:
    """Return what valid records meet."""
    found, owner = ConditionsMet(), owner_of(member)
    is_read = any(SILENCED in facts_of(source) for source in context.importers)
    for batch in batches:
        columns = RecordColumns(batch.records, batch.at)
        sent = sent_records(Records(member, batch.kind, columns), owner, found)
        add_conditions(context.importers, sent, found)
        add_people(sent, found)
        if is_read and batch.kind in _IMPORTED_BY_ZULIP:
            read = sent_by(owner, sent) if batch.kind == PRIVATE else columns
            found.readings[member, batch.kind] = read_messages(read.column(("message",)), read.at)
    return found


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
        _add(kind, rows, member, context, found)
    return found


def examine_document(name: str, member: str, document: object, context: CheckContext) -> ConditionsMet:
    """Return what a data file meets whose top is not as hc-migrate's schema says."""
    found = ConditionsMet()
    _add(place_of(name), [(0, document)], member, context, found)
    return found


def _add(
    kind: str, rows: Sequence[tuple[int, object]], member: str, context: CheckContext, found: ConditionsMet
) -> None:
    """Add what records of any form meet, each with its index in its list."""
    columns = RecordColumns([record for _, record in rows], [index for index, _ in rows])
    records = Records(member, kind, columns)
    add_conditions(context.importers, sent_records(records, owner_of(member), found), found)
    add_people(records, found)
