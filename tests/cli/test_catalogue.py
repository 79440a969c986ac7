"""Tests of ``hcfmt rules``, ``rule``, ``schema``, help and completion."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from hcfmt import __version__
from hcfmt.check.catalogue import RULES, Rule
from tests.support.command import ROOT, run

# The table "All commands" of the README; a row may have several commands.
COMMANDS = sorted(
    {
        command
        for row in re.findall(r"^\| (`hcfmt .*?) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
        for command in re.findall(r"`hcfmt ([a-z]+)", row)
    }
)
SCHEMAS = sorted(path.relative_to(ROOT / "schemas") for path in (ROOT / "schemas").rglob("*.json"))


def test_the_version_is_printed() -> None:
    result = run("--version")
    assert (result.exit, result.out, result.err) == (0, f"hcfmt {__version__}\n", "")


@pytest.mark.parametrize("args", [("--help",), ("-h",)])
def test_the_help_names_the_commands_of_the_readme_and_the_exit_statuses(args: Sequence[str]) -> None:
    result = run(*args)
    assert result.exit == 0
    listed = re.findall(r"^│ ([a-z]+)  ", result.out, re.MULTILINE)
    assert sorted(listed) == COMMANDS, "the README's table of all commands differs from the help"
    for status in ("0 valid", "1 invalid", "2 wrong usage", "3 incomplete", "4 internal error", "130 interrupted"):
        assert status in " ".join(result.out.split())


def test_without_a_command_the_help_is_shown_as_wrong_usage() -> None:
    result = run()
    assert result.exit == 2
    assert "Usage: hcfmt" in result.out + result.err


def test_an_unknown_command_is_wrong_usage() -> None:
    result = run("vlidate")
    assert (result.exit, result.out) == (2, "")
    assert "validate" in result.err


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_examples_and_fits_80_columns(command: str) -> None:
    result = run(command, "--help", env={"COLUMNS": "80"})
    assert result.exit == 0
    assert all(len(line) <= 80 for line in result.out.splitlines())
    examples = [line.strip() for line in result.out.splitlines() if line.strip().startswith("hcfmt ")]
    assert examples
    assert all(example.startswith(f"hcfmt {command}") for example in examples)


def test_rules_lists_every_rule_on_a_line() -> None:
    lines = run("rules").out.splitlines()
    rows = [[rule.code, rule.severity, rule.remedy.safety, rule.name] for rule in RULES.values()]
    assert [line.split() for line in lines] == rows
    assert all(len(line) <= 80 for line in lines)


def test_rules_as_json_is_a_list_of_objects() -> None:
    result = run("rules", "--format", "json")
    listed = json.loads(result.out)
    assert [(row["code"], row["name"], row["severity"], row["fault"]) for row in listed] == [
        (rule.code, rule.name, rule.severity, rule.unchecked) for rule in RULES.values()
    ]
    assert [(row["means"], row["page"]) for row in listed] == [(rule.summary, rule.page) for rule in RULES.values()]


def test_severities_are_coloured_on_a_terminal() -> None:
    result = run("rules", terminals=frozenset({"stdout"}))
    assert re.sub("\x1b\\[[0-9;]*m", "", result.out) == run("rules").out != result.out


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_explained_by_its_page(rule: object) -> None:
    code = getattr(rule, "code")  # noqa: B009 - the parameter is an object to mypy alone
    result = run("rule", code)
    heading, *rest = result.out.splitlines()
    assert result.exit == 0
    assert heading == f"{code} {RULES[code].name} ({RULES[code].severity})"
    assert RULES[code].summary in " ".join(" ".join(rest).split()).replace("`", "")
    assert not re.search(r"^#|\]\(|```", result.out, re.MULTILINE)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_says_how_to_ignore_it(rule: Rule) -> None:
    last = run("rule", rule.code).out.rpartition("How to ignore it:")[2]
    assert (f"--ignore {rule.code}" in last) is not rule.always_counts


def test_a_rule_is_found_by_code_or_name_in_any_case() -> None:
    assert run("rule", "hc201") == run("rule", "Invalid-JSON") == run("rule", "HC201")


def test_an_unknown_rule_is_wrong_usage() -> None:
    result = run("rule", "HC999")
    assert (result.exit, result.out) == (2, "")
    assert result.err == "hcfmt: There is no rule 'HC999'; 'hcfmt rules' lists them.\n"


DERIVED = [
    Path("dialects", dialect, path)
    for dialect in ("cloud", "server")
    for path in SCHEMAS
    if path.parts[0] in {"export", "messages"}
]


def test_schema_lists_all_schemas_and_those_of_dialects() -> None:
    expected = sorted(path.with_suffix("").as_posix() for path in [*SCHEMAS, *DERIVED])
    assert run("schema").out.splitlines() == expected


def test_a_schema_of_a_dialect_is_printed_with_its_differences() -> None:
    room = json.loads(run("schema", "dialects/server/export/rooms").out)["$defs"]["room"]
    assert "canonical_name" not in room["required"]
    assert room["properties"]["owner"]["x-refers-to"]["rule"] == "HC404"


@pytest.mark.parametrize("path", SCHEMAS, ids=str)
def test_a_schema_is_printed_as_its_file(path: Path) -> None:
    text = (ROOT / "schemas" / path).read_text(encoding="utf-8")
    for name in (path.with_suffix("").as_posix(), path.as_posix()):
        result = run("schema", name)
        assert (result.exit, result.out.rstrip("\n")) == (0, text.rstrip("\n"))
    if path.parts[0] != "dialects":  # of which the files are differences
        Draft202012Validator.check_schema(json.loads(text))


def test_schemas_are_written_to_a_directory(tmp_path: Path) -> None:
    result = run("schema", "--output-dir", tmp_path / "new")
    written = sorted(path.relative_to(tmp_path / "new") for path in (tmp_path / "new").rglob("*.json"))
    assert result.exit == 0
    assert written == sorted([*SCHEMAS, *DERIVED])
    assert sorted(result.out.splitlines()) == sorted(str(tmp_path / "new" / path) for path in written)
    for path in SCHEMAS:
        assert (tmp_path / "new" / path).read_bytes() == (ROOT / "schemas" / path).read_bytes()


def test_one_schema_is_written_to_a_directory(tmp_path: Path) -> None:
    assert run("schema", "export/users", "--output-dir", tmp_path).exit == 0
    assert [path.name for path in tmp_path.rglob("*.json")] == ["users.json"]


def test_a_schema_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "export").write_bytes(b"a file where a directory is due")
    result = run("schema", "export/users", "--output-dir", tmp_path)
    assert (result.exit, result.out) == (2, "")
    assert "cannot be written" in result.err


@pytest.mark.parametrize("name", ["no/such", "../pyproject", "/etc/passwd", ""])
def test_an_unknown_schema_is_wrong_usage(name: str) -> None:
    result = run("schema", name)
    assert (result.exit, result.out) == (2, "")
    assert result.err == f"hcfmt: There is no schema {name!r}; 'hcfmt schema' lists them.\n"


def completed(*words: str) -> list[str]:
    env = {
        "_HCFMT_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["hcfmt", *words]),
        "COMP_CWORD": str(len(words)),
    }
    result = run(env=env)
    assert result.exit == 0
    return result.out.split()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("v",), ["validate", "view"]),
        (("rule", "HC60"), ["HC601", "HC602", "HC603", "HC604"]),
        (("validate", "--for", "roc"), ["rocketchat"]),
        (("rule", "HCX"), ["HCX01", "HCX02", "HCX03"]),
        (("rule", "unknown-s"), ["unknown-sender"]),
        (("break", "x", "--rule", "unknown-s"), ["unknown-sender"]),
        (("generate", "--profile", "s"), ["small"]),
        (("generate", "--locale", "de_A"), ["de_AT"]),
        (("validate", "--digest", "s"), ["sha256"]),
        (("schema", "embedded/"), ["embedded/autojoin-data", "embedded/card", "embedded/user-metadata"]),
        (("validate", "--format", "json"), ["json", "jsonl"]),
        (("validate", "--fail-on", "w"), ["warning"]),
        (("validate", "--dialect", "c"), ["cloud"]),
        (("validate", "--max-se"), ["--max-seconds"]),
    ],
)
def test_a_shell_completes_commands_options_and_names_of_every_kind(words: Sequence[str], found: Sequence[str]) -> None:
    assert completed(*words) == found


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_completion_script(shell: str) -> None:
    result = run(env={"_HCFMT_COMPLETE": f"source_{shell}"})
    assert result.exit == 0
    assert "_HCFMT_COMPLETE" in result.out
    assert "hcfmt" in result.out
