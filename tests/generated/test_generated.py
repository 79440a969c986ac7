"""The files of ``generated/`` are those that the code renders, and no others."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import hcfmt
from hcfmt.check.catalogue import RULES
from tests.support.python_reference import GROUPS
from tests.support.render import CASES, CORPUS, GENERATED, IMPORTER_TABLE, SAMPLE, SUITE_FILES, rendered

RENDERED = rendered()
# The catalogue as it was published; read before a test can write it anew.
PUBLISHED = GENERATED / "rules.json"
CATALOGUE = json.loads(PUBLISHED.read_text(encoding="utf-8")) if PUBLISHED.is_file() else []


@pytest.mark.parametrize("name", RENDERED)
def test_a_generated_file_equals_the_rendered_text(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(GENERATED / name, RENDERED[name])


def test_there_are_no_other_files_in_the_folder(request: pytest.FixtureRequest) -> None:
    suite = {CORPUS / name for name in (*CASES, *SUITE_FILES)}
    expected = {GENERATED / name for name in RENDERED} | {SAMPLE, IMPORTER_TABLE} | suite
    found = {path for path in GENERATED.rglob("*") if path.is_file()}
    if request.config.getoption("--rewrite"):
        for path in found - expected:
            path.unlink()
        return
    assert found == expected


def test_a_code_that_was_published_keeps_its_name_its_severity_and_its_weight() -> None:
    columns = ("code", "name", "severity", "fault")
    rules = {code: (code, rule.name, rule.severity, rule.unchecked) for code, rule in RULES.items()}
    published = [tuple(row[column] for column in columns) for row in CATALOGUE]
    assert [rules.get(row[0]) for row in published] == published


def test_every_public_name_is_in_the_reference_of_python() -> None:
    names = [name for names in GROUPS.values() for name in names]
    assert sorted(names) == sorted(hcfmt.__all__)


def test_no_line_has_space_at_its_end() -> None:
    assert [line for text in RENDERED.values() for line in text.split("\n") if line != line.rstrip()] == []
