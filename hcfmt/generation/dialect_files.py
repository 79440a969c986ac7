"""Generates the data files and histories that HipChat Server or Cloud would have written, of the same company."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, BinaryIO

from hcfmt.export.dialect_records import METADATA, DialectRecords, dialect_json
from hcfmt.generation.data_files import emoticon_record, room_record, user_record
from hcfmt.generation.files.avatars import appearance, portrait
from hcfmt.generation.plan import Plan
from hcfmt.generation.world import Person
from hcfmt.generation.world_building import build_world

_AT_ONCE = 500  # records
_OPEN, _NEXT, _CLOSE = b"[\n", b",\n", b"\n]"  # around the indented records of a list; the first two have one length


@cache
def dialect_records(plan: Plan) -> DialectRecords:
    """Return what makes the records of the plan's dialect, which is server or cloud."""
    return DialectRecords(plan.dialect, map(user_record, build_world(plan).person.values()))


def dialect_data_files(plan: Plan) -> Mapping[str, Iterable[bytes]]:
    """Return the text of every data file in parts, by path; pictures of users are in users.json."""
    world, records = build_world(plan), dialect_records(plan)
    return {
        "emoticons.json": _listed(records.emoticon(emoticon_record(emoticon)) for emoticon in world.emoticons),
        "metadata.json": [dialect_json(METADATA)],
        "rooms.json": _listed(records.room(room_record(room)) for room in world.rooms),
        "users.json": _listed(records.user(user_record(person), _picture(plan, person)) for person in world.people),
    }


def _picture(plan: Plan, person: Person) -> bytes | None:
    if not person.avatar:
        return None
    return portrait(plan.seed, person.id, appearance(person.locale, is_woman=person.is_woman))


def _listed(records: Iterable[object]) -> Iterator[bytes]:
    """Yield the text of a list, record by record."""
    opening = _OPEN
    for record in records:
        yield opening + _inside([record])
        opening = _NEXT
    yield _CLOSE if opening is _NEXT else b"[]"


def _inside(records: Sequence[object]) -> bytes:
    return dialect_json(records).removeprefix(_OPEN).removesuffix(_CLOSE)


def write_newest_first(plan: Plan, records: Iterable[Mapping[str, Any]], stream: BinaryIO) -> list[range]:
    """Write a history, whose records come in the order of time; return the places of its text, to be read in order.

    Memory holds 500 records, and the stream the text in as many parts, each with its newest record first.
    """
    make = dialect_records(plan).message
    spans: list[range] = []
    remaining = iter(records)
    while batch := list(islice(remaining, _AT_ONCE)):
        begin = stream.tell()
        messages = [make(kind, message) for record in batch for kind, message in record.items()]
        stream.write(_NEXT + _inside(messages[::-1]))
        if not spans:
            stream.write(_CLOSE)
        spans.append(range(begin, stream.tell()))
    begin = stream.tell()
    if not spans:
        stream.write(b"[]")
        return [range(begin, stream.tell())]
    stream.seek(spans[-1].start)
    stream.write(_OPEN)
    stream.seek(begin)
    return spans[::-1]
