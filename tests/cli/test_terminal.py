"""Tests on a pseudo-terminal: the progress bar, colours and the password prompt."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest

import hcfmt.cli.progress
from tests.support.command import PASSWORD, SAMPLE, archive, environment, launched, run
from tests.support.concurrency import ended_timers
from tests.support.serving import get
from tests.support.terminals import started, terminal, until

AT_ONCE = "import hcfmt.cli.progress as progress; progress.DELAY = 0; "
# Opening a terminal makes it the one that a process without any is controlled by, and asks for passwords on.
ON_TERMINAL = "import os, sys; os.open(sys.argv.pop(1), os.O_RDWR); "


@pytest.mark.slow
def test_the_progress_bar_shows_the_member_and_disappears(tmp_path: Path) -> None:
    data = archive(tmp_path, f"layers tar\nrooms/1/files/BcudLU14VxUEeUK/long.txt = {'x' * 700_000}").read_bytes()
    command = started("validate", "-", before=AT_ONCE)
    with terminal() as (screen, program), launched(command, stdin=subprocess.PIPE, stderr=program) as process:
        assert process.stdin
        process.stdin.write(data[: len(data) // 2])
        process.stdin.flush()
        until(screen, b"/? kB")
        until(screen, b".txt")
        process.communicate(data[len(data) // 2 :])
        until(screen, b"\x1b[?25h")  # the cursor is back
    assert process.returncode == 0


@pytest.mark.slow
def test_only_a_stream_that_is_a_terminal_has_colours(tmp_path: Path) -> None:
    path = archive(tmp_path, "layers tar\nmetadata.json = nothing")
    with terminal() as (screen, program):
        process = subprocess.run(
            started("validate", path), env=environment(), stdout=program, stderr=subprocess.PIPE, check=False
        )
        output = until(screen, b"HC201")
    assert b"\x1b[31;1merror" in output
    assert b"\x1b[" not in process.stderr


def asking(program: int) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    """Start a validation that has to ask for its password on a terminal of its own."""
    return launched(
        started(os.ttyname(program), "validate", SAMPLE, before=ON_TERMINAL),
        stdin=program,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_the_prompt_does_not_show_the_password() -> None:
    with terminal() as (screen, program), asking(program) as process:
        prompt = until(screen, b"Password of the archive: ")
        os.write(screen, f"{PASSWORD}\n".encode())
        out, err = process.communicate()
        echo = prompt + until(screen, b"\n")
    assert process.returncode == 0
    assert out.splitlines()[0].endswith(b"documented.tar.gz.aes: valid (no finding)")
    assert err == b""
    assert PASSWORD.encode() not in echo


def interrupted(process: "subprocess.Popen[bytes]", screen: int) -> tuple[bytes, bytes]:
    """Press Ctrl-C as a person does, again where nothing comes of it, and return what the program wrote.

    Python looks for signals before it begins to read and when it was woken in it, so one that falls into the few
    microseconds between is seen with the next.
    """
    for _ in range(10):
        os.write(screen, b"\x03")
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=10)
    pytest.fail("Ctrl-C had no effect, ten times.")


def test_ctrl_c_at_the_prompt_exits_130() -> None:
    with terminal() as (screen, program), asking(program) as process:
        until(screen, b"Password of the archive: ")
        out, err = interrupted(process, screen)
    assert process.returncode == 130
    assert b"Traceback" not in out + err


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--tls",)])
def test_serve_tells_a_person_where_the_page_and_the_docs_are_and_how_to_end_it(options: tuple[str, ...]) -> None:
    token = "a-token-of-20-letters"
    command = started("serve", SAMPLE, "--password", PASSWORD, "--token", token, *options)
    with terminal() as (screen, program), launched(command, stdout=program, stderr=subprocess.PIPE) as process:
        lines = until(screen, b"Ctrl-C ends the server.\r\n").decode().splitlines()
        shown = dict(line.split(":  ", 1) for line in lines[:-1])
        page = shown["Page"].strip()
        assert get(page, follow_redirects=True).status_code == 200
        assert get(shown["Docs"].strip()).status_code == 200
        assert get(f"{shown['API'].strip()}/room", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert (page, shown["Token"].strip()) == (f"http://127.0.0.1:{page.split(':')[-1]}", token)
        assert ("TLS" in shown) == bool(options)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize("patience", [0, 3600])
def test_the_progress_bar_appears_only_after_a_moment_of_work(patience: int, monkeypatch: pytest.MonkeyPatch) -> None:
    original = hcfmt.cli.progress.watched

    def slow(*args: Any) -> Iterator[bytes]:  # noqa: ANN401 - handed on
        for chunk in original(*args):
            if not patience:
                ended_timers()
            yield chunk

    monkeypatch.setattr(hcfmt.cli.progress, "DELAY", patience)
    monkeypatch.setattr("hcfmt.cli.encrypt.watched", slow)
    result = run(
        "decrypt",
        SAMPLE,
        "--output",
        "-",
        "--password",
        PASSWORD,
        terminals=frozenset({"stderr"}),
        env={"COLUMNS": "80"},
    )
    assert result.exit == 0
    assert ("57.9/57.9 kB" in result.err) == (not patience)
    assert bool(result.err) == (not patience)


def test_no_progress_bar_is_drawn_over_a_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_: str) -> str:
        ended_timers()
        assert sys.stderr.tell() == 0  # nothing was drawn so far
        return PASSWORD

    monkeypatch.setattr(hcfmt.cli.progress, "DELAY", 0)
    monkeypatch.setattr("getpass.getpass", answer)
    for command in (("decrypt", SAMPLE, "--output", "-"), ("validate", SAMPLE)):
        assert run(*command, terminals=frozenset({"stdin", "stderr"})).exit == 0


@pytest.mark.parametrize(
    ("terminals", "env"),
    [(frozenset[str](), {"FORCE_COLOR": "1"}), (frozenset({"stdout"}), {}), (frozenset({"stderr"}), {"TERM": "dumb"})],
)
def test_without_a_terminal_there_is_no_progress_bar(
    terminals: frozenset[str], env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hcfmt.cli.progress, "DELAY", 0)
    result = run("decrypt", SAMPLE, "--output", "-", "--password", PASSWORD, terminals=terminals, env=env)
    assert (result.exit, result.err) == (0, "")
