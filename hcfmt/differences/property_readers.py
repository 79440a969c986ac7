"""Functions that read one property of many records, in a form that does not depend on what dialects vary.

Each takes decoded records, whose values may have any type, and returns a column of JSON values, None for absent ones.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import orjson

Record = dict[str, Any]
_Reader = Callable[[Sequence[Record]], list[Any]]
_SENDERS = 1 << 12  # distinct senders that are remembered


def named(name: str) -> _Reader:
    """Read a property as it is."""
    return lambda records: [record.get(name) for record in records]


def first_of(name: str, other: str) -> _Reader:
    """Read a property, or the other one of those records that lack it."""
    return lambda records: [record[name] if name in record else record.get(other) for record in records]


def text(name: str) -> _Reader:
    """Read a text that null stands for when it is empty."""
    return lambda records: [record.get(name) or None for record in records]


def unordered(name: str) -> _Reader:
    """Read a list whose order means nothing; None for an empty one, as null stands for it too."""
    return lambda records: [_sorted(record.get(name)) for record in records]


def party(name: str) -> _Reader:
    """Read who sent or received a message: a user's id, or the name of an integration, whose id is 0."""
    return lambda records: [_party(record.get(name)) for record in records]


def party_name(name: str) -> _Reader:
    """Read the name of a sender that may be written as a bare name."""
    return lambda records: [_get(record.get(name), "name") for record in records]


def party_account(name: str) -> _Reader:
    """Read what a sender has besides its name."""
    return lambda records: [_without(record.get(name), "name") for record in records]


def party_details(name: str) -> _Reader:
    """Read what a sender or receiver has besides its id."""
    return lambda records: [_without(record.get(name), "id") for record in records]


def attachment(records: Sequence[Record]) -> list[Any]:
    """Read the place, the name and the size of an attached file."""
    column = [record.get("attachment") for record in records]
    if column.count(None) == len(column):
        return column
    return [_file(value, record) for value, record in zip(column, records, strict=True)]


def attachment_details(records: Sequence[Record]) -> list[Any]:
    """Read what else an attachment has: its uploader, its date, its address."""
    column = [record.get("attachment") for record in records]
    if column.count(None) == len(column):
        return column
    shared = {"path", "size", "thumbnail"}
    return [
        {name: value[name] for name in value.keys() - shared} if isinstance(value, dict) else value for value in column
    ]


def member_ids(records: Sequence[Record]) -> list[Any]:
    """Read the ids of a room's members, which may be objects."""
    return [_member_ids(record.get("members")) for record in records]


def member_objects(records: Sequence[Record]) -> list[Any]:
    """Read the members of a room that are objects."""
    return [_member_objects(record.get("members")) for record in records]


def _party(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return value.get("id") or value.get("name")
    return value


def _get(value: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    return value.get(name) if isinstance(value, dict) else value


def _without(value: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    return _rest(orjson.dumps(value), name) if isinstance(value, dict) else None


@lru_cache(_SENDERS)
def _rest(value: bytes, name: str) -> str:
    """Return an object without one property as JSON text; few people write most messages."""
    rest = {key: item for key, item in orjson.loads(value).items() if key != name}
    return orjson.dumps(rest, option=orjson.OPT_SORT_KEYS).decode()


def _file(value: Any, record: Record) -> Any:  # noqa: ANN401 - any JSON value
    if not isinstance(value, dict):
        return value
    path, name = value.get("path", record.get("attachment_path")), value.get("name")
    bare = name.rpartition("/")[2] if isinstance(name, str) else name
    return {"path": path, "name": bare, "size": value.get("size"), "thumbnail": value.get("thumbnail")}


def _sorted(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return (sorted(value, key=_order) or None) if isinstance(value, list) else value


def _order(value: Any) -> tuple[int, str]:  # noqa: ANN401 - any JSON value
    # Text, as what orjson returns keeps a kibibyte of memory each for as long as the values are sorted.
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return len(text), text


def _member_ids(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return _sorted([_get(member, "id") for member in value]) if isinstance(value, list) else value


def _member_objects(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    objects = [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []
    return _sorted(objects)
