"""Inventories as text, Markdown and JSON: golden files, the schema, and the form of numbers."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hcfmt.findings import Finding, Location, Severity
from hcfmt.report.inventory_tables import size, tables
from hcfmt.report.stats import document, markdown, text
from hcfmt.report.tables import ASCII, BLOCKS, columns
from hcfmt.report.text_style import PLAIN, TextStyle, json_text
from hcfmt.verdict import TOOL, Report, Verdict
from tests.support.report_checks import COMMANDING, commands, conforms, harmless
from tests.support.report_samples import EMPTY, HOSTILE, INVENTORY, company, months, room

CAUSE = Finding(
    "HC006",
    "gzip-corrupt",
    Severity.ERROR,
    "The checksum differs, so that not every byte is what was packed. Byte 57,919.",
    Location(),
)
WHY = f"HC006 gzip-corrupt: {CAUSE.message}"
REPORTS = {
    "small": Report("export.tar.gz.aes", Verdict.VALID, (), {}, (), INVENTORY),
    "company": Report("company.tar.gz.aes", Verdict.INVALID, (), {"HC201": 3, "HC301": 1234}, (), company()),
    "cut": Report("cut.tar.gz", Verdict.INCOMPLETE, (CAUSE,), {"HC006": 1}, (), INVENTORY, decided_by="HC006"),
    "nothing": Report(
        "sealed.tar.gz.aes",
        Verdict.INCOMPLETE,
        (CAUSE,),
        {"HC006": 1},
        (),
        {**EMPTY, "layers": {"aes": 5}},
        decided_by="HC006",
    ),
}

EVERY_REPORT = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)

PERIODS = {"Month", "Quarter", "Year", "Decade", "Century", "Millennium"}
GOLDEN = Path(__file__).parent / "golden"


def text_lines(report: Report, style: TextStyle = PLAIN, blocks: str = BLOCKS, top: int = 10) -> list[str]:
    return list(text(report, top, style, blocks))


def of(inventory: Mapping[str, Any], **other: Any) -> Report:  # noqa: ANN401 - a part of an inventory
    return Report("x.tar", Verdict.VALID, (), {}, (), {**inventory, **other})


def table(report: Report, title: str, top: int = 10) -> list[tuple[str, ...]]:
    """Return the rows of a report's table; an empty list for a missing table."""
    return [
        tuple(row)
        for table_ in tables(report.inventory, top).values()
        if table_.head[0] == title
        for row in table_.rows
    ]


@pytest.mark.parametrize("name", REPORTS)
def test_text_and_markdown_render_their_golden_files(name: str, golden: Callable[[Path, str], None]) -> None:
    forms = {"txt": text_lines(REPORTS[name], TextStyle(80)), "md": markdown(REPORTS[name], 10)}
    for suffix, lines in forms.items():
        golden(GOLDEN / f"stats-{name}.{suffix}", "".join(f"{line}\n" for line in lines))


def test_json_renders_its_golden_file(golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TOOL, "version", "1.2.3")
    golden(GOLDEN / "stats-small.json", f"{json_text(document(REPORTS['small']), 2)}\n")


@EVERY_REPORT
def test_json_conforms_to_its_schema_and_holds_the_inventory(report: Report) -> None:
    result = document(report)
    conforms("stats.json", result)
    assert (result["input"], result["verdict"], result["inventory"]) == (report.input, report.verdict, report.inventory)


@EVERY_REPORT
@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_text_keeps_to_the_width(report: Report, width: int) -> None:
    assert all(columns(line) <= width for line in text_lines(report, TextStyle(width)))


@EVERY_REPORT
def test_colours_are_the_only_difference_on_a_terminal(report: Report) -> None:
    coloured = "\n".join(text_lines(report, TextStyle(100, colour=True)))
    assert "\x1b[1m" in coloured
    for escape in ("31;1", "33", "1", "0"):
        coloured = coloured.replace(f"\x1b[{escape}m", "")
    assert coloured.split("\n") == text_lines(report)


