"""Output formats: their golden files and schemas, and no harm through text of an archive."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hcfmt.check.catalogue import RULES
from hcfmt.exits import Exit
from hcfmt.findings import BaselineEntry, Finding, Location, Severity
from hcfmt.report.formats import FORMATS
from hcfmt.report.formats import rendered as lines_of
from hcfmt.report.run import Run
from hcfmt.report.summary import one_line, summary
from hcfmt.report.tables import columns
from hcfmt.report.text_style import PLAIN, Detail, TextStyle
from hcfmt.report.visible_text import visible
from hcfmt.verdict import TOOL, Entry, Report, Status, Verdict, exit_status
from tests.support.report_checks import COMMANDING, commands, conforms, foreign_commands, harmless
from tests.support.report_samples import EMPTY, HOSTILE, INVENTORY, REPORTS, RUNS, hostile_everywhere, many
from tests.support.report_samples import RULES as SOME_RULES
from tests.support.report_shapes import SHAPES

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {"text": "txt"}  # of golden files; that of any other format is its name
STYLES = {
    "plain": PLAIN,
    "narrow": TextStyle(60),
    "colour": TextStyle(80, colour=True),
    "quiet": TextStyle(detail=Detail.QUIET),
    "verbose": TextStyle(detail=Detail.VERBOSE),
}

SHOWS_MORE = "--max-findings shows more"
EVERY_FORMAT = pytest.mark.parametrize("name", FORMATS)


@pytest.fixture(autouse=True)
def _charts_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the drawings out, which another version of Vega draws otherwise: test_charts.py looks at them."""
    monkeypatch.setattr("hcfmt.report.html.charts.drawn", lambda _: ("0 0 400 200", "<path/>"))


def rendered(name: str, reports: Sequence[Report], style: TextStyle = PLAIN) -> str:
    return "".join(f"{line}\n" for line in lines_of(name, reports, Run(RULES, style=style)))


def summarised(reports: Sequence[Report], style: TextStyle = PLAIN) -> str:
    return "".join(f"{line}\n" for line in summary(reports, style))


def golden_file(name: str, run: str) -> Path:
    return GOLDEN / f"{run}.{SUFFIXES.get(name, name)}"


def test_every_golden_report_belongs_to_a_format() -> None:
    found = {path for run in RUNS for path in GOLDEN.glob(f"{run}.*")}
    assert found == {golden_file(name, run) for name in FORMATS for run in RUNS}


@EVERY_FORMAT
@pytest.mark.parametrize("run", RUNS)
def test_a_format_renders_its_golden_files(
    name: str, run: str, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TOOL, "version", "1.2.3")
    status = exit_status(RUNS[run])
    golden(golden_file(name, run), "".join(f"{line}\n" for line in lines_of(name, RUNS[run], Run(SOME_RULES, status))))


@pytest.mark.slow
def test_a_hundred_thousand_findings_are_rendered_line_by_line(
    golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TOOL, "version", "1.2.3")
    report = many(100_000)
    outputs = {}
    for name in FORMATS:
        digest, lines, size, longest = sha256(), 0, 0, 0
        for line in lines_of(name, [report], Run(SOME_RULES, Exit.INVALID)):
            text = f"{line}\n".encode()
            digest.update(text)
            lines, size, longest = lines + 1, size + len(text), max(longest, len(text))
        outputs[name] = {"lines": lines, "bytes": size, "longest": longest, "sha256": digest.hexdigest()}
    golden(GOLDEN / "many.json", json.dumps(outputs, indent=2) + "\n")


@pytest.mark.parametrize("style", STYLES)
def test_text_renders_its_golden_file_in_every_style(style: str, golden: Callable[[Path, str], None]) -> None:
    text = rendered("text", REPORTS, STYLES[style])
    golden(GOLDEN / f"text-{style}.txt", f"{text}---- standard error\n{summarised(REPORTS, STYLES[style])}")


