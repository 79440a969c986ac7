"""The directory that a benchmark works in, the archives that are made there once, and pairs of runs in turn."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.contents import Shape
from benchmarks.figures import Figure
from benchmarks.packing import PASSWORD, pack
from benchmarks.processes import HCFMT, MB, Cost, run, shell

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a directory of its own is made there
OUT = "out"
SHAPES: dict[str, Callable[[int, int], Shape]] = {
    "rooms": lambda messages, _: Shape(messages),
    "small": lambda messages, _: Shape(messages, rooms=10_000, private=10_000),
    "files": lambda messages, size: Shape(messages // 100, attachments=size // MB, attachment_bytes=MB),
}
"""Shapes by name, made from the number of messages and the bytes of all attachments."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Sizes of a run; ``jobs`` is passed to hcfmt as ``--jobs``, None leaves its default."""

    messages: int | None = None
    bytes: int = 2_000_000_000
    archives: int = 500
    pairs: int = 5
    jobs: int | None = None
    shape: str = "rooms"

    def messages_or(self, usual: int) -> int:
        """Return the number of messages, the target's usual one where none was chosen."""
        return usual if self.messages is None else self.messages

    @property
    def jobs_option(self) -> tuple[str, ...]:
        """The option of hcfmt for the number of processes, nothing for its default."""
        return () if self.jobs is None else ("--jobs", str(self.jobs))


@dataclass(frozen=True, slots=True)
class Side:
    """A command of a comparison. ``statuses`` are its exit statuses, ``repeat`` the runs that are measured together."""

    title: str
    command: tuple[str, ...]
    statuses: tuple[int, ...] = (0,)
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class Workplace:
    """A directory for archives and what is unpacked, in memory where the system offers it."""

    directory: Path

    @property
    def place(self) -> str:
        """Where the directory is, for the figures."""
        return "tmpfs" if self.directory.is_relative_to(SHARED_MEMORY) else "the temporary directory, no tmpfs"

    def archive(self, shape: Shape) -> Path:
        """Return the archive of a shape; it is made once, and is no work of hcfmt."""
        path = self.directory / f"{'-'.join(map(str, astuple(shape)))}.tar.gz.aes"
        if not path.exists():
            pack(shape, path)
        return path

    def validate(self, archive: Path, settings: Settings, *, is_valid: bool = True) -> Side:
        """Return ``hcfmt validate`` of an archive; any other verdict than the expected one ends the benchmark."""
        command = (*HCFMT, "validate", *settings.jobs_option, archive.name)
        return Side("hcfmt validate", command, (0,) if is_valid else (1,))

    def unpack(self, archive: Path) -> Side:
        """Return openssl and tar, which unpack an archive into the directory ``out``."""
        openssl = f"openssl enc -d -aes-256-cbc -md md5 -pass pass:{PASSWORD} -in {archive.name} 2>openssl.log"
        return Side("openssl enc -d | tar xzf -", shell(f"mkdir {OUT}; {openssl} | tar xzf - -C {OUT}"))

    def run(self, side: Side, *, sampled: bool = False) -> Cost:
        """Run a side as often as it says and return the cost of all runs together."""
        costs = []
        for _ in range(side.repeat):
            shutil.rmtree(self.directory / OUT, ignore_errors=True)  # not part of what is measured
            costs.append(run(side.command, self.directory, statuses=side.statuses, sampled=sampled))
        seconds, cpu = (sum(values) for values in ([cost.seconds for cost in costs], [cost.cpu for cost in costs]))
        return Cost(seconds, cpu, max(cost.peak for cost in costs))

    def compare(self, name: str, settings: Settings, first: Side, second: Side, size: str) -> Figure:
        """Return the ratio of the seconds of two sides, which run in turn; each pair begins with the other one."""
        pairs = []
        for number in range(settings.pairs):
            if number % 2:
                other = self.run(second)
                pairs.append((self.run(first), other))
            else:
                pairs.append((self.run(first), self.run(second)))
        shutil.rmtree(self.directory / OUT, ignore_errors=True)
        ratios = tuple(cost.seconds / other.seconds for cost, other in pairs)
        sides = (first, [pair[0] for pair in pairs]), (second, [pair[1] for pair in pairs])
        return Figure(name, ratios, size, tuple(describe(side.title, costs, side.repeat) for side, costs in sides))

    def sizes(self, shape: Shape, archive: Path) -> str:
        """Return the sizes of an archive in words."""
        parts = [f"{shape.messages:,} messages", f"{shape.rooms:,} rooms"]
        if shape.private:
            parts.append(f"{shape.private:,} private histories")
        if shape.attachments * shape.attachment_bytes >= MB:
            parts.append(f"{shape.attachments:,} attachments of {shape.attachment_bytes / MB:.3g} MB")
        if shape.broken_every:
            parts.append(f"every {shape.broken_every}th record contradicts its schema")
        return f"{', '.join(parts)}; {archive.stat().st_size / MB:,.1f} MB encrypted, on {self.place}"


def describe(title: str, costs: Sequence[Cost], repeat: int = 1) -> str:
    """Return a line on a side: its median times, of one run."""
    seconds, cpu = (median(values) for values in ([cost.seconds for cost in costs], [cost.cpu for cost in costs]))
    return f"{title}: {seconds / repeat:.3f} s, {cpu / repeat:.3f} s of CPU"


@contextmanager
def workplace() -> Iterator[Workplace]:
    """Give a directory that is deleted at the end of the block."""
    parent = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="hcfmt-benchmark-", dir=parent) as directory:
        yield Workplace(Path(directory))


def main_shape(settings: Settings, messages: int, *, broken_every: int = 0) -> Shape:
    """Return the shape that the settings choose."""
    return replace(SHAPES[settings.shape](messages, settings.bytes), broken_every=broken_every)
