"""Replaces the texts of one JSON document, token by token, as far as its tokens have come."""

import re

from hcfmt.anonymisation.json_numbers import NUMBER, replaced_number
from hcfmt.anonymisation.json_strings import ENCODING, SURROGATES, encoded, replace_text
from hcfmt.anonymisation.properties import Properties, Property

_TOKEN = re.compile(
    rb'[ \t\r\n]++|"((?:[^"\\]++|\\.)*+)"([ \t\r\n]*+:)?|([\[{])|([\]}])|(,)|([-+.0-9A-Za-z]++)|([\x80-\xff]++)',
    re.DOTALL,
)
_STRING, _KEY, _OPEN, _CLOSE, _COMMA, _SCALAR, _BEYOND_ASCII = range(1, 8)  # the group that matches last
_QUOTE = b'"'
_STAYING = frozenset({b"true", b"false", b"null", b"NaN", b"Infinity", b"-Infinity"})
_EMBEDDED = re.compile(r"[ \t\r\n]*[\[{]")
_NO_LIMIT = 1 << 62
_DEEPEST = 5_000  # open brackets; what nests deeper is replaced as if it were out of place
_MOST_EMBEDDED = 3  # levels of JSON inside strings

# What is due: the first value, the value of a property, the one behind a comma or an opening bracket of an array, a key
# behind a comma or an opening bracket, a comma or a closing bracket, nothing.
_FIRST, _OF_KEY, _ITEM, _ITEM_OR_END, _NAME, _NAME_OR_END, _NEXT, _NOTHING = range(8)
_VALUES, _KEYS = frozenset({_FIRST, _OF_KEY, _ITEM, _ITEM_OR_END}), frozenset({_NAME, _NAME_OR_END})
_ENDS = {b"]": frozenset({_ITEM_OR_END, _NEXT}), b"}": frozenset({_NAME_OR_END, _NEXT})}
_DUE_BEFORE = {b"[": _FIRST, b",": _NEXT, b"": _ITEM}
_OPENING = {b"]": b"[", b"}": b"{"}


