"""Findings of a report, the flaws that become findings, severities and places."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class Severity(StrEnum):
    """Severity of a finding, the most severe first."""

    ERROR = "error"
    WARNING = "warning"
    SUSPECT = "suspect"
    INFO = "info"

    def at_least(self, other: "Severity") -> bool:
        """Whether this is as severe as ``other`` or more."""
        return self.rank <= other.rank

    @property
    def rank(self) -> int:
        """Place in the order of severities, from 0 for the most severe."""
        return list(Severity).index(self)


_PLACEHOLDER = r"\{([a-z_]+)(:,)?\}"
_COUNTED = {
    str: ("a string", "character", "characters"),
    list: ("an array", "item", "items"),
    dict: ("an object", "property", "properties"),
}


def described(value: object) -> str:
    """Return the type of a value, and its length in characters, items or properties, without the value."""
    match value:
        case str() | list() | dict():
            name, singular, plural = _COUNTED[type(value)]
            return f"{name} of {len(value)} {singular if len(value) == 1 else plural}"
        case bool() | None:
            return "a boolean" if value is not None else "null"
        case int():
            return "an integer"
    return "a number"


def pointer(tokens: Sequence[str | int]) -> str:
    """Return the JSON Pointer (RFC 6901) of a path of property names and array indices; the whole document is ""."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)


def pointer_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a JSON Pointer without their escapes (RFC 6901, section 4); of "" there are none."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in text.split("/")[1:])


def path_order(path: Sequence[str | int]) -> tuple[tuple[bool, int, str], ...]:
    """Return the sort key of a path: indices are compared as numbers, and come before names."""
    return tuple((False, token, "") if isinstance(token, int) else (True, 0, token) for token in path)


class Location(Struct, frozen=True):
    """Place of a finding; None is what is unknown, or what the place does not have.

    ``member`` is the member's path, None for the whole archive. ``path`` is a path of property names and indices: in a
    list of records, from the record with the index ``index``, else from the top of the document. ``line`` counts from
    1, ``byte`` from 0.
    """

    member: str | None = None
    index: int | None = None
    path: tuple[str | int, ...] | None = None
    line: int | None = None
    byte: int | None = None

    @property
    def pointer(self) -> str | None:
        """JSON Pointer in the member, None for a finding without a place in a document."""
        if self.path is None:
            return None
        return pointer(self.path if self.index is None else (self.index, *self.path))

    def __str__(self) -> str:
        """Return the place as ``rooms/7/history.json#/41/UserMessage/sender/id``."""
        return f"{self.member or ''}#{self.pointer}" if self.pointer else self.member or ""


class Quoted(Struct, frozen=True):
    """A value of the archive: a report describes it (``a string of 5 characters``) unless values are shown."""

    value: object


class MemberPath(Struct, frozen=True):
    """The path of a member: a report hides the parts that people chose unless values are shown."""

    path: str


class PropertyPath(Struct, frozen=True):
    """A path of property names and indices: a report hides undocumented names unless values are shown.

    ``new_name``: the last name is undocumented, and the finding is about it; it is shown if it looks like a program's.
    """

    tokens: tuple[str | int, ...]
    new_name: bool = False


class Flaw(Struct, frozen=True):
    """One thing wrong, as a rule's function yields it: not yet placed in the archive, and not yet redacted.

    A Defect of a layer and an error of a schema become flaws too. A flaw does not know its rule, may not know its
    member, and holds text of the archive. ``CheckContext.found`` adds what is missing, redacts, and returns a Finding.

    The sentence holds ``{name}`` for a value, or ``{name:,}`` for a number with its thousands apart; a sentence without
    values may hold braces. ``values`` may name more than the sentence shows. Text of the archive is ``Quoted``, a
    ``MemberPath`` or a ``PropertyPath``; a report shows every other value as it is.

    ``path`` is a path of property names and indices inside the subject, ``line`` and ``byte`` a place in its file,
    ``member`` another member than its own. ``new_name`` is as in PropertyPath. ``index`` is the index of a record in
    its list, for rules that look at more than one record.

    A fingerprint is made of the place, without indices, and of ``names``, which tell the flaw from others there: a
    missing property, a path inside a JSON text. Where ``subject`` is given, ids or a path or name, the flaw is about
    these wherever they occur: the fingerprint is made of them, and not of the place. It then stands for a number of
    ``places``; tolerances and baselines count these.
    """

    message: str
    values: Mapping[str, object] = {}
    path: tuple[str | int, ...] | None = None
    line: int | None = None
    byte: int | None = None
    member: str | None = None
    subcode: str | None = None
    new_name: bool = False
    index: int | None = None
    subject: tuple[object, ...] | None = None
    names: tuple[str, ...] = ()
    places: int = 1

    def sentence(self, text_of: Callable[[object], str]) -> str:
        """Return the sentence with its values, each as ``text_of`` writes it."""
        if not self.values:
            return self.message

        def written(match: re.Match[str]) -> str:
            value = self.values[match[1]]
            return f"{value:,}" if match[2] else text_of(value)

        return re.sub(_PLACEHOLDER, written, self.message)


class Finding(Struct, frozen=True):
    """One flaw with its rule and its place, redacted; what facts count, reports print and tests compare.

    ``values`` are the sentence's values as JSON values, under names such as ``user``; of text of the archive, unless
    values are shown, its type and length. ``fingerprint`` stays when the archive is exported again
    (``hcfmt.check.fingerprints``); findings of one record and path may share it. ``masked``: sentence or place would
    show text of the archive otherwise. ``places`` is the number of places that the finding stands for.
    """

    code: str
    name: str
    severity: Severity
    message: str
    location: Location
    subcode: str | None = None
    values: Mapping[str, object] = {}
    fingerprint: str = ""
    masked: bool = False
    places: int = 1

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: member, place and code; the other fields make the order total."""
        place = self.location
        index = -1 if place.index is None else place.index
        rest = (self.code, self.subcode or "", place.byte or 0, place.line or 0, self.message)
        return place.member or "", index, path_order(place.path or ()), *rest

    def shifted(self, by: int) -> "Finding":
        """Return the finding in a record whose index is larger by ``by``."""
        place = self.location
        if place.index is None:
            return self
        return replace(self, location=replace(place, index=place.index + by))

    def to_dict(self) -> dict[str, object]:
        """Return the finding as a JSON object (schemas/report/report.json); unknown fields are None."""
        place = self.location
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity,
            "message": self.message,
            "values": self.values,
            "location": {"member": place.member, "pointer": place.pointer, "line": place.line, "byte": place.byte},
            "subcode": self.subcode,
            "fingerprint": self.fingerprint,
        }


class BaselineEntry(Struct, frozen=True, order=True):
    """What a baseline holds of accepted findings: rule, member as reports without values show it, fingerprint.

    ``member`` is "" for the archive as a whole, and is for readers alone: ``key`` is what is compared.
    """

    code: str
    member: str
    fingerprint: str

    @property
    def key(self) -> tuple[str, str]:
        """Code and fingerprint, so that the code which a reader sees is the rule that is accepted."""
        return self.code, self.fingerprint
