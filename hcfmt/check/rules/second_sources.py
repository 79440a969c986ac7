"""Rules that compare an export with other sources: what somebody expects of it, and the log of hc-migrate."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hcfmt.check.export_view import ExportView
from hcfmt.check.inventory import private_pairs
from hcfmt.check.layout_view import Layout
from hcfmt.export.annotations import DEFINES
from hcfmt.export.layout import LAYOUT_BY_KIND, Kind, layout_of
from hcfmt.findings import Flaw, Quoted

if TYPE_CHECKING:
    from hcfmt.check.expected_contents import ExpectedContents

_DAY = len("2018-04-02")
_ATTACHMENTS = frozenset({Kind.ROOM_FILE, Kind.PRIVATE_FILE})


def expectation_failed(export: ExportView) -> Iterator[Flaw]:
    """Report counts, rooms, people and dates that are expected and that the export does not hold."""
    expected = export.layout.expected
    if expected is None:
        return
    yield from _wrong_counts(export, "Exactly", expected.exactly, lambda counted, number: counted == number)
    yield from _wrong_counts(export, "At least", expected.at_least, lambda counted, number: counted >= number)
    yield from _missing_names(export, expected)
    yield from _unreached_dates(export, expected)


def _wrong_counts(
    export: ExportView, how_many: str, numbers: Mapping[str, int], is_met: Callable[[int, int], bool]
) -> Iterator[Flaw]:
    for name, number in numbers.items():
        counted = COUNTED[name](export)
        if not is_met(counted, number):
            sentence = f"{how_many} {{expected:,}} {{what}} are expected, and there are {{counted:,}}."
            values = {"what": name.replace("-", " "), "expected": number, "counted": counted}
            yield Flaw(sentence, values, subject=("count", name))


def _missing_names(export: ExportView, expected: "ExpectedContents") -> Iterator[Flaw]:
    for setting, things, names in (
        ("rooms", ("room", "room name"), expected.rooms),
        ("people", ("user", "mention name", "e-mail address"), expected.people),
    ):
        known = {thing: _known(export, thing) for thing in things}
        for index, name in enumerate(names):
            if not any(_key(thing, name) in known[thing] for thing in things):
                sentence = "Number {number} of the expected {setting} is not in the export: {name}."
                shown = name if isinstance(name, int) else Quoted(name)
                yield Flaw(sentence, {"setting": setting, "number": index + 1, "name": shown}, subject=(setting, name))


def _key(thing: str, name: int | str) -> int | str | None:
    """Return what a name is compared by as a thing; None if it cannot be one."""
    if isinstance(name, int) or thing in {"user", "room"}:
        return name if isinstance(name, int) and thing in {"user", "room"} else None
    if thing == "mention name":
        return name[1:].casefold() if name.startswith("@") else None
    return name.casefold()


def _known(export: ExportView, thing: str) -> set[int | str]:
    """Return the ids, or the names without regard to letter case, of all records that define a thing."""
    if thing in {"user", "room"}:
        return {int(number) for number in export.names[thing]}
    rows = (values for annotation, values in export.occurrences_of(DEFINES) if annotation.arguments["thing"] == thing)
    return {name.casefold() for values in rows for _, name, _ in values}


def _unreached_dates(export: ExportView, expected: "ExpectedContents") -> Iterator[Flaw]:
    histories = [history for history in export.index.histories.values() if history.first]
    first = min((history.first[0][:_DAY] for history in histories if history.first), default=None)
    last = max((history.last[:_DAY] for history in histories), default=None)
    days = expected.dates
    if days.first and (first is None or first > days.first.isoformat()):
        yield _unreached("first", "earlier", days.first, first)
    if days.last and (last is None or last < days.last.isoformat()):
        yield _unreached("last", "later", days.last, last)


def _unreached(which: str, side: str, day: date, found: str | None) -> Flaw:
    has = f"the {which} one is of {{found}}" if found else "there is none"
    sentence = f"A message of {{day}} or {side} is expected, and {has}."
    return Flaw(sentence, {"day": day.isoformat(), "found": found}, subject=("date", which))


def export_log_incomplete(layout: Layout) -> Iterator[Flaw]:
    """Report a log that does not end with the line of a finished export."""
    if layout.log and not layout.log.completed:
        from hcfmt.check.export_log import COMPLETED  # noqa: PLC0415 - only runs with a log need it

        sentence = f"The log ends at line {{lines:,}} without '{COMPLETED}', so the export was not finished."
        yield Flaw(sentence, {"lines": layout.log.lines})


def logged_member_missing(layout: Layout) -> Iterator[Flaw]:
    """Report members that the log names and that the archive does not hold."""
    if layout.log and layout.complete and not _is_of_others(layout):
        for path in layout.log.members:
            if layout.extra + path not in layout.members:
                yield Flaw("The log says that this member was written, and the archive does not hold it.", member=path)


def member_not_logged(layout: Layout) -> Iterator[Flaw]:
    """Report members of the kinds that the log names, but which it does not name."""
    if not layout.log or _is_of_others(layout):
        return
    logged = frozenset(layout.log.members)
    kinds = {row.kind for path in logged if (row := layout_of(path))}
    for kind in sorted(kinds):
        paths = [
            path
            for path, row in layout.places.items()
            if row and row.kind is kind and path.removeprefix(layout.extra) not in logged
        ]
        if paths:
            many = "The log does not name {count:,} members of this kind, of which this is the first."
            sentence = "The log does not name this member." if len(paths) == 1 else many
            yield Flaw(sentence, {"count": len(paths)}, member=paths[0], subject=(kind,), places=len(paths))


def log_of_another_archive(export: ExportView) -> Iterator[Flaw]:
    """Report a log that is of another archive, by the members that it names, or by its date."""
    log = export.layout.log
    if log is None:
        return
    last = max((history.last[:_DAY] for history in export.index.histories.values()), default="")
    if _is_of_others(export.layout):
        sentence = "Of {named:,} members that the log names, the archive holds {held:,}."
        yield Flaw(sentence, {"named": len(log.members), "held": _held(export.layout)})
    elif log.last_day and log.last_day < date.max and last > (log.last_day + timedelta(days=1)).isoformat():
        sentence = "The log ends on {ended}, and the archive has messages until {last}."
        yield Flaw(sentence, {"ended": log.last_day.isoformat(), "last": last})


def _is_of_others(layout: Layout) -> bool:
    """Whether an archive that was read to its end holds less than half of the members that the log names."""
    log = layout.log
    return log is not None and layout.complete and 2 * _held(layout) < len(log.members)


def _held(layout: Layout) -> int:
    """Return the number of members that the log names and the archive holds."""
    members = layout.log.members if layout.log else ()
    return sum(layout.extra + path in layout.members for path in members)


def _room_messages(export: ExportView) -> int:
    return sum(export.kinds[kind] for kind in LAYOUT_BY_KIND[Kind.ROOM_HISTORY].wrappers)


def _private_messages(export: ExportView) -> int:
    return sum(private_pairs(export.index, export.layout).values())


COUNTED: Mapping[str, Callable[[ExportView], int]] = {
    "users": lambda export: export.kinds["User"],
    "rooms": lambda export: export.kinds["Room"],
    "emoticons": lambda export: export.kinds["Emoticon"],
    "autojoins": lambda export: export.kinds["AutoJoin"],
    "messages": lambda export: _room_messages(export) + _private_messages(export),
    "room-messages": _room_messages,
    "private-messages": _private_messages,
    "attachments": lambda export: sum(row.kind in _ATTACHMENTS for row in export.layout.places.values() if row),
    "stored-files": lambda export: export.examined["stored file"],
}
"""The functions that count what can be expected, by the names of ``COUNTS`` in ``check/expected_contents.py``."""
