"""Tests of broken pipes, full disks, closed streams, signals and encodings, in processes of their own."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.command import COMMAND, FULL, PASSWORD, SAMPLE, archive, child, closed_reader, environment

WITH_PASSWORD = ("--password", PASSWORD)
FINDING = "metadata.json = nothing"


@pytest.mark.parametrize(
    ("args", "recipe", "status"),
    [
        (("validate", "--format", "json"), "layers tar", 0),
        (("validate", "--format", "jsonl"), f"layers tar\n{FINDING}", 1),
        (("validate",), f"layers tar\n{FINDING}", 1),
    ],
)
def test_a_closed_pipe_does_not_change_the_exit_status(
    tmp_path: Path, args: Sequence[str], recipe: str, status: int
) -> None:
    writer = closed_reader()
    with child(*args, archive(tmp_path, recipe), stdout=writer) as process:
        os.close(writer)
        _, err = process.communicate()
    assert process.returncode == status
    assert b"Traceback" not in err
    assert b"Broken pipe" not in err


@pytest.mark.parametrize("args", [("rules",), ("schema",), ("rule", "HC201"), ("--version",)])
def test_a_reader_may_stop_reading_a_list(args: Sequence[str]) -> None:
    writer = closed_reader()
    with child(*args, stdout=writer) as process:
        os.close(writer)
        _, err = process.communicate()
    assert (process.returncode, err) == (0, b"")


def test_decrypting_into_a_pipe_that_breaks_ends_quietly() -> None:
    writer = closed_reader()
    with child("decrypt", SAMPLE, "--output", "-", *WITH_PASSWORD, stdout=writer) as process:
        os.close(writer)
        _, err = process.communicate()
    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize("args", [("rules",), ("validate", SAMPLE, "--format", "json", *WITH_PASSWORD)])
def test_a_full_disk_is_wrong_usage_and_no_verdict(args: Sequence[str | Path]) -> None:
    full = os.open(FULL, os.O_WRONLY)
    with child(*args, stdout=full) as process:
        os.close(full)
        _, err = process.communicate()
    assert process.returncode == 2
    assert err == b"hcfmt: Standard output cannot be written: No space left on device.\n"


def test_a_full_disk_under_standard_error_changes_no_verdict(tmp_path: Path) -> None:
    full = os.open(FULL, os.O_WRONLY)
    with child("validate", archive(tmp_path, FINDING), *WITH_PASSWORD, stderr=full) as process:
        os.close(full)
        out, _ = process.communicate()
    assert process.returncode == 1
    assert b"HC201" in out


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.slow
def test_closed_streams_change_no_verdict(tmp_path: Path, closing: str) -> None:
    path = archive(tmp_path, f"layers tar\n{FINDING}")
    command = ["/bin/sh", "-c", f'exec "$@" {closing}', "sh", *COMMAND, "validate", str(path)]
    process = subprocess.run(command, env=environment(), capture_output=True, check=False)
    assert process.returncode == 1
    assert b"Traceback" not in process.stderr


@pytest.mark.slow
def test_characters_missing_from_the_encoding_are_written_as_escapes(tmp_path: Path) -> None:
    path = archive(tmp_path, "layers tar\ncafé.txt = x")
    env = {**environment(), "PYTHONIOENCODING": "ascii"}
    command = [*COMMAND, "validate", str(path), "--show-values"]
    process = subprocess.run(command, env=env, capture_output=True, check=False)
    assert process.returncode == 0
    assert rb"caf\xe9.txt" in process.stdout


@pytest.mark.parametrize("args", [("validate",), ("decrypt", "--output", "plain.gz")])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_exits_130_without_a_traceback_and_leaves_nothing_behind(
    tmp_path: Path, args: Sequence[str], sent: signal.Signals
) -> None:
    fifo = tmp_path / "endless.tar.gz.aes"
    os.mkfifo(fifo)
    options = [str(tmp_path / argument) if argument == "plain.gz" else argument for argument in args[1:]]
    with child(args[0], *options, fifo, *WITH_PASSWORD) as process:
        with fifo.open("wb", buffering=0) as feed:  # returns when the command has opened it to read
            feed.write(SAMPLE.read_bytes()[:32768])
            # A signal that comes right before a read blocks is seen when the read ends, so the end comes after it.
            process.send_signal(sent)
        out, err = process.communicate()
    assert process.returncode == 130
    assert (out, err) == (b"", b"hcfmt: interrupted\n")
    assert [path.name for path in tmp_path.iterdir()] == ["endless.tar.gz.aes"]


def test_an_interrupted_run_with_worker_processes_prints_one_line(tmp_path: Path) -> None:
    fifo = tmp_path / "endless.tar"
    os.mkfifo(fifo)
    data = archive(tmp_path, "layers tar").read_bytes()
    with child("validate", "--jobs", "2", fifo) as process:
        with fifo.open("wb", buffering=0) as feed:  # returns when the others were started
            feed.write(data[:40960])
            os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 130
    assert (out, err) == (b"", b"hcfmt: interrupted\n")
