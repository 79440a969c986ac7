"""Is a decoded document so sound that no rule of shape has anything to say? Compiled code answers."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hcfmt.export.annotations import EMBEDDED, OPEN, columns, is_small_embedded
from hcfmt.export.jsontext import Rejected, accept
from hcfmt.export.letter_case import has_no_clash
from hcfmt.export.records import WRAPPERS, Batch, batches
from hcfmt.export.schemas import SUFFIX
from hcfmt.export.strict_schemas import strict_validator


def is_valid(name: str, document: object) -> bool:
    """Whether a document matches the schema of that name, and the JSON inside its strings the schemas of theirs.

    Stricter than the schemas, see ``screen``: a document that is turned down may have nothing wrong with it.
    """
    return valid_records(name, document) is not None


def valid_records(name: str, document: object) -> list[Batch] | None:
    """Return the records of a document that is sound, None where it is not."""
    if not strict_validator(name)(document):
        return None
    records = batches(name, document)
    # Records are open in some places alone; a document that holds none may be so as a whole.
    opened = [column.values for batch in records for column in columns(name, batch, (OPEN,))] if records else [document]
    sound = all(map(has_no_clash, opened)) and all(
        _are_sound(schema, texts) for batch in records for schema, texts in _texts(name, batch)
    )
    return records if sound else None


def _are_sound(name: str, texts: list[Any]) -> bool:
    matches = strict_validator(name)
    if not all(map(is_small_embedded, texts)):
        return False
    try:
        return all(matches(value) and has_no_clash(value) for value in (accept(text.encode()) for text in texts))
    except (Rejected, UnicodeEncodeError):
        return False


def _texts(name: str, batch: Batch) -> list[tuple[str, list[Any]]]:
    found = [(column.annotation.arguments, column.values) for column in columns(name, batch, (EMBEDDED,))]
    return [
        (says["schema"].removesuffix(SUFFIX), [text for text in values if text or not says.get("blank")])
        for says, values in found
    ]


def counted(name: str, records: Sequence[Batch]) -> tuple[Counter[str], Counter[str]]:
    """Count records that match their schema by kind, and what rules look at."""
    kinds = Counter({batch.kind: len(batch.records) for batch in records})
    texts = sum(len(values) for batch in records for _, values in _texts(name, batch))
    return kinds, Counter({"record": kinds.total(), "embedded text": texts})


def wrapped(name: str, document: object) -> Counter[str]:
    """Count the records of a list that contradict their schema and yet are in one documented wrapper each."""
    records = document if isinstance(document, list) else []
    wrappers = [record for record in records if isinstance(record, dict) and len(record) == 1]
    return Counter([kind for wrapper in wrappers for kind in wrapper if kind in WRAPPERS.get(name, ())])
