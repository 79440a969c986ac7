"""Decides what becomes of the value of a property, by its name: what stays, and how anything else is replaced.

The schemas name what stays: constants, and numbers such as ids. A value stays only if it has the form that is
documented: a time, a UUID, a time zone. Everything else is replaced, so that what nobody thought of is not shown.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from random import Random
from typing import Any

from msgspec import Struct

from hcfmt.anonymisation.json_strings import decoded_text, replace_text
from hcfmt.anonymisation.replacements import Replacements
from hcfmt.check.rules.records import time_zones
from hcfmt.export import schemas

_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,9})?(?:Z|[+-][0-9:]{5})?(?: [0-9]{1,9})?"
)
_UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_ID = re.compile(rf"{_UUID}|[0-9]{{1,12}}:{_UUID}|[0-9a-f]{{24}}|pref:autoJoin:[0-9]{{1,19}}")  # also those of Stride
_BASE64 = re.compile(r"(?:[\r\n]*[0-9A-Za-z+/]){32,}[\r\n]*={0,2}[\r\n]*=?[\r\n]*")
_BASE64_STARTS = ("iVBORw0KGgo", "/9j/4", "R0lGODlh", "R0lGODdh")  # PNG, JPEG and GIF images
_BASE64_DIGITS = bytes(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" * 4)
_SEEN: Mapping[str, tuple[str, ...]] = {
    "data": ("None",),
    "format": ("html", "text"),
    "message_format": ("html", "text"),
    "room_roles": ("room_admin", "room_member"),
    "style": ("application", "file", "image", "link", "media"),
}
"""Values that documentation or exports show where the schemas accept any text."""
_MOST_KEYS, _LONGEST_KEY = 1 << 12, 256  # keys that are remembered, and their bytes

Replace = Callable[[str], str]


class Property(Struct, frozen=True):
    """What becomes of the values of a property: ``replace`` changes a text, unless it is one of ``constants``.

    ``keeps_numbers``: a number stays. ``holds_json``: a text may be JSON, whose values are then treated like others.
    ``is_open``: it may hold properties that are not documented.
    """

    replace: Replace
    constants: frozenset[str] = frozenset()
    keeps_numbers: bool = False
    holds_json: bool = False
    is_open: bool = False


class Properties:
    """Finds the treatment of a property by its name and that of the property around it."""

    def __init__(self, replacements: Replacements) -> None:
        """Take the replacements."""
        self._replacements = replacements
        self._by_name = self._treatments()
        self.unknown = Property(replacements.texts.of_text)
        self.replaced_digits: Replace = replacements.texts.of_text
        self._known_key = lru_cache(maxsize=_MOST_KEYS)(self._key)
        self._in_attachment = {**self._by_name, "name": self._by_name["path"]}

    def find(self, name: str, parent: str) -> Property:
        """Return the treatment of a property below another one."""
        properties = self._in_attachment if parent == "attachment" else self._by_name
        return properties.get(name, self.unknown)

    def key(self, raw: bytes) -> tuple[str, bytes]:
        """Return the name of a property, and what replaces it, of the bytes between the quotes of its key."""
        return self._known_key(raw) if len(raw) <= _LONGEST_KEY else self._key(raw)

    def _key(self, raw: bytes) -> tuple[str, bytes]:
        return decoded_text(raw), replace_text(raw, self._replacements.names.of_property)

    @property
    def open_names(self) -> Iterable[str]:
        """The names of properties that may hold others that are not documented."""
        return (name for name, treatment in self._by_name.items() if treatment.is_open)

    def _treatments(self) -> dict[str, Property]:
        facts, replaces = _facts(), self._replaces()
        return {
            name: Property(replaces.get(name, self._replacements.texts.of_text), *facts[name])
            for name in schemas.property_names()
        }

    def _replaces(self) -> Mapping[str, Replace]:
        names, paths = self._replacements.names, self._replacements.paths.of_path
        dates, ids = self._unless(_DATE), self._unless(_ID)
        return {
            "audio_path": paths,
            "attachment_path": paths,
            "avatar": self._avatar,
            "canonical_name": names.of_name,
            "created": dates,
            "date": dates,
            "email": names.of_address,
            "guest_access_url": names.of_address,
            "id": ids,
            "jid": names.of_jid,
            "mention_name": names.of_mention,
            "name": names.of_name,
            "path": paths,
            "sender": names.of_name,
            "shortcut": names.of_shortcut,
            "thumbnail": paths,
            "timestamp": dates,
            "timezone": self._time_zone,
            "url": names.of_address,
        }

    def _unless(self, form: re.Pattern[str]) -> Replace:
        """Return a function that replaces a text unless it has a form."""
        replace = self._replacements.names.of_address
        return lambda text: text if form.fullmatch(text) else replace(text)

    def _time_zone(self, text: str) -> str:
        return text if text in time_zones() else self._replacements.texts.of_text(text)

    def _avatar(self, text: str) -> str:
        """Replace a picture in base64, or the path or address of one."""
        if not _BASE64.fullmatch(text):
            return (
                self._replacements.paths.of_path(text)
                if "://" not in text
                else self._replacements.names.of_address(text)
            )
        start = next((start for start in _BASE64_STARTS if text.startswith(start)), "")
        seed = self._replacements.key + text.encode()
        noise = Random(seed).randbytes(len(text)).translate(_BASE64_DIGITS).decode()  # noqa: S311 - shows nothing of it
        return start + "".join(
            new if old not in "\r\n=" else old for old, new in zip(text[len(start) :], noise, strict=False)
        )


@cache
def _facts() -> Mapping[str, tuple[frozenset[str], bool, bool, bool]]:
    """Return for each property of the schemas the fields of ``Property`` behind the first."""
    constants: dict[str, set[str]] = defaultdict(set)
    numbers, embedded, open_ = set[str](), set[str](), set[str]()
    for schema in schemas.names():
        if schemas.dialect_of(schema)[1].startswith(schemas.FORMAT):
            for name, part in _properties(schemas.resolved(schema)):
                constants[name].update(_constants(part))
                for names, holds in ((numbers, _holds_numbers), (embedded, _holds_json), (open_, _is_open)):
                    if holds(part):
                        names.add(name)
    for name, values in _SEEN.items():
        constants[name].update(values)
    return {
        name: (frozenset(constants[name]), name in numbers, name in embedded, name in open_)
        for name in schemas.property_names()
    }


def _properties(node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:  # noqa: ANN401 - a part of a schema
    """Yield the name and the schema of every property of a schema."""
    for key, inner in node.items() if isinstance(node, dict) else ():
        if key == "properties":
            yield from ((name, part) for name, part in inner.items() if isinstance(part, dict))
        yield from _properties(inner)
    for inner in node if isinstance(node, list) else ():
        yield from _properties(inner)


def _parts(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the schema of a property, and those of the items of its array."""
    yield part
    for branch in (part.get("items"), part.get("then"), part.get("else")):
        if isinstance(branch, dict):
            yield from _parts(branch)


def _constants(part: Mapping[str, Any]) -> Iterator[str]:
    for inner in _parts(part):
        yield from (value for value in [*inner.get("enum", ()), inner.get("const")] if isinstance(value, str))


def _holds_numbers(part: Mapping[str, Any]) -> bool:
    """Whether a property is a number, or an array of numbers."""
    types = {
        kind
        for inner in _parts(part)
        for kind in ([inner["type"]] if isinstance(inner.get("type"), str) else inner.get("type", ()))
    }
    return not types.isdisjoint({"integer", "number"})


def _holds_json(part: Mapping[str, Any]) -> bool:
    return "x-embedded" in part


def _is_open(part: Mapping[str, Any]) -> bool:
    return any("x-open" in inner for inner in _parts(part))
