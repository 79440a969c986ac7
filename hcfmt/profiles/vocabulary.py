"""Names that conditions of profiles may use: where they look, what is lost, and the properties of records."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from hcfmt.errors import UsageError
from hcfmt.export.layout import DATA_FILES
from hcfmt.export.records import LISTS, WRAPPERS
from hcfmt.export.schemas import FORMAT, dialect_of, names, read
from hcfmt.findings import pointer_tokens
from hcfmt.profiles.profile import ARCHIVE, Condition, Predicate
from hcfmt.suggestions import nearest, unknown_name

COUNTED = (
    "message",
    "file",
    "messages of the room",
    "messages of the user",
    "private messages of the user",
    "everything",
)
"""What of an archive is lost or misfiled, as a verdict counts it."""

LOSSES = (*COUNTED, "user", "memberships", "avatar", "emoticon", "other")
"""What may be lost or misfiled: what is counted, and what is only named."""


@cache
def places() -> tuple[str, ...]:
    """Return all that ``where`` may name: kinds of records, entries of lists, data files, and the archive."""
    kinds = [kind for wrappers in WRAPPERS.values() for kind in wrappers] + [kind for kind, _ in LISTS.values()]
    entries = [f"{place_of(schema)}/*" for schema in WRAPPERS]
    files = [place_of(row.schema) for row in DATA_FILES if row.schema]
    return tuple(dict.fromkeys([*kinds, *entries, *files, ARCHIVE]))


def place_of(schema: str) -> str:
    """Return the place of a data file as profiles name it, by its schema: ``rooms/*/history.json``."""
    file = dialect_of(schema)[1].removeprefix("export/")
    return {"room-history": "rooms/*/history.json", "user-history": "users/*/history.json"}.get(file, f"{file}.json")


def check_names(condition: Condition) -> None:
    """Raise UsageError for a condition that looks at a place, or loses something, that is unknown."""
    if not condition.where:
        raise UsageError(f"Condition {condition.id}: 'where' is empty; name a kind of record, a data file or archive.")
    if ARCHIVE in condition.where and len(condition.where) > 1:
        raise UsageError(f"Condition {condition.id}: 'archive' stands alone in 'where'.")
    for noun, given, known in (("place", condition.where, places()), ("loss", condition.loses, LOSSES)):
        for name in given:
            if name not in known:
                raise UsageError(f"Condition {condition.id}: {unknown_name(noun, name, known)}")


def unknown_properties(condition: Condition) -> Iterator[str]:
    """Yield a sentence for each property in a ``field`` that no schema of the format has.

    This may be right: an importer may read a property that hc-migrate does not write.
    """
    known = _properties()
    for predicate in _parts(condition):
        for token in pointer_tokens(predicate.field):
            if token not in known and not token.isdigit():
                near = nearest(token, known)
                end = f"; did you mean {near!r}?" if near else "."
                yield f"Condition {condition.id}: no schema has the property {token!r} of {predicate.field!r}{end}"


def _parts(condition: Condition) -> Iterator[Predicate]:
    for predicate in condition.when:
        yield from (predicate, *(predicate.any or ()))


@cache
def _properties() -> frozenset[str]:
    """Return the names of all properties in the schemas of the format, those of all dialects."""
    schemas = [name for name in names() if dialect_of(name)[1].startswith(FORMAT)]
    return frozenset(name for schema in schemas for name in _named(read(schema)))


def _named(node: Any) -> Iterator[str]:  # noqa: ANN401 - a part of a schema
    if isinstance(node, dict):
        yield from node.get("properties", {}) if isinstance(node.get("properties"), dict) else ()
        for part in node.values():
            yield from _named(part)
    elif isinstance(node, list):
        for part in node:
            yield from _named(part)
