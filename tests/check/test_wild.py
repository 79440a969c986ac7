"""Inputs that people met, rebuilt small: each has the verdict and the findings of ``wild/expected.toml``."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Options, Report, validate

DIRECTORY = Path(__file__).parent / "wild"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((DIRECTORY / "expected.toml").read_text("utf-8"))


def report_of(name: str) -> Report:
    password = EXPECTED[name].get("password", "pw")
    return validate(str(DIRECTORY / name), Options(password=password.encode))


@pytest.mark.parametrize("name", EXPECTED)
def test_an_input_that_people_met_has_its_verdict_and_its_findings(name: str) -> None:
    report, expected = report_of(name), EXPECTED[name]
    found = Counter(f"{finding.code} {finding.severity}" for finding in report.findings)
    assert (report.verdict, dict(found)) == (expected["verdict"], expected["findings"])


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if "says" in expected])
def test_a_finding_on_an_input_that_people_met_names_what_it_is(name: str) -> None:
    messages = " ".join(finding.message for finding in report_of(name).findings)
    assert EXPECTED[name]["says"] in messages


def test_every_input_that_people_met_has_a_row() -> None:
    files = {str(path.relative_to(DIRECTORY)) for path in DIRECTORY.glob("*/*")}
    assert files == EXPECTED.keys()
