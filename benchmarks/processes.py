"""Runs commands and measures them: seconds, CPU seconds, and the memory of a process with all its descendants."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.packing import PASSWORD

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
HCFMT = (PYTHON, "-m", "hcfmt")
ENVIRONMENT = {**os.environ, "HCFMT_PASSWORD": PASSWORD, "PYTHONPATH": str(ROOT)}
KIB, MB = 1024, 1_000_000
SAMPLE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a command with its child processes: seconds, CPU seconds, and, if sampled, peak memory in bytes."""

    seconds: float
    cpu: float
    peak: int = 0


def shell(line: str) -> tuple[str, ...]:
    """Return the command that runs a line of shell; it fails where any part of a pipeline fails."""
    return ("bash", "-c", f"set -eo pipefail; {line}")


def run(
    command: Sequence[str],
    directory: Path,
    *,
    statuses: Sequence[int] = (0,),
    output: Path | None = None,
    sampled: bool = False,
) -> Cost:
    """Run a command in a directory and return its cost. With any other exit status, exit with its output.

    ``output`` is the file for its output, by default one that is deleted. ``sampled``: sample the memory of all its
    processes at once.
    """
    with output.open("w+b") if output else tempfile.TemporaryFile() as file:
        peaks = [0]
        start = perf_counter()
        process = subprocess.Popen(command, cwd=directory, stdout=file, stderr=file, env=ENVIRONMENT)  # noqa: S603 - a fixed command
        if sampled:
            with _sampled(process.pid, peaks):
                _, status, usage = os.wait4(process.pid, 0)
        else:
            _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in statuses:
            file.seek(0)
            sys.exit(f"{' '.join(command)}: exit status {process.returncode}\n{file.read().decode(errors='replace')}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, peaks[0])


@contextmanager
def _sampled(pid: int, peaks: list[int]) -> Iterator[None]:
    """Append to ``peaks`` and keep there the peak memory of a process with its descendants while the block runs.

    Every 20 ms the proportional set sizes (PSS) are added up: a page that several processes share counts once.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        sys.exit("The memory of all processes is read from /proc/*/smaps_rollup, which this system does not have.")
    done = threading.Event()

    def sample() -> None:
        while not done.wait(SAMPLE_SECONDS):
            peaks[0] = max(peaks[0], memory_of_family(pid))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield
    finally:
        done.set()
        sampler.join()


def memory_of_family(pid: int) -> int:
    """Return the proportional set size of a process and all its descendants in bytes, 0 for one that has ended."""
    return sum(map(_memory, _family(pid)))


def _family(pid: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield pid
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(tasks).split():
            yield from _family(int(child))


def _memory(pid: int) -> int:
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) * KIB for line in lines if line.startswith("Pss:"))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has ended
        return ""
