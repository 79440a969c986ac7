"""Compares two exports: reads both, one after the other, and returns what differs."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

from hcfmt.check.context import Redaction
from hcfmt.container import ArchiveInput
from hcfmt.differences.collection import Collector
from hcfmt.differences.comparison import Comparison, not_alike
from hcfmt.differences.result import ComparedArchive, Differences
from hcfmt.differences.side import Side
from hcfmt.differences.side_reading import DiffOptions, read_side
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.layout import layout_of
from hcfmt.report.input_names import short_names

_DEFAULT = DiffOptions()


def diff(
    a: ArchiveInput, b: ArchiveInput, options: DiffOptions = _DEFAULT, *, stdin: BinaryIO | None = None
) -> Differences:
    """Compare two exports, and return what B has, lacks or has otherwise than A.

    Each is a path, ``-`` for ``stdin``, or a binary file object, in any container, with its members in any order. An
    archive is compared as far as it can be read: ``Differences.is_complete`` says whether that was all of both. Rows of
    hashes are kept in temporary files, about 200 bytes for each message; memory holds a part of them at a time. Raises
    UsageError where an archive cannot be opened, and NoPasswordError.
    """
    with ExitStack() as stack:
        side_a = read_side(a, options, stack, stdin)
        side_b = read_side(b, options, stack, stdin, side_a)
        dialects = _dialects(side_a, side_b)
        comparison = Comparison(side_a, side_b, dialects)
        spans_a, spans_b = side_a.contents.spans, side_b.contents.spans
        collector = Collector(spans_a, spans_b, Redaction(options.show_values), options.keep)
        for record in comparison.records():
            collector.add(record)
        sections = tuple(collector.sections(comparison.counts_a, comparison.counts_b))
        names = short_names([side_a.name, side_b.name])
        return Differences(
            ComparedArchive(names[0], dialects[0], tuple(side_a.problems)),
            ComparedArchive(names[1], dialects[1], tuple(side_b.problems)),
            sections,
            (*not_alike(*dialects), *_unread(comparison.unread)),
            is_complete=not (side_a.problems or side_b.problems or comparison.unread),
        )


def _dialects(a: Side, b: Side) -> tuple[str, str]:
    """Return the dialects of both exports; one that nothing tells is taken for that of the other."""
    return a.dialect or b.dialect or HC_MIGRATE, b.dialect or a.dialect or HC_MIGRATE


def _unread(paths: set[str]) -> Iterator[str]:
    """Yield a sentence on the data files that were not compared."""
    kinds = Counter(layout.kind.value for path in paths if (layout := layout_of(path)))
    if kinds:
        numbers = [f"{kind} ({count:,})" for kind, count in sorted(kinds.items())]
        yield f"Data files that were not read to their end in both exports: {', '.join(numbers)}."
