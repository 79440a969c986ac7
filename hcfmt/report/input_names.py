"""Short names of inputs, by which people tell them apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from msgspec.structs import replace

from hcfmt.verdict import Report


def with_short_names(reports: Sequence[Report]) -> Sequence[Report]:
    """Return reports whose inputs have their short names."""
    names = short_names([report.input for report in reports])
    return [replace(report, input=name) for report, name in zip(reports, names, strict=True)]


def short_names(inputs: Sequence[str]) -> Sequence[str]:
    """Return the last part of each absolute path, or as many parts as tell it from all other inputs.

    Other names stay: relative paths, URLs, ``-``.
    """
    parts = {path: PurePath(path).parts for path in inputs}
    ends = Counter(steps[-count:] for steps in parts.values() for count in range(1, len(steps) + 1))
    return [_short(path, parts[path], ends) if PurePath(path).is_absolute() else path for path in inputs]


def _short(path: str, parts: tuple[str, ...], ends: Mapping[tuple[str, ...], int]) -> str:
    """Return the fewest last parts of a path with which no other path ends; ``ends`` counts the last parts of all."""
    for count in range(1, len(parts)):
        if ends[parts[-count:]] == 1:
            return str(PurePath(*parts[-count:]))
    return path
