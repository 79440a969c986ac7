"""Decodes and checks the text of a data file at once, in compiled code, and returns its records as structs."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import compress
from typing import Any

import msgspec

from hcfmt.export.column_checks import ESCAPED_COLON, Check, check_of, document_check
from hcfmt.export.columns import Structs, column_of
from hcfmt.export.jsontext import Rejected
from hcfmt.export.record_types import decoder
from hcfmt.export.records import LISTS, WRAPPERS, Batch
from hcfmt.export.schemas import resolved

_A_LIST = {"description": "", "type": "array"}


def accept_document(name: str, text: bytes) -> list[Batch]:
    """Return the records of a document that breaks no rule about a single value, as structs, by kind.

    ``name`` is that of the document's schema; a document without records (metadata, preferences) has no batches.
    Raises Rejected for any other text, and for some that break no rule: another path decides on them.
    """
    try:
        document = decoder(name).decode(text)
    except (msgspec.MsgspecError, UnicodeError):
        raise Rejected from None
    batches, colons = _of_wrappers(name, document) if name in WRAPPERS else _of_document(name, document)
    if text.count(b":") != colons or ESCAPED_COLON.search(text):
        raise Rejected
    return batches


def _of_document(name: str, document: Any) -> tuple[list[Batch], int]:  # noqa: ANN401 - a struct, an object, an array
    """Return the records of a document that is one object, and the number of colons in its text."""
    if name not in LISTS:
        check = document_check(name)
        return [], check([document]) if check else 0
    kind, key = LISTS[name]
    listed = getattr(document, key)
    if listed is None:  # in place of an empty list, which a rule reports
        raise Rejected
    records = Structs(listed)
    return [Batch(kind, range(len(records)), records)], 1 + _listed_check(name)(records)


@cache
def _listed_check(name: str) -> Check:
    """Return the check of the records of a document that is an object around one list, and nothing else.

    Of the list itself, the type says everything.
    """
    (listed,) = resolved(name)["properties"].values()
    check = check_of(listed["items"])
    expected = [{**part, "description": ""} for part in listed.get("x-should", {}).values()]
    if check is None or expected not in ([], [_A_LIST]) or "x-should" in resolved(name):
        raise ValueError(f"The schema {name} says more than its list of records does.")
    return check


def _of_wrappers(name: str, wrappers: Sequence[Any] | None) -> tuple[list[Batch], int]:
    """Return the records of an array of wrappers, and the number of colons in its text if each holds one record.

    A second record in a wrapper is not counted. Raises Rejected for null in place of an empty array.
    """
    if wrappers is None:
        raise Rejected
    batches: list[Batch] = []
    places: Sequence[int] = range(len(wrappers))
    colons = len(wrappers)
    for kind, check in _record_checks(name).items():
        records = column_of(wrappers, kind)  # a missing one is false, a struct is true
        present = Structs(filter(None, records))
        if not present:
            continue
        colons += check(present)
        if len(present) == len(records):
            batches.append(Batch(kind, places, present))
            return batches, colons
        batches.append(Batch(kind, list(compress(places, records)), present))
        absent = [position for position, record in enumerate(records) if not record]
        places, wrappers = [places[position] for position in absent], [wrappers[position] for position in absent]
    if wrappers:
        raise Rejected
    return batches, colons


@cache
def _record_checks(name: str) -> Mapping[str, Check]:
    """Return the check of each kind of record of a data file, by its wrapper key."""
    kinds = resolved(name)["items"]["properties"]
    checks = {kind: check_of(kinds[kind]) for kind in WRAPPERS[name]}
    return {kind: check for kind, check in checks.items() if check}
