"""Reports as Markdown: one table, which GitHub takes for the summary of a step."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from hcfmt.check.catalogue import RULES
from hcfmt.findings import Location, Severity
from hcfmt.report.markdown import MOST_BYTES, render
from hcfmt.report.run import Run
from hcfmt.verdict import Report, Verdict
from tests.support.report_samples import CUT, FOR, NOTHING, REPORTS, RUNS, finding, hostile_everywhere, many


def text(*reports: Report) -> str:
    return "".join(f"{line}\n" for line in render(reports, Run(RULES)))


def cells(*reports: Report) -> list[list[str]]:
    """Return the texts of the only table, by row, as a reader sees them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text(*reports))
    assert [token.type for token in tokens].count("table_open") == 1
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if before.type in {"td_open", "th_open"}:
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


@pytest.mark.parametrize("reports", RUNS.values(), ids=RUNS)
def test_every_row_has_every_column(reports: Sequence[Report]) -> None:
    rows = cells(*reports)
    assert {len(row) for row in rows} == {6}
    assert len(rows) == 1 + len(reports) + sum(len(report.totals) for report in reports)


def test_a_row_says_what_a_rule_found() -> None:
    rows = cells(*REPORTS[1:2])
    assert rows[1] == [
        *("full of faults.tar.gz.aes", "incomplete", "", "12,351", ""),
        "HC006 gzip-corrupt: The checksum differs.",
    ]
    assert [row[:5] for row in rows if "HC301" in row[1]] == [
        ["", "HC301 schema-violation", "error", "12,345", "rooms/1/history.json#/41/UserMessage/sender/id"]
    ]


@pytest.mark.parametrize(
    ("reports", "heading"),
    [
        (REPORTS[:1], "## hcfmt: valid"),
        ([NOTHING], "## hcfmt: incomplete"),
        (REPORTS, "## hcfmt: 3 archives: 1 valid, 1 invalid, 1 incomplete"),
        ([], "## hcfmt: no archive"),
    ],
)
def test_the_heading_says_the_verdict(reports: Sequence[Report], heading: str) -> None:
    assert text(*reports).split("\n")[0] == heading


def test_lists_below_the_table_say_what_was_not_checked_and_what_importers_do() -> None:
    assert text(CUT, FOR).split("\n")[8:] == [
        "Not fully checked:",
        "",
        "- `cut.tar.gz.aes`: HC201 (HC007 ended the reading)",
        "",
        "Importers:",
        "",
        "- `for.tar.gz.aes`: zulip: dies at emoticons.json",
        "- `for.tar.gz.aes`: hipmost: imports, but loses 1 of 11 messages and 2 files, and misfiles 3 messages",
        "- `for.tar.gz.aes`: lombiq: imports everything",
        "",
    ]


@pytest.mark.parametrize(
    "hostile", ["a|b", "`a`", "<b>", "a_b _c_ __d__", "\\|", "www.a.b http://c", "&lt;", "[a](b)", "~~a~~"]
)
def test_a_message_shows_as_it_is(hostile: str) -> None:
    found = finding("HC301", "schema-violation", Severity.ERROR, hostile, Location())
    report = replace(CUT, verdict=Verdict.INVALID, findings=[found], totals={"HC301": 1})
    assert cells(report)[-1][-1] == hostile


def test_long_texts_are_cut() -> None:
    found = finding("HC301", "schema-violation", Severity.ERROR, "m" * 10_000, Location("n" * 10_000))
    row = cells(replace(CUT, findings=[found], totals={"HC301": 1}))[-1]
    assert (len(row[4]), len(row[5])) == (303, 303)


@pytest.mark.parametrize(
    "reports", [[many(20)] * 600, [*hostile_everywhere("\U000e0041" * 300)] * 1000], ids=["many", "long"]
)
def test_a_summary_has_less_than_a_mebibyte_and_says_that_it_is_cut(reports: Sequence[Report]) -> None:
    output = text(*reports)
    assert MOST_BYTES - 20_000 < len(output.encode()) < MOST_BYTES
    assert output.endswith("\n\nThe rest of this report is left out, as a summary has 1 MiB at most.\n")
    assert not re.search(r"^\|.*[^|\n]$", output, re.MULTILINE)
