"""Runs the commands of a page of documentation, and renders what a terminal shows.

A block of the language ``console`` holds commands behind ``$``, each with its output, standard error included::

    $ hcfmt validate demo.tar.gz.aes
    demo.tar.gz.aes: valid (no finding)
    ...
      rules: 134 passed, 2 not applicable

All commands of a page run in order in one new directory, which has the repository's ``generated/``, in a shell each.

- A line ``...`` cuts the output: as many lines as are above it and below it are kept of its beginning and its end.
- What one command exports, and its exit status as ``$?``, is there for the next. A command that ends in ``&`` goes on
  until the end of the page; its output is its first line.
- A comment ``<!-- file: NAME -->`` above a block of any language writes the block to a file.
- Port 8080 stands for a free port, and the seconds in pytest's summary for any.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.command import ROOT, environment

CONSOLE = "console"
BLOCK = re.compile(
    r"^(?:<!-- file: (?P<file>\S+) -->\n\n?)?(?P<fence>```)(?P<language>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(r"^\$ (?P<command>(?:[^\n]*\\\n)*[^\n]*)\n(?P<output>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
_CUT = "..."
_PORT = "8080"
_SECONDS = re.compile(r"\bin \d+\.\d\ds\b")
_PROGRAMS = {"hcfmt": "-m hcfmt", "pytest": "-m pytest -p no:cacheprovider", "python": ""}


def commands(page: str) -> list[str]:
    """Return the commands of a page's console blocks."""
    bodies = (block["body"] for block in BLOCK.finditer(page) if block["language"] == CONSOLE)
    return [match["command"] for body in bodies for match in _COMMAND.finditer(body)]


class Terminal:
    """The terminal of one page: a directory, what was exported, the last exit status and the processes that go on."""

    def __init__(self, directory: Path) -> None:
        """Prepare a directory, with a folder of programs that run this interpreter and this checkout."""
        self._home = directory / "home"
        self._home.mkdir()
        (self._home / "generated").symlink_to(ROOT / "generated")
        programs = directory / "bin"
        programs.mkdir()
        for name, arguments in _PROGRAMS.items():
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
            program.chmod(0o755)
        self._environment = environment({"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"})
        self._exports: list[str] = []
        self._status = 0
        self._port = _free_port()
        self._running: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        """Return the terminal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes that go on."""
        for process in self._running:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate()

    def rendered(self, page: str) -> str:
        """Return a page with the output that its commands have now."""
        return BLOCK.sub(self._block, page)

    def _block(self, block: re.Match[str]) -> str:
        if block["file"]:
            (self._home / block["file"]).write_text(block["body"])
        if block["language"] != CONSOLE:
            return block[0]
        return f"```{CONSOLE}\n{''.join(self._shown(match) for match in _COMMAND.finditer(block['body']))}```"

    def _shown(self, match: re.Match[str]) -> str:
        """Return a command and its output, which is cut where the page cuts it."""
        lines = self._run(match["command"]).splitlines()
        shown = match["output"].splitlines()
        if _CUT in shown:
            above = shown.index(_CUT)
            below = len(shown) - above - 1
            if len(lines) > above + below:
                lines = [*lines[:above], _CUT, *lines[len(lines) - below :]]
        return "".join(f"{line.rstrip()}\n" for line in (f"$ {match['command']}", *lines))

    def _run(self, command: str) -> str:
        """Return what a command writes."""
        if command.startswith("export "):
            self._exports.append(command)
            return ""
        last = f"(exit {self._status})"
        script = "\n".join([*self._exports, last, command.removesuffix(" &").replace(_PORT, self._port)])
        process = subprocess.Popen(
            [shutil.which("bash") or "sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._home,
            env=self._environment,
            start_new_session=True,
        )
        assert process.stdout
        if command.endswith(" &"):
            self._running.append(process)
            output = process.stdout.readline()
        else:
            output = process.communicate()[0]
            self._status = process.returncode
        return _SECONDS.sub("in 0.50s", output.replace(self._port, _PORT))


def code_blocks(page: str, language: str) -> Iterator[str]:
    """Yield the blocks of a language that no command reads from a file."""
    for block in BLOCK.finditer(page):
        if block["language"] == language and not block["file"]:
            yield block["body"]


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
