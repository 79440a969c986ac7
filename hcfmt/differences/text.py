"""The result of a comparison as text for people: a table of all sections, then what differs, place by place."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from hcfmt.differences.result import (
    ComparedArchive,
    Differences,
    PlaceDifferences,
    RecordDifference,
    SectionDifferences,
)
from hcfmt.export.dialects import TITLES
from hcfmt.report.tables import ASCII, Table, aligned
from hcfmt.report.text_style import PLAIN, Detail, TextStyle, count_of
from hcfmt.report.visible_text import visible

CHANGES = ("added", "removed", "changed", "moved")
_NULL = "null"
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}
NARROWEST = 40  # characters; narrower text breaks too many words
_SECOND = len("2018-04-02T15:40:44Z")


def render(found: Differences, limit: int, style: TextStyle = PLAIN) -> Iterator[str]:
    """Yield the lines of a result; at most ``limit`` places of a section, and records of a place and change.

    Records are listed if the style's detail is verbose; if it is quiet, only the last sentence is.
    """
    if style.detail is not Detail.QUIET:
        yield from _head(found, style)
        for section in found.sections:
            if section.differing:
                yield from _section(section, limit, style)
        yield from _not_compared(found, style)
        yield ""
    yield conclusion(found)


def conclusion(found: Differences) -> str:
    """Return a sentence on whether the exports differ."""
    differ = f"{count_of(found.differing, 'record')} {'differs' if found.differing == 1 else 'differ'}"
    if not found.is_complete:
        of_compared = differ if found.differing else "nothing differs"
        return f"Not everything could be compared. Of what was compared, {of_compared}."
    if found.differing:
        return f"The exports differ: {differ}."
    return "The exports are equal in all that was compared." if found.not_compared else "The exports are equal."


def _head(found: Differences, style: TextStyle) -> Iterator[str]:
    for letter, archive in (("A", found.a), ("B", found.b)):
        yield visible(f"{letter}  {archive.name} ({TITLES[archive.dialect]})")
        yield from _problems(archive, style)
    shown = [section for section in found.sections if section.records_a or section.records_b]
    rows = [
        (_title(section), f"{section.records_a:,}", f"{section.records_b:,}", *map(_number, _counts(section)))
        for section in shown
    ]
    if rows:
        yield ""
        yield from aligned(Table("lrrrrrr", ("Records", "A", "B", *CHANGES), rows), style, ASCII)


def _problems(archive: ComparedArchive, style: TextStyle) -> Iterator[str]:
    for problem in archive.problems:
        yield from _wrapped(problem, style, "   ")


def _section(section: SectionDifferences, limit: int, style: TextStyle) -> Iterator[str]:
    yield ""
    yield style.strong(_title(section))
    if section.last_a or section.last_b:
        yield f"  last message: {_second(section.last_a)} in A, {_second(section.last_b)} in B"
    if section.later:
        yield f"  added after the last message of A in the same place: {section.later:,}"
    if section.properties:
        named = [f"{name} ({count:,})" for name, count in section.properties.items()]
        yield from _wrapped(f"changed: {', '.join(named)}", style)
    for place in section.places[:limit]:
        yield from _place(place, limit, style)
    if len(section.places) > limit:
        rest = section.places[limit:]
        differing = count_of(sum(place.differing for place in rest), "record")
        yield f"  and {len(rest):,} more places, in which {differing} differ"


def _place(place: PlaceDifferences, limit: int, style: TextStyle) -> Iterator[str]:
    if place.place:
        counts = [f"{count:,} {change}" for change, count in zip(CHANGES, _counts(place), strict=True) if count]
        yield visible(f"  {place.place}: {', '.join(counts)}")
    if style.detail is not Detail.VERBOSE:
        return
    for change, count in zip(CHANGES, _counts(place), strict=True):
        listed = [record for record in place.records if record.change == change][:limit]
        for record in listed:
            yield from _record(record)
        if count > len(listed):
            yield f"    {_SIGNS[change]} and {count - len(listed):,} more {change}"


def _record(record: RecordDifference) -> Iterator[str]:
    details = [
        _second(record.time) if record.time else "",
        record.kind if record.time else "",
        ", ".join(record.properties),
    ]
    moved = f" to {record.moved_to}" if record.moved_to else ""
    yield visible("  ".join(filter(None, [f"    {_SIGNS[record.change]} {record.id}{moved}", *details])))
    for name in record.properties:
        if name in record.before or name in record.after:
            yield visible(f"        {name}: {_value(record.before, name)} in A, {_value(record.after, name)} in B")


def _value(values: Mapping[str, str], name: str) -> str:
    """Return a value as JSON text; null stands for an absent value and an empty list too."""
    value = values.get(name, _NULL)
    return "nothing" if value == _NULL else value


def _not_compared(found: Differences, style: TextStyle) -> Iterator[str]:
    if found.not_compared:
        yield from ("", style.strong("Not compared"))
        for sentence in found.not_compared:
            yield from _wrapped(sentence, style)


def _wrapped(text: str, style: TextStyle, indent: str = "  ") -> Iterator[str]:
    """Yield a sentence in lines of the width, all of them indented."""
    yield from textwrap.wrap(
        visible(text), max(style.width, NARROWEST), initial_indent=indent, subsequent_indent=f"{indent}  "
    )


def _title(section: SectionDifferences) -> str:
    return section.section.capitalize()


def _counts(counted: SectionDifferences | PlaceDifferences) -> Sequence[int]:
    return counted.added, counted.removed, counted.changed, counted.moved


def _number(count: int) -> str:
    return f"{count:,}" if count else ""


def _second(time: str | None) -> str:
    """Return a time without its microseconds."""
    return time[:_SECOND] if time else "none"
