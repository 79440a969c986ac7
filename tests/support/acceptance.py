"""The two screens of documents that have no flaw: of whole texts, and of decoded records."""

import json

from hcfmt.export.annotations import OPEN, columns, embedded_texts
from hcfmt.export.column_checks import is_small_embedded
from hcfmt.export.jsontext import Rejected
from hcfmt.export.letter_case import has_no_clash
from hcfmt.export.records import batches
from hcfmt.export.strict_schemas import check_texts, strict_validator
from hcfmt.export.typed_documents import accept_document


def is_valid(name: str, document: object) -> bool:
    """Whether the screens accept a document, on which they must agree."""
    accepted = is_accepted(name, document)
    assert accepted == is_strictly_valid(name, document)
    return accepted


def is_accepted(name: str, document: object) -> bool:
    """Whether a document is accepted as a text."""
    try:
        accept_document(name, json.dumps(document, ensure_ascii=False).encode())
    except (Rejected, UnicodeEncodeError):
        return False
    return True


def is_strictly_valid(name: str, document: object) -> bool:
    """Whether a document passes the strict schema of a name, and the JSON inside its strings passes theirs."""
    if not strict_validator(name)(document):
        return False
    records = batches(name, document)
    # In a file of records only some places are open to undocumented names; one without records may be open itself.
    opened = [column.values for batch in records for column in columns(name, batch, (OPEN,))] if records else [document]
    return all(map(has_no_clash, opened)) and all(
        _are_valid_texts(schema, texts) for batch in records for schema, texts in embedded_texts(name, batch)
    )


def _are_valid_texts(name: str, texts: list[str]) -> bool:
    if not all(map(is_small_embedded, texts)):
        return False
    try:
        check_texts(name, texts)
    except Rejected:
        return False
    return True
