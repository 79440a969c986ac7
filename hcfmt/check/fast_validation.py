"""Fast path: validates whole documents by strict schemas in compiled code, without examining records in Python."""

from typing import Any

from hcfmt.check.record_counts import embedded_texts
from hcfmt.export.annotations import OPEN, columns
from hcfmt.export.column_checks import is_small_embedded
from hcfmt.export.jsontext import Rejected, accept
from hcfmt.export.letter_case import has_no_clash
from hcfmt.export.records import Batch, batches
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
        _are_valid_texts(schema, texts) for batch in records for schema, texts in embedded_texts(name, batch)
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
