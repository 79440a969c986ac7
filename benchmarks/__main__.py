"""Measure: ``python -m benchmarks generate --messages 1000000``; every figure is said with what it was measured on."""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hcfmt.version import __version__

PYTHON = sys.executable
HCFMT = (PYTHON, "-c", "from hcfmt.cli import main; main()")
PASSWORD = "hipchat"  # noqa: S105 - of archives that nobody wrote
KIB = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds from start to end, and the memory in bytes of its largest process at its peak."""

    seconds: float
    peak: int


def cost(command: Sequence[str], directory: Path) -> Cost:
    """Run a command in a directory and return what it took; its output is shown only if it fails."""
    start = time.perf_counter()
    environment = {**os.environ, "HCFMT_PASSWORD": PASSWORD, "PYTHONPATH": str(Path(__file__).parents[1])}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=directory, stdout=output, stderr=output, env=environment)  # noqa: S603 - ours
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)}: {output.read().decode(errors='replace')}")
    return Cost(seconds, usage.ru_maxrss * KIB)


@dataclass(frozen=True, slots=True)
class Measure:
    """A command and the one it is compared with, both run in a directory that ``prepare`` has filled."""

    what: str
    prepare: tuple[tuple[str, ...], ...]
    command: tuple[str, ...]
    other: tuple[str, ...]


def _shell(line: str) -> tuple[str, ...]:
    return ("sh", "-c", f"set -e; {line}")


def _generate(messages: int, *more: str) -> tuple[str, ...]:
    profile = ("--profile", "large", "--messages", str(messages), "--force")
    return (*HCFMT, "generate", *profile, "--attachments", "0", "--attachment-bytes", "0", *more)


def measures(messages: int, jobs: int) -> dict[str, Measure]:
    """Return every measure by its name; the sizes are those of the profile "large" without files."""
    sealed = _generate(messages, "--jobs", str(jobs), "-o", "big.tar.gz.aes")
    pack = "tar czf - -C tree . | openssl enc -aes-256-cbc -md md5 -k hipchat -out packed 2>openssl.log"
    unpack = "rm -rf out; mkdir out; openssl enc -d -aes-256-cbc -md md5 -k hipchat -in big.tar.gz.aes 2>openssl.log"
    return {
        "generate": Measure(
            "G1: hcfmt generate / tar cz | openssl enc of its tree",
            (_generate(messages, "-o", "tree"),),
            sealed,
            _shell(pack),
        ),
        "plain": Measure(
            "G2: hcfmt generate / a plain script with Faker and json.dump",
            (),
            sealed,
            (PYTHON, "-m", "benchmarks.plain", str(messages), "1000", "400", "plain"),
        ),
        "validate": Measure(
            "V1: hcfmt validate / openssl enc -d | tar xz",
            (sealed,),
            (*HCFMT, "validate", "--jobs", str(jobs), "big.tar.gz.aes"),
            _shell(f"{unpack} | tar xzf - -C out"),
        ),
        "start": Measure(
            "V5: hcfmt validate of a tiny archive / python -c pass",
            ((*HCFMT, "generate", "--profile", "tiny", "-o", "tiny.tar.gz.aes"),),
            (*HCFMT, "validate", "tiny.tar.gz.aes"),
            (PYTHON, "-c", "pass"),
        ),
    }


def told(measure: Measure, pairs: Sequence[tuple[Cost, Cost]]) -> str:
    """Return what was measured as one line: the median ratio, both median times, the highest peaks."""
    ratio = statistics.median(one.seconds / other.seconds for one, other in pairs)
    ours, theirs = ([pair[side] for pair in pairs] for side in (0, 1))

    def side(costs: Sequence[Cost]) -> str:
        seconds, peak = statistics.median(one.seconds for one in costs), max(one.peak for one in costs)
        return f"{seconds:.2f} s, {peak / KIB / KIB:.0f} MiB"

    return f"{measure.what}: {ratio:.2f} ({side(ours)}; {side(theirs)}; {len(pairs)} pairs)"


def main(say: Callable[[str], object] = print) -> None:
    """Run the measures that were asked for."""
    names = tuple(measures(0, 1))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="+", choices=names)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    say(f"hcfmt {__version__}, {machine}; {arguments.messages:,} messages, {arguments.jobs} processes")
    for name in arguments.names:
        measure = measures(arguments.messages, arguments.jobs)[name]
        directory = Path(tempfile.mkdtemp(prefix="hcfmt-benchmark-"))
        try:
            for command in measure.prepare:
                cost(command, directory)
            pairs = [(cost(measure.command, directory), cost(measure.other, directory)) for _ in range(arguments.pairs)]
        finally:
            shutil.rmtree(directory)
        say(told(measure, pairs))


if __name__ == "__main__":
    main()
