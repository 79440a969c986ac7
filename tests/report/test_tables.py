"""Tables in columns and in Markdown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.report.tables import ASCII, BLOCKS, Table, aligned, as_markdown, code, columns
from hcfmt.report.text_style import PLAIN, TextStyle

ANY_TEXT = st.text(st.characters(exclude_categories=()))
TABLE = Table(
    "llr",
    ("Rooms", "name", "messages"),
    [("1", "General", "1,000"), ("12", "東京", "500"), ("...", "", ""), ("7", "", "1"), ("9", "quiet", "0")],
    bars=[1000, 500, 0, 1, 0],
    note="A note that is too long for one line of this narrow terminal.",
    text=1,
)


def test_columns_are_aligned_and_bars_fill_the_width() -> None:
    assert list(aligned(TABLE, TextStyle(41), BLOCKS)) == [
        "Rooms  name     messages",
        "  1    General     1,000  ███████████████",
        "  12   東京          500  ███████▌",
        "  ...",
        "  7                    1  ▌",
        "  9    quiet           0",
        "  A note that is too long for one line of",
        "  this narrow terminal.",
    ]


def test_bars_are_of_ascii_where_nothing_else_can_be_shown() -> None:
    lines = list(aligned(TABLE, TextStyle(41), ASCII))
    assert [line.count("#") for line in lines] == [0, 15, 8, 0, 1, 0, 0, 0]


@pytest.mark.parametrize(("width", "bar"), [(20, 0), (33, 0), (34, 8), (60, 34), (86, 60), (500, 60)])
def test_bars_fill_the_width_beside_the_columns_within_limits(width: int, bar: int) -> None:
    assert list(aligned(TABLE, TextStyle(width), BLOCKS))[1].count("█") == bar


def test_a_table_without_bars_has_none() -> None:
    plain = replace(TABLE, bars=())
    assert list(aligned(plain, PLAIN, BLOCKS))[1:3] == ["  1    General     1,000", "  12   東京          500"]


def test_a_long_text_is_cut() -> None:
    long = replace(TABLE, rows=[("1", "x" * 37, "2"), ("2", "東" * 19, "1"), ("3", "y" * 36, "1")], bars=())
    assert list(aligned(long, PLAIN, BLOCKS))[1:4] == [
        f"  1    {'x' * 33}...         2",
        f"  2    {'東' * 16}...          1",
        f"  3    {'y' * 36}         1",
    ]


def test_only_the_head_is_bold() -> None:
    bold, *lines = aligned(TABLE, TextStyle(41, colour=True), BLOCKS)
    head, *rest = aligned(TABLE, TextStyle(41), BLOCKS)
    assert (bold, lines) == (f"\x1b[1m{head}\x1b[0m", rest)


@given(text=ANY_TEXT)
def test_any_text_leaves_the_columns_in_their_places(text: str) -> None:
    rows = [("1", text, "10"), ("2", "short", "7")]
    lines = list(aligned(replace(TABLE, rows=rows, bars=()), PLAIN, BLOCKS))[:3]
    assert len({columns(line) for line in lines}) == 1
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("東京", 4), ("😀", 2), ("ｱ", 1)]
)
def test_a_character_takes_none_one_or_two_columns(text: str, count: int) -> None:
    assert columns(text) == count


def test_markdown_has_the_alignment_and_the_note_and_text_as_code() -> None:
    assert list(as_markdown(TABLE)) == [
        "| Rooms | name | messages |",
        "| --- | --- | ---: |",
        "| 1 | `General` | 1,000 |",
        "| 12 | `東京` | 500 |",
        "| ... |  |  |",
        "| 7 |  | 1 |",
        "| 9 | `quiet` | 0 |",
        "",
        TABLE.note,
    ]


@pytest.mark.parametrize(
    ("text", "code_text"),
    [
        ("General", "`General`"),
        ("a | b", "`a \\u007c b`"),
        ("``` <script>", "`\\u0060\\u0060\\u0060 \\u003cscript>`"),
        ("@all #12\nnext", "`@all #12\\u000anext`"),
        (" ", ""),
        ("", ""),
    ],
)
def test_code_shows_any_text(text: str, code_text: str) -> None:
    assert code(text) == code_text


@given(text=ANY_TEXT)
def test_any_text_stays_in_its_cell(text: str) -> None:
    row = list(as_markdown(replace(TABLE, rows=[("1", text, "1")])))[2]
    assert row.count("|") == 4
    assert row.count("`") in {0, 2}
