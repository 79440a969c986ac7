"""Tables of the inventory of a report."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hcfmt.report.summary import holds_anything
from hcfmt.report.tables import Table

Inventory = Mapping[str, Any]
"""An inventory; its shape is ``inventory`` in schemas/report/report.json."""

Periods = tuple[str, int, Mapping[int, tuple[int, int]]]
"""Messages by period: its name (Month), its length in months, and messages in rooms and private ones by its number."""

MOST = 100  # rooms, and users, in an inventory
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PART = 4  # hours of a column of the table of weekdays
_MOST_PERIODS = 24  # rows of the table of months
_DAY = 24  # hours
# Periods by which messages are summed up, with their months; the first that gives few enough rows is taken. The last
# gives ten rows at most, for any dates.
_PERIODS = (("Month", 1), ("Quarter", 3), ("Year", 12), ("Decade", 120), ("Century", 1200), ("Millennium", 12000))
_KILO = 1000
_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_FILES = {"room-file": "in rooms", "private-file": "in private messages", "avatar": "avatars", "emoticon": "emoticons"}


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


def tables(inventory: Inventory, top: int, most_periods: int = _MOST_PERIODS, part: int = _PART) -> Mapping[str, Table]:
    """Return the tables that are not empty, in their order; of an archive without content only that of its layers.

    ``top`` is the number of rooms, users and file types, ``most_periods`` that of rows of the table of months, and
    ``part`` the number of hours in a column of the table of weekdays.
    """
    found: dict[str, Table | None] = {}
    if holds_anything(inventory):
        found = {
            "overview": _overview(inventory),
            "users": _people("Users", inventory["users"], ("active", "deleted")),
            "rooms": _people("Rooms", inventory["rooms"], ("active", "archived", "deleted")),
            "messages": _messages(inventory["messages"]),
            "months": _timeline(inventory, most_periods),
            "hours": _hours(inventory["hours"], part),
            "busiest_rooms": _busiest_rooms(inventory["busiest_rooms"], top),
            "busiest_users": _busiest_users(inventory["busiest_users"], top),
            "files": _files(inventory["files"]),
            "attachments": _attachments(inventory["attachments"], top),
        }
    found["layers"] = _layers(inventory["layers"])
    return {name: table for name, table in found.items() if table and table.rows}


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


def _messages(messages: Inventory) -> Table:
    counted = {"total", "distinct", "deleted", "first", "last"}
    rows = [(kind, f"{count:,}") for kind, count in messages.items() if kind not in counted]
    note = "A private message is stored twice, in the histories of both users, and counted once everywhere else here."
    return Table("lr", ("Messages", "records"), [*rows, ("total", f"{messages['total']:,}")], note=note)


def _timeline(inventory: Inventory, most: int) -> Table:
    """Return messages by the shortest period with few enough rows; "..." stands for periods without messages."""
    title, length, counts = periods(inventory["months"], most)
    rows: list[Sequence[str]] = []
    bars: list[int] = []
    for number, (public, private) in counts.items():
        if rows and number - 1 not in counts:
            rows.append(("...", "", "", ""))
            bars.append(0)
        rows.append((period_name(number, length), f"{public:,}", f"{private:,}", f"{public + private:,}"))
        bars.append(public + private)
    undated = inventory["messages"]["distinct"] - sum(bars)
    they = ("message is", "its date") if undated == 1 else ("messages are", "their dates")
    note = f"{undated:,} more {they[0]} left out: {they[1]} could not be read." if undated > 0 else ""
    return Table("lrrr", (title, "in rooms", "private", "messages"), rows, bars, note)


def periods(months: Sequence[Inventory], most: int, *, gaps: bool = False) -> Periods:
    """Return messages by the shortest period of which there are few enough, in order.

    With ``gaps``, the periods without messages between the others are there too, and count.
    """
    title, length, numbers = next(
        (title, length, numbers)
        for title, length in _PERIODS
        if len(numbers := _numbers(months, length, gaps=gaps)) <= most
    )
    public, private = Counter[int](), Counter[int]()
    for month in months:
        public[_index(month) // length] += month["room"]
        private[_index(month) // length] += month["private"]
    return title, length, {number: (public[number], private[number]) for number in numbers}


def _numbers(months: Sequence[Inventory], length: int, *, gaps: bool) -> Sequence[int]:
    """Return the numbers of the periods that have messages, and with ``gaps`` of those between them."""
    numbers = sorted({_index(month) // length for month in months})
    return range(numbers[0], numbers[-1] + 1) if gaps and numbers else numbers


def _index(month: Inventory) -> int:
    """Return the number of months from January of the year 0 to a month."""
    year, number = month["month"].split("-")
    return int(year) * 12 + int(number) - 1


def period_name(number: int, length: int) -> str:
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


def _hours(week: Sequence[Sequence[int]], part: int) -> Table | None:
    """Return the messages by day of the week and by so many hours."""
    starts = range(0, _DAY, part)
    by_part = [[sum(day[hour : hour + part]) for hour in starts] for day in week]
    bars = list(map(sum, by_part))
    rows = [(name, *(f"{count:,}" for count in (*day, sum(day)))) for name, day in zip(WEEKDAYS, by_part, strict=True)]
    heads = (f"{hour:02}" if part == 1 else f"{hour:02}-{hour + part - 1:02}" for hour in starts)
    align = "l" + "r" * (len(starts) + 1)
    return Table(align, ("Weekday (UTC)", *heads, "messages"), rows, bars) if any(bars) else None


def _busiest_rooms(rooms: Sequence[Inventory], top: int) -> Table:
    rows = [(room["room"], room["name"], (room["messages"],)) for room in rooms]
    return _busiest("Busiest rooms", ("messages",), rows, top)


def _busiest_users(users: Sequence[Inventory], top: int) -> Table:
    rows = [
        (user["user"], user["name"], (user["room"], user["private"], user["room"] + user["private"])) for user in users
    ]
    return _busiest("Busiest users", ("in rooms", "private", "messages"), rows, top)


def _busiest(
    title: str, columns: Sequence[str], rows: Sequence[tuple[int, str | None, Sequence[int]]], top: int
) -> Table:
    """Return the table of rooms or users, each with id, name and counts, of which the last is that of all messages."""
    listed = rows[:top]
    bars = [counts[-1] for *_, counts in listed]
    note = f"'hcfmt stats --top' shows up to {MOST}." if len(rows) > top else ""
    numbers = [[f"{count:,}" for count in counts] for *_, counts in listed]
    align = "r" * len(columns)
    if any(name is not None for _, name, _ in listed):
        named = [(str(number), name or "", *counts) for (number, name, _), counts in zip(listed, numbers, strict=True)]
        return Table(f"ll{align}", (title, "name", *columns), named, bars, note, 1)
    unnamed = [(str(number), *counts) for (number, *_), counts in zip(listed, numbers, strict=True)]
    return Table(f"l{align}", (f"{title}, by id", *columns), unnamed, bars, note)


def _files(kinds: Mapping[str, Mapping[str, int]]) -> Table:
    count, total = (sum(kind[quantity] for kind in kinds.values()) for quantity in ("count", "bytes"))
    rows = [_file_row(_FILES.get(name, name), kind["count"], kind["bytes"]) for name, kind in kinds.items()]
    return Table("lrrr", ("Stored files", "files", "size", "bytes"), [*rows, _file_row("total", count, total)])


def _attachments(types: Sequence[Inventory], top: int) -> Table:
    rows = [_file_row(kind["type"], kind["count"], kind["bytes"]) for kind in types[:top]]
    rest = types[top:]
    if rest:
        count, total = (sum(kind[quantity] for kind in rest) for quantity in ("count", "bytes"))
        rows.append(_file_row(f"{len(rest)} more", count, total))
    return Table("lrrr", ("Attachments by type", "files", "size", "bytes"), rows, note="Without previews.")


def _layers(layers: Mapping[str, int]) -> Table:
    rows = [(name, size(count), f"{count:,}") for name, count in layers.items()]
    return Table("lrr", ("Layers, outermost first", "size", "bytes"), rows)


def _file_row(name: str, count: int, total: int) -> Sequence[str]:
    return name, f"{count:,}", size(total), f"{total:,}"
