"""Reduces the parts of a draft that are left one by one: members and records."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from hcfmt.reduction.archive_links import RecordPlace
from hcfmt.reduction.delta_debugging import smallest
from hcfmt.reduction.draft import WHOLE, Draft
from hcfmt.reduction.judge import Judge


def reduce_parts(draft: Draft, judge: Judge) -> Draft:
    """Return a draft of which no member and no record can be removed alone."""
    parts = [*((number, WHOLE) for number in draft.written()), *draft.places()]

    def with_parts(kept: Iterable[RecordPlace]) -> Draft:
        left = set(kept)
        records = {
            number: [index for index in indices if (number, index) in left] for number, indices in draft.records.items()
        }
        return replace(draft, members={number for number, index in left if index == WHOLE}, records=records)

    def passes(kept: Sequence[RecordPlace]) -> bool:
        return judge.passes(with_parts(kept))

    return with_parts(smallest(parts, passes))
