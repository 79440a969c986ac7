"""Counts records, and the other objects that rules examine in them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hcfmt.export.annotations import EMBEDDED, columns
from hcfmt.export.records import WRAPPERS, Batch
from hcfmt.export.schemas import SUFFIX


def embedded_texts(name: str, batch: Batch) -> list[tuple[str, list[Any]]]:
    """Return the JSON texts inside the strings of a batch, with the names of their schemas."""
    found = [(column.annotation.arguments, column.values) for column in columns(name, batch, (EMBEDDED,))]
    return [
        (arguments["schema"].removesuffix(SUFFIX), [text for text in values if text or not arguments.get("blank")])
        for arguments, values in found
    ]


def count_records(name: str, records: Sequence[Batch]) -> tuple[Counter[str], Counter[str]]:
    """Return the number of valid records by kind, and the number of objects that rules examine."""
    kinds = Counter({batch.kind: len(batch.records) for batch in records})
    texts = sum(len(values) for batch in records for _, values in embedded_texts(name, batch))
    return kinds, Counter({"record": kinds.total(), "embedded text": texts})


def count_wrapped(name: str, document: object) -> Counter[str]:
    """Return the number of records by kind in a list of records that contradict their schema but not its wrapper."""
    records = document if isinstance(document, list) else []
    wrappers = [record for record in records if isinstance(record, dict) and len(record) == 1]
    return Counter([kind for wrapper in wrappers for kind in wrapper if kind in WRAPPERS.get(name, ())])
