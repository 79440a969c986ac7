"""The days of a history: who is there, and how many messages, files and notifications each day has."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hcfmt.generation.activity import DAY, in_order, messages_by_day
from hcfmt.generation.dialogue.casting import Speakers
from hcfmt.generation.dialogue.stories import stories
from hcfmt.generation.dialogue.telling import Shown, Teller, Today, Told
from hcfmt.generation.plan import Plan
from hcfmt.generation.world import Person

_IN_THREADS = 0.5  # share of notifications that threads may have
_NEW = 3  # days in which a person is new
_MOST_SAVED = 12  # notifications that threads could have had and have not


class Numbers(NamedTuple):
    """How many messages of people and notifications a history has on its days, and its uploads."""

    days: range
    messages: int
    uploads: Sequence[Shown]
    notifications: int


def told(
    plan: Plan, numbers: Numbers, people: Sequence[Person], teller: Teller, newcomers: Iterable[Person] = ()
) -> Iterator[list[Told]]:
    """Yield lists of messages in the order of time, of people and of integrations.

    The first of the ``people`` talk most; on each day at least one of them must be there. ``newcomers`` are those of
    them who are welcomed, in the order of their first days.
    """
    return in_order(_by_day(plan, numbers, _SpeakersByDay(people, newcomers), teller))


def _by_day(
    plan: Plan, numbers: Numbers, speakers: "_SpeakersByDay", teller: Teller
) -> Iterator[tuple[int, list[Told]]]:
    """Yield the first second of each day on which something happens, and its messages."""
    days, count, uploads, notifications = numbers
    random = teller.stage.random
    in_threads = int(notifications * _IN_THREADS) if count else 0
    messages = dict(messages_by_day(random, plan, count, days))
    reports = dict(messages_by_day(random, plan, notifications - in_threads, days))
    waiting = deque(zip(sorted(random.sample(range(count), len(uploads))), uploads, strict=True))
    done = saved = 0
    first = plan.first_second
    for day in sorted(messages.keys() | reports):
        second, end = first + day * DAY, done + messages.get(day, 0)
        happening: list[Told] = []
        routine = reports.get(day, 0)
        if end > done:
            shown = []
            while waiting and waiting[0][0] < end:
                shown.append(waiting.popleft()[1])
            saved += in_threads * end // count - in_threads * done // count
            today = Today(day, second, end - done, shown, saved, speakers.on(day), speakers.newcomer(day))
            happening, used = teller.tell(today)
            done, saved = end, saved - used
            # Notifications that no thread has had for long are routine, at the end all of them.
            kept = min(saved, _MOST_SAVED if done < count else 0)
            routine, saved = routine + saved - kept, kept
        happening += stories(teller.stage, second, routine)
        yield second, happening


class _SpeakersByDay:
    """The people who are there on each day, and those who are new."""

    def __init__(self, people: Sequence[Person], newcomers: Iterable[Person]) -> None:
        self._people = people
        self._changes = sorted({day for person in people for day in (person.days.start, person.days.stop)})
        self._periods: dict[int, Speakers] = {}
        self._newcomers = deque(newcomers)

    def on(self, day: int) -> Speakers:
        """Return the people of a day."""
        period = bisect_right(self._changes, day)
        if period not in self._periods:
            self._periods[period] = Speakers([person for person in self._people if day in person.days])
        return self._periods[period]

    def newcomer(self, day: int) -> Person | None:
        """Return who is new on a day, None for nobody; each person once. Days come in their order."""
        newcomers = self._newcomers
        while newcomers and newcomers[0].days[:_NEW].stop <= day:
            newcomers.popleft()
        return newcomers.popleft() if newcomers and day in newcomers[0].days else None
