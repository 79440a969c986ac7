"""Replaces the texts of records that match their schema as a whole, in one pass of a regular expression.

Such records have documented properties only, each of its type, so that every string but a time, an id or a constant is
replaced, and every number stays.
"""

import re

from hcfmt.anonymisation.json_document import JsonDocument, replaced_string
from hcfmt.anonymisation.properties import Properties
from hcfmt.export.jsontext import STRING, Rejected, holds_at_most
from hcfmt.export.layout import Kind
from hcfmt.export.typed_documents import accept_document

_MOST_VALUES = 300_000
_STAYING = rb"created|date|id|timestamp"  # whose strings the schemas of messages define wholly, in all dialects
_SPACE = rb"[ \t\r\n]*+"
_FLAT = rb'[\[{](?:[^"\[\]{}]++|%b|[\[{](?:[^"\[\]{}]++|%b)*+[\]}])*+[\]}]' % (STRING, STRING)
_CUT = re.compile(rb"\}%b\}(?=%b,%b\{%b\")" % ((_SPACE,) * 4))
_LAST = 1 << 16  # bytes in which the end of a record is looked for


class SoundRecords:
    """Replaces the texts of records of histories of one kind and dialect."""

    KINDS = frozenset({Kind.ROOM_HISTORY, Kind.USER_HISTORY})

    def __init__(self, schema: str, properties: Properties) -> None:
        """Take the name of the schema of the history, and the treatment of properties."""
        self._schema = schema
        self._properties = properties
        nested = b"|".join(name.encode() for name in sorted({"attachment", *properties.open_names}))
        self._nested = re.compile(rb'"(?:%b)"%b:%b[\[{]' % (nested, _SPACE, _SPACE))
        self._value = re.compile(
            rb'"(?P<nested>%b)"%b:%b(?P<value>%b)|"(?P<name>(?!(?:%b)")[0-9A-Za-z_@]++)"%b:%b"(?P<text>(?:[^"\\]++|\\.)++)"'
            % (nested, _SPACE, _SPACE, _FLAT, _STAYING, _SPACE, _SPACE),
            re.DOTALL,
        )

    def replaced(self, text: bytes) -> bytes | None:
        """Return records, which commas separate, with their texts replaced; None unless all match their schema."""
        records = b"[%b]" % text
        if not holds_at_most(records, _MOST_VALUES):
            return None
        try:
            accept_document(self._schema, records)
        except Rejected:
            return None
        parts, end, nested = [], 0, 0
        for match in self._value.finditer(text):
            group = "value" if match["nested"] else "text"
            nested += group == "value"
            parts += [text[end : match.start(group)], self._replaced_value(match, group)]
            end = match.end(group)
        parts.append(text[end:])
        return b"".join(parts) if nested == len(self._nested.findall(text)) else None

    def _replaced_value(self, match: re.Match[bytes], group: str) -> bytes:
        if group == "value":
            return JsonDocument(self._properties, name=match["nested"].decode()).take(match[group], is_last=True)
        return replaced_string(match[group], self._properties.find(match["name"].decode(), ""), self._properties)


def last_end(text: bytes) -> int:
    """Return the offset behind the last record of a text that another record follows, 0 for none."""
    start = max(0, len(text) - _LAST)
    ends = [match.end() for match in _CUT.finditer(text, start)]
    return ends[-1] if ends else 0
