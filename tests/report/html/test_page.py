"""The page as a whole: what it says to the person who decides, what it may load and run, and how long it gets."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import unescape

import pytest
from msgspec.structs import replace

from hcfmt.check.catalogue import RULES
from hcfmt.findings import Finding, Location, Severity
from hcfmt.report.formats import rendered
from hcfmt.report.html import views
from hcfmt.report.run import Run
from hcfmt.verdict import Entry, Report, Status, Verdict
from tests.support.report_samples import EMPTY, INVENTORY, REPORTS, hostile_everywhere, many

SOUND = REPORTS[0]


@pytest.fixture(autouse=True)
def _charts_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hcfmt.report.html.charts.drawn", lambda _: ("0 0 400 200", "<path/>"))


def page(*reports: Report, run: Run | None = None) -> str:
    return "".join(f"{line}\n" for line in rendered("html", reports, run or Run(RULES)))


def found(codes: Mapping[str, int], verdict: Verdict = Verdict.INVALID, **changes: object) -> Report:
    """Return a report with so many findings of each rule."""
    findings = [
        Finding(code, RULES[code].name, RULES[code].severity, "It is wrong.", Location("users.json", at, ("User",)))
        for code, count in codes.items()
        for at in range(count)
    ]
    return replace(SOUND, verdict=verdict, findings=findings, totals=dict(codes), **changes)


def section(html: str, heading: str) -> str:
    """Return the text from a heading to the next one, without tags."""
    (text,) = re.findall(rf"<h3>{heading}</h3>(.*?)<h[23]", html, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


@pytest.mark.parametrize(
    ("report", "says"),
    [
        (SOUND, "nothing in it contradicts what hcfmt knows of exports."),
        (found({"HC710": 1}, Verdict.VALID), "nothing in it is as severe as this run's limit, error."),
        (replace(SOUND, suppressed={"ignore": {"HC710": 2}}), "does not count by the settings of this run."),
        (found({"HC401": 1}), "an importer may stop at them, or lose content."),
        (found({"HC007": 1}, Verdict.INCOMPLETE), "nobody can say yet whether it is sound."),
        (found({"HCX02": 1}, failed=True), "this verdict is not to be relied on."),
    ],
    ids=lambda value: getattr(value, "verdict", ""),
)
def test_a_verdict_is_explained_in_two_sentences(report: Report, says: str) -> None:
    text = section(page(report), "What this means")
    assert says in text
    _, (view,) = views.rows_and_views([report], Run(RULES))
    assert [len(re.findall(r"[.](?: |$)", sentence)) for sentence in view.meaning] == [1, 1]


def test_what_is_to_be_done_comes_from_the_pages_first_for_the_rule_that_decided() -> None:
    text = section(
        page(found({"HC401": 2, "HC712": 1, "HC007": 1}, decided_by="HC007")), "Before the old server is switched off"
    )
    before = [RULES[code].page.partition("server is running: ")[2][:12] for code in ("HC007", "HC401", "HC712")]
    places = [text.lower().index(advice.lower()) for advice in before]
    assert places == sorted(places)
    assert "HC401 unknown-sender, 2 findings" in text
    assert "If the old server is gone already" in text


def test_what_only_notes_something_is_folded_away() -> None:
    html = page(found({"HC401": 1, "HC303": 1}))
    assert "1 more, for findings that are no errors or warnings" in html


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (Verdict.VALID, "Nothing has to be done because of this archive."),
        (Verdict.INVALID, "Nothing has to be changed on the old server."),
        (Verdict.INCOMPLETE, "Nothing has to be changed on the old server, but keep it until this archive was checked"),
    ],
)
def test_where_nothing_is_to_be_done_the_page_says_so(verdict: Verdict, says: str) -> None:
    html = page(replace(SOUND, verdict=verdict))
    assert section(html, "Before the old server is switched off").startswith(says)


def test_reasons_of_the_ledger_are_summed_up_with_the_largest_number_and_most_rules_first() -> None:
    ledger = (
        Entry(
            "HC401", Status.SKIPPED, 0, "not examined: data files that are cut, or odd: 2, records that are odd: 1,009"
        ),
        Entry("HC402", Status.SKIPPED, 0, "not examined: records that are odd: 7"),
        Entry("HC501", Status.SKIPPED, 0, "HC007 ended the reading"),
        Entry("HC001", Status.PASSED, 1),
    )
    assert section(page(replace(SOUND, ledger=ledger)), "Not checked") == (
        "Faults in what was not examined go unseen. "
        f"Records that are odd (1,009). HC401 {RULES['HC401'].name}, HC402 {RULES['HC402'].name} "
        f"Data files that are cut, or odd (2). HC401 {RULES['HC401'].name} "
        f"HC007 ended the reading. HC501 {RULES['HC501'].name}"
    )


def test_an_archive_that_was_wholly_checked_says_so() -> None:
    assert section(page(SOUND), "Not checked") == "Nothing was left out: every rule that applies examined everything."


def test_each_rule_that_found_something_has_its_page_one_click_away() -> None:
    html = page(found({"HC401": 1, "HC712": 3}), found({"HC401": 5}))
    assert re.findall(r'<article id="rule-(\w+)"', html) == ["HC401", "HC712"]
    targets = set(re.findall(r'href="#([^"]*)"', html))
    assert targets <= set(re.findall(r'\bid="([^"]*)"', html))
    assert {"rule-HC401", "rule-HC712", "input-1", "input-2"} <= targets


def test_an_id_is_given_once() -> None:
    ids = re.findall(r'\bid="([^"]*)"', page(*REPORTS))
    assert len(ids) == len(set(ids))


def test_the_policy_allows_the_style_and_the_script_of_the_page_and_nothing_else() -> None:
    html = page(*REPORTS)
    digests = {
        element: b64encode(
            sha256(re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)[0].encode()).digest()
        ).decode()
        for element in ("style", "script")
    }
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    assert policy.replace("&#39;", "'").split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digests['style']}'",
        f"script-src 'sha256-{digests['script']}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


@pytest.mark.parametrize(
    "reports", [REPORTS, hostile_everywhere("<script>alert(1)</script>")], ids=["samples", "hostile"]
)
def test_nothing_is_loaded_and_no_element_brings_its_own_script_or_style(reports: Sequence[Report]) -> None:
    html = page(*reports)
    body = html.partition("<body>")[2].partition("<script>")[0]
    assert not re.search(r"<[^>]*\s(?:on\w+|style|src|srcset|background|xlink:href|ping|action)=", body)
    assert not re.search(
        r"<(?:script|style|link|img|iframe|object|embed|base|meta|image|use|foreignobject)\b", body, re.IGNORECASE
    )
    assert not re.search(r"url\(|@import", html)
    links = re.findall(r'href="([^"]*)"', html)
    assert all(link.startswith(("#", "https://github.com/hcfmt/hcfmt/blob/main/")) for link in links)


def test_the_digest_of_the_archive_and_suppressed_findings_are_named() -> None:
    html = page(replace(SOUND, sha256="ab" * 32, suppressed={"baseline": {"HC401": 7}}))
    assert f"SHA-256 of the archive: <code>{'ab' * 32}</code>" in html
    assert "No finding; suppressed: 7 by baseline (7 HC401)." in html


def test_hidden_text_is_mentioned_only_where_there_is_some() -> None:
    hint = "Text of the archive is hidden"
    report = found({"HC401": 1})
    assert hint not in page(report)
    assert hint in page(replace(report, findings=[replace(finding, masked=True) for finding in report.findings]))


def test_a_sentence_is_written_once_with_its_places() -> None:
    html = page(found({"HC401": 3}))
    assert html.count("<dt>It is wrong.</dt>") == 1
    assert html.count("<dd>users.json#/<wbr>") == 3


def test_long_texts_are_cut() -> None:
    finding = Finding("HC401", "x", Severity.ERROR, "m" * 10_000, Location("p" * 10_000))
    html = page(replace(SOUND, findings=[finding], totals={"HC401": 1}))
    assert "m" * 397 + "...<" in html
    assert "p" * 397 + "...<" in html
    assert "m" * 400 not in html


def test_a_page_stays_below_five_megabytes_whatever_was_found() -> None:
    text = "x" * 500
    everything = [
        Finding(code, rule.name, rule.severity, f"{at} {text}", Location(f"{at}{text}"))
        for code, rule in RULES.items()
        for at in range(1_000)
    ]
    report = replace(
        SOUND,
        findings=everything,
        totals=dict.fromkeys(RULES, 1_000),
        ledger=[Entry(code, Status.FAILED, 1_000) for code in RULES],
    )
    assert len(page(report)) < 5_000_000
    assert len(page(many(100_000))) < 5_000_000


def test_the_findings_that_are_not_listed_are_counted() -> None:
    html = page(found({"HC401": 150}))
    assert html.count("<dd>") == 100
    assert "50 more are counted and not listed here." in html
    assert "lists more" in html


def test_several_archives_have_a_table_and_the_first_ten_have_charts() -> None:
    html = page(*[replace(SOUND, input=f"{number}.aes") for number in range(12)])
    assert "<title>12 archives - hcfmt</title>" in html
    assert re.findall(r'<a href="#input-\d+">([^<]*)</a>', html) == [f"{number}.aes" for number in range(12)]
    charts = re.findall(r'<desc id="input-(\d+)-chart', html)
    assert set(charts) == set(map(str, range(1, 11)))


def test_of_many_archives_those_that_need_attention_are_shown_and_all_are_in_the_table() -> None:
    ledger = [Entry(code, Status.PASSED, 1_000) for code in RULES]
    reports = [replace(SOUND, ledger=ledger, input=f"{number}.aes") for number in range(1_000)]
    reports[700] = replace(found({"HC401": 1}), input="700.aes")
    html = page(*reports)
    assert len(re.findall(r'<th scope="row">(?:<a href="#input-\d+">)?\d+\.aes', html)) == 1_000
    assert re.findall(r'<article id="input-(\d+)"', html) == [*(str(number) for number in range(1, 50)), "701"]
    assert len(html.encode()) < 5_000_000


@pytest.mark.parametrize("reason", [None, "no data file found"])
@pytest.mark.parametrize("verdict", [Verdict.VALID, Verdict.INVALID])
def test_only_an_archive_that_was_wholly_checked_was_read_to_its_end(verdict: Verdict, reason: str | None) -> None:
    ledger = [replace(SOUND.ledger[0], reason=reason)]
    html = page(replace(SOUND, verdict=verdict, ledger=ledger))
    assert ("The archive was read to its end" in html) == (reason is None)


def test_what_was_not_read_has_no_numbers() -> None:
    assert "What could be read" not in page(replace(SOUND, verdict=Verdict.INCOMPLETE, inventory=EMPTY))
    assert "What could be read" in page(replace(SOUND, verdict=Verdict.INCOMPLETE, inventory=INVENTORY))
