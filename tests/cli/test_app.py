"""Tests of the options of hcfmt itself, of ``python -m hcfmt``, and of misspelt names."""

import subprocess
import sys

import pytest

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
    script = f"import sys, hcfmt.cli; print([name for name in {packages} if f'hcfmt.{{name}}' in sys.modules])"
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert process.stdout == "[]\n"
