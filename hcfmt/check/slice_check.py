"""One slice in, its facts out: a pure function of things that can be pickled, so that any process may run it."""

from hcfmt.check.context import CheckContext
from hcfmt.check.extraction import extract_facts
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.fast_validation import count_records, valid_records
from hcfmt.export.jsontext import Rejected, accept, holds_at_most
from hcfmt.export.records import Batch
from hcfmt.export.slices import Slice


def check_slice(piece: Slice, terms: CheckContext) -> tuple[Facts, int | None]:
    """Judge the records of a slice; return its facts, and where it ends inside a record, else None.

    A sound slice is accepted whole by compiled code. Any other is taken apart, and what is wrong is said record by
    record. What a slice holds from the returned offset on is not in its facts: it is to come again with more behind.
    """
    document = _accepted(piece, terms.values)
    records = None if document is None else valid_records(piece.schema, document)
    if records is not None:
        return _sound(piece, records, len(document) if isinstance(document, list) else 1, terms), None
    # Brings in the reference engine, which takes longer to import than a sound archive of usual size to check.
    from hcfmt.check.slice_diagnosis import SliceDiagnosis  # noqa: PLC0415 - see above

    explanation = SliceDiagnosis(piece, terms)
    rest = explanation.run()
    return explanation.facts(), rest


def _sound(piece: Slice, records: list[Batch], count: int, terms: CheckContext) -> Facts:
    kinds, examined = count_records(piece.schema, records)
    index, looked_at, found = extract_facts(piece.schema, piece.member, records, terms, vouched=True)
    return Facts(Tally.of(terms.keep, found), count, kinds, examined + looked_at, index=index)


def _accepted(piece: Slice, values: int) -> object:
    """Decode a slice whose text is sound and whole, else return None."""
    text = piece.array() if piece.listed else piece.text if piece.ended else None
    if text is None or piece.marked or not holds_at_most(text, values):
        return None
    try:
        document = accept(text)
    except Rejected:
        return None
    # An array that ends right after a comma decodes when its last record is in the slice before.
    return None if piece.due and not document else document
