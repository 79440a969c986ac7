"""Measures hcfmt against other commands: ``python -m benchmarks generate --messages 1000000``."""

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
PASSWORD = "hipchat"  # noqa: S105 - of generated archives
KIB = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a command: its wall-clock seconds, and the peak memory in bytes of its largest process."""

    seconds: float
    peak: int


def cost(command: Sequence[str], directory: Path) -> Cost:
    """Run a command in a directory and return its cost. If it fails, exit with its output."""
    start = time.perf_counter()
    environment = {**os.environ, "HCFMT_PASSWORD": PASSWORD, "PYTHONPATH": str(Path(__file__).parents[1])}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=directory, stdout=output, stderr=output, env=environment)  # noqa: S603 - a fixed command
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)}: {output.read().decode(errors='replace')}")
    return Cost(seconds, usage.ru_maxrss * KIB)


@dataclass(frozen=True, slots=True)
class Measure:
    """A command and the other one that it is compared with; both run in a directory after the commands ``prepare``."""

    title: str
    prepare: tuple[tuple[str, ...], ...]
    command: tuple[str, ...]
    other: tuple[str, ...]


def _shell(line: str) -> tuple[str, ...]:
    return ("sh", "-c", f"set -e; {line}")


def _generate(messages: int, *more: str) -> tuple[str, ...]:
    profile = ("--profile", "large", "--messages", str(messages), "--force")
    return (*HCFMT, "generate", *profile, "--attachments", "0", "--attachment-bytes", "0", *more)


def measures(messages: int, jobs: int) -> dict[str, Measure]:
    """Return every measure by its name, with archives of the profile "large" without stored files."""
    encrypted = _generate(messages, "--jobs", str(jobs), "-o", "big.tar.gz.aes")
    pack = "tar czf - -C tree . | openssl enc -aes-256-cbc -md md5 -k hipchat -out packed 2>openssl.log"
    unpack = "rm -rf out; mkdir out; openssl enc -d -aes-256-cbc -md md5 -k hipchat -in big.tar.gz.aes 2>openssl.log"
    return {
        "generate": Measure(
            "G1: hcfmt generate / tar cz | openssl enc of its tree",
            (_generate(messages, "-o", "tree"),),
            encrypted,
            _shell(pack),
        ),
        "plain": Measure(
            "G2: hcfmt generate / a plain script with Faker and json.dump",
            (),
            encrypted,
            (PYTHON, "-m", "benchmarks.plain", str(messages), "1000", "400", "plain"),
        ),
        "validate": Measure(
            "V1: hcfmt validate / openssl enc -d | tar xz",
            (encrypted,),
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


def summary(measure: Measure, pairs: Sequence[tuple[Cost, Cost]]) -> str:
    """Return a measure's results as one line: the median ratio, both median times, the highest peaks."""
    ratio = statistics.median(command.seconds / other.seconds for command, other in pairs)
    costs, other_costs = ([pair[side] for pair in pairs] for side in (0, 1))

    def side(costs: Sequence[Cost]) -> str:
        seconds, peak = statistics.median(each.seconds for each in costs), max(each.peak for each in costs)
        return f"{seconds:.2f} s, {peak / KIB / KIB:.0f} MiB"

    return f"{measure.title}: {ratio:.2f} ({side(costs)}; {side(other_costs)}; {len(pairs)} pairs)"


def main(write: Callable[[str], object] = print) -> None:
    """Run the measures that the arguments name, and write a line for each."""
    names = tuple(measures(0, 1))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="+", choices=names)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    write(f"hcfmt {__version__}, {machine}; {arguments.messages:,} messages, {arguments.jobs} processes")
    for name in arguments.names:
        measure = measures(arguments.messages, arguments.jobs)[name]
        directory = Path(tempfile.mkdtemp(prefix="hcfmt-benchmark-"))
        try:
            for command in measure.prepare:
                cost(command, directory)
            pairs = [(cost(measure.command, directory), cost(measure.other, directory)) for _ in range(arguments.pairs)]
        finally:
            shutil.rmtree(directory)
        write(summary(measure, pairs))


if __name__ == "__main__":
    main()
