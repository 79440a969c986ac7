"""A thread that is being told: its people, its moment, and the values that its texts share."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from random import Random
from typing import Any

from hcfmt.generation.activity import DAY
from hcfmt.generation.names import company
from hcfmt.generation.plan import Plan
from hcfmt.generation.vocabulary import pick
from hcfmt.generation.world import Person
from hcfmt.rng import endless_uuids, random_for

_FIRST = range(180, 2_400)  # of a counter


Filler = Callable[[Any], str]
"""A function that returns what fills a gap in a thread: a ``Scene`` or, for words and rows, a draft of one."""


def _no_shortcuts(_: float) -> Sequence[str]:
    return ()


class Stage:
    """What the threads of one history share.

    ``about`` holds words that all of them are about, such as the project of a room. ``random`` gives the numbers of
    the texts. ``shortcuts`` returns those of the emoticons that were uploaded before a second.
    """

    def __init__(
        self,
        plan: Plan,
        random: Random,
        about: Mapping[str, str],
        shortcuts: Callable[[float], Sequence[str]] = _no_shortcuts,
    ) -> None:
        """Take what threads share."""
        self.random, self.draw, self.shortcuts = random, random.random, shortcuts
        self.uuids = endless_uuids(random)
        self.company = company(plan.seed)
        self.about = {"domain": self.company.domain, **about}
        self.seed, self.is_nasty, self._first_second = plan.seed, plan.nasty, plan.first_second

    def count(self, name: str, second: float, interval: int) -> int:
        """Return the value of a counter of the company, which rises by 1 each ``interval`` (in seconds)."""
        return counter_start(self.seed, name) + int(second - self._first_second) // interval


@cache
def counter_start(seed: int, name: str) -> int:
    """Return the value of a counter at the beginning of the plan."""
    return random_for(seed, "counter", name).choice(_FIRST)


class Scene(dict[str, str]):
    """One thread: what its texts share, by gap; ``fillers`` make what it does not have yet.

    ``rows`` are the numbers of its rows by table. ``second`` is its beginning in seconds since 1970 UTC, ``offset`` the
    seconds by which its first speaker, or who is welcomed, is ahead of UTC. ``preview`` is the page, video or image
    that the last text links to, ``notified`` the second of each integration's last notification.
    """

    __slots__ = ("_people", "_roles", "draw", "fillers", "notified", "offset", "preview", "rows", "second", "stage")

    def __init__(
        self,
        stage: Stage,
        fillers: Mapping[str, Filler],
        roles: Sequence[str],
        people: Sequence[Person],
        second: float,
        offset: int,
    ) -> None:
        """Begin a thread with some roles and the people who have them."""
        super().__init__(stage.about)
        self.stage, self.fillers, self.second, self.offset = stage, fillers, second, offset
        self._roles, self._people = roles, people
        self.rows: dict[str, int] = {}
        self.draw = stage.draw
        self.preview: dict[str, str] | None = None
        self.notified: dict[str, float] = {}

    def __missing__(self, gap: str) -> str:
        """Return what fills a gap; a filler keeps what the texts share."""
        return self.fillers[gap](self)

    def person(self, role: str) -> Person:
        """Return who has a role."""
        return self._people[self._roles.index(role)]

    def row(self, table: str, count: int) -> int:
        """Return the number of the row that the thread has of a table, which has ``count`` rows in a language."""
        if table not in self.rows:
            self.rows[table] = int(self.draw() * count)
        return self.rows[table] % count

    @property
    def today(self) -> date:
        """The day on which the thread begins, where its first speaker lives."""
        return day_of(int(self.second + self.offset) // DAY)

    @property
    def minute(self) -> int:
        """The minute of that day, from 0."""
        return int(self.second + self.offset) % DAY // 60

    def pick(self, *texts: str) -> str:
        """Return one of some texts."""
        return pick(self.stage.random, texts)


@cache
def day_of(number: int) -> date:
    """Return a day by its number since 1970."""
    return datetime.fromtimestamp(number * DAY, UTC).date()
