"""Fast path: validates whole documents by strict schemas in compiled code, without examining records in Python."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hcfmt.export.annotations import EMBEDDED, OPEN, columns
from hcfmt.export.column_checks import is_small_embedded
from hcfmt.export.jsontext import Rejected, accept
from hcfmt.export.letter_case import has_no_clash
from hcfmt.export.records import WRAPPERS, Batch, batches
from hcfmt.export.schemas import SUFFIX
from hcfmt.export.strict_schemas import strict_validator


def is_valid(name: str, document: object) -> bool:
    """Whether a document passes the strict schema of a name, and the JSON inside its strings passes theirs.

    The strict schemas reject more than the schemas do: a document that is not valid here may have no flaw.
    """
    return valid_records(name, document) is not None


def valid_records(name: str, document: object) -> list[Batch] | None:
    """Return the records of a valid document, None for any other document."""
    if not strict_validator(name)(document):
        return None
    records = batches(name, document)
    # In a file of records only some places are open to undocumented names; one without records may be open itself.
    opened = [column.values for batch in records for column in columns(name, batch, (OPEN,))] if records else [document]
    valid = all(map(has_no_clash, opened)) and all(
        _are_valid_texts(schema, texts) for batch in records for schema, texts in _embedded_texts(name, batch)
    )
    return records if valid else None


def _are_valid_texts(name: str, texts: list[Any]) -> bool:
    """Whether all texts are JSON that passes the strict schema of a name."""
    is_valid_value = strict_validator(name)
    if not all(map(is_small_embedded, texts)):
        return False
    try:
        return all(is_valid_value(value) and has_no_clash(value) for value in (accept(text.encode()) for text in texts))
    except (Rejected, UnicodeEncodeError):
        return False


def _embedded_texts(name: str, batch: Batch) -> list[tuple[str, list[Any]]]:
    """Return the JSON texts inside the strings of a batch, with the names of their schemas."""
    found = [(column.annotation.arguments, column.values) for column in columns(name, batch, (EMBEDDED,))]
    return [
        (arguments["schema"].removesuffix(SUFFIX), [text for text in values if text or not arguments.get("blank")])
        for arguments, values in found
    ]


def count_records(name: str, records: Sequence[Batch]) -> tuple[Counter[str], Counter[str]]:
    """Return the number of valid records by kind, and the number of objects that rules examine."""
    kinds = Counter({batch.kind: len(batch.records) for batch in records})
    texts = sum(len(values) for batch in records for _, values in _embedded_texts(name, batch))
    return kinds, Counter({"record": kinds.total(), "embedded text": texts})


def count_wrapped(name: str, document: object) -> Counter[str]:
    """Return the number of records by kind in a list of records that contradict their schema but not its wrapper."""
    records = document if isinstance(document, list) else []
    wrappers = [record for record in records if isinstance(record, dict) and len(record) == 1]
    return Counter([kind for wrapper in wrappers for kind in wrapper if kind in WRAPPERS.get(name, ())])
