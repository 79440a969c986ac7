"""Processes that share the work end with the one that started them, however that ends, and are missed when killed."""

import gc
import json
import os
import signal
import subprocess
import sys
import tarfile
import weakref
from pathlib import Path

import pytest

from hcfmt.errors import WorkerLostError
from hcfmt.workers import WorkerPool
from tests.support.command import archive, child, launched, run
from tests.support.records import MESSAGE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals")

GC_THRESHOLDS = (50_000, 20, 100)
# What has two processes write to standard output that they are at work, which does not end.
POOL = """
import os, sys, threading
from hcfmt.cli.jobs import processes
from tests.support.deaf_worker import work
if __name__ == "__main__":
    with processes(2) as pool:
        for answer in [pool.submit(work), pool.submit(work)]:
            answer.result()
"""
WORKER = """
import sys
from pathlib import Path
from hcfmt.container import Budget
from hcfmt.server.store.worker_processes import Job, is_orphan, start_workers
if __name__ == "__main__":
    job = Job(sys.argv[1], None, (), Budget(expired=is_orphan), 2)
    with start_workers(job, Path(sys.argv[2])) as (worker,):
        worker.outcome.recv()
"""


@pytest.mark.slow
def test_the_processes_of_a_killed_command_end() -> None:
    with launched([sys.executable, "-c", POOL], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert [process.stdout.readline() for _ in range(2)] == [b"working\n"] * 2
        process.kill()
        assert process.stdout.read() == b""  # only at the end of all that could write to it


@pytest.mark.slow
def test_an_interrupt_ends_tasks_that_do_not_end() -> None:
    with launched([sys.executable, "-c", POOL], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        assert [process.stdout.readline() for _ in range(2)] == [b"working\n"] * 2
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b""  # only at the end of all that could write to it
        assert process.wait()


def test_the_processes_of_a_killed_validation_end(tmp_path: Path) -> None:
    fifo = tmp_path / "endless.tar"
    os.mkfifo(fifo)
    data = archive(tmp_path, "layers tar").read_bytes()
    with child("validate", "--jobs", "2", fifo) as process, fifo.open("wb", buffering=0) as feed:
        feed.write(data[:40960])
        process.kill()
        assert process.stdout
        assert process.stdout.read() == b""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_validation_ends_with_its_processes(tmp_path: Path, sent: signal.Signals) -> None:
    history = f"[{','.join([json.dumps(MESSAGE)] * 20_000)}]".encode()
    fifo = tmp_path / "endless.tar"
    os.mkfifo(fifo)
    header = tarfile.TarInfo("rooms/1/history.json")
    header.size = 2 * len(history)
    with child("validate", "--jobs", "2", fifo) as process, fifo.open("wb", buffering=0) as feed:
        feed.write(header.tobuf() + history)  # returns when most of it was read and is being checked
        os.killpg(process.pid, sent)
        out, err = process.communicate()  # returns when all processes have ended
    assert (process.returncode, out, err) == (130, b"", b"hcfmt: interrupted\n")


def test_a_worker_of_a_killed_server_ends_even_while_it_waits(tmp_path: Path) -> None:
    fifo = tmp_path / "endless.tar"
    os.mkfifo(fifo)
    command = [sys.executable, "-c", WORKER, str(fifo), str(tmp_path / "store")]
    with launched(command, stdout=subprocess.PIPE) as process, fifo.open("wb"):  # returns when the worker reads
        process.kill()
        assert process.stdout
        assert process.stdout.read() == b""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGHUP])
def test_a_worker_ignores_the_signals_of_a_terminal(sent: signal.Signals) -> None:
    with WorkerPool(1, GC_THRESHOLDS) as pool:
        pool.start()
        assert pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result() >= {sent}
        pool.submit(signal.raise_signal, sent).result()
        assert pool.submit(int, "7").result() == 7
    assert sent not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    with WorkerPool(1, GC_THRESHOLDS) as pool, pytest.raises(ValueError, match="'x'"):
        pool.submit(int, "x").result()


def test_cancelled_work_is_not_waited_for() -> None:
    with WorkerPool(1, GC_THRESHOLDS) as pool:
        answers = [pool.submit(int) for _ in range(9)]
        pool.shutdown(cancel_futures=True)
        assert all(answer.done() for answer in answers)
        assert answers[-1].cancelled()


def kill_one(pool: WorkerPool) -> None:
    with pytest.raises(WorkerLostError):
        pool.submit(signal.raise_signal, signal.SIGKILL).result()


def test_all_futures_of_a_killed_worker_raise_its_loss() -> None:
    with WorkerPool(2, GC_THRESHOLDS) as pool:
        kill_one(pool)
        with pytest.raises(WorkerLostError, match="was killed"):
            pool.submit(int)


@pytest.mark.timeout(60)
def test_calls_that_wait_to_be_sent_end_with_the_workers() -> None:
    with WorkerPool(1, GC_THRESHOLDS) as pool:
        pool.start()
        pool.submit(signal.raise_signal, signal.SIGKILL)
        futures = [pool.submit(len, bytes(8 << 20)) for _ in range(3)]  # each larger than what a pipe holds
        errors = [future.exception() for future in futures]
    assert {type(error) for error in errors} == {WorkerLostError}


def test_a_result_that_was_taken_is_not_kept() -> None:
    gc.disable()
    try:
        with WorkerPool(1, GC_THRESHOLDS) as pool:
            taken = weakref.ref(pool.submit(int, "7"))
            assert pool.submit(int, "8").result() == 8  # so that the first was settled
        assert taken() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("command", "args"),
    [
        ("validate", ("sample.tar", "sample.tar", "-j", "2")),
        ("validate", ("sample.tar", "sample.tar", "--format", "json", "-j", "2")),
        ("generate", ("--profile", "tiny", "-o", "out.tar", "--manifest", "out.json", "-j", "2")),
    ],
)
def test_a_command_whose_worker_is_killed_prints_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, args: tuple[str, ...]
) -> None:
    start = WorkerPool.start

    def start_and_kill(pool: WorkerPool) -> None:
        start(pool)
        kill_one(pool)

    monkeypatch.chdir(tmp_path)
    archive(tmp_path, "layers tar").rename("sample.tar")
    monkeypatch.setattr(WorkerPool, "start", start_and_kill)
    result = run(command, *args)
    sentence = "A worker process was killed, perhaps for lack of memory, so there is no result."
    assert (result.exit, result.out, result.err) == (4, "", f"hcfmt: {sentence}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["sample.tar"]
