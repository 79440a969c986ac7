"""Evaluates the integrity annotations for one value: the thing it defines, the things it refers to, the file it names.

``schemas/README.md`` documents these keywords.
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
"""A file named by a value: the code of the rule that the value breaks, the value, and None; or "", the path of the
member, and its size in bytes or its width and height in pixels according to the record, or None."""

SAFE_ID = SAFE_INTEGER

_ALL_DIALECTS = (None, *schemas.DIALECTS)

_DRIVE = re.compile(r"[A-Za-z]:")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_SEPARATOR = re.compile(r"[/\\]")
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


@cache
def all_annotations(dialect: str | None = None) -> Mapping[str, Annotation]:
    """Return all integrity annotations of all data files of a dialect, by default hc-migrate's, by label."""
    return {
        annotation.label: annotation
        for row in LAYOUT
        if row.schema
        for annotation in annotations(schemas.in_dialect(row.schema, dialect) if dialect else row.schema, INTEGRITY)
    }


@cache
def annotation_of(label: str) -> Annotation:
    """Return the annotation of a label, of whatever dialect. Raises KeyError."""
    for dialect in _ALL_DIALECTS:  # the schemas of other dialects than hc-migrate's are read once they are needed
        if label in all_annotations(dialect):
            return all_annotations(dialect)[label]
    raise KeyError(label)


@cache
def defining_annotations(dialect: str | None = None) -> Mapping[str, Annotation]:
    """Return the annotation that defines each thing in a dialect, by the thing's name."""
    return {
        annotation.arguments["thing"]: annotation
        for annotation in all_annotations(dialect).values()
        if annotation.keyword == DEFINES
    }


def data_file_of(thing: str) -> str:
    """Return the path of the data file whose records define a thing."""
    return defining_annotations()[thing].schema.removeprefix("export/") + schemas.SUFFIX


@cache
def rule_codes(label: str) -> frozenset[str]:
    """Return the codes of all rules that may report values of an annotation."""
    annotation = annotation_of(label)
    if annotation.keyword == SHOULD:
        return frozenset(annotation.arguments)
    parts = [annotation.arguments, *(part for part in annotation.arguments.values() if isinstance(part, dict))]
    return frozenset(part[key] for part in parts for key in ("rule", "unsafe") if key in part)


def owner_of(member: str) -> int | None:
    """Return the id of the room or user whose history a member holds, None for other data files."""
    *_, directory, name = ["", *member.split("/")]
    return int(directory) if name == "history.json" and _NUMBER.fullmatch(directory) else None


def comparable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return an identifier in comparable form: 7.0 is 7, as JSON has one kind of number.

    A number beyond 2^53 becomes a string of digits: hashes of strings cannot be made to collide on purpose.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if not isinstance(value, int) or abs(value) <= SAFE_INTEGER else str(value)


@cache
def id_property(label: str) -> str | None:
    """Return the id's property, for an annotation that defines another name of a thing; None for the id itself."""
    annotation = annotation_of(label)
    ids = [
        other.path[-1]
        for other in defining_annotations(schemas.dialect_of(annotation.schema)[0]).values()
        if other.schema == annotation.schema and other.type is int
    ]
    return None if annotation.type is int or not ids else ids[0]


@cache
def schemas_of(code: str) -> frozenset[str]:
    """Return hc-migrate's schemas of the data files on which a rule of annotations depends; none for any other rule.

    Secrets are searched everywhere, with or without an annotation.
    """
    if code == schemas.SECRET_RULE:
        return frozenset()
    reported = [
        annotation
        for dialect in _ALL_DIALECTS
        for annotation in all_annotations(dialect).values()
        if code in rule_codes(annotation.label)
    ]
    return frozenset(
        schemas.dialect_of(schema)[1]
        for annotation in reported
        for schema in (
            annotation.schema,
            *(defining_annotations()[thing].schema for thing in annotation.arguments.get("to", ())),
        )
    )


@cache
def inside_strings() -> frozenset[tuple[str, str]]:
    """Return the code of every rule that examines JSON inside strings, with the schema of the data file."""
    return frozenset(
        (code, annotation.schema)
        for annotation in all_annotations().values()
        if annotation.in_string
        for code in rule_codes(annotation.label)
    )


def identifier(value: Any, thing: str) -> Identifier | None:  # noqa: ANN401 - any JSON value
    """Return the identifier of a thing in comparable form; None for null and empty text."""
    if value is None or value == "":
        return None
    fold = isinstance(value, str) and defining_annotations()[thing].arguments.get("fold")
    folded: Identifier = value.casefold() if fold else comparable(value)
    return folded


