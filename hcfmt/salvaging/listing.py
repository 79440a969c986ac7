"""Lists what a salvage saved, lost and made up, as lines of text."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from hcfmt.salvaging.result import Placeholders, Salvaged

MOST = 20  # lines of each list

_NOUNS = {
    "user": "placeholder user",
    "room": "placeholder room",
    "list": "empty list",
    "history": "empty history",
    "file": "empty file",
}
_ALTERED = "bytes were altered, and nothing shows all of them: compare what was saved with another source"


def lines(salvaged: Salvaged) -> Iterator[str]:
    """Yield the lines of the lists; of each list the first 20."""
    whole = _counted(salvaged.whole, "member")
    yield f"  saved as they are: {whole}{f' ({_ALTERED})' if salvaged.altered else ''}"
    partly = [
        f"{row.member}: {_counted(row.records, 'record')} saved, {row.broken:,} broken, "
        f"{_counted(row.bytes, 'byte')} missing"
        for row in salvaged.partly
    ]
    lost = [f"{row.member}: {_counted(row.bytes, 'byte')} missing" for row in salvaged.lost]
    if salvaged.skipped:
        lost.append(f"members whose headers are damaged: {_counted(salvaged.skipped, 'byte')}")
    restored = [f"{row.member}: {_counted(row.records, 'message')}" for row in salvaged.restored]
    yield from _listed("saved in part, whole records only", partly)
    yield from _listed("private messages put back from the histories of the others", restored)
    yield from _listed("lost", lost)
    if salvaged.left_out:
        yield f"  left out: {_counted(salvaged.left_out, 'link or special member', 'links and special members')}"
    yield from _listed("made up, so that the archive is sound", _made_up(salvaged.made_up))
    yield from _listed("damage", [f"{code} {message}" for code, message in salvaged.damages])


def _made_up(rows: Sequence[Placeholders]) -> list[str]:
    """Return a line for each data file with placeholders, and one for all empty histories and files of a directory."""
    found = []
    for (kind, directory), group in groupby(rows, lambda row: (row.kind, row.member.partition("/")[0])):
        some = list(group)
        count = sum(row.count for row in some)
        noun, more = _NOUNS[kind], f", such as {some[0].member}" if len(some) > 1 else ""
        place = some[0].member if len(some) == 1 else f"{directory}/"
        plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
        found.append(f"{place}: {_counted(count, noun, plural)}{more}")
    return found


def _listed(title: str, rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"  {title}:"
        yield from (f"    {row}" for row in rows[:MOST])
    if len(rows) > MOST:
        yield f"    and {len(rows) - MOST:,} more"


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"
