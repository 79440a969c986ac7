"""Configuration in TOML: what it sets, what is wrong with it, and its published schema."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError

from hcfmt import RULES, Choices, Severity, UsageError
from hcfmt.check.configuration import DIALECTS, KEYS, Settings, parse_settings, read_configuration
from tests.support.report_checks import SCHEMAS, conforms

EVERYTHING = """
select = ["HC4", "HC5"]
ignore = ["unknown-mention"]
baseline = "accepted/baseline.json"
fail-on = "warning"
max-findings = 7
dialect = "server"

[per-path-ignores]
"rooms/*/files/**" = ["HC509"]

[severity]
HC403 = "error"

[tolerate]
HC501 = 14
HC504 = "0.1%"
"""
CHOICES = Choices(
    ["HC4", "HC5"],
    ["unknown-mention"],
    {"rooms/*/files/**": ["HC509"]},
    {"HC403": "error"},
    {"HC501": 14, "HC504": "0.1%"},
)


def read(directory: Path, text: str | bytes, name: str = "hcfmt.toml") -> Settings | None:
    path = directory / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_configuration(str(path))


def test_a_configuration_sets_everything(tmp_path: Path) -> None:
    settings = read(tmp_path, EVERYTHING)
    assert settings is not None
    assert settings.choices == CHOICES
    assert (settings.fail_on, settings.max_findings, settings.dialect) == (Severity.WARNING, 7, "server")
    assert settings.baseline == str(tmp_path / "accepted" / "baseline.json")


def test_it_may_be_a_table_of_pyproject_toml(tmp_path: Path) -> None:
    text = "[project]\nname = 'x'\n[tool.hcfmt]\nignore = ['HC303']\n[tool.hcfmt.severity]\nHC403 = 'error'\n"
    assert read(tmp_path, text, "pyproject.toml") == Settings(ignore=["HC303"], severity={"HC403": "error"})
    assert read(tmp_path, "[project]\nname = 'x'\n", "pyproject.toml") is None
    assert read(tmp_path, "[project]\nname = 'x'\ndependencies = ['hcfmt']\n", "pyproject.toml") is None
    assert read(tmp_path, "[tool]\nhcfmt = {}\n", "pyproject.toml") == Settings()


def test_an_empty_configuration_sets_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Settings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ignor = []", "There is no setting 'ignor'; did you mean 'ignore'? There are select, ignore, "),
        ("max_findings = 1", "did you mean 'max-findings'?"),
        ("ignore = ['HC4O1']", "ignore: There is no rule 'HC4O1'; did you mean"),
        ("select = ['unknown-sendr']", "select: There is no rule 'unknown-sendr'; did you mean 'unknown-sender'?"),
        ("per-path-ignores.'*' = ['HC9']", "per-path-ignores: There is no rule 'HC9'"),
        ("severity.HC403 = 'eror'", "severity of HC403: There is no severity 'eror'; did you mean 'error'?"),
        ("tolerate.HC5 = 1", "tolerate names one rule at a time"),
        ("tolerate.HC501 = '1 %'", "tolerate HC501: '1 %' is neither a number"),
        ("ignore = ['HC006']", "ignore cannot name HC006 gzip-corrupt: its findings mean that"),
        ("ignore = 'HC303'", 'ignore: it must be a list of rules, such as ["HC303"].'),
        ("select = [1]", "select: it must be a list of rules"),
        ("per-path-ignores.'*' = 'HC3'", "per-path-ignores: it must be a table with a list of rules for each pattern"),
        ("severity = 'error'", "severity: it must be a table with a severity for each rule"),
        ("tolerate = 5", "tolerate: it must be a table with a number or a share for each rule"),
        ("tolerate.HC501 = 1.5", "tolerate HC501: '1.5' is neither a number, such as 14, nor a share"),
        ("tolerate.HC501 = '120%'", "tolerate HC501: '120%' is neither"),
        ("baseline = ''", "baseline: it must be the path of a file"),
        ("fail-on = 'eror'", "fail-on: There is no severity 'eror'; did you mean 'error'? There are error, warning, "),
        ("fail-on = 'fatal'", "fail-on: There is no severity 'fatal'; there are error, warning, suspect, info."),
        ("fail-on = 1", "fail-on: it must be a severity"),
        ("max-findings = 0", "max-findings: it must be a whole number of at least 1."),
        ("max-findings = true", "max-findings: it must be a whole number"),
        ("dialect = 1979-05-27", "dialect: it must be a dialect"),
        ("select = ['HC9']", "select: There is no rule 'HC9'; 'hcfmt rules' lists them."),
        ("ignore = ['hc393']", "There is no rule 'hc393'; those that begin with HC3 are from HC301 to HC3"),
        ("dialect = 'servr'", "dialect: There is no dialect 'servr'; did you mean 'server'?"),
        ("ignore = [", "It is not TOML: "),
        ("a = " + "[" * 5_000, "It is not TOML: "),
        (b"ignore = ['\xff']", "It is not UTF-8."),
        ("# " + "x" * (1 << 20), "It has more than 1,048,576 bytes."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_configuration_names_the_file_and_what_is_wrong(text: str | bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'hcfmt.toml'}: ")
    assert says in str(caught.value)


def test_a_wrong_table_of_pyproject_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"pyproject\.toml \[tool\.hcfmt\]: There is no setting 'ignor'"):
        read(tmp_path, "[tool.hcfmt]\nignor = []", "pyproject.toml")
    with pytest.raises(UsageError, match=r"pyproject\.toml \[tool\.hcfmt\]: It is no table"):
        read(tmp_path, "[tool]\nhcfmt = 1", "pyproject.toml")


def test_a_configuration_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: cannot be read: No such file or directory"):
        read_configuration(str(tmp_path / "none.toml"))


def test_options_override_settings_and_entries_of_tables() -> None:
    settings = Settings(ignore=["HC303"], select=["HC3"], tolerate={"HC501": 1, "HC502": 1}, max_findings=3)
    by = Settings(ignore=["HC106"], tolerate={"HC501": 2}, severity={"HC403": "info"})
    assert settings.overridden(by) == Settings(
        ignore=["HC106"],
        select=["HC3"],
        tolerate={"HC501": 2, "HC502": 1},
        severity={"HC403": "info"},
        max_findings=3,
    )


def schema() -> Mapping[str, Any]:
    (path,) = [directory / "hcfmt.json" for directory in SCHEMAS if directory.name == "config"]
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_published_schema_has_the_same_settings() -> None:
    assert list(schema()["properties"]) == KEYS
    assert schema()["properties"]["dialect"]["enum"] == list(DIALECTS)
    assert schema()["$defs"]["severity"]["enum"] == list(Severity)


RULE = st.sampled_from(["HC401", "unknown-sender", "HC3", "hc5", "ALL", "HC501"]) | st.integers(0, 1)
WORD = st.sampled_from(
    ["error", "info", "eror", "auto", "cloud", "0.1%", "100%", "100.1%", "120%", "14", "x", ""]
) | st.integers(-1, 2)
VALUES = WORD | st.lists(RULE, max_size=2) | st.dictionaries(st.sampled_from(["HC401", "HC501"]), WORD, max_size=2)


@given(st.dictionaries(st.sampled_from([*KEYS, "more"]), VALUES, max_size=4))
def test_the_published_schema_accepts_what_hcfmt_accepts(values: Mapping[str, Any]) -> None:
    """The rules that exist are not part of the schema; the values hold no other ones."""
    try:
        conforms("hcfmt.json", values)
    except ValidationError:
        with pytest.raises(UsageError):
            parse_settings(values)
    else:
        parse_settings(values)


def test_every_code_and_name_matches_the_published_pattern() -> None:
    for rule in RULES.values():
        conforms("hcfmt.json", {"ignore": [rule.code, rule.name, rule.code.lower(), "ALL", "HC", "HC4"]})
