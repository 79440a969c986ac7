"""Check of slices of one data file or of several: pure functions of picklable values, which any process may run.

Compiled code accepts a slice of sound records as a whole, and its facts are taken out by column. Any other slice is
diagnosed record by record.
"""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from hcfmt.check.context import CheckContext
from hcfmt.check.extraction import extract_facts
from hcfmt.check.facts import Facts, Tally
from hcfmt.errors import HcfmtError
from hcfmt.export.jsontext import Rejected, holds_at_most
from hcfmt.export.records import LISTS, WRAPPERS, Batch
from hcfmt.export.schemas import dialect_of
from hcfmt.export.slices import Slice
from hcfmt.export.typed_documents import accept_document
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
    """Check slices of one data file, and complete its facts where they are all of it."""
    checked = _check_in_order(slices, context)
    checked.facts.index.values.count()
    to_the_last = checked.count == len(slices) and checked.rest is None and checked.error is None
    if to_the_last and slices[0].first and slices[-1].ended:
        complete_facts(checked.facts, slices[0].member, context)
    return checked


def _check_in_order(slices: list[Slice], context: CheckContext) -> Checked:
    """Check slices of one data file, up to the first after which no slice can be checked."""
    facts: Facts | None = None
    for count, slice_ in enumerate(slices, 1):
        try:
            slice_facts, rest = check_slice(slice_, context)
        except (HcfmtError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a finding, never a verdict
            return Checked(facts or Facts(Tally(context.keep)), count, error=type(error).__name__)
        if facts is None:
            facts = slice_facts
        else:
            facts.append(slice_facts)
        if rest is not None or facts.stopped:
            return Checked(facts, count, rest)
    assert facts is not None  # noqa: S101 - a file has a slice
    return Checked(facts, len(slices))


def check_slice(slice_: Slice, context: CheckContext) -> tuple[Facts, int | None]:
    """Check the records of a slice; return its facts, and the offset of a record that it ends inside, else None.

    The facts do not cover the text from the returned offset on: it must come again at the beginning of the next slice.
    """
    records = _accepted(slice_, context.max_values)
    if records is not None:
        facts, rest = extract_facts(slice_.schema, slice_.member, records, context, proven=True), None
        facts.records = facts.kinds.total() if slice_.schema in WRAPPERS else 1
    else:
        # A valid archive does not need it.
        from hcfmt.check.slice_diagnosis import SliceDiagnosis  # noqa: PLC0415 - see above

        diagnosis = SliceDiagnosis(slice_, context)
        rest = diagnosis.run()
        facts = diagnosis.facts()
    if context.importers and slice_.first and slice_.schema in WRAPPERS and dialect_of(slice_.schema)[1] in LISTS:
        from hcfmt.check.importer_conditions import examine_document  # noqa: PLC0415 - only profiles need it

        # Where hc-migrate writes an object, another dialect has a list, of which importers only see that it is one.
        conditions = examine_document(slice_.schema, slice_.member, [], context)
        facts.merge(Facts(Tally(context.keep), conditions=conditions))
    return facts, rest


def _accepted(slice_: Slice, max_values: int) -> list[Batch] | None:
    """Return the records of a slice of whole records that break no rule about a single value, None for other slices."""
    text = slice_.array() if slice_.listed else slice_.text if slice_.ended else None
    if text is None or slice_.marked or not holds_at_most(text, max_values):
        return None
    try:
        records = accept_document(slice_.schema, text)
    except Rejected:
        return None
    # An array that ends right after a comma is valid JSON here when its last record is in the slice before.
    return None if slice_.due and not records else records


def complete_facts(facts: Facts, member: str, context: CheckContext) -> None:
    """Add to the facts of a whole data file what only its end shows; a second call adds nothing."""
    if facts.conditions:
        facts.conditions.close(member)
    repeats = facts.index.close_member(member)  # there may be as many as messages
    flaws = (_repeated_id(member, *repeat) for repeat in repeats)
    facts.tally += Tally.of(context.keep, (context.judged(REPEATED_ID, flaw, member) for flaw in flaws))


def _repeated_id(member: str, message: str, count: int, second: int) -> Flaw:
    sentence = "{count:,} messages of this history have the same id; this is the second."
    return Flaw(sentence, {"count": count}, path=(), index=second, subject=(member, message), places=count - 1)