@pytest.mark.parametrize("detail", Detail)
def test_each_input_begins_with_its_verdict_and_several_end_with_their_total(detail: Detail) -> None:
    lines = rendered("text", REPORTS, TextStyle(detail=detail)).splitlines()
    heads = [line for line in lines if line.startswith(tuple(f"{visible(report.input)}: " for report in REPORTS))]
    assert [line.split(": ")[1].split()[0] for line in heads] == [report.verdict for report in REPORTS]
    assert lines[0] == heads[0]
    assert lines[-1].startswith("3 inputs: 1 valid, 1 invalid, 1 incomplete (12,347 errors, ")


def test_quiet_text_is_a_line_for_each_input_and_the_total() -> None:
    assert rendered("text", REPORTS, TextStyle(detail=Detail.QUIET)).count("\n") == len(REPORTS) + 1
    assert rendered("text", REPORTS[:1], TextStyle(detail=Detail.QUIET)).count("\n") == 1


def findings_of(messages: Mapping[str, int]) -> list[Finding]:
    """Return findings of one rule, so many of each sentence."""
    return [
        Finding("HC401", "unknown-sender", Severity.ERROR, message, Location(f"rooms/{place}/history.json"))
        for message, count in messages.items()
        for place in range(count)
    ]


@pytest.mark.parametrize(
    ("messages", "in_all", "lines"),
    [
        ({"One.": 2}, 2, ["One.", "rooms/0/history.json", "rooms/1/history.json"]),
        ({"One.": 5}, 150_000, ["One.", *(f"rooms/{n}/history.json" for n in range(3)), "and 149,997 more places"]),
        (
            {"One.": 4, "Two.": 1},
            5,
            [
                "One.",
                *(f"rooms/{n}/history.json" for n in range(3)),
                "and 1 more place",
                "Two.",
                "rooms/0/history.json",
            ],
        ),
        (
            {"One.": 1, "Two.": 1, "Three.": 1},
            3,
            ["One.", "rooms/0/history.json", "Two.", "rooms/0/history.json", "and 1 more finding; -v shows them"],
        ),
        (
            {"One.": 1, "Two.": 1},
            9,
            ["One.", "rooms/0/history.json", "Two.", "rooms/0/history.json", "and 7 more findings; " + SHOWS_MORE],
        ),
    ],
)
def test_a_sentence_is_written_once_with_its_first_places(
    messages: Mapping[str, int], in_all: int, lines: Sequence[str]
) -> None:
    report = replace(REPORTS[0], findings=findings_of(messages), totals={"HC401": in_all}, verdict=Verdict.INVALID)
    text = rendered("text", [report], TextStyle(sentences=2)).splitlines()
    begin = text.index(f"error    HC401 unknown-sender: {in_all:,} findings") + 1
    assert [line.strip() for line in text[begin : begin + len(lines)]] == list(lines)


def test_verbose_text_has_every_place() -> None:
    found = findings_of({f"Sentence {number}.": 7 for number in range(20)})
    report = replace(REPORTS[0], findings=found, totals={"HC401": len(found)})
    text = rendered("text", [report], TextStyle(detail=Detail.VERBOSE))
    assert text.count("/history.json\n") == len(found)
    assert "more" not in text


def test_masked_text_is_said_once() -> None:
    hint = "Text of the archive is hidden; --show-values shows it."
    masked = replace(REPORTS[1], findings=[replace(finding, masked=True) for finding in REPORTS[1].findings])
    assert rendered("text", [REPORTS[0], REPORTS[1]]).count(hint) == 0
    assert rendered("text", [masked, masked]).count(hint) == 1


