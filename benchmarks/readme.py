"""Writes the tables of README.md from figures.toml, each between two marks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import last, markdown, number, replace_between
from benchmarks.model import CORES, least_time, ratio
from benchmarks.targets import GOALS

README = Path(__file__).with_name("README.md")
STEPS = {
    "read": "decrypt, inflate, tar",
    "cut": "cut histories into slices",
    "check": "check a slice, all of it:",
    "check: decode": "decode it",
    "check: validate": "validate its records and columns",
    "check: extract": "extract the facts",
    "merge": "merge the facts",
    "pickle here": "pickle slices for another process, unpickle their facts",
    "pickle there": "the same at the other side",
    "unpack": "openssl and tar: their CPU",
    "unpack elapsed": "openssl and tar beside each other: the time that passes",
}
"""What each measured step does."""
LABELS = ("before", "now")
NONE = "not recorded"
UNEXPLAINED = "not explained yet"


def rewrite(path: Path = README) -> None:
    """Rewrite the tables."""
    path.write_text(rewritten(path.read_text("utf-8"), last()), "utf-8")


def rewritten(text: str, tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the text of README.md with the tables of these figures."""
    columns = {name: tables[f"steps {name}"] for name in LABELS if f"steps {name}" in tables}
    text = replace_between(text, "figures", figures_table(tables))
    text = replace_between(text, "limits", limits_list(tables))
    text = replace_between(text, "steps", steps_table(columns))
    return replace_between(text, "cores", cores_table(columns))


def figures_table(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of all figures, and the circumstances under which they were recorded."""
    rows = []
    for name, goal in GOALS.items():
        figure = tables.get(name)
        if figure is None:
            rows.append((name, goal.title, str(goal), NONE, "", ""))
            continue
        spread = f"{number(figure['min'])} to {number(figure['max'])} ({figure['pairs']})"
        value = goal.show(figure["median"])
        shown = f"**{value}**" if goal.is_met(figure["median"]) else value
        rows.append((name, goal.title, str(goal), shown, spread, figure["size"]))
    head = ("figure", "is", "goal", "median", "from, to (pairs)", "input")
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return f"{markdown(head, escaped)}\n{_circumstances({name: tables[name] for name in GOALS if name in tables})}"


def missed(tables: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the names of the recorded figures that miss their goals."""
    return [name for name, goal in GOALS.items() if name in tables and not goal.is_met(tables[name]["median"])]


def limits_list(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a line for each figure that misses its goal, with what the table "limits" says on it."""
    limits = tables.get("limits", {})
    return "".join(f"- {name}: {limits.get(name, UNEXPLAINED)}\n" for name in missed(tables)) or "Nowhere.\n"


def _circumstances(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a line for each combination of date, machine and versions."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for name, table in tables.items():
        groups.setdefault((table["date"], table["machine"], table["versions"]), []).append(name)
    lines = [f"- {', '.join(names)}: {', '.join(group)}\n" for group, names in groups.items()]
    return "".join(lines) or "No figure has been recorded.\n"


def steps_table(columns: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of the steps in nanoseconds a message, with a column for each measurement."""
    rows = [[STEPS[step], *(_cell(steps.get(step)) for steps in columns.values())] for step in STEPS]
    table = markdown(["nanoseconds a message", *columns], rows)
    return (
        table
        + "".join(f"\n- {name}: {_source(steps)}" for name, steps in columns.items() if "versions" in steps)
        + "\n"
    )


def _source(steps: Mapping[str, Any]) -> str:
    return f"{steps['date']}, {steps['machine']}, {steps['versions']}"


def cores_table(columns: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of the least time on several numbers of cores, and its ratio to unpacking."""
    head = ["cores", *(f"{name}: ns a message, ÷ unpacking" for name in columns)]
    rows = [
        [str(cores), *(f"{number(least_time(steps, cores))}, {ratio(steps, cores):.2f}" for steps in columns.values())]
        for cores in CORES
    ]
    return markdown(head, rows)


def _cell(value: float | None) -> str:
    return "" if value is None else number(value)
