"""The texts of a language as templates, and what fills their gaps.

A template is a text for the operator ``%``, such as "%(service)s is down": ``template % scene`` fills its gaps from the
values that a thread has, and ``Scene.__missing__`` makes those that it has not. A percent sign is a gap too, so that
a text can be filled in two steps: first a draft's words, then what people and the moment fill.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from html import escape
from math import gcd
from random import Random

import orjson

from hcfmt.generation.dialogue.moments import Number, moments, shared
from hcfmt.generation.dialogue.scenes import Filler, Scene
from hcfmt.generation.dialogues.names import ABOUT, LINKS, MOMENTS
from hcfmt.generation.dialogues.templates import Dialogues, dialogues
from hcfmt.generation.vocabulary import phrases, pick

HTML, JSON = "html:", "json:"
"""The kinds of templates of HTML, and of texts in JSON."""

_PLAIN = MOMENTS - {"customer", "page"}
UNESCAPED = {HTML: _PLAIN, JSON: _PLAIN | {f"url.{name}" for name in LINKS}}
"""By kind, gaps of which nothing is escaped, whatever fills them in any language."""

PERCENT = "%(%)s"
"""A percent sign in a template."""

_PARTS = re.compile(
    r"\{(?P<gap>[a-z][a-z0-9_.]*)\}"
    r"|(?P<emoticon>\(custom\))"
    r"|(?<![\w@./])@(?P<role>[a-z][a-z0-9_]*)"
)
_STRIDE = 0.38  # of the rows of a table, about, from the row of one draft to that of the next
_PAGE = "page"  # the table of pages, which are of the moment: a link leads to one
_ESCAPED = 256  # texts whose escaped form is kept
_EVERYBODY = frozenset({"all", "here"})
_NUMBERED = re.compile(r"(?P<name>.*[a-z_])[2-9]")
_TRIES = 4  # draws for a text that the thread does not have yet
_MENTION, _EMOTICON = "@", "(custom)"  # gaps that only templates have


def filled(template: str, thread: "Scene | Draft") -> str:
    """Return a template with its gaps filled."""
    return template % thread if "%" in template else template


class Draft(dict[str, str]):
    """A thread before it has people and a moment: the words that it has, by gap, and the rows."""

    __slots__ = ("_first_row", "_has_numbers", "_number", "_rows", "_texts", "draw")

    def __init__(
        self, random: Random, number: int, first_row: int, texts: Mapping[str, Filler], *, has_numbers: bool
    ) -> None:
        """Begin the draft with a number of a thread: number 0 has ``first_row`` of a table, others have others.

        It has no numbers if notifications may name them, which draw theirs for the moment.
        """
        super().__init__()
        self._has_numbers = has_numbers
        self.draw, self._number, self._first_row, self._texts = random.random, number, first_row, texts
        self._rows: dict[str, int] = {}

    def row(self, table: str, count: int) -> int:
        """Return the number of the row that the thread has of a table."""
        number = self._number
        return self._rows.setdefault(table, (self._first_row + number * _stride(count) + number // count) % count)

    def __missing__(self, gap: str) -> str:
        """Return what fills a gap, or the gap if people or the moment fill it."""
        filler = self._texts[gap]
        is_known = isinstance(filler, Drawn | Cell) or (self._has_numbers and isinstance(filler, Number))
        return filler(self) if is_known else f"%({gap})s"


@cache
def _stride(count: int) -> int:
    """Return a step by which all of ``count`` rows are reached before one is again, and neighbours are far apart."""
    return next(step for step in range(max(1, int(count * _STRIDE)), count + 1) if gcd(step, count) == 1)


class Drawn:
    """Fills a gap with one of some texts: another one at each place, or the same in a whole thread."""

    def __init__(
        self, gap: str, templates: Callable[[], Sequence[str]], *, is_shared: bool, is_another: bool = False
    ) -> None:
        """Take the gap and a function that returns its texts; ``is_another``: the thread must not have the text yet."""
        self._gap, self._compile, self._is_shared, self._is_another = gap, templates, is_shared, is_another
        self._templates: Sequence[str] = ()

    def __call__(self, thread: Scene | Draft) -> str:
        """Return the text."""
        templates = self._templates
        if not templates:
            templates = self._templates = self._compile()
        text = templates[int(thread.draw() * len(templates))]
        if "%" in text:
            text %= thread
        if self._is_another:
            for _ in range(_TRIES):
                if text not in thread.values():
                    break
                text = filled(templates[int(thread.draw() * len(templates))], thread)
        if self._is_shared:
            thread[self._gap] = text
        return text


class Cell:
    """Fills a gap with a column of a table, of the row that a thread has."""

    def __init__(self, table: str, column: str, rows: Callable[[], Sequence[Mapping[str, str]]]) -> None:
        """Take the names of the table and the column, and a function that returns the rows."""
        self._table, self._column, self._rows = table, column, rows

    def __call__(self, thread: Scene | Draft) -> str:
        """Return the text."""
        rows = self._rows()
        return filled(rows[thread.row(self._table, len(rows))][self._column], thread)


class Lexicon:
    """The words, tables and values of a language; ``fillers`` return what fills each gap."""

    def __init__(self, found: Dialogues) -> None:
        """Compile the words of a language."""
        self.found = found
        words = {**phrases("work")["words"], **found.words}
        self._texts = {name: tuple(texts) for name, texts in {**words, **found.variants}.items()}
        self._templates: dict[str, Sequence[str]] = {}
        self._rows: dict[str, Sequence[Mapping[str, str]]] = {}
        given: dict[str, Filler] = {
            name: partial(Drawn.__call__, self._drawn(name)) for name in words if name in MOMENTS | ABOUT
        }
        if found.tables.get(_PAGE):
            given[_PAGE] = partial(shared, _PAGE, self._cell(_PAGE, "title"))
        self.fillers = {"%": lambda _: "%", _EMOTICON: custom_emoticon, **moments(given, found.calendar)}

    def template(self, text: str, kind: str = "") -> str:
        """Return the template of a text as dialogues/README.md describes it. Gaps that nothing fills stay.

        With the ``kind`` ``HTML`` or ``JSON``, what fills a gap is escaped.
        """
        parts, end = [], 0
        for match in _PARTS.finditer(text):
            if gap := self._known(match, kind):
                parts += [text[end : match.start()].replace("%", PERCENT), f"%({gap})s"]
                end = match.end()
        return "".join([*parts, text[end:].replace("%", PERCENT)])

    def _known(self, match: re.Match[str], kind: str) -> str:
        """Return the gap of a part of a text, after adding its filler; "" if nothing fills it."""
        role, gap = match["role"], match["emoticon"] or match["gap"]
        if role:
            if role in _EVERYBODY:
                return ""
            gap = f"{_MENTION}{role}"
            self.fillers[gap] = partial(_mention, role)
        if gap not in self.fillers:
            filler = self._filler(gap)
            if not filler:
                return ""
            self.fillers[gap] = filler
        if not kind or gap in UNESCAPED[kind]:
            return gap
        self.fillers[kind + gap] = partial(_escaped, gap, kind)
        return kind + gap

    def _filler(self, gap: str) -> Filler | None:
        kind, _, name = gap.partition(".")
        if gap in self._texts:
            return self._drawn(gap, is_shared=gap not in self.found.variants)
        if kind == "first" and name:
            return partial(_first_name, name)
        if kind in self.found.tables and name:
            cell = self._cell(kind, name)
            return partial(Cell.__call__, cell) if kind == _PAGE else cell
        numbered = _NUMBERED.fullmatch(gap)
        if numbered and numbered["name"] in self._texts:
            return Drawn(gap, partial(self._templates_of, numbered["name"]), is_shared=True, is_another=True)
        return None

    def _drawn(self, name: str, *, is_shared: bool = True) -> Drawn:
        return Drawn(name, partial(self._templates_of, name), is_shared=is_shared)

    def _cell(self, table: str, column: str) -> Cell:
        return Cell(table, column, partial(self._rows_of, table))

    def _templates_of(self, name: str) -> Sequence[str]:
        if name not in self._templates:
            self._templates[name] = [*map(self.template, self._texts[name])]
        return self._templates[name]

    def _rows_of(self, table: str) -> Sequence[Mapping[str, str]]:
        if table not in self._rows:
            rows = self.found.tables[table]
            self._rows[table] = [{column: self.template(row[column]) for column in row} for row in rows]
        return self._rows[table]


def _mention(role: str, scene: Scene) -> str:
    return f"@{scene.person(role).mention_name}"


def _first_name(role: str, scene: Scene) -> str:
    return scene.person(role).first_name


def _escaped(gap: str, kind: str, scene: Scene) -> str:
    return _as_written(scene[gap], kind)


@lru_cache(_ESCAPED)
def _as_written(text: str, kind: str) -> str:
    """Return a text as a kind of templates holds it."""
    return escape(text) if kind == HTML else orjson.dumps(text).decode()[1:-1]


def custom_emoticon(scene: Scene) -> str:
    """Return an emoticon that somebody of the company has uploaded, one of HipChat's own before the first upload."""
    uploaded = scene.stage.shortcuts(scene.second)
    return f"({pick(scene.stage.random, uploaded)})" if uploaded else "(thumbsup)"


@cache
def lexicon(language: str) -> Lexicon:
    """Return the texts of a language, compiled once in a process."""
    return Lexicon(dialogues(language))
