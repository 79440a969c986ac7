"""Reduces the contents of the stored files of a draft to a few bytes, with the sizes that records declare of them."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from hcfmt.export.annotations import FILE, annotations, values_at
from hcfmt.reduction.draft import WHOLE, Draft
from hcfmt.reduction.judge import Judge
from hcfmt.reduction.record_links import decoded, encoded

_SIZES = (0, 1, 64, 1 << 10, 16 << 10)  # bytes that are tried, of the beginning of a file


def reduce_files(draft: Draft, judge: Judge) -> Draft:
    """Return a draft with only the first bytes of each stored file, as few as pass."""
    for number in draft.written():
        member = draft.stored.members[number]
        if not member.is_stored_file:
            continue
        size = len(draft.texts[number, WHOLE]) if (number, WHOLE) in draft.texts else member.end - member.start
        tried = (
            _cut(draft, number, shorter, declared=declared)
            for shorter in _SIZES
            for declared in (True, False)
            if shorter < size
        )
        draft = next(filter(judge.passes, tried), draft)
    return draft


def _cut(draft: Draft, number: int, size: int, *, declared: bool) -> Draft:
    """Return a draft with the first bytes of a stored file, whose number the records that name it declare, or not."""
    start = draft.stored.members[number].start
    texts = {(number, WHOLE): draft.stored.read(start, start + size)}
    for place in draft.places() if declared else ():
        member = draft.stored.members[place[0]]
        text = draft.text(place)
        if member.schema and number in draft.links.files_of(member.schema, member.place, text):
            value = decoded(text)
            for holder, name in _declarations(member.schema, value):
                holder[name] = size
            texts[place] = encoded(member.schema, value)
    return replace(draft, texts={**draft.texts, **texts})


def _declarations(schema: str, value: Any) -> Iterator[tuple[dict[str, Any], str]]:  # noqa: ANN401 - any JSON value
    """Yield the objects of a record, with its wrapper, that declare the size of a stored file, and the property."""
    for annotation in annotations(schema, (FILE,)):
        if "bytes" in annotation.arguments:
            name = annotation.arguments["bytes"]["property"]
            for holder in values_at(value, (annotation.kind, *annotation.path[:-1])):
                if isinstance(holder, dict) and name in holder:
                    yield holder, name
