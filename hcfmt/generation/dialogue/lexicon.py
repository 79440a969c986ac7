"""The texts of a language, compiled: what fills each gap is looked up once."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from random import Random

from hcfmt.generation.dialogue.moments import Value, moments, shared
from hcfmt.generation.dialogue.scenes import Scene
from hcfmt.generation.dialogues.names import ABOUT, MOMENTS
from hcfmt.generation.dialogues.templates import Dialogues, dialogues
from hcfmt.generation.vocabulary import phrases, pick

Text = str | tuple[str | Value, ...]
"""A compiled text: the text itself if it has no gap, else its parts and, between them, what fills its gaps."""

_PARTS = re.compile(
    r"\{(?P<gap>[a-z][a-z0-9_.]*)\}"
    r"|(?P<emoticon>\(custom\))"
    r"|(?<![\w@./])@(?P<role>[a-z][a-z0-9_]*)"
)
_STEP = 7  # rows from the row of one draft to that of the next
_PAGE = "page"  # the table of pages, which are of the moment: a link leads to one
_EVERYBODY = frozenset({"all", "here"})
_NUMBERED = re.compile(r"(?P<name>.*[a-z_])[2-9]")


def rendered(text: Text, scene: Scene) -> str:
    """Return a text with its gaps filled."""
    if isinstance(text, str):
        return text
    return "".join([part if isinstance(part, str) else part(scene) for part in text])


class Draft:
    """A thread before it has people and a moment: the words and the rows that it has."""

    def __init__(self, random: Random, number: int) -> None:
        """Begin the draft with a number of a thread; each has another row."""
        self.draw, self._number = random.random, number
        self.values: dict[str, Text] = {}
        self.rows: dict[str, int] = {}

    def row(self, table: str, count: int) -> int:
        """Return the number of the row that the thread has of a table."""
        return self.rows.setdefault(table, (self._number * _STEP + self._number // _STEP) % count)

    def filled(self, text: Text) -> Text:
        """Return a text in which only the gaps are left that people or the moment fill."""
        if isinstance(text, str):
            return text
        parts: list[str | Value] = [""]
        for part in text:
            filled = part.filled(self) if isinstance(part, Drawn | Cell) else part
            for piece in filled if isinstance(filled, tuple) else (filled,):
                if isinstance(piece, str) and isinstance(parts[-1], str):
                    parts[-1] += piece
                else:
                    parts.append(piece)
        return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else tuple(parts)


class Drawn:
    """A gap that one of some texts fills: another one at each place, or the same in a whole thread."""

    def __init__(self, name: str, texts: Callable[[], Sequence[Text]], *, is_shared: bool) -> None:
        """Take the name of the gap and a function that returns the texts."""
        self._name, self._texts, self._is_shared = name, texts, is_shared

    def __call__(self, scene: Scene) -> str:
        """Return the text in a thread that is told."""
        return shared(self._name, self._fresh, scene) if self._is_shared else self._fresh(scene)

    def _fresh(self, scene: Scene) -> str:
        texts = self._texts()
        return rendered(texts[int(scene.draw() * len(texts))], scene)

    def filled(self, draft: Draft) -> Text:
        """Return the text in a draft."""
        if self._is_shared and self._name in draft.values:
            return draft.values[self._name]
        texts = self._texts()
        text = draft.filled(texts[int(draft.draw() * len(texts))])
        if self._is_shared:
            draft.values[self._name] = text
        return text


class Cell:
    """A gap that a column of a table fills, of the row that a thread has."""

    def __init__(self, table: str, column: str, rows: Callable[[], Sequence[Mapping[str, Text]]]) -> None:
        """Take the names of the table and the column, and a function that returns the rows."""
        self._table, self._column, self._rows = table, column, rows

    def __call__(self, scene: Scene) -> str:
        """Return the text in a thread that is told."""
        return rendered(self._cell(scene), scene)

    def filled(self, draft: Draft) -> Text:
        """Return the text in a draft."""
        return draft.filled(self._cell(draft))

    def _cell(self, thread: Scene | Draft) -> Text:
        rows = self._rows()
        return rows[thread.row(self._table, len(rows))][self._column]


class Lexicon:
    """The words, tables and values of a language, and the compiler of texts with gaps."""

    def __init__(self, found: Dialogues) -> None:
        """Compile the words of a language."""
        self.found = found
        words = {**phrases("work")["words"], **found.words}
        self._texts = {name: tuple(texts) for name, texts in {**words, **found.variants}.items()}
        self._compiled: dict[str, Sequence[Text]] = {}
        self._rows: dict[str, Sequence[Mapping[str, Text]]] = {}
        given: dict[str, Value] = {name: self._drawn(name) for name in words if name in MOMENTS | ABOUT}
        if found.tables.get("page"):
            given["page"] = self._cell("page", "title")
        self._moments = moments(given, found.calendar)

    def compiled(self, text: str) -> Text:
        """Return a text with its gaps looked up. Gaps that nothing fills stay."""
        parts: list[str | Value] = []
        end = 0
        for match in _PARTS.finditer(text):
            value = self._value(match)
            if value:
                parts += [text[end : match.start()], value]
                end = match.end()
        return (*parts, text[end:]) if parts else text

    def _value(self, match: re.Match[str]) -> Value | None:
        if match["emoticon"]:
            return custom_emoticon
        if role := match["role"]:
            return None if role in _EVERYBODY else partial(_mention, role)
        return self.value(match["gap"])

    def value(self, gap: str) -> Value | None:
        """Return what fills a gap, None for an unknown one."""
        kind, _, name = gap.partition(".")
        if gap in self._moments:
            return self._moments[gap]
        if gap in self._texts:
            return self._drawn(gap, is_shared=gap not in self.found.variants)
        if kind == "first" and name:
            return partial(_first_name, name)
        if kind in self.found.tables and name:
            cell = self._cell(kind, name)
            return partial(Cell.__call__, cell) if kind == _PAGE else cell
        numbered = _NUMBERED.fullmatch(gap)
        if numbered and numbered["name"] in self._texts:
            return self._drawn(numbered["name"], gap)
        return None

    def _drawn(self, name: str, gap: str = "", *, is_shared: bool = True) -> Drawn:
        return Drawn(gap or name, partial(self._texts_of, name), is_shared=is_shared)

    def _cell(self, table: str, column: str) -> Cell:
        return Cell(table, column, partial(self._rows_of, table))

    def _texts_of(self, name: str) -> Sequence[Text]:
        if name not in self._compiled:
            self._compiled[name] = [*map(self.compiled, self._texts[name])]
        return self._compiled[name]

    def _rows_of(self, table: str) -> Sequence[Mapping[str, Text]]:
        if table not in self._rows:
            rows = self.found.tables[table]
            self._rows[table] = [{column: self.compiled(row[column]) for column in row} for row in rows]
        return self._rows[table]


def _mention(role: str, scene: Scene) -> str:
    return f"@{scene.cast[role].mention_name}"


def _first_name(role: str, scene: Scene) -> str:
    return scene.cast[role].first_name


def custom_emoticon(scene: Scene) -> str:
    """Return an emoticon that somebody of the company has uploaded, one of HipChat's own before the first upload."""
    uploaded = scene.stage.shortcuts(scene.second)
    return f"({pick(scene.stage.random, uploaded)})" if uploaded else "(thumbsup)"


@cache
def lexicon(language: str) -> Lexicon:
    """Return the texts of a language, compiled once in a process."""
    return Lexicon(dialogues(language))
