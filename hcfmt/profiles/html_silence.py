"""Messages as Zulip's converter reads them: one reader of HTML for 1,000 of them, which one tag silences for the rest.

The reader, html2text, leaves out what is inside the tags head, style and script: it counts those that begin, less those
that end, and writes text only where the number is 0. The tag body sets it to 0. Behind ``<script>`` and ``<style>`` it
looks for their end alone. The number stays from one message to the next (docs/format.md#importer-zulip).
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct, field

from hcfmt.profiles.record_columns import FieldColumn

BATCH = 1_000  # messages of one kind in one history

_SILENT = frozenset({"head", "style", "script"})
_RAW_END = {tag: re.compile(rf"</\s*+{tag}\s*+>", re.IGNORECASE) for tag in ("script", "style")}
_ANY, _ANY_OF_JOINED = (
    re.compile(rf"<(?:/\s*+)?(?:head|style|script|body)(?![^\s/>{end}])", re.IGNORECASE) for end in ("", r"\0")
)
_NAME = r"([a-zA-Z][^\t\n\r\f />\x00]*+)"
_MOST = 100  # characters of a tag outside of quotes: no text takes longer than a multiple of its length
_START = re.compile(rf"""<{_NAME}(?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>]){{0,{_MOST}}}+>""")
_END = re.compile(rf"</\s*+{_NAME}[^>]*+>")
_OTHER = re.compile(r"<[!?/][^>]*+>")
_COMMENT_END = re.compile(r"--\s*+>")
_BLANK = re.compile(r"(?:\s|<[a-zA-Z/][^<>]*+>)*+")
_BEFORE_BLANK = r"\0<\s"
_DEEPEST = 9  # open tags; text that is written only inside more of them is not looked for


class Passage(NamedTuple):
    """What a text does to the reader.

    Before it, so many tags are open, and after it ``change`` more, or with ``resets`` just ``change``. Some of the text
    is written if one of the numbers ``heard`` is open before, and with ``speaks`` in any case. ``raw`` is the tag whose
    end the reader looks for after it. ``last`` is the last tag that counts.
    """

    raw: str
    resets: bool
    change: int
    heard: frozenset[int]
    speaks: bool
    last: str

    def after(self, number: int) -> int:
        """Return the number of open tags after the text."""
        return self.change + (0 if self.resets else number)

    def is_written(self, number: int) -> bool:
        """Whether some of the text is written."""
        return self.speaks or number in self.heard


def passage(text: str, raw: str = "") -> Passage:
    """Return what a text does to the reader, who looks for the end of the tag ``raw``, or for any tag."""
    resets, change, speaks, last, begin = False, 0, False, "", 0
    heard: set[int] = set()
    tags = _Tags(text)
    while True:
        found = tags.find(begin, raw)
        text_before = text[begin : found.begin if found else None]
        # Where the reader looks for an end, tags are text, and without an end that text has to wait.
        if (text_before.strip() and found) if raw else not _is_blank(text_before):
            speaks = speaks or (resets and change == 0)
            if not resets and abs(change) <= _DEEPEST:
                heard.add(-change)
        if found is None:
            return Passage(raw, resets, change, frozenset(heard), speaks, last)
        begin, last = found.end, found.name if found.name in _SILENT else last
        resets, change = (True, 0) if found.name == "body" else (resets, change + found.step)
        raw = found.name if found.step > 0 and found.name in _RAW_END else ""


class _Tag(NamedTuple):
    """A tag: its place, its name, and 1 if it begins something, -1 if it ends it, 0 if it does both."""

    begin: int
    end: int
    name: str
    step: int


class _Tags:
    """The tags of one text that count, found in linear time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last = text.rfind(">")
        self._has_comment_ends = True

    def find(self, begin: int, raw: str) -> _Tag | None:
        """Return the next tag from a place on; with ``raw`` it is the end of this tag."""
        if raw:
            end = _RAW_END[raw].search(self._text, begin)
            return _Tag(end.start(), end.end(), raw, -1) if end else None
        while 0 <= (begin := self._text.find("<", begin)) < self._last:
            tag = self._tag_at(begin)
            if tag.name in _SILENT or tag.name == "body":
                return tag
            begin = tag.end
        return None

    def _tag_at(self, begin: int) -> _Tag:
        """Return the tag, comment or text that a "<" begins, all but tags without a name."""
        text = self._text
        if text.startswith("<!--", begin) and self._has_comment_ends:
            if end := _COMMENT_END.search(text, begin + 4):
                return _Tag(begin, end.end(), "", 0)
            self._has_comment_ends = False
        elif start := _START.match(text, begin):
            return _Tag(begin, start.end(), start[1].lower(), 0 if start[0].endswith("/>") else 1)
        elif end := _END.match(text, begin):
            return _Tag(begin, end.end(), end[1].lower(), -1)
        elif not (text[begin + 1 : begin + 2].isalpha() or _OTHER.match(text, begin)):
            return _Tag(begin, begin + 1, "", 0)
        return _Tag(begin, text.find(">", begin) + 1, "", 0)  # begun and not ended: text, up to the next ">"


