"""Figures of the targets, and the file that holds the last ones.

``figures.toml`` beside this module holds a table for each recorded figure; ``record`` rewrites it and the tables of
README.md that are made from it.
"""

import json
import statistics
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("figures.toml")
HEAD = "# The last recorded figures; `python -m benchmarks TARGET --record` rewrites them.\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a target: its values, one for each pair of runs, and lines on what they come from.

    ``size`` describes the input, so that figures of different sizes are not mistaken for each other.
    """

    name: str
    values: tuple[float, ...]
    size: str
    details: tuple[str, ...] = ()

    @property
    def median(self) -> float:
        """The median of the values."""
        return statistics.median(self.values)

    def table(self) -> dict[str, Any]:
        """Return the figure as a table of figures.toml."""
        values = {"median": self.median, "min": min(self.values), "max": max(self.values)}
        rounded = {name: float(f"{value:.4g}") for name, value in values.items()}
        return {**rounded, "pairs": len(self.values), "size": self.size, "details": list(self.details)}


def last(path: Path = FILE) -> dict[str, Any]:
    """Return the tables of the last recorded figures, none where there is no file."""
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def record(tables: Mapping[str, Mapping[str, Any]], path: Path = FILE) -> None:
    """Replace the tables of the same names in the file, and keep all others."""
    merged = {**last(path), **tables}
    parts = [
        f'["{name}"]\n' + "".join(_line(key, merged[name][key]) for key in merged[name]) for name in sorted(merged)
    ]
    path.write_text("\n".join([HEAD, *parts]), "utf-8")


def _line(key: str, value: object) -> str:
    # JSON's strings, numbers, booleans and arrays are TOML's too, but for U+007F.
    if isinstance(value, list):
        items = "".join(f"    {json.dumps(item, ensure_ascii=False)},\n" for item in value)
        return f"{_key(key)} = [\n{items}]\n"
    return f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}\n"


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else json.dumps(key, ensure_ascii=False)


def number(value: float) -> str:
    """Return a number as the tables show it: three digits, thousands with commas."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def replace_between(text: str, name: str, content: str) -> str:
    """Return a text with new content between ``<!-- name -->`` and ``<!-- end of name -->``."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        raise ValueError(f"README.md lacks the marks of {name}.")
    return f"{before}{begin}\n{content}\n{end}{after}"
