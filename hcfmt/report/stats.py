"""Inventory of a report as text, as Markdown and as JSON."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hcfmt.findings import Severity
from hcfmt.json_values import plain
from hcfmt.report.pages import escaped
from hcfmt.report.summary import holds_anything
from hcfmt.report.tables import Table, aligned, as_markdown, code
from hcfmt.report.text_style import TextStyle
from hcfmt.report.visible_text import visible
from hcfmt.verdict import TOOL, Report, Verdict

Inventory = Mapping[str, Any]
"""An inventory; its shape is ``inventory`` in schemas/report/report.json."""

FORMAT_VERSION = 1  # of the JSON of ``hcfmt stats``
MOST = 100  # rooms, and users, in an inventory
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PART = 4  # hours of a column of the table of weekdays
_MOST_PERIODS = 24  # rows of the table of months
# Periods by which messages are summed up, with their months; the first that gives few enough rows is taken. The last
# gives ten rows at most, for any dates.
_PERIODS = (("Month", 1), ("Quarter", 3), ("Year", 12), ("Decade", 120), ("Century", 1200), ("Millennium", 12000))
_KILO = 1000
_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_FILES = {"room-file": "in rooms", "private-file": "in private messages", "avatar": "avatars", "emoticon": "emoticons"}


def text(report: Report, top: int, style: TextStyle, blocks: str) -> Iterator[str]:
    """Yield lines for people; ``top`` is the number of rooms in the table, ``blocks`` are the characters of bars."""
    yield style.strong(visible(f"{report.input}: {report.verdict}"))
    severity = Severity.ERROR if report.verdict is Verdict.INCOMPLETE else Severity.WARNING
    for sentence in caveat(report):
        for line in textwrap.wrap(sentence, style.width, break_on_hyphens=False):
            yield style.severity(severity, line)
    for table in tables(report.inventory, top):
        yield ""
        yield from aligned(table, style, blocks)


def markdown(report: Report, top: int) -> Iterator[str]:
    """Yield the lines of ``text`` as Markdown, without bars."""
    yield f"## {code(report.input)}: {report.verdict}"
    for sentence in caveat(report):
        # A backquote begins code in Markdown but not for ``escaped``.
        yield from ("", escaped(sentence.replace("`", "\\u0060")))
    for table in tables(report.inventory, top):
        yield ""
        yield from as_markdown(table)


def document(report: Report) -> dict[str, Any]:
    """Return the numbers as plain JSON values (schemas/report/stats.json)."""
    stats = {
        "format_version": FORMAT_VERSION,
        "tool": TOOL,
        "input": report.input,
        "verdict": report.verdict,
        "inventory": report.inventory,
    }
    return {name: plain(value) for name, value in stats.items()}


def caveat(report: Report) -> Iterator[str]:
    """Yield a line about content that the numbers do not cover, if any; unprintable characters are escaped."""
    if report.verdict is Verdict.INCOMPLETE:
        read = (
            "The numbers cover only what could be read."
            if holds_anything(report.inventory)
            else "No content could be read."
        )
        yield visible(f"{read} {report.why}").rstrip()
    elif report.verdict is Verdict.INVALID:
        found = sum(report.totals.values())
        counted, they = ("is 1 finding", "it concerns") if found == 1 else (f"are {found:,} findings", "they concern")
        yield f"There {counted}; what {they} may be missing in the numbers. 'hcfmt validate' lists what was found."


def size(count: int) -> str:
    """Return a number of bytes for people, in powers of 1000, as disks are sold."""
    if count < _KILO:
        return f"{count} {'byte' if count == 1 else 'bytes'}"
    value = count / _KILO
    for unit in _UNITS:
        if round(value, 1) < _KILO or unit == _UNITS[-1]:
            break
        value /= _KILO
    return f"{value:.1f} {unit}"


def tables(inventory: Inventory, top: int) -> Iterator[Table]:
    """Yield the tables that are not empty; of an archive without content only the table of its layers."""
    if holds_anything(inventory):
        yield _overview(inventory)
        yield _people("Users", inventory["users"], ("active", "deleted"))
        yield _people("Rooms", inventory["rooms"], ("active", "archived", "deleted"))
        yield from _messages(inventory)
        yield from _hours(inventory["hours"])
        yield from _busiest_rooms(inventory["busiest_rooms"], top)
        yield from _busiest_users(inventory["busiest_users"], top)
        yield _files(inventory["files"])
        yield from _attachments(inventory["attachments"], top)
    rows = [(name, size(count), f"{count:,}") for name, count in inventory["layers"].items()]
    yield from [Table("lrr", ("Layers, outermost first", "size", "bytes"), rows)] if rows else ()


def _overview(inventory: Inventory) -> Table:
    messages, stored = inventory["messages"], inventory["files"].values()
    counts = (
        ("users", inventory["users"]["total"]),
        ("rooms", inventory["rooms"]["total"]),
        ("messages", messages["distinct"]),
        ("messages marked deleted", messages["deleted"]),
        ("pairs of users with private messages", inventory["private_pairs"]),
        ("histories of rooms", inventory["histories"]["room-history"]),
        ("histories of users", inventory["histories"]["user-history"]),
        ("emoticons", inventory["emoticons"]),
        ("autojoins", inventory["autojoins"]),
        ("stored files", sum(kind["count"] for kind in stored)),
    )
    dialect = inventory["dialect"]
    rows = [
        ("dialect", f"{dialect['name']} ({dialect['confidence']})"),
        *((name, f"{count:,}") for name, count in counts),
        ("size of the stored files", size(sum(kind["bytes"] for kind in stored))),
        *((f"{which} message", messages[which]) for which in ("first", "last") if messages[which]),
        ("extra memory to export it", size(inventory["migration_memory"])),
    ]
    note = "hc-migrate's documentation estimates 2.6 MB extra for 1,000 messages and 500 KB for 1 GB of files."
    return Table("lr", ("At a glance", ""), rows, note=note)


def _people(title: str, kinds: Inventory, states: Sequence[str]) -> Table:
    """Return the table of users or of rooms: a row for each kind, a column for each state, and totals."""
    counts = {kind: [by_state[state] for state in states] for kind, by_state in kinds.items() if kind != "total"}
    sums = [sum(column) for column in zip(*counts.values(), strict=True)]
    rows = [(kind, *(f"{count:,}" for count in (*row, sum(row)))) for kind, row in counts.items()]
    total = ("total", *(f"{count:,}" for count in (*sums, kinds["total"])))
    unclear = kinds["total"] - sum(sums)
    they = ("is", "its record") if unclear == 1 else ("are", "their records")
    note = f"{unclear:,} more {they[0]} in the last total only: {they[1]} could not be read." if unclear else ""
    return Table("l" + "r" * (len(states) + 1), (title, *states, "total"), [*rows, total], note=note)


def _messages(inventory: Inventory) -> Iterator[Table]:
    messages = inventory["messages"]
    counted = {"total", "distinct", "deleted", "first", "last"}
    rows = [(kind, f"{count:,}") for kind, count in messages.items() if kind not in counted]
    note = "A private message is stored twice, in the histories of both users, and counted once everywhere else here."
    yield Table("lr", ("Messages", "records"), [*rows, ("total", f"{messages['total']:,}")], note=note)
    months = inventory["months"]
    if months:
        undated = messages["distinct"] - sum(month["room"] + month["private"] for month in months)
        they = ("message is", "its date") if undated == 1 else ("messages are", "their dates")
        note = f"{undated:,} more {they[0]} left out: {they[1]} could not be read."
        yield _timeline(months, note if undated > 0 else "")


def _timeline(months: Sequence[Inventory], note: str) -> Table:
    """Return messages by the shortest period with few enough rows; "..." stands for periods without messages."""
    title, length = next(
        (name, length)
        for name, length in _PERIODS
        if len({_index(month) // length for month in months}) <= _MOST_PERIODS
    )
    public, private = Counter[int](), Counter[int]()
    for month in months:
        public[_index(month) // length] += month["room"]
        private[_index(month) // length] += month["private"]
    rows: list[Sequence[str]] = []
    bars: list[int] = []
    for period in sorted(public):
        if rows and period - 1 not in public:
            rows.append(("...", "", "", ""))
            bars.append(0)
        counts = (public[period], private[period], public[period] + private[period])
        rows.append((_period(period, length), *(f"{count:,}" for count in counts)))
        bars.append(counts[-1])
    return Table("lrrr", (title, "in rooms", "private", "messages"), rows, bars, note)


def _index(month: Inventory) -> int:
    """Return the number of months from January of the year 0 to a month."""
    year, number = month["month"].split("-")
    return int(year) * 12 + int(number) - 1


def _period(number: int, length: int) -> str:
    """Return the name of a period of ``length`` months, given its number from the year 0."""
    year, month = divmod(number * length, 12)
    match length:
        case 1:
            return f"{year:04}-{month + 1:02}"
        case 3:
            return f"{year:04} Q{month // 3 + 1}"
        case 12:
            return f"{year:04}"
    return f"{year:04}-{year + length // 12 - 1:04}"


def _hours(week: Sequence[Sequence[int]]) -> Iterator[Table]:
    """Yield the messages by day of the week and by four hours."""
    by_part = [[sum(day[hour : hour + _PART]) for hour in range(0, 24, _PART)] for day in week]
    bars = list(map(sum, by_part))
    rows = [(name, *(f"{count:,}" for count in (*day, sum(day)))) for name, day in zip(WEEKDAYS, by_part, strict=True)]
    parts = (f"{hour:02}-{hour + _PART - 1:02}" for hour in range(0, 24, _PART))
    if any(bars):
        yield Table("l" + "r" * 7, ("Weekday (UTC)", *parts, "messages"), rows, bars)


def _busiest_rooms(rooms: Sequence[Inventory], top: int) -> Iterator[Table]:
    rows = [(room["room"], room["name"], (room["messages"],)) for room in rooms]
    yield from _busiest("Busiest rooms", ("messages",), rows, top)


def _busiest_users(users: Sequence[Inventory], top: int) -> Iterator[Table]:
    rows = [
        (user["user"], user["name"], (user["room"], user["private"], user["room"] + user["private"])) for user in users
    ]
    yield from _busiest("Busiest users", ("in rooms", "private", "messages"), rows, top)


def _busiest(
    title: str, columns: Sequence[str], rows: Sequence[tuple[int, str | None, Sequence[int]]], top: int
) -> Iterator[Table]:
    """Yield the table of rooms or users, each with id, name and counts, of which the last is that of all messages."""
    listed = rows[:top]
    bars = [counts[-1] for *_, counts in listed]
    note = f"--top shows up to {MOST}." if len(rows) > top else ""
    numbers = [[f"{count:,}" for count in counts] for *_, counts in listed]
    align = "r" * len(columns)
    if any(name is not None for _, name, _ in listed):
        named = [(str(number), name or "", *counts) for (number, name, _), counts in zip(listed, numbers, strict=True)]
        yield Table(f"ll{align}", (title, "name", *columns), named, bars, note, 1)
    elif listed:
        unnamed = [(str(number), *counts) for (number, *_), counts in zip(listed, numbers, strict=True)]
        yield Table(f"l{align}", (f"{title}, by id", *columns), unnamed, bars, note)


def _files(kinds: Mapping[str, Mapping[str, int]]) -> Table:
    count, total = (sum(kind[quantity] for kind in kinds.values()) for quantity in ("count", "bytes"))
    rows = [_file_row(_FILES.get(name, name), kind["count"], kind["bytes"]) for name, kind in kinds.items()]
    return Table("lrrr", ("Stored files", "files", "size", "bytes"), [*rows, _file_row("total", count, total)])


def _attachments(types: Sequence[Inventory], top: int) -> Iterator[Table]:
    rows = [_file_row(kind["type"], kind["count"], kind["bytes"]) for kind in types[:top]]
    rest = types[top:]
    if rest:
        count, total = (sum(kind[quantity] for kind in rest) for quantity in ("count", "bytes"))
        rows.append(_file_row(f"{len(rest)} more", count, total))
    if rows:
        yield Table("lrrr", ("Attachments by type", "files", "size", "bytes"), rows, note="Without previews.")


def _file_row(name: str, count: int, total: int) -> Sequence[str]:
    return name, f"{count:,}", size(total), f"{total:,}"
