"""What the annotations of integrity say of one value: what it defines, what it refers to, which file it names.

``schemas/README.md`` describes these keywords; here is what they do.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from hcfmt.export import schemas
from hcfmt.export.annotations import DEFINES, INTEGRITY, SHOULD, Mark, marks
from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.layout import ANY_ID, TREE

Identifier = int | str

Named = tuple[str, str, Any]
"""What a value that names a file comes to: the rule that speaks of the value itself, and the value; or "", the path of
the member, and what the record declares about it (a size in bytes, a width and a height in pixels, None)."""

SAFE_ID = SAFE_INTEGER

_DRIVE = re.compile(r"[A-Za-z]:")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_SEPARATOR = re.compile(r"[/\\]")
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


@cache
def every_mark() -> Mapping[str, Mark]:
    """Return every annotation of integrity on the records of data files, by label."""
    return {mark.label: mark for place in TREE if place.schema for mark in marks(place.schema, INTEGRITY)}


@cache
def definers() -> Mapping[str, Mark]:
    """Return the annotation that defines each thing, by the thing's name."""
    return {mark.says["thing"]: mark for mark in every_mark().values() if mark.keyword == DEFINES}


def data_file_of(thing: str) -> str:
    """Return the path of the data file whose records define a thing."""
    return definers()[thing].schema.removeprefix("export/") + schemas.SUFFIX


@cache
def codes(label: str) -> frozenset[str]:
    """Return the codes of all rules that may speak of the values of an annotation."""
    mark = every_mark()[label]
    if mark.keyword == SHOULD:
        return frozenset(mark.says)
    parts = [mark.says, *(part for part in mark.says.values() if isinstance(part, dict))]
    return frozenset(part[key] for part in parts for key in ("rule", "unsafe") if key in part)


def owner_of(member: str) -> int | None:
    """Return the id of the room or the user whose history a member is, None for other data files."""
    *_, directory, name = ["", *member.split("/")]
    return int(directory) if name == "history.json" and _NUMBER.fullmatch(directory) else None


def plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return an identifier as it is compared: JSON has one kind of number, so 7.0 is 7.

    Beyond 2^53 a number is kept as its digits, whose hash nobody can choose.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if not isinstance(value, int) or abs(value) <= SAFE_INTEGER else str(value)


@cache
def primary(label: str) -> str | None:
    """Return the property that holds the id of what an annotation defines another name of, None where it is the id."""
    mark = every_mark()[label]
    ids = [other.path[-1] for other in definers().values() if other.schema == mark.schema and other.type is int]
    return None if mark.type is int or not ids else ids[0]


@cache
def schemas_of(code: str) -> frozenset[str]:
    """Return the schemas of the data files that a rule of annotations depends on; none for any other rule.

    Secrets are looked for everywhere, not only where an annotation says so.
    """
    if code == schemas.SECRET_RULE:
        return frozenset()
    mine = [mark for mark in every_mark().values() if code in codes(mark.label)]
    return frozenset(
        schema
        for mark in mine
        for schema in (mark.schema, *(definers()[thing].schema for thing in mark.says.get("to", ())))
    )


@cache
def inside_strings() -> frozenset[tuple[str, str]]:
    """Return the code of every rule that looks at JSON inside strings, and the schema of the data file."""
    return frozenset((code, mark.schema) for mark in every_mark().values() if mark.inside for code in codes(mark.label))


def identifier(value: Any, thing: str) -> Identifier | None:  # noqa: ANN401 - any JSON value
    """Return what a value identifies a thing by; None when it holds nothing."""
    if value is None or value == "":
        return None
    fold = isinstance(value, str) and definers()[thing].says.get("fold")
    folded: Identifier = value.casefold() if fold else plain(value)
    return folded


def targets(value: Identifier, to: Mapping[str, Any]) -> Iterator[tuple[str, Identifier]]:
    """Yield the things, by name and identifier, one of which a value refers to."""
    for thing, how in to.items():
        match = None if how is True else _pattern(how).search(_written(value))
        if how is True:
            yield thing, value
        elif match is not None:
            # Whether the thing's identifiers are numbers or text, only the data can tell.
            yield thing, str(identifier(match[1], thing))
            if _NUMBER.fullmatch(match[1]):
                yield thing, plain(int(match[1]))


def is_excepted(mark: Mark, value: Any, record: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a value that may refer to something refers to nothing."""
    says = mark.says
    if value not in says.get("except", ()):
        return False
    beside = record
    for token in says.get("beside", "").split("/")[1:]:
        beside = beside[token]
    return "beside" not in says or beside in says["except"]


def is_unsafe(path: str) -> bool:
    """Whether a path is absolute or climbs, in the manner of any system."""
    return bool(_DRIVE.match(path)) or path.startswith(("/", "\\")) or ".." in _SEPARATOR.split(path)


def named(mark: Mark, value: str, owner: Mapping[str, Any], room: int | None) -> Iterator[Named]:
    """Yield what a value that names a file comes to; ``owner`` is the object it is a property of."""
    says = mark.says
    if is_unsafe(value):
        yield says["unsafe"], value, None
    elif "member" in says:
        match = _pattern(says["pattern"]).search(value) if "pattern" in says else None
        if "pattern" in says and match is None:
            yield says["rule"], value, None
            return
        parts = {"value": value, "room": str(room), **(match.groupdict() if match else {})}
        if "form" in says and not _pattern(says["form"]["pattern"]).search(value):
            yield says["form"]["rule"], value, None
        mine = says.get("owner")
        if mine and parts[mine["group"]] != _written(owner.get(mine["property"])):
            yield mine["rule"], value, None
        else:
            yield "", _filled(says["member"], parts), _declared(says, owner)


def _written(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return an identifier as it is written in paths and texts."""
    return str(plain(value))


def claimed_anyway(mark: Mark, value: str, room: int | None) -> Iterator[str]:
    """Yield the member that a value must mean which is itself not as it should be, so that nobody misses its file."""
    says = mark.says
    match = _pattern(says["pattern"]).search(value) if "pattern" in says else None
    parts = {"room": str(room), **(match.groupdict() if match else {})}
    tame = "/".join(part for part in _SEPARATOR.split(_DRIVE.sub("", value)) if part not in {"", ".", ".."})
    if "member" in says and (match or "pattern" not in says):
        yield _filled(says["member"], {"value": tame, **parts})


def _declared(says: Mapping[str, Any], owner: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what a property holds
    if "bytes" in says:
        return owner.get(says["bytes"]["property"])
    if "pixels" in says:
        return owner.get(says["pixels"]["width"]), owner.get(says["pixels"]["height"])
    return None


def _filled(template: str, parts: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda name: parts[name[1]], template)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compile a regular expression of ECMA-262: groups are named, and $ ends, otherwise than in Python."""
    return re.compile(text.replace("(?<", "(?P<").replace("$", r"\Z"))


def sized(path: str, suffix: str) -> str:
    """Return the path of another version of a file: the suffix stands before the extension of its name."""
    directory, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    return directory + slash + (f"{stem}{suffix}{dot}{extension}" if dot else name + suffix)


def values_below(template: str, paths: Iterable[str]) -> Mapping[str, str]:
    """Return the paths that a template can be filled to, by the value in it; ids may be any."""
    whole = re.escape(template).replace(re.escape("{value}"), "(.+)")
    for any_id in (re.escape("{room}"), re.escape("*")):
        whole = whole.replace(any_id, ANY_ID)
    made = re.compile(whole, re.DOTALL)
    return {match[1]: path for path in sorted(paths, reverse=True) if (match := made.fullmatch(path))}
