"""Helpers of the command tests: run the command in this process, or as a process of its own."""

import gc
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hcfmt.cli import main
from tests.support.recipes import PASSWORD, SAMPLE, UNCHANGED, cook

ROOT = Path(__file__).parents[2]
FULL = "/dev/full"
COMMAND = (sys.executable, "-c", "from hcfmt.cli import main; main()")
NOTHING: Mapping[str, str] = {}
# What a developer's or a CI's environment may hold and a test must not depend on.
OURS = {"HCFMT_PASSWORD", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "GITHUB_ACTIONS", "PY_COLORS"}

__all__ = [
    "COMMAND",
    "FULL",
    "PASSWORD",
    "ROOT",
    "SAMPLE",
    "UNCHANGED",
    "Result",
    "Terminal",
    "archive",
    "closed_reader",
    "environment",
    "run",
]


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended: its exit status, and what it wrote."""

    exit: int
    out: str
    err: str
    raw: bytes


class Terminal(io.TextIOWrapper):
    """A stream in memory that says of itself that it is a terminal."""

    def isatty(self) -> bool:
        return True


def environment(env: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Return this environment without what would change the command's output, and with ``env``."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**inherited, "TERM": "xterm", "PYTHONPATH": str(ROOT), **env}


@contextmanager
def launched(
    command: Sequence[str],
    env: Mapping[str, str] = NOTHING,
    **streams: Any,  # noqa: ANN401 - as Popen's
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a process, which is ended with the block at the latest."""
    with subprocess.Popen(command, env=environment(env), **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def child(
    *args: str | Path, stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE
) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    """Start the command, where a signal to its whole group does not reach the tests."""
    command = [*COMMAND, *map(str, args)]
    return launched(command, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, start_new_session=True)


def run(
    *args: str | Path, env: Mapping[str, str] = NOTHING, stdin: bytes = b"", terminals: frozenset[str] = frozenset()
) -> Result:
    """Run the command in this process; ``terminals`` names the standard streams that are to be terminals."""
    raw = {"stdin": io.BytesIO(stdin), "stdout": io.BytesIO(), "stderr": io.BytesIO()}
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    # typer sets its own hook; the command changes when garbage is collected.
    hook, thresholds = sys.excepthook, gc.get_threshold()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["hcfmt", *map(str, args)])
        for name, stream in raw.items():
            kind = Terminal if name in terminals else io.TextIOWrapper
            patch.setattr(sys, name, kind(stream, encoding="utf-8", newline="\n"))
        for name in set(os.environ) - set(environment(env)):
            patch.delenv(name)
        for name, value in environment(env).items():
            patch.setenv(name, value)
        try:
            with pytest.raises(SystemExit) as end:
                main()
        finally:
            sys.excepthook = hook
            gc.set_threshold(*thresholds)
            gc.unfreeze()
            for number, handler in handlers.items():
                signal.signal(number, handler)
        for output in (sys.stdout, sys.stderr):
            output.flush()
        out, err = (raw[name].getvalue() for name in ("stdout", "stderr"))
    assert isinstance(end.value.code, int)
    return Result(int(end.value.code), out.decode(errors="replace"), err.decode(), out)


def archive(directory: Path, recipe: str = UNCHANGED) -> Path:
    """Write the archive of a recipe and return its path; its password is the sample's."""
    cooked = cook(recipe)
    path = directory / cooked.name
    path.write_bytes(cooked.data)
    return path


def closed_reader() -> int:
    """Return the writing end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer
