"""Facts extracted from records that match their schema: what the export index holds, and what the record rules find."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from hcfmt.check.catalogue import rules_of
from hcfmt.check.context import CheckContext
from hcfmt.check.export_index import FOREIGN, MAX_NAME, ExportIndex, Room
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.fingerprints import record_key
from hcfmt.check.history_facts import HistoryFacts
from hcfmt.check.judgement import Suppressed
from hcfmt.check.rules import run_rules
from hcfmt.export.annotations import FILE, columns, embedded_texts
from hcfmt.export.columns import filled, given, plain, property_of
from hcfmt.export.records import WRAPPERS, Batch, record_path
from hcfmt.export.references import comparable, owner_of, rule_codes
from hcfmt.export.schemas import SECRET_RULE
from hcfmt.export.timestamps import days_and_hours, sort_key
from hcfmt.findings import Finding

_MONTH = len("2018-04")


def extract_facts(
    name: str,
    member: str,
    batches: Sequence[Batch],
    context: CheckContext,
    *,
    proven: bool,
    written: Sequence[Batch] | None = None,
) -> Facts:
    """Return the facts of valid records: what they are, what they refer to, what the rules of records find.

    ``name`` is the schema of the member. ``proven``: the strict schema accepted the records, so that every date is
    possible. ``written`` are the records as an importer reads them, where some of ``batches`` lack refused values.
    ``Facts.records`` is left to the caller, who knows of the others.
    """
    kinds = Counter({batch.kind: len(batch.records) for batch in batches})
    texts = sum(len(texts) for batch in batches for _, texts in embedded_texts(name, batch))
    examined = Counter({"record": kinds.total(), "embedded text": texts})
    index, found, dated = ExportIndex(), list[Finding | Suppressed](), _Dated()
    for batch in batches:
        for column in columns(name, batch):
            annotation = column.annotation
            count = sum(map(bool, column.values)) if annotation.keyword == FILE else len(column.values)
            for code in _examining(annotation.label):
                examined[code] += count
            if not annotation.is_counted:
                index.values.add_column(column, batch, member, owner_of(member))
        found += _record_findings(name, member, batch, context, examined)
        if batch.kind == "User":
            _add_users(index, batch, context)
        elif batch.kind == "Room":
            _add_rooms(index, batch, context)
        elif batch.kind in _TREES:
            _add_messages(index, member, batch, dated, proven=proven)
    if dated.stamps:
        history = index.histories[member]
        history.days, hours = days_and_hours(dated.stamps, dated.months)
        history.hours = [hours]
    facts = Facts(Tally.of(context.keep, found), kinds=kinds, examined=examined, index=index)
    if context.importers:
        from hcfmt.check.importer_conditions import examine_batches  # noqa: PLC0415 - only profiles need it

        facts.conditions = examine_batches(member, batches if written is None else written, context)
    return facts


@cache
def _examining(label: str) -> frozenset[str]:
    """Return the codes of the rules that examine the values of an annotation."""
    return rule_codes(label) - {SECRET_RULE}


def _record_findings(
    name: str, member: str, batch: Batch, context: CheckContext, examined: Counter[str]
) -> Iterator[Finding | Suppressed]:
    """Run the rules of a kind of record on each record that has a property they look at."""
    for rule in rules_of(batch.kind):
        positions = _positions_of(rule.only_if_present, batch.records)
        examined[rule.code] += len(positions)
        if rule.only_if_matches:
            positions = _matching(rule.only_if_matches, property_of(batch.records, "message"))
        for position in positions:
            record = plain(batch.records[position])
            for code, flaw in run_rules([rule], record):
                path = (*record_path(name, batch.kind, batch.at[position]), *(flaw.path or ()))
                yield context.judged_at(
                    code, flaw, member, path, record=record_key({batch.kind: record}), listed=name in WRAPPERS
                )


def _matching(pattern: str, texts: Sequence[str]) -> Sequence[int]:
    """Return the positions of the texts that match an expression that begins with "<"."""
    together = "\n".join(texts)  # one search of all is much quicker than one of each
    if "<" not in together or not re.search(pattern, together):
        return ()
    return [position for position, text in enumerate(texts) if re.search(pattern, text)]


def _positions_of(properties: Sequence[str], records: Sequence[Any]) -> Sequence[int]:
    """Return the positions of the records in which one of some properties is not empty; of all for no property."""
    if not properties:
        return range(len(records))
    return sorted({position for key in properties for position in filled(records, key)})


def _add_users(index: ExportIndex, batch: Batch, context: CheckContext) -> None:
    ids, kinds, deletions = (property_of(batch.records, name) for name in ("id", "account_type", "is_deleted"))
    for number, kind, is_deleted in zip(ids, kinds, deletions, strict=True):
        index.users.setdefault(comparable(number), is_deleted)
        index.census["user", kind, "deleted" if is_deleted else "active"] += 1
        if kind == "guest":
            index.guests.add(comparable(number))
    if context.redaction.show_values:
        for number, name in zip(ids, property_of(batch.records, "name"), strict=True):
            index.names.setdefault(comparable(number), name[:MAX_NAME])


def _add_rooms(index: ExportIndex, batch: Batch, context: CheckContext) -> None:
    show_name = context.redaction.show_values
    for at, record in zip(batch.at, map(plain, batch.records), strict=True):
        index.rooms.setdefault(comparable(record["id"]), Room.of(at, record, show_name=show_name))
        state = "deleted" if record.get("is_deleted") else "archived" if record["is_archived"] else "active"
        index.census["room", record["privacy"], state] += 1


_TREES = {
    **dict.fromkeys(WRAPPERS["export/room-history"], "room"),
    **dict.fromkeys(WRAPPERS["export/user-history"], "private"),
}


class _Dated(Struct):
    """Timestamps of the messages that count by time, and their months with the number of those that follow."""

    stamps: list[str] = []
    months: list[tuple[str, int]] = []


def _add_messages(index: ExportIndex, member: str, batch: Batch, dated: _Dated, *, proven: bool) -> None:
    stamps = property_of(batch.records, "timestamp")
    if not proven:
        stamps = [sort_key(stamp) for stamp in stamps]
    history = index.histories.setdefault(member, HistoryFacts())
    # Histories are in the order of time or against it, and so quickly sorted.
    ordered = sorted(stamps if proven else filter(None, stamps))
    history.add_messages(batch, stamps, ordered)
    index.census["deleted",] += len(given(batch.records, "deleted")[0])
    if batch.kind in WRAPPERS["export/user-history"]:
        ordered = sorted(filter(None, _add_private_messages(index, history, member, batch, stamps)))
    months = list(_by_month(ordered))
    dated.stamps += ordered
    dated.months += months
    for month, count in months:
        index.census["month", month, _TREES[batch.kind]] += count


def _by_month(ordered: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each month of timestamps in order, and the number of its timestamps."""
    start = 0
    while start < len(ordered):
        month = ordered[start][:_MONTH]
        end = bisect_left(ordered, f"{month}.", start)  # a dot follows the hyphen before the day
        yield month, end - start
        start = end


def _add_private_messages(
    index: ExportIndex, history: HistoryFacts, member: str, batch: Batch, stamps: Sequence[str]
) -> list[str]:
    """Add private messages; return the timestamps of those that the owner of the history sent."""
    owner = int(member.split("/")[-2])
    sent: list[str] = []
    for sender, receiver, positions in history.add_conversations(owner, batch):
        if sender == owner:
            sent += map(stamps.__getitem__, positions)
        elif receiver != owner:
            places = tuple((member, batch.at[position], ()) for position in positions[:2])
            index.values.add(FOREIGN, {comparable(owner): (len(positions), places)})
    return sent
