"""What the annotations of integrity say of one value: what it defines, what it refers to, which file it names.

``schemas/README.md`` describes these keywords; here is what they do.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from hcfmt.export import schemas
from hcfmt.export.annotations import DEFINES, INTEGRITY, SHOULD, Annotation, annotations
from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.layout import ANY_ID, LAYOUT

Identifier = int | str

NamedFile = tuple[str, str, Any]
"""What a value that names a file comes to: the rule that speaks of the value itself, and the value; or "", the path of
the member, and what the record declares about it (a size in bytes, a width and a height in pixels, None)."""

SAFE_ID = SAFE_INTEGER

_DRIVE = re.compile(r"[A-Za-z]:")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_SEPARATOR = re.compile(r"[/\\]")
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


@cache
def all_annotations() -> Mapping[str, Annotation]:
    """Return every annotation of integrity on the records of data files, by label."""
    return {
        annotation.label: annotation
        for place in LAYOUT
        if place.schema
        for annotation in annotations(place.schema, INTEGRITY)
    }


@cache
def defining_annotations() -> Mapping[str, Annotation]:
    """Return the annotation that defines each thing, by the thing's name."""
    return {
        annotation.arguments["thing"]: annotation
        for annotation in all_annotations().values()
        if annotation.keyword == DEFINES
    }


def data_file_of(thing: str) -> str:
    """Return the path of the data file whose records define a thing."""
    return defining_annotations()[thing].schema.removeprefix("export/") + schemas.SUFFIX


@cache
def rule_codes(label: str) -> frozenset[str]:
    """Return the codes of all rules that may speak of the values of an annotation."""
    annotation = all_annotations()[label]
    if annotation.keyword == SHOULD:
        return frozenset(annotation.arguments)
    parts = [annotation.arguments, *(part for part in annotation.arguments.values() if isinstance(part, dict))]
    return frozenset(part[key] for part in parts for key in ("rule", "unsafe") if key in part)


def owner_of(member: str) -> int | None:
    """Return the id of the room or the user whose history a member is, None for other data files."""
    *_, directory, name = ["", *member.split("/")]
    return int(directory) if name == "history.json" and _NUMBER.fullmatch(directory) else None


def comparable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return an identifier as it is compared: JSON has one kind of number, so 7.0 is 7.

    Beyond 2^53 a number is kept as its digits, whose hash nobody can choose.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if not isinstance(value, int) or abs(value) <= SAFE_INTEGER else str(value)


@cache
def id_property(label: str) -> str | None:
    """Return the property that holds the id of what an annotation defines another name of, None where it is the id."""
    annotation = all_annotations()[label]
    ids = [
        other.path[-1]
        for other in defining_annotations().values()
        if other.schema == annotation.schema and other.type is int
    ]
    return None if annotation.type is int or not ids else ids[0]


@cache
def schemas_of(code: str) -> frozenset[str]:
    """Return the schemas of the data files that a rule of annotations depends on; none for any other rule.

    Secrets are looked for everywhere, not only where an annotation asks for it.
    """
    if code == schemas.SECRET_RULE:
        return frozenset()
    mine = [annotation for annotation in all_annotations().values() if code in rule_codes(annotation.label)]
    return frozenset(
        schema
        for annotation in mine
        for schema in (
            annotation.schema,
            *(defining_annotations()[thing].schema for thing in annotation.arguments.get("to", ())),
        )
    )


@cache
def inside_strings() -> frozenset[tuple[str, str]]:
    """Return the code of every rule that looks at JSON inside strings, and the schema of the data file."""
    return frozenset(
        (code, annotation.schema)
        for annotation in all_annotations().values()
        if annotation.in_string
        for code in rule_codes(annotation.label)
    )


def identifier(value: Any, thing: str) -> Identifier | None:  # noqa: ANN401 - any JSON value
    """Return what a value identifies a thing by; None when it holds nothing."""
    if value is None or value == "":
        return None
    fold = isinstance(value, str) and defining_annotations()[thing].arguments.get("fold")
    folded: Identifier = value.casefold() if fold else comparable(value)
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
                yield thing, comparable(int(match[1]))


def is_excepted(annotation: Annotation, value: Any, record: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a value that may refer to something refers to nothing."""
    arguments = annotation.arguments
    if value not in arguments.get("except", ()):
        return False
    beside = record
    for token in arguments.get("beside", "").split("/")[1:]:
        beside = beside[token]
    return "beside" not in arguments or beside in arguments["except"]


def is_unsafe(path: str) -> bool:
    """Whether a path is absolute or climbs, in the manner of any system."""
    return bool(_DRIVE.match(path)) or path.startswith(("/", "\\")) or ".." in _SEPARATOR.split(path)


def named_files(annotation: Annotation, value: str, owner: Mapping[str, Any], room: int | None) -> Iterator[NamedFile]:
    """Yield what a value that names a file comes to; ``owner`` is the object it is a property of."""
    arguments = annotation.arguments
    if is_unsafe(value):
        yield arguments["unsafe"], value, None
    elif "member" in arguments:
        match = _pattern(arguments["pattern"]).search(value) if "pattern" in arguments else None
        if "pattern" in arguments and match is None:
            yield arguments["rule"], value, None
            return
        parts = {"value": value, "room": str(room), **(match.groupdict() if match else {})}
        if "form" in arguments and not _pattern(arguments["form"]["pattern"]).search(value):
            yield arguments["form"]["rule"], value, None
        mine = arguments.get("owner")
        if mine and parts[mine["group"]] != _written(owner.get(mine["property"])):
            yield mine["rule"], value, None
        else:
            yield "", _filled(arguments["member"], parts), _declared(arguments, owner)


def _written(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return an identifier as it is written in paths and texts."""
    return str(comparable(value))


def likely_files(annotation: Annotation, value: str, room: int | None) -> Iterator[str]:
    """Yield the member that a value must mean which is itself not as it should be, so that nobody misses its file."""
    arguments = annotation.arguments
    match = _pattern(arguments["pattern"]).search(value) if "pattern" in arguments else None
    parts = {"room": str(room), **(match.groupdict() if match else {})}
    tame = "/".join(part for part in _SEPARATOR.split(_DRIVE.sub("", value)) if part not in {"", ".", ".."})
    if "member" in arguments and (match or "pattern" not in arguments):
        yield _filled(arguments["member"], {"value": tame, **parts})


def _declared(arguments: Mapping[str, Any], owner: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what a property holds
    if "bytes" in arguments:
        return owner.get(arguments["bytes"]["property"])
    if "pixels" in arguments:
        return owner.get(arguments["pixels"]["width"]), owner.get(arguments["pixels"]["height"])
    return None


def _filled(template: str, parts: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda name: parts[name[1]], template)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compile a regular expression of ECMA-262: groups are named, and $ ends, otherwise than in Python."""
    return re.compile(text.replace("(?<", "(?P<").replace("$", r"\Z"))


def variant_path(path: str, suffix: str) -> str:
    """Return the path of another version of a file: the suffix stands before the extension of its name."""
    directory, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    return directory + slash + (f"{stem}{suffix}{dot}{extension}" if dot else name + suffix)


def template_values(template: str, paths: Iterable[str]) -> Mapping[str, str]:
    """Return the paths that a template can be filled to, by the value in it; ids may be any."""
    whole = re.escape(template).replace(re.escape("{value}"), "(.+)")
    for any_id in (re.escape("{room}"), re.escape("*")):
        whole = whole.replace(any_id, ANY_ID)
    made = re.compile(whole, re.DOTALL)
    return {match[1]: path for path in sorted(paths, reverse=True) if (match := made.fullmatch(path))}