def _is_blank(text: str) -> bool:
    """Whether a text holds nothing but white space and tags."""
    return _BLANK.fullmatch(text) is not None


class Reading(Struct):
    """Consecutive messages of one kind in one history, in their order.

    ``marks`` are those that have a tag that counts: their positions among the ``count`` messages, their indices in the
    history, and what they do, in either mode of the reader before. ``blank`` are the positions of those without a text.
    """

    count: int
    positions: "array[int]" = field(default_factory=lambda: array("Q"))
    indices: "array[int]" = field(default_factory=lambda: array("Q"))
    marks: list[dict[str, Passage]] = []
    blank: "array[int]" = field(default_factory=lambda: array("Q"))

    def append(self, other: "Reading", shift: int) -> None:
        """Add the next messages, whose indices are larger by ``shift``."""
        self.positions.extend(position + self.count for position in other.positions)
        self.blank.extend(position + self.count for position in other.blank)
        self.indices.extend(index + shift for index in other.indices)
        self.marks += other.marks
        self.count += other.count

    def silenced(self) -> Iterator[tuple[int, int]]:
        """Yield the number of messages whose text is lost, and the index of the message whose tag silenced them."""
        marks = zip(self.positions, self.indices, self.marks, strict=True)
        for batch, group in groupby(marks, lambda mark: mark[0] // BATCH):
            yield from self._silenced(list(group), min(self.count, (batch + 1) * BATCH))

    def _silenced(self, marks: Sequence[tuple[int, int, dict[str, Passage]]], end: int) -> Iterator[tuple[int, int]]:
        """Yield the same of one batch, which ends at a position."""
        ends = [*(position for position, *_ in marks[1:]), end]
        number, raw, cause = 0, "", 0
        for (position, index, passages), following in zip(marks, ends, strict=True):
            here = passages[raw]
            if (number or raw) and passages[""].is_written(0) and not here.is_written(number):
                yield 1, cause
            cause = cause if number or raw else index
            number, raw = here.after(number), here.raw
            blank = bisect_left(self.blank, following) - bisect_left(self.blank, position + 1)
            lost = following - position - 1 - blank
            if (number or raw) and lost:
                yield lost, cause


def read_messages(column: FieldColumn, at: Sequence[int]) -> Reading:
    """Return the reading of messages by the column of their texts and their indices in the history."""
    texts = column.values
    blank = [place for place in column.beginning(_BEFORE_BLANK) if _is_blank(texts[place])]
    reading = Reading(len(texts), blank=array("Q", blank))
    for place in column.holding("<") if _ANY_OF_JOINED.search(column.joined) else ():
        if may_silence(texts[place]):
            reading.positions.append(place)
            reading.indices.append(at[place])
            reading.marks.append({raw: passage(texts[place], raw) for raw in ("", *_RAW_END)})
    return reading


def may_silence(text: str) -> bool:
    """Whether a text holds the beginning of a tag that counts; quicker than ``passage``."""
    return _ANY.search(text) is not None
