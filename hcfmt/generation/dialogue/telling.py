"""Tells the threads of a room or of private messages, day by day: exactly as many messages as each day has."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from hcfmt.generation.activity import DAY, HOUR, hour_within, offset
from hcfmt.generation.dialogue.casting import Speakers
from hcfmt.generation.dialogue.lexicon import rendered
from hcfmt.generation.dialogue.notifications import Notification, notification
from hcfmt.generation.dialogue.scenes import Scene, Stage
from hcfmt.generation.dialogue.scripts import FILE_ALONE, Repertoire, Script, Take
from hcfmt.generation.world import Person

_TRIES = 8  # threads drawn, of which the first is told that fits the day and was not told lately
_TRIES_IN_LENGTH = 5  # threads drawn, of which the first is told that does not leave a single message for another one
_LATELY, _LATELY_SHARE = 15, 3  # threads that a room remembers; at most one in so many of those to choose from
_WITH_BOTS = 2  # notifications that must be left for threads in which integrations take part
_OVERNIGHT = 0.03  # share of threads that can wait in which an answer comes on the next working day
_MORNING = 8.6  # the hour from which such an answer comes
_FRIDAY, _WEEK = 4, 7

Told = tuple[float, int, str | Notification, dict[str, str] | int | None]
"""A message to be sent: its second, its speaker's id (0 for an integration), what is said, and what belongs to it: the
preview of a link or the number of an upload. A plain tuple, because there are as many as messages."""


class Today(NamedTuple):
    """A day of a history: its number, from the plan's first, its first second, and its messages of people.

    ``uploads`` are numbers and what they show, ``notifications`` is how many threads may have.
    """

    number: int
    second: int
    messages: int
    uploads: Sequence[tuple[int, str]]
    notifications: int
    speakers: Speakers


class Teller:
    """Tells the threads of one history."""

    def __init__(self, stage: Stage, repertoire: Repertoire, purpose: str, days: range, random: Random) -> None:
        """Take the purpose and the days of a room; ``random`` says who speaks when."""
        self._stage, self._repertoire, self._purpose, self._days = stage, repertoire, purpose, days
        self._draw = random.random
        self._lately: list[Script] = []

    def tell(self, today: Today) -> tuple[list[Told], int]:
        """Return the messages of a day, thread by thread, and how many notifications are among them."""
        told: list[Told] = []
        draw, speakers, day = self._draw, today.speakers, today.second
        left, bots, waiting = today.messages, today.notifications, [*today.uploads]
        while left > 0:
            script, take = self._chosen(today, left, bots, waiting)
            first = speakers.first(draw, script.roles[0])
            shift = offset(first.timezone, day)
            begin = day + hour_within(draw, script.thread.hours) * HOUR - shift
            cast = speakers.cast(draw, script, first, begin, day)
            start = len(told)
            if take.plain:
                told += [(begin + after, cast[role].id, text, None) for role, after, text in take.plain]
            else:
                told += self._performed(script, take, cast, begin, shift, waiting)
            if script.can_wait and draw() < _OVERNIGHT:
                self._answer_later(today, cast, shift, told, start)
            left -= take.messages
            bots -= len(take.lines) - take.messages
        return told, today.notifications - bots

    def _chosen(self, today: Today, left: int, bots: int, waiting: Sequence[tuple[int, str]]) -> tuple[Script, Take]:
        """Return a thread that fits what is left of a day; a file that no thread shows is sent without a word."""
        subject, most = (waiting[0][1], left - len(waiting) + 1) if waiting else ("", left)
        weekday = (today.second // DAY + 3) % 7  # 1970 began on a Thursday
        people, lately = len(today.speakers.people), self._lately
        choice = self._repertoire.choice(self._purpose, subject, with_bots=bots >= _WITH_BOTS)
        for attempt in range(_TRIES):
            script = choice.draw(self._draw, most)
            if not script:
                break
            if (
                len(script.roles) <= people
                and script.bots <= bots
                and script not in lately[: len(choice) // _LATELY_SHARE]
                and weekday in script.thread.days
                and (not waiting or _shows(script, waiting))
            ):
                take = script.take(self._draw, most - 1 + script.files if waiting else left)
                if left - take.messages == 1 and attempt < _TRIES_IN_LENGTH:
                    continue
                self._lately = [script, *lately[:_LATELY]]
                return script, take
        simple = self._repertoire.simple(self._purpose, subject).draw(self._draw, most)
        script = simple if simple and (not waiting or _shows(simple, waiting)) else FILE_ALONE
        return script, script.take(self._draw, most - 1 + script.files if waiting else left)

    def _performed(
        self,
        script: Script,
        take: Take,
        cast: Sequence[Person],
        begin: float,
        shift: int,
        waiting: list[tuple[int, str]],
    ) -> Iterator[Told]:
        """Yield the messages of a take, whose gaps people and the moment fill; its files are taken from ``waiting``."""
        scene = Scene(self._stage, dict(zip(script.thread.roles, cast, strict=True)), begin, shift)
        for role, after, text, name, is_file in take.lines:
            second = begin + after
            if name:
                if text:
                    scene.values["summary"] = rendered(text, scene)
                yield second, 0, notification(name, scene, second), None
            elif is_file:
                yield second, cast[role].id, "", waiting.pop(0)[0]
            else:
                said = rendered(text, scene)
                yield second, cast[role].id, said, scene.preview
            scene.preview = None

    def _answer_later(self, today: Today, cast: Sequence[Person], shift: int, told: list[Told], start: int) -> None:
        """Move the answers of a thread, whose messages begin at ``start``, to the next morning of a working day."""
        place = next((place for place in range(start + 1, len(told)) if told[place][1] != told[start][1]), 0)
        days = 1 if (weekday := (today.second // DAY + 3) % _WEEK) < _FRIDAY else _WEEK - weekday
        day = today.number + days
        if not place or day not in self._days or any(day not in person.days for person in cast):
            return
        morning = today.second + days * DAY + (_MORNING + self._draw()) * HOUR - shift
        if (later := morning - told[place][0]) > 0:
            told[place:] = [(second + later, speaker, said, more) for second, speaker, said, more in told[place:]]


def _shows(script: Script, waiting: Sequence[tuple[int, str]]) -> bool:
    """Return whether the files of a script may be the next uploads."""
    return script.files <= len(waiting) and all(
        waiting[place][1] in script.thread.files for place in range(script.files)
    )
