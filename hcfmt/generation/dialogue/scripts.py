"""Threads with compiled lines, and takes of them, which have their words but no people and no moment."""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from hcfmt.generation.dialogue.lexicon import PERCENT, Draft, Lexicon, filled
from hcfmt.generation.dialogues.names import ANY, NEWCOMER
from hcfmt.generation.dialogues.templates import BOT, Thread, Turn, parsed
from hcfmt.generation.vocabulary import pick
from hcfmt.rng import random_for

_TAKES = 48  # of a thread
_TRIES = range(4)  # takes drawn, of which the first is told that is short enough
_OPTIONAL = 0.5  # share of takes that have an optional line
_BOT, _NOBODY = -1, -2  # numbers of roles
_LINK = "%(link."  # a gap whose URL may have a preview
_LONGEST_PAUSE = 140.0  # seconds between two messages of a thread; on average it is a quarter
_OWN_PAUSE = 25.0  # the same between two messages of one person
_SLOW, _SLOWEST = 0.06, 3_000.0  # share of answers that take their time, and the seconds that they take at most
_LONGEST = 10_800.0  # seconds from the beginning of a thread to its last slow answer
_INTEGRATION = 1_500.0  # seconds that a notification comes after the message before it, at most
_CAN_WAIT = frozenset(
    {"bug", "document_check", "link", "open_question", "ping", "question", "quick_question", "review"}
)


class Role(NamedTuple):
    """A role: its name, and the team that it is taken from, "" for any."""

    name: str
    team: str


class TakeLine(NamedTuple):
    """A line of a take: the number of its role (-1 for an integration), and the seconds since the take began.

    ``notification`` is "" and ``is_file`` false for a text; of a notification, ``text`` is what it is about. Texts are
    templates.
    """

    role: int
    after: float
    text: str
    notification: str
    is_file: bool


class ScriptTurn(NamedTuple):
    """A compiled turn of a thread; ``width`` is the number of messages of people in it and in those tied to it."""

    lines: tuple[TakeLine, ...]
    is_optional: bool
    is_tied: bool
    width: int


class Take(NamedTuple):
    """A thread before it has people and a moment, with the numbers of messages of people and of integrations in it.

    Without a file, a notification and a link it has no ``lines`` but ``texts``: role, pause and text of each. These are
    templates if a gap is left in one of them.
    """

    messages: int
    notifications: int
    lines: Sequence[TakeLine]
    texts: Sequence[tuple[int, float, str]]
    has_gaps: bool


