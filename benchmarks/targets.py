"""The targets: the command of each, the figures that it yields, and the goals that these have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from benchmarks import generation, validation
from benchmarks.figures import Figure, number
from benchmarks.workplace import Settings, Workplace


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure's meaning, its goal, whether it is to be at most or at least that, and its unit, "" for a ratio."""

    title: str
    goal: float
    at_least: bool = False
    unit: str = ""

    def is_met(self, value: float) -> bool:
        """Whether a value meets the goal."""
        return value >= self.goal if self.at_least else value <= self.goal

    def __str__(self) -> str:
        """Return the goal in words."""
        return f"{'at least' if self.at_least else 'at most'} {self.show(self.goal)}"

    def show(self, value: float) -> str:
        """Return a value with the unit."""
        return f"{number(value)} {self.unit}".rstrip()


at_least = partial(Goal, at_least=True)
UNPACK = "openssl enc -d | tar xzf -"
GOALS = {
    "V1": Goal(f"validate ÷ {UNPACK}, messages", 0.5),
    "V2": Goal(f"validate ÷ {UNPACK}, attachments", 0.3),
    "V3 messages": Goal("memory of V1, all processes", 300, unit="MB"),
    "V3 attachments": Goal("memory of V2, all processes", 300, unit="MB"),
    "V3 tenfold": Goal("memory of ten times the messages of V1", 300, unit="MB"),
    "V3 growth": Goal("memory of ten times the messages ÷ memory of V1", 1.1),
    "V4": at_least("check-jsonschema on the data files of V1 ÷ validate", 30),
    "V5 sample": Goal("validate of the documented sample ÷ python -c pass", 8),
    "V5 version": Goal("hcfmt --version ÷ python -c pass", 4),
    "V6": Goal("validate with a tenth of the records broken ÷ validate", 3),
    "V7 CPU": Goal("CPU of many archives in one call ÷ their CPU inside a process", 1.1),
    "V7 jobs": Goal("many archives with default options ÷ with --jobs 1", 0.5),
    "G1": Goal("generate ÷ tar cz | openssl enc of its tree", 1.5),
    "G2": at_least("a plain script with Faker and json.dump ÷ generate", 8),
    "A1 ready": at_least("messages loaded by serve", 100_000, unit="a second"),
    "A1 page": Goal("slowest page of 100 ÷ fastest, at three depths", 1.5),
}
"""The goal of each figure, by its name."""


def _answers(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """A1: import the client only here, as no other target needs it."""
    from benchmarks.serve import answers  # noqa: PLC0415 - see above

    return answers(work, settings)


TARGETS: dict[str, Callable[[Workplace, Settings], Iterator[Figure]]] = {
    "V1": validation.unpacking,
    "V2": validation.attachments,
    "V3": validation.memory,
    "V4": validation.other_validator,
    "V5": validation.start,
    "V6": validation.broken_records,
    "V7": validation.many_archives,
    "G1": generation.packing,
    "G2": generation.plain_script,
    "A1": _answers,
}
"""The function that measures each target, by the target's name."""


def goals_of(target: str) -> dict[str, Goal]:
    """Return the goals of a target's figures, by their names."""
    return {name: goal for name, goal in GOALS.items() if name.split()[0] == target}