def test_without_names_and_blocks_the_text_is_ascii() -> None:
    assert "".join(text_lines(REPORTS["small"], blocks=ASCII)).isascii()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("cut", f"The numbers cover only what could be read. {WHY}"),
        ("nothing", f"No content could be read. {WHY}"),
        (
            "company",
            (
                "There are 1,237 findings; what they concern may be missing in the numbers. "
                "'hcfmt validate' lists what was found."
            ),
        ),
        ("small", None),
    ],
)
def test_a_caveat_comes_before_the_numbers(name: str, says: str | None) -> None:
    report = REPORTS[name]
    for lines in (text_lines(report, TextStyle(500)), [line for line in markdown(report, 10) if line]):
        assert report.verdict in lines[0]
        assert (lines[1] == says) == (says is not None)


def test_one_finding_is_written_in_the_singular() -> None:
    report = Report("x", Verdict.INVALID, (), {"HC201": 1}, (), INVENTORY)
    assert text_lines(report, TextStyle(200))[1].startswith("There is 1 finding; what it concerns may be missing")


def test_an_archive_without_content_shows_only_its_layers() -> None:
    assert list(tables(REPORTS["nothing"].inventory, 10)) == ["layers"]
    assert tables(EMPTY, 10) == {}


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_951, "1.0 MB"),
        (1_500_000, "1.5 MB"),
        (12_345_678_901, "12.3 GB"),
        (5 * 10**12, "5.0 TB"),
        (7 * 10**15, "7.0 PB"),
        (10**22, "10000.0 EB"),
    ],
)
def test_a_size_is_written_for_people(count: int, written: str) -> None:
    assert size(count) == written


@pytest.mark.parametrize(
    ("by_month", "title", "rows"),
    [
        (months(m2018_04=(8, 3)), "Month", [("2018-04", "8", "3", "11")]),
        (months(m2017_12=(1, 0), m2018_01=(0, 1)), "Month", [("2017-12", "1", "0", "1"), ("2018-01", "0", "1", "1")]),
        (
            months(m2017_10=(1_000, 0), m2018_01=(0, 1)),
            "Month",
            [("2017-10", "1,000", "0", "1,000"), ("...", "", "", ""), ("2018-01", "0", "1", "1")],
        ),
    ],
)
def test_messages_are_summed_by_month_and_gaps_are_shown(
    by_month: list[dict[str, Any]], title: str, rows: list[tuple[str, ...]]
) -> None:
    assert table(of(INVENTORY, months=by_month), title) == rows


@pytest.mark.parametrize(
    ("count", "step", "title", "first", "last"),
    [
        (24, 1, "Month", "2009-12", "2011-11"),
        (25, 1, "Quarter", "2009 Q4", "2011 Q4"),
        (70, 1, "Quarter", "2009 Q4", "2015 Q3"),
        (90, 1, "Year", "2009", "2017"),
        (60, 12, "Decade", "2000-2009", "2060-2069"),
        (60, 120, "Century", "2000-2099", "2500-2599"),
        (60, 1200, "Millennium", "2000-2999", "7000-7999"),
    ],
)
def test_many_months_are_summed_up_by_longer_periods(count: int, step: int, title: str, first: str, last: str) -> None:
    indices = range(2009 * 12 + 11, 2009 * 12 + 11 + count * step, step)
    by_month = [{"month": f"{at // 12:04}-{at % 12 + 1:02}", "room": 2, "private": 1} for at in indices]
    rows = table(of(INVENTORY, months=by_month), title)
    assert (rows[0][0], rows[-1][0]) == (first, last)
    assert sum(int(row[3]) for row in rows) == 3 * count


@settings(max_examples=60)
@given(st.sets(st.tuples(st.integers(0, 9999), st.integers(1, 12)), min_size=1, max_size=80))
def test_any_months_fit_in_few_rows_without_losing_a_message(dates: set[tuple[int, int]]) -> None:
    by_month = [{"month": f"{year:04}-{month:02}", "room": 1, "private": 0} for year, month in sorted(dates)]
    (found,) = (
        table_ for table_ in tables({**INVENTORY, "months": by_month}, 10).values() if table_.head[0] in PERIODS
    )
    assert len(found.rows) < 2 * 24
    assert sum(found.bars) == len(dates)


def test_messages_without_a_date_are_counted_below_the_months() -> None:
    assert "  17 more messages are left out: their dates could not be read." in text_lines(REPORTS["company"])
    assert not any("left out" in line for line in text_lines(REPORTS["small"]))


