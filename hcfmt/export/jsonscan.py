"""Scans JSON text by the grammar of RFC 8259, and finds every defect with its path and byte."""

import codecs
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from hcfmt.container.budget import OUT_OF_TIME, never_expired
from hcfmt.errors import Defect
from hcfmt.export.jsontext import SAFE_INTEGER, SPACE

# Kinds of defects that end the scan, and kinds after which the values of the text are unreliable.
FATAL = frozenset({"invalid-json", "budget-exceeded"})
UNRELIABLE = frozenset({"invalid-utf8", "non-finite-number", "duplicate-key"})

# Possessive, so that a string of any length costs the pattern no memory.
_SPACE = re.compile(rb"[ \t\n\r]*+")
_STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_OPEN_STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+(?:\\(?:u[0-9a-fA-F]{0,3})?)?')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][+-]?[0-9]++)?")
_WORD = re.compile(rb"-?[A-Za-z]++")
_TOKEN = re.compile(rb"[-+.0-9A-Za-z]*+")
_NAMED = (b"true", b"false", b"null")
_NON_FINITE = (b"NaN", b"Infinity", b"-Infinity")
_LONE = re.compile("[\ud800-\udfff]")
_UTF16_PROOF = 3  # bytes; JSON begins with ASCII, and holds no NUL
_UNMARKED_UTF16 = "The text is UTF-16 without a byte order mark: convert it to UTF-8 (iconv -f UTF-16LE, or UTF-16BE)."
_STEPS = 1_000  # of a scan between two checks of the time limit
MOST_DEFECTS = 10_000  # in one text, which bounds the memory


def find_defects(
    text: bytes, *, depth: int, ended: bool = True, expired: Callable[[], bool] = never_expired
) -> list[Defect]:
    """Return the defects of one JSON text, each with path and byte; their sentences repeat nothing of the text.

    ``depth`` is the greatest nesting allowed, in levels. Unless ``ended``, the text may go on after its last byte, so
    a missing end is no defect. ``expired`` returns whether the time limit is reached. The scan stops at the first
    defect of a kind in FATAL, and at bytes that are not UTF-8, which are then the only defect.
    """
    if text.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):  # the first begins like UTF-16
        return [Defect("invalid-utf8", "The text is UTF-32: convert it to UTF-8 (iconv -f UTF-32 -t UTF-8).", 0)]
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return [Defect("invalid-utf8", "The text is UTF-16: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8).", 0)]
    if _every_other_is_nul(text[:_UTF16_PROOF]):
        return [Defect("invalid-json", _UNMARKED_UTF16, 0)]
    try:
        text.decode()
    except UnicodeDecodeError as error:
        if ended or error.reason != "unexpected end of data":
            # A defect that ends the scan before these bytes does so too where the text was not read up to them.
            before = find_defects(text[: error.start], depth=depth, ended=False, expired=expired)
            if before and before[-1].kind in FATAL:
                return before
            return [Defect("invalid-utf8", "The bytes are not UTF-8.", error.start)]
    scan = _Scan(text, depth, expired, ended=ended)
    try:
        scan.run()
    except _Stop as stop:
        if ended or not stop.ran_out:
            scan.defects.append(Defect(stop.kind, stop.message, stop.byte, stop.values, scan.path()))
    return scan.defects


def _every_other_is_nul(head: bytes) -> bool:
    """Whether bytes are NULs and others by turns, as ASCII is in UTF-16."""
    return len(head) == _UTF16_PROOF and any(head) and not (any(head[::2]) and any(head[1::2]))


class _Stop(Exception):  # noqa: N818 - no error: it carries the last defect to the end of the scan
    """The end of a scan by a fatal defect; ``ran_out``: the text ended; ``values`` are those of the defect."""

    def __init__(self, kind: str, message: str, byte: int, *, ran_out: bool = False, **values: object) -> None:
        super().__init__(message)
        self.kind, self.message, self.byte, self.ran_out, self.values = kind, message, byte, ran_out, values


@dataclass(slots=True)
class _Level:
    """An open array or object: its keys so far (None for an array), and the current key or index.

    The current key of an object is None until its first key is read.
    """

    keys: set[str] | None
    step: str | int | None


