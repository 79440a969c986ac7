"""Renders hcfmt/reader/records.py: the classes of an export's records, made of hc-migrate's schemas.

A property becomes a field of the same name. What differs: legacy and constant properties are left out, arrays are
tuples, dates are datetimes, the id of a user becomes the user and beside it the id, and a path has beside it the path
of its file in the archive. A property that may be absent, or whose absence harms no importer, may be None; a text is
"" where an absence that is not documented harms no importer.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from hcfmt.export.annotations import EMBEDDED, FILE, OPEN, REFERS
from hcfmt.export.layout import LAYOUT, Kind
from hcfmt.export.message_kinds import ROOM_MESSAGES, USER_MESSAGES
from hcfmt.export.records import LISTS
from hcfmt.export.schemas import SUFFIX, resolved
from hcfmt.reader.wire_types import is_left_out, may_lack, record_schemas, types

RECORDS = Path(__file__).parents[2] / "hcfmt" / "reader" / "records.py"

_HEAD = '''"""The records of an export as ``open_export`` returns them, one class for each kind.

Generated from schemas/ by tests/support/record_module.py; ``pytest tests/reader/test_records.py --rewrite`` writes it.
Fields have the names of the format's properties, whose facts are in docs/format.md. JSON inside strings is decoded:
its classes are dictionaries, which may hold more keys than are documented. A user is None where the archive names
nobody, or an id that users.json lacks; the id stands beside it.
"""

from datetime import datetime
from typing import Any, NotRequired, TypedDict

from msgspec import Struct
'''
_WIDTH = 116  # of a docstring inside a class
_SIMPLE = {"string": "str", "integer": "int", "boolean": "bool", "number": "float"}


class Field(NamedTuple):
    """A field of a class: its name, its type with the default, and a sentence on it."""

    name: str
    type: str
    text: str


_OWNERS = {
    Kind.ROOM_HISTORY: (
        Field("room", "Room | None", "The room in whose history the message is, None for one that rooms.json lacks."),
        Field("room_id", "int", "The id of the room, which is in the path of the history."),
    ),
    Kind.USER_HISTORY: (
        Field("owner", "User | None", "The user in whose history the message is, None for one that users.json lacks."),
        Field("owner_id", "int", "The id of that user, which is in the path of the history."),
    ),
}
"""The fields that tell in whose history a message is."""


def record_module() -> str:
    """Return the source of the module."""
    classes = dict[str, str]()
    for row in LAYOUT:
        for kind, part in record_schemas(row).items() if row.wrappers or row.schema in LISTS else ():
            _add_class(classes, kind, part, _OWNERS.get(row.kind, ()))
    unions = [
        f"RoomMessage = {' | '.join(ROOM_MESSAGES)}",
        '"""A message of a room, of whatever kind."""',
        "",
        f"Message = RoomMessage | {' | '.join(USER_MESSAGES)}",
        '"""A message of a room, or a private one."""',
    ]
    return "\n\n".join([_HEAD, *classes.values(), "\n".join(unions)]) + "\n"


def _add_class(classes: dict[str, str], name: str, part: Mapping[str, Any], more: Sequence[Field] = ()) -> None:
    """Add the source of a class to those of other classes, after the classes that its fields need."""
    properties = sorted(part["properties"].items(), key=lambda item: item[0].lower() != "id")
    fields = [*more, *(field for key, inner in properties for field in _fields(classes, name, part, key, inner))]
    lines = [f"class {name}(Struct, frozen=True, kw_only=True, gc=False):"]
    lines += [*_text(_first_sentence(part["description"])), ""]
    for field in sorted(fields, key=lambda field: field.name != "id"):
        default = " = None" if field.type.endswith("| None") else " = ()" if field.type.startswith("tuple[") else ""
        lines += [f"    {field.name}: {field.type}{default}", *_text(field.text)]
    classes.setdefault(name, "\n".join(lines) + "\n")


def _fields(
    classes: dict[str, str], owner: str, whole: Mapping[str, Any], key: str, part: Mapping[str, Any]
) -> Iterator[Field]:
    """Yield the fields of a property."""
    text = _first_sentence(part.get("description", ""))
    if key == "mentions":
        yield Field(key, "tuple[User, ...]", "The users whom the text mentions, and those of another dialect's list.")
        return
    if is_left_out(key, part):
        return
    none = _absent(whole, key, part)
    items = part.get("items", {})
    items = items.get("else", items)
    if REFERS in items:
        singular = key.removesuffix("s")
        yield Field(key, "tuple[User, ...]", f"{_person(text)} Unknown users are left out.")
        yield Field(f"{singular}_ids", "tuple[int, ...]", f"The ids of all {key.replace('_', ' ')}.")
    elif REFERS in part and part["type"] != "string":
        base = key.removesuffix("id").removesuffix("_")
        yield Field(base, "User | None", _person(text))
        yield Field(f"{base}_id", f"int{none}", text)
    elif REFERS in part.get("properties", {}).get("id", {}):
        yield from _party(key, text, part, can_lack=may_lack(whole, key))
    else:
        yield Field(key.lower(), _type(classes, owner, key, part) + none, text)
        if REFERS in part:
            yield Field("user", "User | None", "The user whose id the key ends with.")
    if "member" in part.get(FILE, {}):
        name = "file" if key == "path" else f"{key}_file"
        yield Field(name, "str | None", "The path of that file in the archive, for ``open_file``; None if it has none.")


def _party(key: str, text: str, part: Mapping[str, Any], *, can_lack: bool) -> Iterator[Field]:
    """Yield the fields of a sender or receiver; where a record can lack it, they have defaults."""
    number, name_type = ("int = 0", 'str = ""') if can_lack else ("int", "str")
    yield Field(key, "User | None", text)
    yield Field(f"{key}_id", number, _first_sentence(part["properties"]["id"]["description"]))
    for name, inner in part["properties"].items():
        if name != "id" and "x-legacy" not in inner:
            yield Field(f"{key}_{name}", name_type, _first_sentence(inner["description"]))


def _absent(whole: Mapping[str, Any], key: str, part: Mapping[str, Any]) -> str:
    """Return what follows the type of a property that may be absent or null."""
    if _kinds_of(part) == ["array"] and EMBEDDED not in part:
        return ""  # an empty tuple
    if "null" in types(part) or key not in whole.get("required", ()):
        return " | None"
    if not may_lack(whole, key):
        return ""
    return ' = ""' if _is_text(part) else " | None"


def _is_text(part: Mapping[str, Any]) -> bool:
    return _kinds_of(part) == ["string"] and EMBEDDED not in part and not _is_date(part)


def _is_date(part: Mapping[str, Any]) -> bool:
    return part.get("x-form") == "timestamp" or part.get("title") == "ISO 8601 date and time"


def _person(text: str) -> str:
    """Return a sentence on the id of a user as one on the user."""
    return re.sub("^User ids? of t", "T", text)


def _type(classes: dict[str, str], owner: str, key: str, part: Mapping[str, Any]) -> str:
    """Return the type of a property that is no reference, without None."""
    if EMBEDDED in part:
        schema = part[EMBEDDED]["schema"].removesuffix(SUFFIX)
        return _embedded(classes, PurePosixPath(schema).name.title().replace("-", ""), resolved(schema))
    if _is_date(part):
        return "datetime"
    if "properties" in part:
        name = part["title"]
        _add_class(classes, name, part)
        return str(name)
    return " | ".join(_plain(classes, owner, key, kind, part) for kind in _kinds_of(part))


def _kinds_of(part: Mapping[str, Any]) -> list[str]:
    return [kind for kind in types(part) if kind != "null"]


def _plain(classes: dict[str, str], owner: str, key: str, kind: str, part: Mapping[str, Any]) -> str:
    if kind == "array":
        return f"tuple[{_type(classes, owner, key, part['items'])}, ...]"
    return _SIMPLE.get(kind, "dict[str, Any]")


def _embedded(classes: dict[str, str], name: str, schema: Mapping[str, Any]) -> str:
    """Return the type of a part of JSON inside a string, and add the dictionaries that it needs."""
    return " | ".join(_alternative(classes, name, kind, schema) for kind in types(schema))


def _alternative(classes: dict[str, str], name: str, kind: str, schema: Mapping[str, Any]) -> str:
    if kind == "null":
        return "None"
    if kind == "array":
        return f"list[{_embedded(classes, f'{name}Item', schema['items'])}]"
    if kind != "object" or "properties" not in schema:
        return _SIMPLE.get(kind, "dict[str, Any]")
    required = schema["properties"] if OPEN in schema else schema["required"]
    keys = {
        key: inner if key in required else f"NotRequired[{inner}]"
        for key, part in schema["properties"].items()
        for inner in (_embedded(classes, f"{name}{key.title()}", part),)
    }
    total = ", total=False" if OPEN in schema else ""
    if all(map(str.isidentifier, keys)):
        text = _text(_first_sentence(schema.get("description") or schema["title"]))
        fields = [f"    {key}: {inner}" for key, inner in keys.items()]
        source = "\n".join([f"class {name}(TypedDict{total}):", *text, "", *fields])
    else:
        fields = [f'        "{key}": {inner},' for key, inner in keys.items()]
        lines = [f"{name} = TypedDict(", f'    "{name}",', "    {", *fields, "    },", f"    {total[2:]},", ")"]
        source = "\n".join(lines)
    classes.setdefault(name, source + "\n")
    return name


def _first_sentence(text: str) -> str:
    return text.split(". ", maxsplit=1)[0].rstrip(".") + "." if text else ""


def _text(text: str) -> list[str]:
    """Return a docstring of a class or a field, wrapped."""
    lines = textwrap.wrap(f'"""{text}"""', _WIDTH)
    if len(lines) > 1:
        lines = [*textwrap.wrap(f'"""{text}', _WIDTH), '"""']
    return [f"    {line}" for line in lines]
