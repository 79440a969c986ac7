"""Short names of inputs, by which people tell them apart."""

from collections.abc import Sequence
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
    different = set(inputs)
    return [_short(path, different - {path}) if PurePath(path).is_absolute() else path for path in inputs]


def _short(path: str, others: set[str]) -> str:
    parts = PurePath(path).parts
    for count in range(1, len(parts)):
        last = PurePath(*parts[-count:])
        if not any(other == str(last) or PurePath(other).parts[-count:] == last.parts for other in others):
            return str(last)
    return path
