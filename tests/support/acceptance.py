"""The two screens of documents that have no flaw: of whole texts, and of decoded records."""

import json

from hcfmt.check import fast_validation
from hcfmt.export.jsontext import Rejected
from hcfmt.export.typed_documents import accept_document


def is_valid(name: str, document: object) -> bool:
    """Whether the screens accept a document, on which they must agree."""
    accepted = is_accepted(name, document)
    assert accepted == fast_validation.is_valid(name, document)
    return accepted


def is_accepted(name: str, document: object) -> bool:
    """Whether a document is accepted as a text."""
    try:
        accept_document(name, json.dumps(document, ensure_ascii=False).encode())
    except (Rejected, UnicodeEncodeError):
        return False
    return True
