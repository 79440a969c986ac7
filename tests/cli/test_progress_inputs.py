"""Each input that is being checked has a line of progress, and the last finished ones have one while there is room."""

import io
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

import hcfmt.cli.progress
from hcfmt import Options, Report, validate
from hcfmt.cli.progress_display import Display
from hcfmt.cli.progress_inputs import MOST_INPUTS, InputLines
from hcfmt.cli.progress_line import Line
from hcfmt.container import open_archive
from hcfmt.errors import UsageError
from tests.support.command import PASSWORD, SAMPLE, archive, run
from tests.support.concurrency import ended_timers


class _Unseen(Display):
    """A display that nobody looks at."""

    def start(self, lines: object) -> None:
        pass


@pytest.fixture(scope="module")
def report() -> Report:
    return validate(SAMPLE, Options(password=PASSWORD))


def shown(lines: InputLines) -> list[tuple[str, bool]]:
    return [(line.text, line.is_busy) for line in lines.lines()]


def begun(running: bool = True) -> "Future[Report]":  # noqa: FBT001, FBT002 - said by the name of the call
    future = Future[Report]()
    if running:
        future.set_running_or_notify_cancel()
    return future


def test_lines_are_those_of_the_inputs_that_are_being_checked(report: Report) -> None:
    lines, running, done = InputLines(4, _Unseen(0)), begun(), begun()
    lines.begin("https://user:secret@host/a.aes?secret", running)
    lines.begin("waiting.aes", begun(running=False))
    lines.begin("done.aes", done)
    done.set_result(report)
    lines.begin("here.aes", None)
    counted = ("0 of 4 inputs", False)
    assert shown(lines) == [("https://host/a.aes", True), ("done.aes: valid", False), counted]
    running.set_result(report)
    lines.finish(report)
    assert shown(lines) == [("https://host/a.aes: valid", False), ("done.aes: valid", False), ("1 of 4 inputs", False)]


def test_the_bytes_are_those_of_the_input_that_is_read_here(report: Report) -> None:
    lines, source = InputLines(2, _Unseen(0)), open_archive(SAMPLE, password=PASSWORD)
    for name in ("a.aes", "b.aes"):
        lines.begin(name, None)
    lines.finish(report)
    with source:
        lines.read(source)("rooms.json")
        assert [(line.text, line.readable) for line in lines.lines()] == [
            ("a.aes: valid", None),
            ("b.aes", source),
            ("1 of 2 inputs", None),
        ]


def test_a_task_that_failed_or_was_cancelled_has_no_verdict(report: Report) -> None:
    lines, failed, cancelled = InputLines(2, _Unseen(0)), begun(), begun(running=False)
    lines.begin("failed.aes", failed)
    lines.begin("cancelled.aes", cancelled)
    failed.set_exception(UsageError("The archive is encrypted."))
    cancelled.cancel()
    assert shown(lines)[:2] == [("failed.aes", True), ("cancelled.aes", True)]
    lines.finish(report)  # the one of a second try
    assert shown(lines)[0] == ("failed.aes: valid", False)


@pytest.mark.parametrize("busy", [0, 3, MOST_INPUTS, 50])
@pytest.mark.parametrize("finished", [0, 3, MOST_INPUTS, 50])
def test_the_lines_are_few(busy: int, finished: int, report: Report) -> None:
    lines = InputLines(100, _Unseen(0))
    for number in range(busy + finished):
        lines.begin(f"{number}.aes", begun())
    for _ in range(finished):
        lines.finish(report)
    *inputs, count = shown(lines)
    here = min(busy, MOST_INPUTS)
    gone = max(0, finished - MOST_INPUTS + here)
    assert [text for text, _ in inputs] == [
        *(f"{number}.aes: valid" for number in range(gone, finished)),
        *(f"{number}.aes" for number in range(finished, finished + here)),
    ]
    assert count == (f"{finished} of 100 inputs", False)


def test_a_long_name_is_cut_at_its_beginning() -> None:
    lines = InputLines(2, _Unseen(0))
    lines.begin("https://host/exports/of/the/last/year/export.tar.gz.aes", begun())
    assert shown(lines)[0] == ("...e/last/year/export.tar.gz.aes", True)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_shows_the_lines_and_removes_them_before_the_password_is_asked_for(
    jobs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_: str) -> str:
        ended_timers()
        assert isinstance(sys.stderr.buffer, io.BytesIO)
        screens.append(sys.stderr.buffer.getvalue().decode())
        return PASSWORD

    screens: list[str] = []
    monkeypatch.setattr(hcfmt.cli.progress, "DELAY", 0)
    monkeypatch.setattr("getpass.getpass", answer)
    plain = archive(tmp_path, "layers tar")
    result = run("validate", plain, SAMPLE, SAMPLE, "-j", jobs, terminals=frozenset({"stdin", "stderr"}))
    assert result.exit == 0
    assert screens[0].count("\x1b[?25l") == screens[0].count("\x1b[?25h")  # the cursor is hidden while there are lines
    assert f"{SAMPLE.name}: valid" in result.err
    assert "of 3 inputs" in result.err


class _Kept(Display):
    """A display that keeps what it would show."""

    lines: Callable[[], Sequence[Line]]

    def start(self, lines: Callable[[], Sequence[Line]]) -> None:
        if not hasattr(self, "lines"):  # as Display does
            self.lines = lines


def test_a_second_pass_over_an_input_takes_the_place_of_the_first() -> None:
    display = _Kept(0)
    with open_archive(SAMPLE, password=PASSWORD) as first, open_archive(SAMPLE, password=PASSWORD) as second:
        display.watch(first)("users.json")
        display.watch(second)("rooms.json")
        assert [(line.text, line.readable) for line in display.lines()] == [("rooms.json", second)]
