"""Tests of writing to standard output and error, in this process."""

import fcntl
import os
import pty
import struct
import sys
import termios
from typing import NoReturn

import pytest

from hcfmt.cli import main
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.terminal import style_of
from hcfmt.errors import UsageError
from hcfmt.report.text_style import PLAIN
from tests.support.command import FULL, closed_reader, run


def test_output_that_nobody_reads_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    with os.fdopen(closed_reader(), "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        write_out(["x" * 100_000])
        write_out(["still nobody"])


def test_a_full_disk_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(FULL, "w", encoding="utf-8") as full:  # noqa: PTH123 - no path of ours
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(UsageError, match=r"^Standard output cannot be written: No space left on device\.$"):
            write_out(["x"])
        write_out(["dropped"])


def test_a_failing_standard_error_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(FULL, "w", encoding="utf-8") as full:  # noqa: PTH123 - no path of ours
        monkeypatch.setattr(sys, "stderr", full)
        write_err(["x"])


@pytest.mark.parametrize(("columns", "env", "width"), [(83, "", 83), (83, "50", 50), (83, "0", 83), (0, "wide", 100)])
def test_a_terminal_has_a_width_and_columns_overrides_it(
    columns: int, env: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, program = pty.openpty()
    fcntl.ioctl(program, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    monkeypatch.setenv("COLUMNS", env)
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(program, "w", encoding="utf-8") as stream:
        assert style_of(stream).width == width
    os.close(screen)


def test_a_terminal_without_a_size_has_the_default_width() -> None:
    assert run("rule", "HC201", terminals=frozenset({"stdout"})).exit == 0
    assert PLAIN.width == 100


def test_closed_streams_are_opened_on_the_null_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["hcfmt", "rules"])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # typer sets its own
    monkeypatch.setattr("signal.signal", lambda *_: None)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        assert stream.name == os.devnull
        stream.close()


def test_ctrl_c_outside_a_command_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("hcfmt.cli.command_of", lambda _: interrupted)
    result = run("rules")
    assert (result.exit, result.out, result.err) == (130, "", "hcfmt: interrupted\n")


def test_a_progress_bar_without_progress_closes_quietly() -> None:
    result = run("validate", "missing.tar", terminals=frozenset({"stderr"}))
    assert (result.exit, result.err) == (2, "")