def test_what_could_not_be_read_says_nothing_of_content_and_rules() -> None:
    finding = Finding(
        "HC002", "cannot-decrypt", Severity.ERROR, "The password is most likely wrong.", Location(byte=16)
    )
    ledger = (Entry("HC002", Status.FAILED, 1), Entry("HC301", Status.SKIPPED, 0, "HC002 ended the reading"))
    report = Report("x.aes", Verdict.INCOMPLETE, (finding,), {"HC002": 1}, ledger, EMPTY, decided_by="HC002")
    assert rendered("text", [report]).splitlines() == [
        "x.aes: incomplete (HC002 cannot-decrypt)",
        "error    HC002 cannot-decrypt  byte 16",
        "         The password is most likely wrong.",
    ]


@pytest.mark.parametrize("reports", [REPORTS, REPORTS[:1], ()], ids=len)
def test_json_conforms_to_its_schema(reports: Sequence[Report]) -> None:
    conforms("report.json", json.loads(rendered("json", reports)))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.verdict)
def test_a_report_as_a_dict_is_the_json_document_in_plain_values(report: Report) -> None:
    conforms("report.json", report.to_dict())
    document = json.loads("".join(lines_of("json", [report], Run(SOME_RULES, report.exit))))
    assert report.to_dict() == document
    assert plain_types(report.to_dict()) <= {dict, list, str, int, float, bool, type(None)}


def plain_types(value: object) -> set[type]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {type(value)}.union(*map(plain_types, inner))


def test_each_line_of_jsonl_conforms_to_its_schema() -> None:
    lines = rendered("jsonl", REPORTS).splitlines()
    assert len(lines) == sum(len(report.findings) + 1 for report in REPORTS) + 1
    for line in lines:
        conforms("line.json", json.loads(line))


def test_json_and_jsonl_hold_the_same() -> None:
    document = json.loads(rendered("json", REPORTS))
    *lines, end = [json.loads(line) for line in rendered("jsonl", REPORTS).splitlines()]
    apart = {"type", "input", "format_version", "tool"}
    again: list[dict[str, object]] = []
    findings: list[dict[str, object]] = []
    for line in lines:
        rest = {key: value for key, value in line.items() if key not in apart}
        if line["type"] == "finding":
            findings.append(rest)
        else:
            again.append({"input": line["input"], "findings": findings, **rest})
            findings = []
    assert document["reports"] == again
    assert end == {"type": "end", "exit_status": document["exit_status"]}


@EVERY_FORMAT
def test_a_hostile_text_in_any_field_comes_out_harmless(name: str) -> None:
    for reports in (REPORTS, hostile_everywhere(HOSTILE)):
        output = rendered(name, reports) + summarised(reports)
        assert harmless(output)
        assert not any(line.strip().startswith("FORGED") for line in output.splitlines())


@EVERY_FORMAT
@settings(max_examples=60)
@given(text=st.text(st.characters(exclude_categories=()), min_size=1))
def test_any_text_in_any_field_comes_out_harmless(name: str, text: str) -> None:
    reports = hostile_everywhere(text)
    assert harmless(rendered(name, reports) + summarised(reports))


@EVERY_FORMAT
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@settings(max_examples=60)
@given(text=COMMANDING)
def test_no_text_in_any_field_is_a_command_to_a_ci_runner(name: str, style: TextStyle, text: str) -> None:
    reports = hostile_everywhere(text)
    assert foreign_commands(name, rendered(name, reports, style)) == []
    assert commands(summarised(reports, style)) == []


SYNTAX = (
    *("::error::x", "##[error]x", "<script>alert(1)</script>", "]]>", "<!--", "&amp;", "&#60;b>", "\"'><b>"),
    *("`code`", "``", "|", "||", "\\", "\\|", "[a](http://b.c)", "![a](b)", "http://b.c", "www.b.c", "a@b.cd", "*a*"),
    *("_a_", "__a__", "~~a~~", "# a", "- a", "$a$", ":tada:", "{0}", "%0A::error::x", "%", "%25", ",", "a=b,c=d", "::"),
    *("\r\n::error::x", "\n\n# a", "\x00", "\x1b[31m", "\u202e", "\ufffe", "\udc80", "'", '"', "${{ a }}", "@a", "#1"),
)
"""Texts that are syntax in one of the formats."""


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("text", SYNTAX, ids=ascii)
def test_no_syntax_in_any_field_changes_what_a_reader_sees(name: str, text: str) -> None:
    plain_shape = SHAPES[name](rendered(name, hostile_everywhere("x")))
    for hostile in (text, f"x{text}", f"{text}x", f"x {text} x"):
        assert SHAPES[name](rendered(name, hostile_everywhere(hostile))) == plain_shape


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=60)
@given(text=st.lists(st.sampled_from(SYNTAX) | st.characters(exclude_categories=()), min_size=1).map("".join))
def test_no_text_in_any_field_changes_what_a_reader_sees(name: str, text: str) -> None:
    plain_shape = SHAPES[name](rendered(name, hostile_everywhere("x")))
    assert SHAPES[name](rendered(name, hostile_everywhere(f"x{text}"))) == plain_shape


def test_colours_are_the_only_escape_sequences() -> None:
    coloured = rendered("text", REPORTS, TextStyle(100, colour=True))
    for escape in ("31;1", "33", "35", "36", "1", "0"):
        assert f"\x1b[{escape}m" in coloured
        coloured = coloured.replace(f"\x1b[{escape}m", "")
    assert coloured == rendered("text", REPORTS)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_messages_keep_to_the_width(width: int) -> None:
    output = rendered("text", REPORTS[:2], TextStyle(width)) + summarised(REPORTS[:2], TextStyle(width))
    long = [line for line in output.splitlines() if len(line) > width]
    assert all(any(str(finding.location) in line for finding in REPORTS[1].findings) for line in long if "/" in line)


@pytest.mark.parametrize("width", [50, 60, 80, 100, 150])
def test_the_table_of_rules_keeps_to_the_width(width: int) -> None:
    lines = rendered("text", REPORTS[1:2], TextStyle(width)).splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("severity"))
    table = lines[begin : lines.index("", begin)]
    assert len(table) == 1 + len({finding.code for finding in REPORTS[1].findings})
    assert max(map(columns, table)) <= width
    assert ("first place" in table[0]) == (width > 60)


def test_a_place_is_never_broken() -> None:
    places = [str(finding.location) for finding in REPORTS[1].findings[:-1] if finding.location.member]
    for width in (10, 40, 80):
        output = rendered("text", REPORTS[1:2], TextStyle(width)).splitlines()
        assert all(any(line.endswith(location) for line in output) for location in places)


@pytest.mark.parametrize(
    ("inventory", "line"),
    [
        (INVENTORY, "2 users, 1 room, 1 emoticon, 1 autojoin, 11 messages, 11 stored files"),
        (EMPTY, "0 users, 0 rooms, 0 emoticons, 0 autojoins, 0 messages, 0 stored files"),
    ],
)
def test_an_inventory_fits_in_one_line(inventory: Mapping[str, Any], line: str) -> None:
    assert one_line(inventory) == line


@pytest.mark.parametrize("name", ["sarif", "github", "gitlab", "junit", "markdown"])
def test_formats_of_pipelines_say_that_accepted_findings_are_gone(name: str) -> None:
    gone = {BaselineEntry("HC501", "users.json", "ab"): 2, BaselineEntry("HC301", "rooms.json", "cd"): 1}
    sentence = "accepted findings that are gone: 3 (1 HC301, 2 HC501); --prune-baseline removes them"
    reports, run = REPORTS[:1], Run(RULES, gone=gone)
    output = "\n".join(lines_of(name, reports, run))
    assert sentence in output
    assert SHAPES[name](output) != SHAPES[name](rendered(name, reports))


@EVERY_FORMAT
def test_every_format_says_how_many_findings_are_suppressed(name: str) -> None:
    output = rendered(name, REPORTS[1:2])
    assert re.search(r"1,203 by baseline|\"HC301\": 3,\s+\"HC501\": 1200", output)
