"""Tests of the options of hcfmt itself, of ``python -m hcfmt``, and of misspelt names."""

import re
import subprocess
import sys

import pytest

from hcfmt.cli.commands import COMMANDS, GROUPS
from hcfmt.version import __version__
from tests.support.command import run


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_printed(option: str) -> None:
    assert run(option).out == f"hcfmt {__version__}\n"


def test_python_runs_the_package_as_the_command() -> None:
    process = subprocess.run([sys.executable, "-m", "hcfmt", "-V"], capture_output=True, text=True, check=True)
    assert process.stdout == f"hcfmt {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (("rule", "unknown-sendr"), "unknown-sender"),
        (("schema", "messages/UserMesage"), "messages/UserMessage"),
        (("validate", "--format", "jsnl", "x"), "jsonl"),
        (("stats", "--format", "markdwn", "x"), "markdown"),
        (("rules", "--format", "jsn"), "json"),
        (("validate", "--digest", "sha265", "x"), "sha256"),
        (("break", "x", "--rule", "unknown-sendr", "-o", "y"), "unknown-sender"),
    ],
)
def test_a_misspelt_name_gets_the_nearest_right_one(arguments: tuple[str, ...], suggestion: str) -> None:
    result = run(*arguments)
    assert result.exit == 2
    assert f"did you mean '{suggestion}'?" in " ".join(result.err.replace("│", " ").split())


def test_a_command_imports_what_others_need_only_when_it_runs() -> None:
    packages = ("corpus", "damage", "recipes", "server", "strategies")
    code = "import sys, hcfmt.cli.commands as cli; cli.load_commands(); "
    script = f"{code}print([name for name in {packages} if f'hcfmt.{{name}}' in sys.modules])"
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert process.stdout == "[]\n"


def test_the_help_lists_the_commands_in_the_groups_and_the_order_of_their_table() -> None:
    run("schema")  # a command imported before the others
    panels = run("--help").out.split("╭─ ")[2:]
    titles = [panel.partition(" ─")[0] for panel in panels]
    listed = [re.findall(r"^│ (\w+) {2,}\w", panel, re.MULTILINE) for panel in panels]
    assert dict(zip(titles, listed, strict=True)) == {title: list(names) for title, names in GROUPS.items()}


def test_completion_knows_every_command() -> None:
    env = {"_HCFMT_COMPLETE": "complete_bash", "COMP_WORDS": "hcfmt ", "COMP_CWORD": "1"}
    assert run(env=env).out.split() == list(COMMANDS)


@pytest.mark.parametrize("command", [*COMMANDS, "receipt bag"])
def test_paragraphs_of_the_help_are_wrapped_by_the_terminal(command: str) -> None:
    text = run(*command.split(), "--help", env={"COLUMNS": "400"}).out.partition("╭─")[0]
    lines = [line.strip() for line in text.partition("Examples:")[0].splitlines()]
    assert [line for line in lines if line and not line.startswith("Usage:") and line[-1] not in ".:"] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_and_titles_of_the_help_fit_80_columns(command: str) -> None:
    lines = run(command, "--help", env={"COLUMNS": "80"}).out.splitlines()
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if line.startswith("╭─") and "─ " not in line]
    begin = next((number for number, line in enumerate(lines) if line.strip() == "Examples:"), len(lines))
    examples = [line.strip() for line in lines[begin + 1 :]]
    examples = examples[: examples.index("")] if examples else []
    assert [line for line in examples if "hcfmt" not in line and "importer" not in line] == []