def test_one_message_without_a_date_is_written_in_the_singular() -> None:
    report = of(INVENTORY, messages={**INVENTORY["messages"], "distinct": INVENTORY["messages"]["distinct"] + 1})
    assert "  1 more message is left out: its date could not be read." in text_lines(report)


@pytest.mark.parametrize(
    ("unread", "says"),
    [
        (1, "  1 more is in the last total only: its record could not be read."),
        (1_000, "  1,000 more are in the last total only: their records could not be read."),
    ],
)
@pytest.mark.parametrize("kind", ["users", "rooms"])
def test_a_total_that_is_more_than_its_parts_is_explained(kind: str, unread: int, says: str) -> None:
    people = INVENTORY[kind]
    assert says in text_lines(of(INVENTORY, **{kind: {**people, "total": people["total"] + unread}}))
    assert not any("total alone" in line for line in text_lines(of(INVENTORY)))


@pytest.mark.parametrize(("top", "rooms", "says"), [(1, 1, True), (10, 10, True), (39, 39, True), (40, 40, False)])
def test_top_limits_the_rooms_and_users_shown(top: int, rooms: int, *, says: bool) -> None:
    report = REPORTS["company"]
    assert len(table(report, "Busiest rooms", top)) == len(table(report, "Busiest users", top)) == rooms
    assert any("--top" in line for line in text_lines(report, top=top)) == says


def test_types_that_are_not_listed_are_summed_up() -> None:
    everything = table(REPORTS["company"], "Attachments by type", 100)
    first_rows = table(REPORTS["company"], "Attachments by type", 3)
    assert [row[0] for row in first_rows] == ["zip", "png", "pdf", "9 more"]
    totals = [sum(int(row[3].replace(",", "")) for row in rows) for rows in (everything, first_rows)]
    assert totals[0] == totals[1]


def test_a_room_has_a_name_only_when_names_are_shown() -> None:
    hidden = [{**row, "name": None} for row in company()["busiest_rooms"]]
    assert len(table(of(company(), busiest_rooms=hidden), "Busiest rooms, by id")[0]) == 2
    assert table(REPORTS["company"], "Busiest rooms")[0][:2] == ("3", "General")


def incomplete(name: str, message: str, inventory: Mapping[str, Any] = INVENTORY) -> Report:
    cause = Finding("HC106", "unexpected-file", Severity.ERROR, message, Location())
    return Report(name, Verdict.INCOMPLETE, (cause,), {"HC106": 1}, (), inventory, decided_by="HC106")


def all_of(name: str) -> str:
    report = of(INVENTORY, busiest_rooms=[room(1, 8, name)])
    report = incomplete(name, name, report.inventory)
    lines = (
        *text(report, 10, PLAIN, BLOCKS),
        *markdown(report, 10),
        *json_text(document(report), 2).split("\n"),
    )
    result = document(report)
    result["inventory"]["busiest_rooms"][0]["name"].encode()
    return "".join(f"{line}\n" for line in lines)


def test_a_hostile_name_is_escaped() -> None:
    assert harmless(all_of(HOSTILE))
    assert not any(line.strip().startswith("FORGED") for line in all_of(HOSTILE).splitlines())


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=())))
def test_any_name_comes_out_harmless(name: str) -> None:
    assert harmless(all_of(name))


def test_markdown_shows_the_reason_and_runs_none_of_it() -> None:
    lines = list(markdown(incomplete("x.tar", "```<img src=x>``` | [a](b) *c*"), 10))
    ticks = "\\\\u0060" * 3
    assert lines[2].endswith(f"HC106 unexpected-file: {ticks}\\<img src=x\\>{ticks} \\| \\[a\\](b) \\*c\\*")


@given(text_=COMMANDING)
def test_no_text_in_numbers_is_a_command_to_a_ci_runner(text_: str) -> None:
    busiest = [room(1, 1, text_)]
    for verdict in Verdict:
        report = replace(incomplete(text_, text_, {**INVENTORY, "busiest_rooms": busiest}), verdict=verdict)
        forms = (
            text(report, 10, TextStyle(40), ASCII),
            markdown(report, 10),
            json_text(document(report), 2).split("\n"),
        )
        assert [commands("\n".join(lines)) for lines in forms] == [[], [], []]
