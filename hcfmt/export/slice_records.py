"""Separates the records of a slice that compiled code does not decode as a whole."""

from hcfmt.export.jsontext import SPACE
from hcfmt.export.slices import Slice


def record_texts(slice_: Slice) -> tuple[list[bytes], int | None]:
    """Return the texts of a slice's records, and the offset of a record that the slice cuts (None for none)."""
    texts: list[bytes] = []
    for start, end in slice_.records():
        if end < 0 and not slice_.ended:
            return texts, start
        text = slice_.text[start : end if end >= 0 else None].strip(SPACE)
        if text:
            texts.append(text)
    return texts, None