class _Scan:
    """One pass over a text, without recursion: the open levels are a list."""

    def __init__(self, text: bytes, depth: int, expired: Callable[[], bool], *, ended: bool) -> None:
        self.text = text
        self.ended = ended
        self.expired = expired
        self.depth = depth
        self.at = 0
        self.levels: list[_Level] = []
        self.defects: list[Defect] = []

    def run(self) -> None:
        value_is_due = True
        steps = 0
        while value_is_due or self.levels:
            steps += 1
            if steps % _STEPS == 0 and self.expired():
                raise _Stop("budget-exceeded", OUT_OF_TIME, self.at)
            value_is_due = self.value() if value_is_due else self.after_value()
        self.skip_space()
        if self.at < len(self.text):
            self.stop("Text follows the end of the JSON value.")

    def value(self) -> bool:
        """Read a scalar or open a level; return whether a value is due next."""
        match self.next_byte("a value"):
            case b"{":
                self.open(_Level(set(), None))
                if self.next_byte("a key or '}'") != b"}":
                    self.key()
                    return True
            case b"[":
                self.open(_Level(None, 0))
                return self.next_byte("a value or ']'") != b"]"
            case b'"':
                start = self.at
                self.check_string(self.token(), start)
            case _:
                self.scalar()
        return False

    def after_value(self) -> bool:
        """Read the comma or the bracket after a value; return whether a value is due next."""
        level = self.levels[-1]
        closing = b"]" if level.keys is None else b"}"
        byte = self.next_byte(f"',' or '{closing.decode()}'")
        if byte == closing:
            self.at += 1
            self.levels.pop()
            return False
        if byte != b",":
            self.stop(f"',' or '{closing.decode()}' is missing.")
        self.at += 1
        if self.next_byte("a value") == closing:
            self.stop("A comma precedes the closing bracket.")
        if isinstance(level.step, int):
            level.step += 1
        else:
            self.key()
        return True

    def open(self, level: _Level) -> None:
        if len(self.levels) == self.depth:
            sentence = f"The nesting is deeper than {self.depth} levels; --max-depth raises the limit."
            raise _Stop("budget-exceeded", sentence, self.at, limit=self.depth, option="--max-depth")
        self.levels.append(level)
        self.at += 1

    def key(self) -> None:
        level = self.levels[-1]
        if self.next_byte("a key") != b'"':
            self.stop("A key in double quotes is missing.")
        start = self.at
        level.step = key = self.token()
        self.check_string(key, start)
        if level.keys is not None:
            if key in level.keys:
                self.note("duplicate-key", "The object has this key more than once.", start)
            level.keys.add(key)
        if self.next_byte("':'") != b":":
            self.stop("':' is missing after the key.")
        self.at += 1

    def token(self) -> str:
        """Read a string and return its value."""
        match = _STRING.match(self.text, self.at)
        if match is None:
            self.stop_in_string()
        self.at = match.end()
        value: str = json.loads(match.group())
        return value

    def check_string(self, value: str, start: int) -> None:
        if "\0" in value:
            self.note("unstorable-text", "The string holds U+0000.", start)
        if _LONE.search(value):
            self.note("unstorable-text", "The string holds a lone surrogate.", start)

    def stop_in_string(self) -> NoReturn:
        partial = _OPEN_STRING.match(self.text, self.at)
        self.at = partial.end() if partial else self.at
        if self.at == len(self.text):
            raise _Stop("invalid-json", "The text ends inside a string: it was cut short.", self.at, ran_out=True)
        wrong = self.text[self.at] < 0x20  # noqa: PLR2004 - the first character that a string may hold unescaped
        self.stop("A string holds a control character." if wrong else "A string holds an unknown escape sequence.")

    def scalar(self) -> None:
        """Read a number, true, false or null; note values that JSON lacks or JavaScript changes."""
        start = self.at
        token = _TOKEN.match(self.text, start)
        text = token.group() if token else b""
        if start + len(text) == len(self.text) and (self.levels or not self.ended):
            raise _Stop("invalid-json", "The text ends inside a value: it was cut short.", len(self.text), ran_out=True)
        if text in _NON_FINITE:
            self.note("non-finite-number", "NaN and Infinity are not JSON numbers.", start)
        elif _NUMBER.fullmatch(text):
            self.number(text, start)
        elif text not in _NAMED:
            self.stop("No JSON value starts here.")
        self.at += len(text)

    def number(self, text: bytes, start: int) -> None:
        is_integer = text.lstrip(b"-").isdigit()
        # float() is fast for any number of digits; int() refuses 4,301.
        size = abs(float(text))
        if math.isinf(size) and not is_integer:
            self.note("non-finite-number", "The number is too large for a double: readers refuse it.", start)
        elif math.isinf(size) or (is_integer and (size > SAFE_INTEGER or abs(int(text)) > SAFE_INTEGER)):
            self.note("unsafe-integer", "The number is beyond 2^53: JavaScript readers change it.", start)

    def next_byte(self, due: str) -> bytes:
        """Skip white space and return the next byte without reading past it."""
        self.skip_space()
        if self.at >= len(self.text):
            nothing = not self.levels and not self.text.strip(SPACE)
            sentence = "The text is empty." if nothing else f"The text ends where {due} is due: it was cut short."
            raise _Stop("invalid-json", sentence, self.at, ran_out=True)
        return self.text[self.at : self.at + 1]

    def skip_space(self) -> None:
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at

    def stop(self, message: str) -> NoReturn:
        raise _Stop("invalid-json", message, self.at)

    def note(self, kind: str, message: str, byte: int) -> None:
        if len(self.defects) == MOST_DEFECTS:
            sentence = f"More than {MOST_DEFECTS:,} defects were found in one JSON text; its rest was not examined."
            raise _Stop("budget-exceeded", sentence, byte)
        self.defects.append(Defect(kind, message, byte, path=self.path()))

    def path(self) -> tuple[str | int, ...]:
        return tuple(level.step for level in self.levels if level.step is not None)
