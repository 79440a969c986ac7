"""Tells the threads of a room or of private messages, day by day: exactly as many messages as each day has."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hcfmt.export.message_kinds import RoomState
from hcfmt.generation.activity import DAY, HOUR, hour_within, offsets
from hcfmt.generation.dialogue.casting import Speakers
from hcfmt.generation.dialogue.notifications import Notification, notification
from hcfmt.generation.dialogue.repertoire import Repertoire
from hcfmt.generation.dialogue.scenes import Scene, Stage
from hcfmt.generation.dialogue.scripts import FILE_ALONE, Script, Take
from hcfmt.generation.world import Person

_TRIES = 8  # threads with a file drawn, of which the first is told that fits the day
_SEVERAL = 3  # threads with a file, of which none is told twice in succession
_WITH_BOTS = 2  # notifications that must be left for threads in which integrations take part
_OVERNIGHT = 0.03  # share of threads that can wait in which an answer comes on the next working day
_MORNING = 8.6  # the hour from which such an answer comes
_FRIDAY, _WEEK = 4, 7

Told = tuple[float, int, str, dict[str, str] | int | Notification | RoomState | None]
"""A message to be sent: its second, its speaker's id (0 for an integration), its text, and what belongs to it: the
preview of a link, the number of an upload, a notification, which has the text, or a change of the room's state. A plain
tuple, because there are as many as messages."""


class Shown(NamedTuple):
    """An upload: its number, what it shows, and the words in its name that people may talk about, by their gaps."""

    number: int
    subject: str
    words: Mapping[str, str]


class Today(NamedTuple):
    """A day of a history: its number, from the plan's first, its first second, and its messages of people.

    ``notifications`` is how many threads may have, ``newcomer`` is somebody who is new.
    """

    number: int
    second: int
    messages: int
    uploads: Sequence[Shown]
    notifications: int
    speakers: Speakers
    newcomer: Person | None = None


class Teller:
    """Tells the threads of one history."""

    def __init__(self, stage: Stage, repertoire: Repertoire, purpose: str, days: range) -> None:
        """Take the purpose and the days of a room."""
        self.stage = stage
        self._repertoire, self._purpose, self._days = repertoire, purpose, days
        self._draw, self._fillers = stage.random.random, repertoire.lexicon.fillers
        self._orders = repertoire.orders(purpose, self._draw)
        self._shown: Script | None = None  # the last one with a file

    def tell(self, today: Today) -> tuple[list[Told], int]:
        """Return the messages of a day, thread by thread, and how many notifications are among them."""
        told: list[Told] = []
        draw, speakers, day = self._draw, today.speakers, today.second
        people, weekday, ahead = len(speakers.people), _weekday(day), offsets(day)
        left, bots, waiting = today.messages, today.notifications, [*today.uploads]
        welcome = self._welcome(today) if today.newcomer else None
        while left > 0:
            if welcome:
                script, take = welcome
            elif waiting:
                script, take = self._with_file(today, left, bots, waiting)
            else:
                script, take = self._orders[bots >= _WITH_BOTS].take(left, people, weekday, bots)
            newcomer = today.newcomer if welcome else None
            first = newcomer or speakers.first(draw, script.roles[0])
            shift = ahead[first.timezone]
            begin = day + hour_within(draw, script.thread.hours) * HOUR - shift
            cast = speakers.cast(draw, script, first, begin, ahead) if len(script.roles) > 1 else (first,)
            if newcomer and script.newcomer is not None:
                cast, welcome = _swapped(cast, script.newcomer), None
            start = len(told)
            if take.texts and not take.has_gaps:
                told += [(begin + after, cast[role].id, text, None) for role, after, text in take.texts]
            else:
                scene = Scene(self.stage, self._fillers, script.thread.roles, cast, begin, shift)
                if script.files:
                    scene.update(waiting[0].words)
                told += [(begin + after, cast[role].id, text % scene, None) for role, after, text in take.texts]
                told += _performed(take, scene, cast, waiting)
            if script.can_wait and draw() < _OVERNIGHT:
                self._answer_later(today, cast, shift, told, start)
            left -= take.messages
            bots -= take.notifications
        return told, today.notifications - bots

    def _welcome(self, today: Today) -> tuple[Script, Take] | None:
        """Return a thread in which somebody is welcomed, None where none fits the room and the day."""
        most = today.messages - len(today.uploads)
        script = self._repertoire.welcome(self._purpose, self._draw, most)
        if (
            not script
            or len(script.roles) > len(today.speakers.people)
            or script.bots
            or _weekday(today.second) not in script.days
        ):
            return None
        return script, script.take(self._draw, most)

    def _with_file(self, today: Today, left: int, bots: int, waiting: Sequence[Shown]) -> tuple[Script, Take]:
        """Return a thread that shows the next uploads; a file that none shows is sent without a word."""
        subject, most = waiting[0].subject, left - len(waiting) + 1
        draw, people, weekday = self._draw, len(today.speakers.people), _weekday(today.second)
        choice = self._repertoire.choice(self._purpose, subject, with_bots=bots >= _WITH_BOTS)
        for _ in range(_TRIES):
            script = choice.draw(draw, most)
            if not script:
                break
            if (
                (script is not self._shown or len(choice) < _SEVERAL)
                and len(script.roles) <= people
                and script.bots <= bots
                and weekday in script.days
                and _shows(script, waiting)
            ):
                self._shown = script
                return script, script.take(draw, most - 1 + script.files)
        simple = self._repertoire.simple(self._purpose, subject).draw(draw, most)
        script = simple if simple and _shows(simple, waiting) else FILE_ALONE
        return script, script.take(draw, most - 1 + script.files)

    def _answer_later(self, today: Today, cast: Sequence[Person], shift: int, told: list[Told], start: int) -> None:
        """Move the answers of a thread, whose messages begin at ``start``, to the next morning of a working day."""
        place = next((place for place in range(start + 1, len(told)) if told[place][1] != told[start][1]), 0)
        days = 1 if (weekday := _weekday(today.second)) < _FRIDAY else _WEEK - weekday
        day = today.number + days
        if not place or day not in self._days or any(day not in person.days for person in cast):
            return
        morning = today.second + days * DAY + (_MORNING + self._draw()) * HOUR - shift
        if (later := morning - told[place][0]) > 0:
            told[place:] = [(second + later, speaker, said, more) for second, speaker, said, more in told[place:]]


def _swapped(cast: Sequence[Person], place: int) -> list[Person]:
    """Return the people of a thread after the first of them and another have changed their places."""
    swapped = [*cast]
    swapped[0], swapped[place] = swapped[place], swapped[0]
    return swapped


def _weekday(day: int) -> int:
    """Return the weekday of a day, which is given by its first second: 0 for Monday."""
    return (day // DAY + 3) % _WEEK  # 1970 began on a Thursday


def _performed(take: Take, scene: Scene, cast: Sequence[Person], waiting: list[Shown]) -> list[Told]:
    """Return the lines of a take with their gaps filled; its files are taken from ``waiting``."""
    told: list[Told] = []
    for role, after, text, name, is_file in take.lines:
        second = scene.second + after
        if name:
            if text:
                scene["summary"] = text % scene
            told.append((second, 0, "", notification(name, scene, second)))
        elif is_file:
            told.append((second, cast[role].id, "", waiting.pop(0).number))
        else:
            said = text % scene
            told.append((second, cast[role].id, said, scene.preview))
        scene.preview = None
    return told


def _shows(script: Script, waiting: Sequence[Shown]) -> bool:
    """Return whether the files of a script may be the next uploads."""
    return script.files <= len(waiting) and all(
        waiting[place].subject in script.thread.files for place in range(script.files)
    )
