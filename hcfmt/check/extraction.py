"""From the records of a slice to what they tell about the whole, and what they say of themselves."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from hcfmt.check.catalogue import rules_of
from hcfmt.check.context import CheckContext
from hcfmt.check.export_index import FOREIGN, ExportIndex, Room
from hcfmt.check.facts import Found
from hcfmt.check.history_facts import HistoryFacts
from hcfmt.check.occurrences import bounded
from hcfmt.check.rules import run_rules
from hcfmt.export.annotations import (
    DEFINES,
    FILE,
    REFERS,
    SHOULD,
    Annotation,
    annotations,
    columns,
    is_of_type,
    values_at,
)
from hcfmt.export.records import LISTS, WRAPPERS, Batch, record_path
from hcfmt.export.references import (
    all_annotations,
    comparable,
    identifier,
    likely_files,
    named_files,
    owner_of,
    rule_codes,
)
from hcfmt.export.schemas import SECRET_RULE
from hcfmt.export.timestamps import sort_key


def extract_facts(
    name: str, member: str, batches: Sequence[Batch], terms: CheckContext, *, vouched: bool
) -> tuple[ExportIndex, Counter[str], list[Found]]:
    """Return what records that match their schema tell about the whole, what rules looked at, and what they found.

    ``vouched``: compiled code turned none of them down, so that every date is one.
    """
    index, examined, found = ExportIndex(), Counter[str](), list[Found]()
    for batch in batches:
        for column in columns(name, batch):
            values = [value for value in column.values if value] if column.annotation.keyword == FILE else column.values
            examined.update(dict.fromkeys(rule_codes(column.annotation.label) - {SECRET_RULE}, len(values)))
            if column.annotation.keyword != SHOULD:
                index.values.add_column(column, batch, member, owner_of(member))
        found += _own_flaws(name, member, batch, terms, examined)
        if batch.kind in _COUNT:
            _COUNT[batch.kind](index, batch, terms)
        else:
            _messages(index, member, batch, vouched=vouched)
    return index, examined, found


def _own_flaws(name: str, member: str, batch: Batch, terms: CheckContext, examined: Counter[str]) -> Iterator[Found]:
    """Let the rules of a kind of record speak: of all records, or of those in which a rare property holds something."""
    for rule in rules_of(batch.kind):
        concerned = _concerned(rule.only_if_present, batch.records)
        examined[rule.code] += len(concerned)
        for position in concerned:
            place = batch.at[position]
            for code, flaw in run_rules([rule], batch.records[position]):
                path = (*record_path(name, batch.kind, place), *(flaw.path or ()))
                yield terms.found_at(code, flaw, member, path, listed=name in WRAPPERS)


def _concerned(when: Sequence[str], records: Sequence[Any]) -> Sequence[int]:
    """Return the positions of the records in which one of some properties holds something; of all for no property."""
    if not when:
        return range(len(records))
    return sorted({position for key in when for position, record in enumerate(records) if record.get(key)})


def _users(index: ExportIndex, batch: Batch, _: CheckContext) -> None:
    for record in batch.records:
        index.users.setdefault(comparable(record["id"]), record["is_deleted"])
        index.census["user", record["account_type"], "deleted" if record["is_deleted"] else "active"] += 1


def _rooms(index: ExportIndex, batch: Batch, terms: CheckContext) -> None:
    for place, record in zip(batch.at, batch.records, strict=True):
        index.rooms.setdefault(comparable(record["id"]), Room.of(place, record, show_name=terms.redaction.show_values))
        state = "deleted" if record["is_deleted"] else "archived" if record["is_archived"] else "active"
        index.census["room", record["privacy"], state] += 1


def _messages(index: ExportIndex, member: str, batch: Batch, *, vouched: bool) -> None:
    stamps = [message["timestamp"] for message in batch.records]
    if not vouched:
        stamps = [sort_key(stamp) for stamp in stamps]
    history = index.histories.setdefault(member, HistoryFacts())
    history.add_messages(batch, stamps)
    index.census["deleted",] += sum(["deleted" in message for message in batch.records])
    if batch.kind in WRAPPERS["export/user-history"]:
        stamps = _private(index, history, member, batch, stamps)
    for month, count in Counter([stamp[:7] for stamp in stamps if stamp]).items():
        index.census["month", month, _PLACES[batch.kind]] += count


def _private(index: ExportIndex, history: HistoryFacts, member: str, batch: Batch, stamps: Sequence[str]) -> list[str]:
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


def _nothing(_: ExportIndex, __: Batch, ___: CheckContext) -> None:
    """Count nothing more of emoticons and autojoins than that they are there."""


_COUNT = {"User": _users, "Room": _rooms, "Emoticon": _nothing, "AutoJoin": _nothing}
_PLACES = {
    **dict.fromkeys(WRAPPERS["export/room-history"], "room"),
    **dict.fromkeys(WRAPPERS["export/user-history"], "private"),
}


def salvage(name: str, member: str, value: object) -> ExportIndex:
    """Return what can be read from records that contradict their schema, so that nobody misses what is there.

    ``value`` is a document of one record, or anything else that contradicts its schema.
    """
    index = ExportIndex(broken=Counter({member: 1}))
    records = list(_records(name, value))
    whole = [_salvage(index, name, kind, record, owner_of(member)) for kind, record in records]
    if not whole or not all(whole):
        index.lost[member] += 1
    return index


def _records(name: str, value: object) -> Iterator[tuple[str, Any]]:
    """Yield kind and record of a document of which nothing is index."""
    if isinstance(value, dict) and name in LISTS:
        kind, key = LISTS[name]
        items = value.get(key)
        yield from ((kind, item) for item in (items if isinstance(items, list) else [None]))
    for wrapper in value if isinstance(value, list) else ():
        if isinstance(wrapper, dict) and len(wrapper) == 1:
            yield from ((kind, record) for kind, record in wrapper.items() if kind in WRAPPERS.get(name, ()))


def _salvage(index: ExportIndex, name: str, kind: str, record: Any, owner: int | None) -> bool:  # noqa: ANN401 - any value
    """Note what a record defines and which files it names; return whether that could all be read."""
    mine = [mark for mark in annotations(name, (DEFINES, FILE)) if mark.kind == kind]
    if not isinstance(record, dict):
        return False
    read = [_SALVAGE[mark.keyword](index, mark, record, owner) for mark in mine]
    return all(read)


def _salvage_name(index: ExportIndex, mark: Annotation, record: Any, _: int | None) -> bool:  # noqa: ANN401 - any value
    thing = mark.arguments["thing"]
    if mark.type is not int and thing not in _referred_to():
        return True
    values = [value for value in values_at(record, mark.path) if is_of_type(value, mark.type)]
    for value in values:
        index.salvage(mark.label, bounded(identifier(value, thing)))
    return bool(values)


def _salvage_file(index: ExportIndex, mark: Annotation, record: Any, owner: int | None) -> bool:  # noqa: ANN401 - any value
    if "member" not in mark.arguments:
        return True
    holders = values_at(record, mark.path[:-1])
    values = [value for value in values_at(record, mark.path) if value is not None]
    texts = [value for value in values if isinstance(value, str)]
    for text in filter(None, texts):
        for code, path, _ in named_files(mark, text, record, owner):
            for one in likely_files(mark, path, owner) if code else [path]:
                index.salvage(mark.label, bounded(one))
    readable = all(
        isinstance(holder, dict) and (mark.path[-1] in holder or not mark.required) for holder in holders if holder
    )
    return readable and len(texts) == len(values)


_SALVAGE = {DEFINES: _salvage_name, FILE: _salvage_file}


@cache
def _referred_to() -> frozenset[str]:
    return frozenset(
        thing for mark in all_annotations().values() if mark.keyword == REFERS for thing in mark.arguments["to"]
    )
