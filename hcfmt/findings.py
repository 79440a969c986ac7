"""What a rule says: severities, places, flaws, and the findings that a report is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs, the heaviest first (format/rules: the catalogue's own four words)."""

    ERROR = "error"
    WARNING = "warning"
    SUSPECT = "suspect"
    INFO = "info"

    def at_least(self, other: "Severity") -> bool:
        """Whether this weighs as much as ``other`` or more."""
        order = list(Severity)
        return order.index(self) <= order.index(other)


_COUNTED = {
    str: ("a string", "character", "characters"),
    list: ("an array", "item", "items"),
    dict: ("an object", "property", "properties"),
}


def described(value: object) -> str:
    """Say what a value is without saying the value: its type, and its length in characters or items."""
    match value:
        case str() | list() | dict():
            name, one, many = _COUNTED[type(value)]
            return f"{name} of {len(value)} {one if len(value) == 1 else many}"
        case bool() | None:
            return "a boolean" if value is not None else "null"
        case int():
            return "an integer"
    return "a number"


def pointer(tokens: Sequence[str | int]) -> str:
    """Return the JSON Pointer (RFC 6901) of a path of property names and array indices; the whole document is ""."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)


def path_order(path: Sequence[str | int]) -> tuple[tuple[bool, int, str], ...]:
    """Return what paths are sorted by: indices as numbers, and before names."""
    return tuple((False, token, "") if isinstance(token, int) else (True, 0, token) for token in path)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding is: a member's path, a JSON Pointer in it, a line (from 1) and a byte (from 0), where known."""

    member: str | None = None
    pointer: str | None = None
    line: int | None = None
    byte: int | None = None

    def __str__(self) -> str:
        """Print as ``rooms/7/history.json#/41/UserMessage/sender/id``."""
        return f"{self.member or ''}#{self.pointer}" if self.pointer else self.member or ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """All that a rule may say: a sentence with a ``{}`` for every value of the archive, and the place.

    The values stay apart from the sentence so that a report can hide them; a sentence without values may hold braces.
    ``path`` is a path of property names and indices inside the subject, ``line`` and ``byte`` a place in its file,
    ``member`` another member than its own. ``new_name``: the path ends in a property's name that the documentation does
    not know, which is the news. ``index`` is the place of a record in its list, for rules that look at more than one.
    """

    message: str
    values: tuple[object, ...] = ()
    path: tuple[str | int, ...] | None = None
    line: int | None = None
    byte: int | None = None
    member: str | None = None
    subcode: str | None = None
    new_name: bool = False
    index: int | None = None

    def said(self, tell: Callable[[object], str]) -> str:
        """Return the sentence with every value told by ``tell``."""
        if not self.values:
            return self.message
        first, *rest = self.message.split("{}")
        return first + "".join(tell(value) + part for value, part in zip(self.values, rest, strict=True))


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw with its rule and its place; what reports print and tests compare."""

    code: str
    name: str
    severity: Severity
    message: str
    location: Location
    subcode: str | None = None
