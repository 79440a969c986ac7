"""Who takes the roles of a thread: people of the room who are there on a day, by their teams and habits."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from hcfmt.generation.activity import DAY, HOUR
from hcfmt.generation.dialogue.scripts import Role, Script
from hcfmt.generation.world import Person

_TRIES = range(6)  # draws for one role, of people who are free and awake
_SHORT = 6  # hours of a thread, such as a greeting, that is for people who live in these hours
_AWAKE = range(7, 22)  # local hours of those who answer at other times
_HABITS = (0.4, 0.7, 1.0, 1.5)  # how much more or less than others people begin threads


class Speakers:
    """The people of a room who are active on a day; the first of them talk most."""

    def __init__(self, people: Sequence[Person]) -> None:
        """Weigh the people by their rank and their habits."""
        self.people = people
        weights = [1 / rank for rank in range(1, len(people) + 1)]
        habits = [_HABITS[person.id * 40_503 // 7 % len(_HABITS)] for person in people]
        self._first = [*accumulate(weight * habit for weight, habit in zip(weights, habits, strict=True))]
        self._others = [*accumulate(weight / habit for weight, habit in zip(weights, habits, strict=True))]
        self._teams: dict[str, list[Person]] = {}
        for person in people:
            self._teams.setdefault(person.team, []).append(person)
        self._others_sum = self._others[-1]
        self._last = len(people) - 1
        self._have_one_zone = len({person.timezone for person in people}) == 1

    def first(self, draw: Callable[[], float], role: Role) -> Person:
        """Return who begins a thread in its first role."""
        if role.team and role.team in self._teams:
            return pick_by(draw, self._teams[role.team])
        return self.people[bisect_right(self._first, draw() * self._first[-1], 0, self._last)]

    def cast(
        self, draw: Callable[[], float], script: Script, first: Person, second: float, ahead: Mapping[str, int]
    ) -> Sequence[Person]:
        """Return the people of a thread in the order of its roles, which ``first`` begins in a second of a day.

        They are free and, where people live in several time zones, awake, if such ones are found soon. ``ahead`` are
        the seconds by which time zones are ahead of UTC on this day.
        """
        if self._last == 1:
            return first, self.people[self.people[0] is first]
        cast, taken = [first], [first.id]
        people, others, others_sum, last = self.people, self._others, self._others_sum, self._last
        hours = script.thread.hours if len(script.thread.hours) <= _SHORT else _AWAKE
        begin, end = hours.start * HOUR, hours.stop * HOUR
        for _, team in script.roles[1:]:
            free: Person | None = None
            members = self._teams.get(team, ()) if team else ()
            for attempt in _TRIES:
                if members and attempt < len(_TRIES) // 2:
                    person = pick_by(draw, members)
                else:
                    person = people[bisect_right(others, draw() * others_sum, 0, last)]
                if person.id in taken:
                    continue
                free = person
                if self._have_one_zone or begin <= (second + ahead[person.timezone]) % DAY < end:
                    break
            person = free or next(person for person in people if person.id not in taken)
            cast.append(person)
            taken.append(person.id)
        return cast


def pick_by(draw: Callable[[], float], people: Sequence[Person]) -> Person:
    """Return one of some people."""
    return people[int(draw() * len(people))]