def targets(value: Identifier, to: Mapping[str, Any]) -> Iterator[tuple[str, Identifier]]:
    """Yield the things to which a value may refer, as (name, identifier)."""
    for thing, how in to.items():
        match = None if how is True else _pattern(how).search(_written(value))
        if how is True:
            yield thing, value
        elif match is not None:
            # The identifiers of the thing may be numbers or text, depending on the data.
            yield thing, str(identifier(match[1], thing))
            if _NUMBER.fullmatch(match[1]):
                yield thing, comparable(int(match[1]))


def is_excepted(annotation: Annotation, value: Any, record: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether an annotation excepts a value, which then refers to nothing."""
    arguments = annotation.arguments
    if value not in arguments.get("except", ()):
        return False
    beside = record
    for token in arguments.get("beside", "").split("/")[1:]:
        beside = beside[token]
    return "beside" not in arguments or beside in arguments["except"]


def is_unsafe(path: str) -> bool:
    """Whether a path is absolute or has a ``..`` part, on any operating system."""
    return bool(_DRIVE.match(path)) or path.startswith(("/", "\\")) or ".." in _SEPARATOR.split(path)


def named_files(annotation: Annotation, value: str, owner: Mapping[str, Any], room: int | None) -> Iterator[NamedFile]:
    """Yield the file that a value names, or the rules that the value breaks; ``owner`` is the object that holds it."""
    arguments = annotation.arguments
    if "remote" in arguments and _pattern(arguments["remote"]["pattern"]).search(value):
        yield arguments["remote"]["rule"], value, None
    elif is_unsafe(value):
        yield arguments["unsafe"], value, None
    elif "member" in arguments:
        match = _pattern(arguments["pattern"]).search(value) if "pattern" in arguments else None
        if "pattern" in arguments and match is None:
            yield arguments["rule"], value, None
            return
        parts = {"value": value, "room": str(room), **(match.groupdict() if match else {})}
        if "form" in arguments and not _pattern(arguments["form"]["pattern"]).search(value):
            yield arguments["form"]["rule"], value, None
        expected = arguments.get("owner")
        if expected and parts[expected["group"]] != _written(owner.get(expected["property"])):
            yield expected["rule"], value, None
        else:
            yield "", _filled(arguments["member"], parts), _declared(arguments, owner)


def _written(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return an identifier as it is written in paths and texts."""
    return str(comparable(value))


def likely_files(annotation: Annotation, value: str, room: int | None) -> Iterator[str]:
    """Yield the file that a malformed value most likely means, so that it is not also reported as an orphan."""
    arguments = annotation.arguments
    match = _pattern(arguments["pattern"]).search(value) if "pattern" in arguments else None
    parts = {"room": str(room), **(match.groupdict() if match else {})}
    safe = "/".join(part for part in _SEPARATOR.split(_DRIVE.sub("", value)) if part not in {"", ".", ".."})
    if "member" in arguments and (match or "pattern" not in arguments):
        yield _filled(arguments["member"], {"value": safe, **parts})


def _declared(arguments: Mapping[str, Any], owner: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what a property holds
    if "bytes" in arguments:
        return owner.get(arguments["bytes"]["property"])
    if "pixels" in arguments:
        pixels = owner.get(arguments["pixels"]["width"]), owner.get(arguments["pixels"]["height"])
        return None if None in pixels else pixels
    return None


def _filled(template: str, parts: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda name: parts[name[1]], template)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compile a regular expression of ECMA-262, where named groups and $ differ from Python's."""
    return re.compile(text.replace("(?<", "(?P<").replace("$", r"\Z"))


def variant_path(path: str, suffix: str) -> str:
    """Return the path of another version of a file: the suffix is put before the extension."""
    directory, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    return directory + slash + (f"{stem}{suffix}{dot}{extension}" if dot else name + suffix)


def template_values(template: str, paths: Iterable[str]) -> Mapping[str, str]:
    """Return the paths that match a template with any ids, by the text in place of ``{value}``."""
    regex = re.escape(template).replace(re.escape("{value}"), "(.+)")
    for any_id in (re.escape("{room}"), re.escape("*")):
        regex = regex.replace(any_id, ANY_ID)
    pattern = re.compile(regex, re.DOTALL)
    return {match[1]: path for path in sorted(paths, reverse=True) if (match := pattern.fullmatch(path))}
