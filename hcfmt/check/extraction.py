"""Facts extracted from records that match their schema: what the export index holds, and what the record rules find."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hcfmt.check.catalogue import rules_of
from hcfmt.check.context import CheckContext
from hcfmt.check.export_index import FOREIGN, ExportIndex, Room
from hcfmt.check.facts import Found
from hcfmt.check.history_facts import HistoryFacts
from hcfmt.check.rules import run_rules
from hcfmt.export.annotations import FILE, SHOULD, columns
from hcfmt.export.records import WRAPPERS, Batch, record_path
from hcfmt.export.references import comparable, owner_of, rule_codes
from hcfmt.export.schemas import SECRET_RULE
from hcfmt.export.timestamps import sort_key


def extract_facts(
    name: str, member: str, batches: Sequence[Batch], context: CheckContext, *, proven: bool
) -> tuple[ExportIndex, Counter[str], list[Found]]:
    """Return the index of valid records, the number of objects that each rule examined, and the rules' findings.

    ``name`` is the schema of the member. ``proven``: the strict schema accepted the records, so that every date is
    possible.
    """
    index, examined, found = ExportIndex(), Counter[str](), list[Found]()
    for batch in batches:
        for column in columns(name, batch):
            annotation = column.annotation
            values = [value for value in column.values if value] if annotation.keyword == FILE else column.values
            examined.update(dict.fromkeys(rule_codes(annotation.label) - {SECRET_RULE}, len(values)))
            if annotation.keyword != SHOULD:
                index.values.add_column(column, batch, member, owner_of(member))
        found += _record_findings(name, member, batch, context, examined)
        if batch.kind == "User":
            _add_users(index, batch)
        elif batch.kind == "Room":
            _add_rooms(index, batch, context)
        elif batch.kind in _TREES:
            _add_messages(index, member, batch, proven=proven)
    return index, examined, found


def _record_findings(
    name: str, member: str, batch: Batch, context: CheckContext, examined: Counter[str]
) -> Iterator[Found]:
    """Run the rules of a kind of record on each record that has a property they look at."""
    for rule in rules_of(batch.kind):
        positions = _positions_of(rule.only_if_present, batch.records)
        examined[rule.code] += len(positions)
        for position in positions:
            for code, flaw in run_rules([rule], batch.records[position]):
                path = (*record_path(name, batch.kind, batch.at[position]), *(flaw.path or ()))
                yield context.found_at(code, flaw, member, path, listed=name in WRAPPERS)


def _positions_of(properties: Sequence[str], records: Sequence[Any]) -> Sequence[int]:
    """Return the positions of the records in which one of some properties is not empty; of all for no property."""
    if not properties:
        return range(len(records))
    return sorted({position for key in properties for position, record in enumerate(records) if record.get(key)})


def _add_users(index: ExportIndex, batch: Batch) -> None:
    for record in batch.records:
        index.users.setdefault(comparable(record["id"]), record["is_deleted"])
        index.census["user", record["account_type"], "deleted" if record["is_deleted"] else "active"] += 1


def _add_rooms(index: ExportIndex, batch: Batch, context: CheckContext) -> None:
    show_name = context.redaction.show_values
    for at, record in zip(batch.at, batch.records, strict=True):
        index.rooms.setdefault(comparable(record["id"]), Room.of(at, record, show_name=show_name))
        state = "deleted" if record["is_deleted"] else "archived" if record["is_archived"] else "active"
        index.census["room", record["privacy"], state] += 1


_TREES = {
    **dict.fromkeys(WRAPPERS["export/room-history"], "room"),
    **dict.fromkeys(WRAPPERS["export/user-history"], "private"),
}


def _add_messages(index: ExportIndex, member: str, batch: Batch, *, proven: bool) -> None:
    stamps = [message["timestamp"] for message in batch.records]
    if not proven:
        stamps = [sort_key(stamp) for stamp in stamps]
    history = index.histories.setdefault(member, HistoryFacts())
    history.add_messages(batch, stamps)
    index.census["deleted",] += sum(["deleted" in message for message in batch.records])
    if batch.kind in WRAPPERS["export/user-history"]:
        stamps = _add_private_messages(index, history, member, batch, stamps)
    for month, count in Counter([stamp[:7] for stamp in stamps if stamp]).items():
        index.census["month", month, _TREES[batch.kind]] += count


def _add_private_messages(
    index: ExportIndex, history: HistoryFacts, member: str, batch: Batch, stamps: Sequence[str]
) -> list[str]:
    """Add private messages; return the timestamps of those that the owner of the history sent."""
    owner = int(member.split("/")[-2])
    sent = []
    for sender, receiver, positions in history.add_conversations(owner, batch):
        if sender == owner:
            sent += [stamps[position] for position in positions]
        elif receiver != owner:
            places = tuple((member, batch.at[position], ()) for position in positions[:2])
            index.values.add(FOREIGN, comparable(owner), len(positions), places)
    return sent
