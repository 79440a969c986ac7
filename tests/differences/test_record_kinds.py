"""Every property of every schema has a place in the comparison, and the dialects that write it alike are right."""

from collections.abc import Iterator

import pytest

from hcfmt.differences.record_kinds import FILE_KINDS, FILE_PLACES, KINDS, Section
from hcfmt.export.dialects import CHECKED, HC_MIGRATE
from hcfmt.export.layout import LAYOUT
from hcfmt.export.records import LISTS, WRAPPERS
from hcfmt.export.schemas import dialect_of, resolved

BY_NAME = {kind.name: kind for kind in KINDS}


def documented() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield the dialect, the kind and the properties of all records."""
    for name in (*WRAPPERS, *LISTS):
        dialect, _ = dialect_of(name)
        if name in LISTS:
            kind, key = LISTS[name]
            yield dialect or HC_MIGRATE, kind, frozenset(resolved(name)["properties"][key]["items"]["properties"])
            continue
        kinds = resolved(name)["items"]["properties"]
        for kind in WRAPPERS[name]:
            yield dialect or HC_MIGRATE, kind, frozenset(kinds[kind]["properties"])


@pytest.mark.parametrize(("dialect", "kind", "properties"), [*documented()])
def test_every_documented_property_is_compared(dialect: str, kind: str, properties: frozenset[str]) -> None:
    assert properties <= BY_NAME[kind].sources
    assert BY_NAME[kind].is_comparable(dialect, dialect)
    assert not BY_NAME[kind].not_comparable(dialect, dialect)


def test_whether_two_dialects_are_alike_does_not_depend_on_their_order() -> None:
    for kind in KINDS:
        for one in CHECKED:
            for other in CHECKED:
                assert kind.not_comparable(one, other) == kind.not_comparable(other, one)


def test_every_stored_file_has_a_place() -> None:
    stored = {row.kind for row in LAYOUT if row.schema is None}
    assert stored <= FILE_PLACES.keys()
    assert {BY_NAME[name].section for name in FILE_KINDS.values()} == {Section.FILES}
