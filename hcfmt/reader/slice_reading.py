"""Decodes a slice into records as they are written: at once, or record by record where that is refused.

Records of HipChat Server and Cloud become hc-migrate's. What cannot be read becomes problems.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import orjson
from msgspec import Struct
from msgspec.structs import replace

from hcfmt.check.context import CheckContext
from hcfmt.check.slice_diagnosis import SliceDiagnosis
from hcfmt.export.dialect_reading import is_other_dialect
from hcfmt.export.jsontext import SPACE, holds_at_most
from hcfmt.export.layout import MemberLayout
from hcfmt.export.records import LISTS
from hcfmt.export.slices import PositionTracker, Slice
from hcfmt.findings import Finding, Flaw, Location
from hcfmt.reader.normalisation import as_hc_migrate, tidied
from hcfmt.reader.record_repair import Path, Unreadable, repaired
from hcfmt.reader.wire_types import REFUSED, decoder, record_schemas, wrapper_type

_UNREADABLE = "This record cannot be read: a value is missing, or of another type than documented."
_RULE = "HC301"  # of a flaw that the diagnosis does not find


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
    positions = PositionTracker(slice_)
    for start, end in slice_.records():
        if end < 0 and not slice_.ended:
            return Records(wrappers, start, problems=problems)
        text = slice_.text[start : end if end >= 0 else None]
        if not text.strip(SPACE):
            continue
        line, column, byte = positions.position(start)
        own = replace(slice_, text=text, line=line, column=column, byte=byte, first=True, ended=True)
        own = replace(own, marked=False, due=False, cut=False)
        wrapper, found, stopped = _read_record(own, row, context, is_whole=end >= 0)
        problems += [replace(finding, location=replace(finding.location, index=len(wrappers))) for finding in found]
        wrappers.append(wrapper)
        if stopped:
            return Records(wrappers, stopped=True, problems=problems)
    return Records(wrappers, problems=problems)


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
    findings = _diagnosed(slice_, context)[0]
    problems = [_problem(findings, path, slice_.member, context) for path in paths]
    return Records(wrappers, problems=[replace(found, location=_without_index(found)) for found in problems])


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


def _without_index(problem: Finding) -> Location:
    """Return the place of a problem in a document that is no list."""
    return replace(problem.location, index=None)


def _read_record(
    slice_: Slice, row: MemberLayout, context: CheckContext, *, is_whole: bool
) -> tuple[Any, list[Finding], bool]:
    """Return a wrapped record, its problems, and whether nothing after it can be trusted; ``slice_`` is its text."""
    wrapper, paths, text = None, list[Path](), slice_.text
    if is_whole and holds_at_most(text, context.max_values):
        try:
            is_other = is_other_dialect(slice_)
            wrapper, paths = _repaired(_decoded(text, row, is_other=is_other), row, is_other=is_other)
        except Unreadable as error:
            paths = [error.path]
        except REFUSED:
            paths = [()]
    if wrapper is not None and not paths:
        return wrapper, [], False
    findings, stopped = _diagnosed(replace(slice_, text=text + b"]") if is_whole else slice_, context)
    problems = [_problem(findings, path, slice_.member, context) for path in paths or [()]]
    return wrapper, problems, stopped and wrapper is None


def _decoded(text: bytes, row: MemberLayout, *, is_other: bool) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a record's text, which may be flawed where no class has a field, as among many records."""
    try:
        return orjson.loads(text)
    except ValueError:
        if is_other:
            raise
        (wrapper,) = decoder(row).decode(b"[%b]" % text)
        return msgspec.to_builtins(wrapper)


def _diagnosed(slice_: Slice, context: CheckContext) -> tuple[Sequence[Finding], bool]:
    """Return the findings of a slice, and whether nothing after it can be trusted."""
    diagnosis = SliceDiagnosis(slice_, context)
    diagnosis.run()
    facts = diagnosis.facts()
    return facts.tally.findings, facts.stopped


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


def _problem(findings: Sequence[Finding], path: Path, member: str, context: CheckContext) -> Finding:
    """Return the finding of a place, the most severe one; one of its own if the diagnosis has none."""
    there = [finding for finding in findings if _touch(finding.location.path or (), path)]
    if there:
        return min(there, key=lambda finding: finding.severity.rank)
    return context.found(_RULE, Flaw(_UNREADABLE, path=path), member, 0)


def _touch(one: Path, other: Path) -> bool:
    """Whether one of two paths leads to the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]