class JsonDocument:
    """A document whose texts are replaced: call ``take`` with what has come of it.

    Brackets, white space, the order of keys and the length in bytes stay. From the first token on that is out of place,
    which is where readers stop too, all letters and digits are replaced.
    """

    def __init__(self, properties: Properties, level: int = 0, name: str = "") -> None:
        """Take the treatment of properties, the number of strings around the document, and the property it is from."""
        self._properties = properties
        self._level = level
        self._due = _FIRST
        self._name, self._parent = name, ""  # of the property that a value belongs to, and of the one around that
        self._open: list[tuple[bytes, str, str]] = []  # brackets, with the name and the parent around them
        self._is_lost = False

    def take(self, data: bytes, *, is_last: bool = False, limit: int = _NO_LIMIT) -> bytes:
        """Return the beginning of the data, up to its last whole token, or if it is the last, all, with texts replaced.

        The rest is to be the beginning of the next data. No token is taken that begins at the ``limit`` or behind it.
        """
        parts: list[bytes] = []
        end = copied = 0
        for match in _TOKEN.finditer(data) if not self._is_lost else ():
            if match.start() != end or match.start() >= limit or (match.end() == len(data) and not is_last):
                break
            if group := match.lastindex:
                replaced = self._replaced_token(group, match)
                if replaced is None:
                    self._is_lost = True
                    parts += [data[copied:end], self._lost_key(group, match)]
                    end = copied = match.start() + len(parts[-1])
                    break
                start, stop = match.span(_STRING if group == _KEY else group)
                if replaced != data[start:stop]:
                    parts += [data[copied:start], replaced]
                    copied = stop
            end = match.end()
        parts.append(data[copied:end])
        if self._is_lost or self._is_misplaced(data, end, is_last=is_last):
            self._is_lost = True
            parts.append(self._noise(data[end:]))
        return b"".join(parts)

    def is_at_items(self, before: bytes) -> bool:
        """Whether items of the array that is the document are due behind a bracket, a comma, or nothing."""
        if self._is_lost or self._due != _DUE_BEFORE[before]:
            return False
        return not self._open if before == b"[" else len(self._open) == 1 and self._open[0][0] == b"["

    def pass_items(self) -> None:
        """Take items of that array as read."""
        self._open = self._open or [(b"[", self._name, self._parent)]
        self._due = _NEXT

    def _is_misplaced(self, data: bytes, end: int, *, is_last: bool) -> bool:
        """Whether what follows the last whole token is none, nor the beginning of one."""
        if end == len(data):
            return False
        return is_last or not (data.startswith(_QUOTE, end) or _TOKEN.match(data, end))

    def _replaced_token(self, group: int, match: re.Match[bytes]) -> bytes | None:
        """Return what replaces a token, of a string what is between its quotes; None where it is out of place."""
        if group == _KEY:
            is_due, self._due = self._due in _KEYS, _OF_KEY
            return self._replaced_name(match[_STRING]) if is_due else None
        if group == _CLOSE:
            return self._close(match[0])
        if group == _BEYOND_ASCII:
            return _without_text(match[0])
        if group == _COMMA:
            is_due, self._due = self._due == _NEXT, _NAME if self._open and self._open[-1][0] == b"{" else _ITEM
            return match[0] if is_due else None
        return self._replaced_value(group, match) if self._due in _VALUES else None

    def _lost_key(self, group: int, match: re.Match[bytes]) -> bytes:
        """Return what replaces a key without a colon, which readers refuse behind it; b"" for any other token."""
        is_key = group == _STRING and self._due in _KEYS
        return _QUOTE + self._properties.key(match[_STRING])[1] + _QUOTE if is_key else b""

    def _replaced_value(self, group: int, match: re.Match[bytes]) -> bytes | None:
        if group == _OPEN:
            return self._begin(match[0])
        self._due = _NEXT if self._open else _NOTHING
        return self._replaced_string(match[_STRING]) if group == _STRING else self._replaced_scalar(match[0])

    def _replaced_name(self, raw: bytes) -> bytes:
        self._name, replaced = self._properties.key(raw)
        return replaced

    def _begin(self, bracket: bytes) -> bytes | None:
        if len(self._open) == _DEEPEST:
            return None
        self._open.append((bracket, self._name, self._parent))
        self._due = _NAME_OR_END if bracket == b"{" else _ITEM_OR_END
        self._parent = self._name
        return bracket

    def _close(self, bracket: bytes) -> bytes | None:
        if self._due not in _ENDS[bracket] or not self._open or self._open[-1][0] != _OPENING[bracket]:
            return None
        _, self._name, self._parent = self._open.pop()
        self._due = _NEXT if self._open else _NOTHING
        return bracket

    def _replaced_string(self, raw: bytes) -> bytes:
        found = self._properties.find(self._name, self._parent)
        return replaced_string(raw, found, self._properties, self._level) if raw else raw

    def _replaced_scalar(self, token: bytes) -> bytes | None:
        if token in _STAYING:
            return token
        if not NUMBER.fullmatch(token):
            return None
        keeps = self._properties.find(self._name, self._parent).keeps_numbers
        return token if keeps else replaced_number(token, self._properties.replaced_digits)

    def _noise(self, data: bytes) -> bytes:
        """Return bytes of which every letter and digit is replaced, whatever they mean."""
        return encoded(self._properties.unknown.replace(data.decode(ENCODING, SURROGATES)))


def _without_text(data: bytes) -> bytes | None:
    """Return other bytes in place of some that are not UTF-8, which readers may skip with their record; else None."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return b"\xff" * len(data)
    return None


def replaced_string(raw: bytes, found: Property, properties: Properties, level: int = 0) -> bytes:
    """Return what replaces the bytes between the quotes of a string, by the treatment of its property.

    ``level`` is the number of strings around it.
    """

    def replaced(text: str) -> str:
        if text in found.constants:
            return text
        if found.holds_json and level < _MOST_EMBEDDED and _EMBEDDED.match(text):
            return _replaced_inside(text, properties, level + 1)
        return found.replace(text)

    return replace_text(raw, replaced)


def _replaced_inside(text: str, properties: Properties, level: int) -> str:
    """Return JSON inside a string with its texts replaced."""
    try:
        data = text.encode(ENCODING, SURROGATES)
    except UnicodeEncodeError:
        return properties.unknown.replace(text)
    return JsonDocument(properties, level).take(data, is_last=True).decode(ENCODING, SURROGATES)
