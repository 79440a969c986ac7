"""How people speak: ids, times and texts of the messages of one history, drawn in the order of time."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any
from urllib.parse import quote

from hcfmt.generation.activity import DAY, Remark, conversations, days_of, in_order
from hcfmt.generation.names import company
from hcfmt.generation.notifications import Notification
from hcfmt.generation.plan import Plan
from hcfmt.generation.text_pools import TextPools
from hcfmt.generation.uploads import upload
from hcfmt.generation.world import Person, World
from hcfmt.rng import random_for, random_uuid

# Up to which share of all messages they are links, mentions, emoticons, /me and /code; what begins or goes on a
# conversation is all the rest.
_LINKED, _MENTIONED, _EMOTICON, _ME, _SPECIAL = 0.05, 0.15, 0.19, 0.20, 0.21
_OPENING = 0.6  # of what begins a conversation, no questions
_DELETED = 0.004  # share of messages
_MINUTES = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60))


class MessageTexts:
    """Draws ids, times and texts of one history, in the order of its messages."""

    def __init__(self, world: World, texts: TextPools, people: Sequence[Person], *names: str | int) -> None:
        """Begin the streams of chance of a history, in which some people talk: in the language most of them speak."""
        self._world = world
        self._texts = texts
        self._talk = texts.speaking(_locale(world, people))
        self._random = random_for(world.plan.seed, "speech", *names)
        self._first_second = world.plan.first_second

    def id(self) -> str:
        """Return the id of the next message."""
        return random_uuid(self._random)

    def timestamp(self, second: float) -> str:
        """Return a moment as messages have it: to the second, and six digits of microseconds."""
        whole = int(second)
        return f"{_to_the_second(whole)} {int((second - whole) * 1e6):06}"

    def text(self, remark: Remark, listeners: Sequence[Person]) -> tuple[str, list[dict[str, str]] | None]:
        """Return what somebody says, and the preview of a link in it, if there is one."""
        random, said = self._random, self._talk
        chosen = random.random()
        if chosen > _SPECIAL:
            if remark.turn == 0:
                return (said.question if chosen > _OPENING else said.opening)(random), None
            return (said.closing if remark.turn == remark.turns - 1 else said.reply)(random), None
        if chosen < _LINKED:
            text, preview = said.link(random)
            return text, [preview] if preview else None
        if chosen < _MENTIONED:
            return self._mentioning(remark, listeners), None
        if chosen < _EMOTICON:
            return self._with_emoticon(remark.second), None
        return (said.me if chosen < _ME else said.code)(random), None

    def _mentioning(self, remark: Remark, listeners: Sequence[Person]) -> str:
        """Return what somebody says to another who is there in any time zone, or a mere reply where nobody else is."""
        today = int(remark.second - self._first_second) // DAY
        others = [one for one in listeners if one.id != remark.speaker and one.days.start - 1 <= today <= one.days.stop]
        if not others:
            return self._talk.reply(self._random)
        return self._talk.mentioning(self._random, self._random.choice(others).mention_name)

    def _with_emoticon(self, second: float) -> str:
        """Return what somebody says with an emoticon of the company's, or a mere reply before there are any."""
        there = [one for one in self._world.emoticons if one.uploaded < second]
        if not there:
            return self._talk.reply(self._random)
        return self._talk.with_emoticon(self._random, self._random.choice(there).shortcut)

    def deletion(self, second: float, user: int) -> dict[str, Any] | None:
        """Return that a message was deleted by its sender soon after, which happens now and then."""
        if self._random.random() >= _DELETED:
            return None
        moment = int(second) + self._random.randrange(5, 3_600)
        return {"user_id": user, "date": _to_the_second(moment), "reason": None}

    def attachment(self, number: int, second: float, sender: int) -> tuple[dict[str, Any], str]:
        """Return an upload as a message has it, and the address that the message tells."""
        file = upload(self._world.plan, number)
        attachment: dict[str, Any] = {
            "name": file.path,
            "path": file.path,
            "size": file.size,
            "url": "",
            "created": _to_the_second(int(second)),
            "senderid": sender,
        }
        if file.thumbnail:
            attachment["thumbnail"] = file.thumbnail
        return attachment, f"https://{company(self._world.plan.seed).host}/files/1/{sender}/{quote(file.path)}"

    def notification(self, second: float) -> Notification:
        """Return what an integration says."""
        return self._texts.notification(self._random, second)


def _to_the_second(moment: int) -> str:
    """Return seconds since 1970 UTC as an export spells them; each date is spelled once."""
    day, rest = divmod(moment, DAY)
    minutes, seconds = divmod(rest, 60)
    return f"{_date(day)}T{_MINUTES[minutes]}:{seconds:02}Z"


@cache
def _date(day: int) -> str:
    """Return the date of a day, counted from 1970."""
    return datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%d")


def _locale(world: World, people: Sequence[Person]) -> str:
    """Return the locale that most people have; the company's own where no other is ahead of all."""
    (first, most), *others = Counter(person.locale for person in people).most_common(2)
    return world.plan.locales[0] if others and others[0][1] == most else first


def talk(random: Random, plan: Plan, days: range, count: int, people: Sequence[Person]) -> Iterator[Remark]:
    """Yield so many remarks of some people, the first of whom talk most, in the order of time.

    On each of the ``days`` those talk who are there; somebody must be, on all of them.
    """
    yield from in_order(
        (day, list(conversations(random, day, today, *there)))
        for day, today, there in _lively(plan, days_of(random, plan, count, days), people)
    )


_There = tuple[list[int], list[float], list[str]]  # ids, how much each talks (added up), and time zones


def _lively(plan: Plan, days: Iterable[tuple[int, int]], people: Sequence[Person]) -> Iterator[tuple[int, int, _There]]:
    """Yield, of each day on which something is said, its first second, how many messages, and who is there."""
    first = plan.first_second
    changes = sorted({change for one in people for change in (one.days.start, one.days.stop)})
    known: dict[int, _There] = {}
    for number, today in days:
        time = bisect_right(changes, number)
        if time not in known:
            there = [(place, one) for place, one in enumerate(people) if number in one.days]
            weights = list(accumulate(1 / (place + 1) for place, _ in there))
            known[time] = [one.id for _, one in there], weights, [one.timezone for _, one in there]
        yield first + number * DAY, today, known[time]


def uploads_at(random: Random, count: int, uploads: range) -> dict[int, int]:
    """Choose which of so many messages bring a file: the message's place, and the file's number."""
    return dict(zip(sorted(random.sample(range(count), len(uploads))), uploads, strict=True))
