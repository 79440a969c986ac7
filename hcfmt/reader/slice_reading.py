"""Decodes a slice into records as they are written: at once, or record by record where that is refused.

Records of HipChat Server and Cloud become hc-migrate's. What cannot be read becomes problems.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import orjson
from msgspec import Struct

from hcfmt.check.context import CheckContext
from hcfmt.export.dialect_reading import is_other_dialect
from hcfmt.export.jsontext import SPACE, holds_at_most
from hcfmt.export.layout import MemberLayout
from hcfmt.export.records import LISTS
from hcfmt.export.slices import Slice
from hcfmt.findings import Finding
from hcfmt.reader.diagnosis import Diagnosis
from hcfmt.reader.normalisation import as_hc_migrate, tidied
from hcfmt.reader.record_repair import Path, Unreadable, repaired
from hcfmt.reader.wire_types import REFUSED, decoder, record_schemas, wrapper_type


class Records(Struct, frozen=True):
    """Wrapped records of a slice: structs of ``wire_types``, None in place of one that cannot be read.

    ``rest`` is the offset of a record that the slice ends inside, None if it ends with a record. ``stopped``: nothing
    that follows in the file can be trusted. ``problems`` are findings; their indices count from the first record of
    the slice.
    """

    wrappers: Sequence[Any]
    rest: int | None = None
    stopped: bool = False
    problems: Sequence[Finding] = ()


def read_at_once(slice_: Slice, row: MemberLayout, max_values: int) -> Records | None:
    """Return the records of a slice of a list, None where one of them is refused."""
    text = slice_.array()
    if text is None or not holds_at_most(text, max_values):
        return None
    try:
        if not is_other_dialect(slice_):
            wrappers = decoder(row).decode(text)
        else:
            wrappers = _converted(map(_of_other_dialect, orjson.loads(text)), row)
    except REFUSED:
        return None
    kinds = len(wrappers[0].__struct_fields__) if wrappers else 0
    absent = sum([getattr(wrapper, kind) for wrapper in wrappers].count(msgspec.UNSET) for kind in record_schemas(row))
    return Records(wrappers) if absent == len(wrappers) * (kinds - 1) else None


def read_each(slice_: Slice, row: MemberLayout, context: CheckContext) -> Records:
    """Return the records of a slice of a list, each read by itself."""
    wrappers: list[Any] = []
    problems: list[Finding] = []
    diagnosis = Diagnosis(slice_, context)
    for start, end in slice_.records():
        if end < 0 and not slice_.ended:
            return Records(wrappers, start, problems=problems)
        text = slice_.text[start : end if end >= 0 else None]
        if not text.strip(SPACE):
            continue
        wrapper, paths = _read_record(text, row, context.max_values, is_other=is_other_dialect(slice_))
        problems += [diagnosis.problem(len(wrappers), path) for path in paths]
        wrappers.append(wrapper)
        if wrapper is None and diagnosis.stops_at(len(wrappers) - 1):
            return Records(wrappers, stopped=True, problems=problems)
    return Records(wrappers, problems=problems)


def _read_record(text: bytes, row: MemberLayout, max_values: int, *, is_other: bool) -> tuple[Any, list[Path]]:
    """Return a wrapped record, None if it cannot be read, and the paths of what is left out of it."""
    if not holds_at_most(text, max_values):
        return None, [()]
    try:
        return _repaired(_decoded(text, row, is_other=is_other), row, is_other=is_other)
    except Unreadable as error:
        return None, [error.path]
    except REFUSED:
        return None, [()]


def read_document(slice_: Slice, row: MemberLayout, context: CheckContext) -> Records:
    """Return the records of a slice that is no list: those of the document's only array, none of null."""
    if not slice_.ended:
        return Records([], rest=0)
    wrappers: list[Any] = []
    paths: list[Path] = []
    if holds_at_most(slice_.text, context.max_values):
        try:
            document = orjson.loads(slice_.text)
        except ValueError:
            paths.append(())
        else:
            wrappers = _read_array(document, row, paths)
    else:
        paths.append(())
    if not paths:
        return Records(wrappers)
    diagnosis = Diagnosis(slice_, context)
    return Records(wrappers, problems=[diagnosis.problem(None, path) for path in paths])


def _read_array(document: Any, row: MemberLayout, paths: list[Path]) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the wrapped records of a document's array, with paths added to those that cannot be read."""
    if document is None and row.wrappers:  # in place of an empty list
        return []
    kind, key = LISTS.get(row.schema or "", ("", ""))
    items = document.get(key) if isinstance(document, dict) and key in document else ...
    if not isinstance(items, list | None):
        paths.append(())
    wrappers: list[Any] = []
    for index, item in enumerate(items if isinstance(items, list) else ()):
        try:
            wrapper, dropped = _repaired({kind: item}, row, is_other=False)
        except Unreadable as error:
            wrapper, dropped = None, [error.path]
        except REFUSED:
            wrapper, dropped = None, [(kind,)]
        wrappers.append(wrapper)
        paths += [(key, index, *path[1:]) for path in dropped]
    return wrappers


def _decoded(text: bytes, row: MemberLayout, *, is_other: bool) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a record's text, which may be flawed where no class has a field, as among many records."""
    try:
        return orjson.loads(text)
    except ValueError:
        if is_other:
            raise
        (wrapper,) = decoder(row).decode(b"[%b]" % text)
        return msgspec.to_builtins(wrapper)


def _repaired(wrapper: Any, row: MemberLayout, *, is_other: bool) -> tuple[Any, list[Path]]:  # noqa: ANN401 - any JSON value
    """Return a decoded record as a struct, and the paths of what was left out. Raises Unreadable, or of REFUSED."""
    schemas = record_schemas(row)
    if not isinstance(wrapper, dict) or len(wrapper) != 1 or not schemas.keys() >= wrapper.keys():
        raise Unreadable(())
    ((kind, record),) = wrapper.items()
    if not isinstance(record, dict):
        raise Unreadable((kind,))
    usual = as_hc_migrate(kind, record) if is_other else tidied(kind, record)
    whole, dropped = repaired(usual, schemas[kind], (kind,))
    (struct,) = _converted([{kind: whole}], row)
    return struct, dropped


def _of_other_dialect(wrapper: dict[str, Any]) -> dict[str, Any]:
    return {kind: as_hc_migrate(kind, record) for kind, record in wrapper.items()}


def _converted(wrappers: Iterable[Any], row: MemberLayout) -> list[Any]:
    structs: list[Any] = msgspec.convert(list(wrappers), list.__class_getitem__(wrapper_type(row)))
    return structs
