"""Check of one slice: a pure function of picklable values, so that any process may run it."""

from hcfmt.check.context import CheckContext
from hcfmt.check.extraction import extract_facts
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.fast_validation import count_records, valid_records
from hcfmt.export.jsontext import Rejected, accept, holds_at_most
from hcfmt.export.records import Batch
from hcfmt.export.slices import Slice


def check_slice(slice_: Slice, context: CheckContext) -> tuple[Facts, int | None]:
    """Check the records of a slice; return its facts, and the offset of a record that it ends inside, else None.

    Compiled code accepts a valid slice as a whole; any other slice is diagnosed record by record. The facts do not
    cover the text from the returned offset on: it must come again at the beginning of the next slice.
    """
    document = _accepted(slice_, context.max_values)
    records = None if document is None else valid_records(slice_.schema, document)
    if records is not None:
        return _valid_facts(slice_, records, len(document) if isinstance(document, list) else 1, context), None
    # A valid archive does not need it.
    from hcfmt.check.slice_diagnosis import SliceDiagnosis  # noqa: PLC0415 - see above

    diagnosis = SliceDiagnosis(slice_, context)
    rest = diagnosis.run()
    return diagnosis.facts(), rest


def _valid_facts(slice_: Slice, records: list[Batch], count: int, context: CheckContext) -> Facts:
    """Return the facts of a slice of ``count`` valid records."""
    kinds, examined = count_records(slice_.schema, records)
    index, by_rules, found = extract_facts(slice_.schema, slice_.member, records, context, proven=True)
    return Facts(Tally.of(context.keep, found), count, kinds, examined + by_rules, index=index)


def _accepted(slice_: Slice, max_values: int) -> object:
    """Return the decoded document of a slice of whole records whose text is valid JSON, None for any other slice."""
    text = slice_.array() if slice_.listed else slice_.text if slice_.ended else None
    if text is None or slice_.marked or not holds_at_most(text, max_values):
        return None
    try:
        document = accept(text)
    except Rejected:
        return None
    # An array that ends right after a comma is valid JSON here when its last record is in the slice before.
    return None if slice_.due and not document else document
