"""Fixes of the text of data files, before it is JSON: byte order marks, and bytes that are no UTF-8."""

import codecs
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any

from hcfmt.export.editing import Change
from hcfmt.fixes.items import Log
from hcfmt.fixes.plan import Plan

ENCODING = "HC203"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REPLACEMENT = "\ufffd"
_ESCAPE, _ESCAPED = "surrogateescape", "[\udc80-\udcff]"
_UNSTORABLE = "[\x00\ud800-\udfff]"


def of_text(plan: Plan) -> None:
    """Have the text of data files corrected as the rule says, where it is read."""
    plan.on_text()


def filtered(chunks: Iterator[bytes], codes: AbstractSet[str], member: str, log: Log) -> Iterator[bytes]:
    """Return the chunks of a data file as UTF-8, if the rule of its encoding is among ``codes``."""
    return _as_utf8(chunks, member, log) if ENCODING in codes else chunks


def _as_utf8(chunks: Iterator[bytes], member: str, log: Log) -> Iterator[bytes]:
    """Yield text as UTF-8: UTF-16 with its mark is converted, and every byte that is no UTF-8 becomes U+FFFD."""
    first = next(chunks, b"")
    while len(first) < len(codecs.BOM_UTF16_LE) and (more := next(chunks, None)):
        first += more
    is_utf16 = first.startswith(_UTF16)
    decoder = codecs.getincrementaldecoder("utf-16" if is_utf16 else "utf-8")("replace" if is_utf16 else _ESCAPE)
    replaced = 0
    for chunk in chain([first], chunks):
        text, count = re.subn(_ESCAPED, _REPLACEMENT, decoder.decode(chunk))
        replaced += count
        yield text.encode()
    text, count = re.subn(_ESCAPED, _REPLACEMENT, decoder.decode(b"", final=True))
    yield text.encode()
    if is_utf16:
        log(ENCODING, Change(member, None, {"encoding": "UTF-16"}, {"encoding": "UTF-8"}))
    elif replaced + count:
        log(ENCODING, Change(member, None, {"bytes that are not UTF-8": replaced + count}, {"character": "U+FFFD"}))


def unstorable(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return a text with U+FFFD for every U+0000 and lone surrogate, None for another value or a text without any."""
    if not isinstance(value, str):
        return None
    text, count = re.subn(_UNSTORABLE, _REPLACEMENT, value)
    return text if count else None
