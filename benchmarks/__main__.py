"""Measures hcfmt beside other programs, in pairs in turn: ``python -m benchmarks V1``.

Without arguments it lists the targets; ``all`` measures all of them, ``steps`` what each step of a check costs,
``tables`` rewrites README.md from figures.toml.
"""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks import figures, readme
from benchmarks.figures import Figure
from benchmarks.machine import load, machine, versions
from benchmarks.targets import GOALS, TARGETS, goals_of
from benchmarks.workplace import SHAPES, Settings, workplace

Write = Callable[[str], object]
ALL, STEPS, TABLES = "all", "steps", "tables"
WORDS = (*TARGETS, ALL, STEPS, TABLES)


def main(arguments: Sequence[str] | None = None, write: Write = print) -> None:
    """Measure the targets that the arguments name, and write their figures."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := [word for word in options.targets if word not in WORDS]:
        parser.error(f"no such target: {', '.join(unknown)}")
    if not options.targets:
        for target in TARGETS:
            for name, goal in goals_of(target).items():
                write(f"{name:15} {goal.title}: {goal}")
        return
    settings = Settings(options.messages, options.bytes, options.archives, options.pairs, options.jobs, options.shape)
    names = list(TARGETS) if ALL in options.targets else [name for name in options.targets if name in TARGETS]
    circumstances = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{machine()}; load {load()}",
        "versions": versions(),
    }
    write("\n".join(circumstances.values()))
    tables = {}
    with workplace() as work:
        for name in names:
            for figure in TARGETS[name](work, settings):
                write(describe(figure, figures.last()))
                tables[figure.name] = {**figure.table(), **circumstances}
        if STEPS in options.targets or ALL in options.targets:
            from benchmarks.steps import measure_steps  # noqa: PLC0415 - imports most of hcfmt

            steps = measure_steps(work, settings)
            write(readme.steps_table({options.label: steps}))
            tables[f"steps {options.label}"] = {**steps, **circumstances}
    if options.record:
        figures.record(tables)
    if options.record or TABLES in options.targets:
        readme.rewrite()


def _parser() -> argparse.ArgumentParser:
    usual = Settings()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"one of {', '.join(WORDS)}")
    parser.add_argument("--messages", type=int, help="messages; by default each target's own number")
    parser.add_argument("--bytes", type=int, default=usual.bytes, help="bytes of attachments (V2, V3)")
    parser.add_argument("--archives", type=int, default=usual.archives, help="archives in one call (V7)")
    parser.add_argument("--pairs", type=int, default=usual.pairs, help="pairs of runs")
    parser.add_argument("--jobs", type=int, help="hcfmt's --jobs; by default hcfmt's own default")
    parser.add_argument("--shape", choices=SHAPES, default=usual.shape, help="shape of the archive (V1, V3, V4, V6)")
    parser.add_argument("--record", action="store_true", help="keep the figures: figures.toml, README.md")
    parser.add_argument("--label", choices=readme.LABELS, default="now", help="column of the recorded steps")
    return parser


def describe(figure: Figure, last: dict[str, Any]) -> str:
    """Return the lines on a figure: its value and goal, what it comes from, and the last recorded value."""
    goal = GOALS[figure.name]
    low, high = figures.number(min(figure.values)), figures.number(max(figure.values))
    verdict = "met" if goal.is_met(figure.median) else "missed"
    runs = f"median of {len(figure.values)}, {low} to {high}"
    lines = [f"{figure.name}: {goal.title}", f"  {goal.show(figure.median)} ({runs}); goal {goal}: {verdict}"]
    lines += [f"  {line}" for line in (*figure.details, f"input: {figure.size}")]
    if before := last.get(figure.name):
        size = "" if before["size"] == figure.size else f", with {before['size']}"
        lines.append(f"  recorded on {before['date']}: {goal.show(before['median'])}{size}")
    else:
        lines.append("  never recorded")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
