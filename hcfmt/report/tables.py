"""Tables of numbers: in columns with bars for people, and as Markdown."""

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hcfmt.report.text_style import TextStyle, visible

BLOCKS = "█▌"  # what a bar is made of where it can be shown: a character, and half of one
ASCII = "##"
_WIDEST_BAR = 60  # columns
_NARROWEST_BAR = 8
_LONGEST = 36  # columns of a text of the archive
_MARK = "..."  # for what was cut off


@dataclass(frozen=True, slots=True)
class Table:
    """Cells below a head whose first one is the table's title.

    ``align`` has a letter a column, l or r. ``bars`` is a number a row, to be drawn beside it where that can be, or
    nothing; ``note`` is a sentence to stand below. ``text`` is the column that holds text of the archive, if one does.
    """

    align: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[int] = ()
    note: str = ""
    text: int | None = None


def aligned(table: Table, style: TextStyle, blocks: str) -> Iterator[str]:
    """Yield the lines of a table in columns, with bars of BLOCKS or ASCII in what is left of the width."""
    head, *rows = (
        [_cut(visible(cell)) if column == table.text else cell for column, cell in enumerate(row)]
        for row in (table.head, *([f"  {row[0]}", *row[1:]] for row in table.rows))
    )
    widths = [max(map(columns, column)) for column in zip(head, *rows, strict=True)]
    room = min(style.width - sum(widths) - 2 * len(widths), _WIDEST_BAR)
    most = max(table.bars, default=0)
    yield style.strong(_line(head, widths, table.align))
    for row, amount in zip(rows, table.bars or [0] * len(rows), strict=True):
        bar = _bar(amount, most, room, blocks) if room >= _NARROWEST_BAR else ""
        yield _line([*row, bar], [*widths, 0], f"{table.align}l")
    yield from textwrap.wrap(table.note, style.width, initial_indent="  ", subsequent_indent="  ")


def columns(text: str) -> int:
    """Return how many columns of a terminal a printable text takes (Unicode Standard Annex 11, and marks take none)."""
    return sum(
        0 if unicodedata.category(character) in {"Mn", "Me"} else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _line(cells: Sequence[str], widths: Sequence[int], align: str) -> str:
    return "  ".join(
        f"{cell}{blank}" if side == "l" else f"{blank}{cell}"
        for cell, side, blank in (
            (cell, side, " " * (width - columns(cell))) for cell, width, side in zip(cells, widths, align, strict=True)
        )
    ).rstrip()


def _cut(text: str) -> str:
    """Return as much of a text as a column takes."""
    if columns(text) <= _LONGEST:
        return text
    while columns(text) > _LONGEST - len(_MARK):
        text = text[:-1]
    return text + _MARK


def _bar(amount: int, most: int, room: int, blocks: str) -> str:
    """Draw an amount so that the most fills the room; what is not nothing is seen."""
    if not amount:
        return ""
    halves = max(1, amount * room * 2 // most)
    return blocks[0] * (halves // 2) + blocks[1] * (halves % 2)


def as_markdown(table: Table) -> Iterator[str]:
    """Yield the lines of a table in Markdown, without bars."""
    yield f"| {' | '.join(table.head)} |"
    yield f"| {' | '.join('---' if side == 'l' else '---:' for side in table.align)} |"
    for row in table.rows:
        cells = (code(cell) if column == table.text else cell for column, cell in enumerate(row))
        yield f"| {' | '.join(cells)} |"
    yield from ("", table.note) if table.note else ()


def code(text: str) -> str:
    """Return any text as Markdown that shows it and nothing else: as code, without what ends code or a cell."""
    shown = re.sub(r"[`|]", lambda match: f"\\u{ord(match[0]):04x}", visible(text))
    return f"`{shown}`" if shown.strip() else ""
