"""Check of one slice: a pure function of picklable values, so that any process may run it."""

from hcfmt.check.context import CheckContext
from hcfmt.check.extraction import extract_facts
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.record_counts import count_records
from hcfmt.export.jsontext import Rejected, holds_at_most
from hcfmt.export.records import WRAPPERS, Batch
from hcfmt.export.slices import Slice
from hcfmt.export.typed_documents import accept_document


def check_slice(slice_: Slice, context: CheckContext) -> tuple[Facts, int | None]:
    """Check the records of a slice; return its facts, and the offset of a record that it ends inside, else None.

    Compiled code accepts a valid slice as a whole; any other slice is diagnosed record by record. The facts do not
    cover the text from the returned offset on: it must come again at the beginning of the next slice.
    """
    if slice_.is_empty_list:
        return Facts(Tally(context.keep)), None
    records = _accepted(slice_, context.max_values)
    if records is not None:
        return _valid_facts(slice_, records, context), None
    # A valid archive does not need it.
    from hcfmt.check.slice_diagnosis import SliceDiagnosis  # noqa: PLC0415 - see above

    diagnosis = SliceDiagnosis(slice_, context)
    rest = diagnosis.run()
    return diagnosis.facts(), rest


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


def _valid_facts(slice_: Slice, records: list[Batch], context: CheckContext) -> Facts:
    """Return the facts of a slice of valid records."""
    kinds, examined = count_records(slice_.schema, records)
    index, by_rules, found = extract_facts(slice_.schema, slice_.member, records, context, proven=True)
    count = kinds.total() if slice_.schema in WRAPPERS else 1
    return Facts(Tally.of(context.keep, found), count, kinds, examined + by_rules, index=index)
