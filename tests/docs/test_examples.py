"""The examples of the documentation: commands with their output as a terminal shows it, and Python that runs."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import typer.main

from hcfmt.cli.app import app
from hcfmt.cli.commands import load_commands
from tests.support.command import ROOT, environment
from tests.support.console import Terminal, code_blocks, commands

PAGES = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}
TEXTS = {name: path.read_text("utf-8") for name, path in sorted(PAGES.items())}
CLI = ROOT / "generated" / "cli.md"
PYTHON = [pytest.param(code, id=name) for name, text in TEXTS.items() for code in code_blocks(text, "python")]
INDENTED = re.compile(r"(?:^ {4}.+\n)+", re.MULTILINE)
COMMAND = re.compile(r"^ *(?:[\w./-]*/)?(hcfmt .+)", re.MULTILINE)


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if commands(text)])
@pytest.mark.slow
def test_commands_are_shown_with_their_output(name: str, tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    with Terminal(tmp_path) as terminal:
        golden(PAGES[name], terminal.rendered(TEXTS[name]))


@pytest.mark.parametrize("code", PYTHON)
@pytest.mark.slow
def test_python_examples_run(code: str, tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=tmp_path, env=environment(), check=False
    )
    assert (process.returncode, process.stderr.decode()) == (0, "")


def arguments(line: str) -> tuple[str, ...]:
    """Return the words of a line of shell script up to a pipe, a redirection or a comment."""
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    return tuple(takewhile(lambda word: not set(word) <= set("|<>&;"), words))


def not_run() -> list[tuple[str, ...]]:
    """Return the commands that the documentation shows without output, as their words."""
    texts = [*TEXTS.values(), CLI.read_text("utf-8")]
    scripts = [script for text in texts for script in (*code_blocks(text, "sh"), *INDENTED.findall(text))]
    lines = [line for script in scripts for line in COMMAND.findall(script.replace("\\\n", ""))]
    return sorted({arguments(line) for line in lines})


@pytest.mark.parametrize("words", not_run(), ids=" ".join)
def test_commands_that_are_not_run_have_known_options(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    load_commands()
    monkeypatch.chdir(tmp_path)
    group: Any = typer.main.get_command(app)
    _, name, *options = words
    assert name in group.commands or name == "--install-completion"
    if name in group.commands:
        command = group.commands[name]
        while options and options[0] in getattr(command, "commands", {}):
            command = command.commands[options.pop(0)]
        command.make_context(name, options)
