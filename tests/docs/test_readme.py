"""The README's examples: commands with their output as a terminal shows it, and Python that runs."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import ROOT, environment

README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n\$ (?P<command>hcfmt [^\n]*)\n(?P<output>.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def rendered(block: re.Match[str]) -> str:
    """Return a console block with the output that its command has now, standard error included."""
    command = [sys.executable, "-m", *shlex.split(block["command"])]
    process = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=environment(), check=False
    )
    return f"```console\n$ {block['command']}\n{process.stdout}```"


def test_commands_are_shown_with_their_output(golden: Callable[[Path, str], None]) -> None:
    text = README.read_text("utf-8")
    assert CONSOLE.search(text)
    golden(README, CONSOLE.sub(rendered, text))


@pytest.mark.parametrize("code", PYTHON.findall(README.read_text("utf-8")))
@pytest.mark.slow
def test_python_examples_run(code: str, tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=tmp_path, env=environment(), check=False
    )
    assert (process.returncode, process.stderr.decode()) == (0, "")
    assert process.stdout
