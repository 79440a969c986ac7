"""Check of several slices in one task, of one data file or of several: a pure function of picklable values."""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from hcfmt.check.context import CheckContext
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.slice_check import check_slice
from hcfmt.errors import HcfmtError
from hcfmt.export.slices import Slice
from hcfmt.findings import Flaw

REPEATED_ID = "HC423"


class Checked(Struct, frozen=True):
    """Result of consecutive slices of one data file.

    ``facts`` are those of the first ``count`` slices; the others were not checked. ``rest`` is the offset of a record
    that the last checked slice ends inside, else None. ``error`` is the type of the exception that a slice raised.
    """

    facts: Facts
    count: int
    rest: int | None = None
    error: str | None = None


def check_slices(slices: Sequence[Slice], context: CheckContext) -> list[Checked]:
    """Check slices and return a result for each data file, in order.

    Of each data file, slices follow one another; they are checked up to one that ends inside a record, ends the check
    of its file, or raises an exception. Raises MemoryError.
    """
    files = groupby(slices, key=lambda slice_: slice_.member)
    return [_check_file(list(file_slices), context) for _, file_slices in files]


def _check_file(slices: list[Slice], context: CheckContext) -> Checked:
    """Check slices of one data file."""
    checked = _check_slices(slices, context)
    checked.facts.index.values.count()
    to_the_last = checked.count == len(slices) and checked.rest is None and checked.error is None
    if to_the_last and slices[0].first and slices[-1].ended:
        close_file(checked.facts, slices[0].member, context)
    return checked


def _check_slices(slices: list[Slice], context: CheckContext) -> Checked:
    """Check slices of one data file, up to one after which no slice of it can be checked here."""
    facts = Facts(Tally(context.keep))
    for count, slice_ in enumerate(slices, 1):
        try:
            slice_facts, rest = check_slice(slice_, context)
        except (HcfmtError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a finding, never a verdict
            return Checked(facts, count, error=type(error).__name__)
        if count == 1:
            facts = slice_facts
        else:
            facts.append(slice_facts)
        if rest is not None or facts.stopped:
            return Checked(facts, count, rest)
    return Checked(facts, len(slices))


def close_file(facts: Facts, member: str, context: CheckContext) -> None:
    """Add to the facts of a whole data file what only its end shows; a second call adds nothing."""
    flaws = [_repeated_id(count, second) for count, second in facts.index.close_member(member)]
    facts.tally += Tally.of(context.keep, [context.found(REPEATED_ID, flaw, member) for flaw in flaws])


def _repeated_id(count: int, second: int) -> Flaw:
    sentence = "{count:,} messages of this history have the same id; this is the second."
    return Flaw(sentence, {"count": count}, path=(), index=second)
