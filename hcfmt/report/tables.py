"""Tables of numbers, in aligned columns with bars or as Markdown."""

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hcfmt.report.text_style import TextStyle
from hcfmt.report.visible_text import visible

BLOCKS = "█▌"  # a full block and a half block, of which bars are drawn
ASCII = "##"
_WIDEST_BAR = 60  # columns
_NARROWEST_BAR = 8
_LONGEST = 36  # columns of a text of the archive
_MARK = "..."  # in place of text that was cut off


@dataclass(frozen=True, slots=True)
class Table:
    """Table of cells; the first cell of its head is its title.

    ``align`` holds a letter for each column, l or r. ``bars`` holds a number for each row, drawn as a bar beside it if
    there is room, or is empty. ``note`` is a sentence below the table. ``text`` is the index of the column that holds
    text of the archive, if there is one; it is cut to the number of columns ``longest``.
    """

    align: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[int] = ()
    note: str = ""
    text: int | None = None
    longest: int = _LONGEST


def aligned(table: Table, style: TextStyle, blocks: str) -> Iterator[str]:
    """Yield the lines of a table in columns, with bars of BLOCKS or ASCII in the rest of the width."""
    head, *rows = (
        [cut(visible(cell), table.longest) if column == table.text else cell for column, cell in enumerate(row)]
        for row in (table.head, *([f"  {row[0]}", *row[1:]] for row in table.rows))
    )
    widths = [max(map(columns, column)) for column in zip(head, *rows, strict=True)]
    room = min(style.width - sum(widths) - 2 * len(widths), _WIDEST_BAR)
    largest = max(table.bars, default=0)
    yield style.strong(_line(head, widths, table.align))
    for row, amount in zip(rows, table.bars or [0] * len(rows), strict=True):
        bar = _bar(amount, largest, room, blocks) if room >= _NARROWEST_BAR else ""
        yield _line([*row, bar], [*widths, 0], f"{table.align}l")
    yield from textwrap.wrap(table.note, style.width, initial_indent="  ", subsequent_indent="  ")


def columns(text: str) -> int:
    """Return the width of a printable text in terminal columns (Unicode Standard Annex 11; marks take none)."""
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


def cut(text: str, longest: int) -> str:
    """Return a printable text, cut to so many columns."""
    if columns(text) <= longest:
        return text
    while columns(text) > longest - len(_MARK):
        text = text[:-1]
    return text + _MARK


def _bar(amount: int, largest: int, room: int, blocks: str) -> str:
    """Return a bar as long as an amount: the largest amount fills the room, and every amount but 0 is visible."""
    if not amount:
        return ""
    halves = max(1, amount * room * 2 // largest)
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
    """Return any text as Markdown code; characters that would end the code or the cell, or begin HTML, are escaped."""
    escaped = re.sub(r"[`|<]", lambda match: f"\\u{ord(match[0]):04x}", visible(text))
    return f"`{escaped}`" if escaped.strip() else ""