class Script:
    """A compiled thread, and takes of it: each has other optional lines, alternatives, words, rows and pauses.

    ``least`` are the fewest messages of people in it, ``bots`` the most notifications, ``files`` its files. It is told
    on some ``days`` of the week, of which 0 is Monday. ``newcomer`` is the place of this role, None without it.
    """

    def __init__(self, thread: Thread, words: Lexicon, name: str) -> None:
        """Compile a thread; its takes depend on its ``name``."""
        self.thread, self._name, self._fillers = thread, name, words.fillers
        self._first_row = random_for(0, "rows", name).randrange(_TAKES)
        turns = _with_one_file(thread.turns)
        always = [turn for turn in turns if not turn.is_optional and not turn.is_tied]
        self.least = sum(turn.lines[0].role != BOT for turn in always)
        self.bots = sum(turn.lines[0].role == BOT for turn in turns)
        self.files = sum(turn.lines[0].is_file for turn in turns)
        self.days = thread.days
        self.roles = tuple(Role(role, thread.cast.get(role, "")) for role in thread.roles)
        self.can_wait = thread.kind in _CAN_WAIT
        places = {role: place for place, role in enumerate(thread.roles)}
        self.newcomer = places.get(NEWCOMER)
        self._turns = [
            ScriptTurn(
                tuple(
                    TakeLine(places.get(line.role, _BOT), 0, words.template(line.text), line.notification, line.is_file)
                    for line in turn.lines
                ),
                turn.is_optional,
                turn.is_tied,
                _width(turns[number:]),
            )
            for number, turn in enumerate(turns)
        ]
        self._texts: dict[str, str] = {}  # of all takes, each once
        self._takes: list[Take | None] = [None] * _TAKES
        self._shortest: list[Take | None] = [None] * _TAKES  # the same without optional lines

    def take(self, draw: Callable[[], float], most: int) -> Take:
        """Return a take of up to ``most`` messages of people, which must not be below ``least``."""
        for _ in _TRIES:
            place = int(draw() * _TAKES)
            take = self._takes[place]
            if not take:
                take = self._takes[place] = self._drafted(place)
            if take.messages <= most:
                return take
        shortest = self._shortest[place]
        if not shortest:
            shortest = self._shortest[place] = self._drafted(place, has_optional=False)
        return shortest

    def _drafted(self, place: int, *, has_optional: bool = True) -> Take:
        """Return a take by its number, most of whose gaps are filled."""
        random = random_for(0, "take", self._name, place)
        draft = Draft(random, place, self._first_row, self._fillers, has_numbers=not self.bots)
        lines, after, before = list[TakeLine](), 0.0, _NOBODY
        is_told = True
        for turn in self._turns:
            if turn.is_optional:
                is_told = has_optional and random.random() < _OPTIONAL
            elif not turn.is_tied:
                is_told = True
            if not is_told:
                continue
            # All alternatives of the first line occur.
            line = pick(random, turn.lines) if lines else turn.lines[place % len(turn.lines)]
            after += pause(random, before, line.role, after) if before != _NOBODY else 0
            before = line.role
            lines.append(TakeLine(line.role, after, filled(line.text, draft), line.notification, line.is_file))
        messages = sum(line.role != _BOT for line in lines)
        if any(line.is_file or line.notification or _LINK in line.text for line in lines):
            return Take(messages, len(lines) - messages, lines, (), has_gaps=True)
        has_gaps = any("%" in line.text.replace(PERCENT, "") for line in lines)
        texts = [(line.role, line.after, self._kept(line.text, has_gaps=has_gaps)) for line in lines]
        return Take(messages, 0, (), texts, has_gaps)

    def _kept(self, template: str, *, has_gaps: bool) -> str:
        """Return the text of a take, which others that have it share."""
        text = template if has_gaps else template.replace(PERCENT, "%")
        return self._texts.setdefault(text, text)


def pause(random: Random, before: int, role: int, passed: float) -> float:
    """Return the seconds between messages of two roles, in a thread that began some seconds ago."""
    draw = random.random
    if role == before:
        return 2 + _OWN_PAUSE * draw()
    if role == _BOT:
        return 60 + _INTEGRATION * draw()
    if draw() < _SLOW and passed < _LONGEST:
        return 200 + _SLOWEST * draw()
    return 2 + _LONGEST_PAUSE * draw() ** 3


def _width(turns: Sequence[Turn]) -> int:
    """Return the number of messages of people in an optional turn, which is the first, and in those tied to it."""
    tied = [turns[0]]
    for turn in turns[1:]:
        if not turn.is_tied:
            break
        tied.append(turn)
    return sum(turn.lines[0].role != BOT for turn in tied)


def _with_one_file(turns: Sequence[Turn]) -> list[Turn]:
    kept: list[Turn] = []
    has_file = False
    for turn in turns:
        is_file, is_always = turn.lines[0].is_file, not turn.is_optional and not turn.is_tied
        if is_file and has_file and not is_always:
            continue
        if is_file and turn.is_tied:  # so the line that it is tied to is in every thread too
            kept[-1] = Turn(kept[-1].lines)
        kept.append(Turn(turn.lines) if is_file else turn)
        has_file = has_file or is_file
    return kept


FILE_ALONE = Script(
    parsed("", {"": {"thread": [{"kind": "file", "rooms": [ANY], "lines": ["writer: <file>"]}]}}).threads[0],
    Lexicon(parsed("", {})),
    "file",
)
"""A file without a word."""
