"""Deviations from the schemas of records: every way in which one keyword of a property's schema can be violated."""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from hcfmt.export.records import LISTS, WRAPPERS
from hcfmt.export.schemas import resolved
from tests.support.builders import END, header
from tests.support.recipes import sample_files

Step = str | None  # a property's name, or None for the items of an array
Documents = dict[str, Any]  # decoded data files, by their path

_ODD: tuple[Any, ...] = (None, True, 7, 1.5, "odd", [], ["odd"], [{"id": 1}], {}, {"id": 1})
_JUDGED = ("type", "const", "enum", "pattern", "minimum")
_ABSENT = object()
_FILES = {
    "export/users": ("users.json",),
    "export/rooms": ("rooms.json",),
    "export/room-history": ("rooms/1/history.json",),
    "export/user-history": ("users/1/history.json", "users/2/history.json"),
    "export/emoticons": ("emoticons.json",),
    "export/autojoins": ("autojoins.json",),
}


class Deviation(NamedTuple):
    """A value in place of the documented one, at a path in all records of a kind that have the place, or its absence.

    ``keyword`` of the schema at the path refuses the value; for ``required`` the path is that of the absent property.
    """

    schema: str
    kind: str
    path: tuple[Step, ...]
    keyword: str
    value: Any

    @property
    def name(self) -> str:
        """The place and the keyword: ``User/created pattern``."""
        return "/".join([self.kind, *("*" if step is None else step for step in self.path)]) + f" {self.keyword}"

    def applied(self, documents: Documents) -> Documents:
        """Return documents with the deviation in every record of its kind."""
        changed = deepcopy(documents)
        for file in _FILES[self.schema]:
            for record in _records(self.schema, self.kind, changed[file]):
                _put(record, self.path, self.value)
        return changed


def deviations() -> Iterator[Deviation]:
    """Yield the deviations of every kind of record."""
    for schema, kind, part in kinds():
        yield from _of(schema, kind, part, ())


def kinds() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the schema of each data file with records, and the kind and the resolved schema of each record in it."""
    for schema in _FILES:
        if schema in LISTS:
            kind, key = LISTS[schema]
            yield schema, kind, resolved(schema)["properties"][key]["items"]
        else:
            properties = resolved(schema)["items"]["properties"]
            yield from ((schema, kind, properties[kind]) for kind in WRAPPERS[schema])


def sample_documents() -> Documents:
    """Return the data files of the documented sample."""
    return {path: json.loads(text) for path, text in sample_files().items() if path.endswith(".json")}


def packed(documents: Documents) -> bytes:
    """Return the sample as a tar, with other data files."""
    texts = {path: json.dumps(document).encode() for path, document in documents.items()}
    files = {**sample_files(), **texts}
    return (
        b"".join(header(path.encode(), len(text)) + text + bytes(-len(text) % 512) for path, text in files.items())
        + END
    )


def _of(schema: str, kind: str, part: Any, path: tuple[Step, ...]) -> Iterator[Deviation]:  # noqa: ANN401 - a schema
    for keyword in _JUDGED if path else ():
        if keyword in part:
            yield from (Deviation(schema, kind, path, keyword, value) for value in _refused(keyword, part[keyword]))
    for name, inner in part.get("properties", {}).items():
        if name in part.get("required", ()):
            yield Deviation(schema, kind, (*path, name), "required", _ABSENT)
        yield from _of(schema, kind, inner, (*path, name))
    if isinstance(part.get("items"), dict):
        yield from _of(schema, kind, part["items"].get("else", part["items"]), (*path, None))


def _refused(keyword: str, expected: Any) -> list[Any]:  # noqa: ANN401 - a keyword's value
    """Return values that a keyword refuses and the type of the same schema accepts."""
    if keyword == "type":
        return (
            [value for value in _ODD if not _IS[expected](value)]
            if isinstance(expected, str)
            else [value for value in _ODD if not any(_IS[name](value) for name in expected)]
        )
    if keyword == "pattern":
        return ["", "odd", "2018-04-02", "2018-04-02T15:40:44+00:00 942827"]
    if keyword == "minimum":
        return [-1]
    return [value for value in _ODD if value != expected]


_IS: Mapping[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: type(value) is int,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _records(schema: str, kind: str, document: Any) -> list[Any]:  # noqa: ANN401 - a decoded data file
    if schema in LISTS:
        return list(document[LISTS[schema][1]])
    return [wrapper[kind] for wrapper in document if kind in wrapper]


def _put(value: Any, path: tuple[Step, ...], new: Any) -> None:  # noqa: ANN401 - any JSON value
    """Put a value at a path, where the path leads; a list gets the value as its one item."""
    step, *rest = path
    if step is None:
        if rest:
            for item in value:
                _put(item, tuple(rest), new)
        else:
            value[:] = [deepcopy(new)]
    elif not isinstance(value, dict) or step not in value:
        return
    elif rest:
        _put(value[step], tuple(rest), new)
    elif new is _ABSENT:
        value.pop(step, None)
    else:
        value[step] = deepcopy(new)
