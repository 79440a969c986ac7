"""Lists of the members of an archive: their paths, or a table with kinds and sizes, or JSON."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from hcfmt.json_values import well_formed
from hcfmt.report.tables import columns
from hcfmt.report.text_style import TextStyle, count_of, json_text
from hcfmt.report.visible_text import visible

_KIND = 9  # columns of the longest kind, "directory"
_SIZE = 18  # columns: up to 99 terabytes
_NARROWEST = 12  # columns of a path, on however narrow a terminal
_MARK = "..."  # in place of what was cut out


class MemberRow(Struct, frozen=True):
    """One member: its path as written, its kind as text, and its size in bytes."""

    path: str
    kind: str
    size: int


def paths(rows: Iterable[MemberRow]) -> Iterator[str]:
    """Yield the path of each member, a line each, with escapes for unseen characters."""
    return (visible(row.path) for row in rows)


def fields(rows: Iterable[MemberRow]) -> Iterator[str]:
    """Yield kind, size in bytes and path of each member, with tabs between them; escapes as in ``paths``."""
    return (f"{row.kind}\t{row.size}\t{visible(row.path)}" for row in rows)


def table(rows: Iterable[MemberRow], style: TextStyle) -> Iterator[str]:
    """Yield a table that fits the width of a terminal, and the number of members and bytes below it.

    Too long a path loses its middle.
    """
    room = max(style.width - _KIND - _SIZE - 4, _NARROWEST)
    yield style.strong(f"{'Kind':<{_KIND}}  {'Bytes':>{_SIZE}}  Path")
    count = size = 0
    for row in rows:
        count, size = count + 1, size + row.size
        yield f"{row.kind:<{_KIND}}  {row.size:>{_SIZE},}  {_without_middle(visible(row.path), room)}"
    yield f"{count_of(count, 'member')}, {count_of(size, 'byte')}"


def documents(rows: Iterable[MemberRow], status: Callable[[], int]) -> Iterator[str]:
    """Yield a JSON object for each member, a line each, and last one with the exit status, asked for at the end."""
    for row in rows:
        yield json_text({"type": "member", **_object(row)})
    yield json_text({"type": "end", "exit_status": status()})


def document(rows: Iterable[MemberRow], status: Callable[[], int]) -> Iterator[str]:
    """Yield the lines of one JSON object with all members and the exit status, asked for at the end."""
    yield '{"members": ['
    before = ""
    for row in rows:
        if before:
            yield f"{before},"
        before = f"  {json_text(_object(row))}"
    if before:
        yield before
    yield f'], "exit_status": {status()}}}'


def _object(row: MemberRow) -> dict[str, object]:
    return {"path": well_formed(row.path), "kind": row.kind, "size": row.size}


def _without_middle(text: str, room: int) -> str:
    """Return a printable text of so many columns at most, which loses its middle."""
    if columns(text) <= room:
        return text
    half = (room - len(_MARK)) // 2
    head, tail = text[:half], text[-half:]
    while columns(head) > half:
        head = head[:-1]
    while columns(tail) > half:
        tail = tail[1:]
    return f"{head}{_MARK}{tail}"
