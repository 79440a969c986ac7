"""Ids, timestamps and texts of the messages of one history, and who speaks when."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any
from urllib.parse import quote

from hcfmt.generation.activity import DAY, Remark, conversations, in_order, messages_by_day
from hcfmt.generation.names import company
from hcfmt.generation.notifications import Notification
from hcfmt.generation.plan import Plan
from hcfmt.generation.scenarios import CODE, CODE_TEXTS
from hcfmt.generation.text_pools import TextPools
from hcfmt.generation.uploads import upload
from hcfmt.generation.vocabulary import pick
from hcfmt.generation.world import Person, World
from hcfmt.rng import random_for

# A random number from 0 to 1 below these limits gives a link, a mention, an emoticon, /me or /code; all other messages
# begin, continue or end a conversation.
_LINKED, _MENTIONED, _EMOTICON, _ME, _SPECIAL = 0.05, 0.15, 0.19, 0.20, 0.21
_OPENING = 0.6  # numbers up to here give an opening, above it a question
_DELETED = 0.004  # share of messages
_CODE = 0.1  # share of messages with code, if the plan has this edge case
_MINUTES = tuple(f"T{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60))
_SECONDS = tuple(f"{second:02}Z " for second in range(60))


class Listeners:
    """People who may be mentioned, from the day before they talk first to the day after they talk last."""

    def __init__(self, people: Sequence[Person]) -> None:
        """Find the days from which others may be mentioned than before."""
        self._people = people
        self._changes = sorted({day for person in people for day in (person.days.start - 1, person.days.stop + 1)})
        self._names: dict[tuple[int, int], list[str]] = {}

    def names(self, day: int, speaker: int) -> Sequence[str]:
        """Return the mention names of all but the speaker on a day, which is counted from the plan's first day."""
        period = bisect_right(self._changes, day), speaker
        if period not in self._names:
            self._names[period] = [
                person.mention_name
                for person in self._people
                if person.days.start - 1 <= day <= person.days.stop and person.id != speaker
            ]
        return self._names[period]


Spoken = tuple[str, dict[str, Any] | None, list[dict[str, str]] | None]
"""A text, "" for a deleted one, its deletion, and the previews of a link in it; None without them."""


class MessageTexts:
    """Ids and texts of one history, which must be drawn from ``random`` in the order of its messages."""

    def __init__(
        self, world: World, pools: TextPools, people: Sequence[Person], uploaded: dict[int, int], *names: str | int
    ) -> None:
        """Start the random numbers of a history; texts are in the language that most of its people speak.

        The second of each upload is added to ``uploaded`` by its number.
        """
        self._uploaded = uploaded
        self._world = world
        self._pools = pools
        self._language = pools.language(_locale(world, people))
        self._openings, self._questions, self._replies, self._closings = self._language.common
        self.random = random_for(world.plan.seed, "speech", *names)
        self._first_second = world.plan.first_second
        self._code_share = _CODE if CODE in world.plan.scenarios else 0.0

    def spoken(self, remark: Remark, to: Listeners) -> Spoken:
        """Return what is said in a remark to some listeners."""
        draw, previews = self.random.random, None
        number = draw()
        if self._code_share and draw() < self._code_share:
            text = pick(self.random, CODE_TEXTS)
        elif number > _SPECIAL:
            _, _, turn, turns = remark
            if turn == 0:
                pool = self._questions if number > _OPENING else self._openings
            else:
                pool = self._closings if turn == turns - 1 else self._replies
            text = pool[int(draw() * len(pool))]
        elif number < _LINKED:
            text, preview = self._language.link(self.random)
            previews = [preview] if preview else None
        else:
            text = self._special(number, remark, to)
        if draw() < _DELETED:
            return "", self._deletion(remark), None
        return text, None, previews

    def _special(self, number: float, remark: Remark, to: Listeners) -> str:
        """Return the text of a message for a random number between ``_LINKED`` and ``_SPECIAL``."""
        if number < _MENTIONED:
            return self._mentioning(remark, to)
        if number < _EMOTICON:
            return self._with_emoticon(remark)
        return (self._language.me if number < _ME else self._language.code)(self.random)

    def _mentioning(self, remark: Remark, to: Listeners) -> str:
        """Return a text that mentions one of the listeners, or a reply when none of them is active on that day."""
        second, speaker, _, _ = remark
        today = int(second - self._first_second) // DAY
        active = to.names(today, speaker)
        if not active:
            return self._language.reply(self.random)
        return self._language.mentioning(self.random, self.random.choice(active))

    def _with_emoticon(self, remark: Remark) -> str:
        """Return a text with a custom emoticon, or a reply before the first one was uploaded."""
        second = remark[0]
        uploaded = self._world.shortcuts_before(second)
        if not uploaded:
            return self._language.reply(self.random)
        return self._language.with_emoticon(self.random, self.random.choice(uploaded))

    def _deletion(self, remark: Remark) -> dict[str, Any]:
        """Return the deletion of a message by its sender within an hour."""
        second, speaker, _, _ = remark
        return {"user_id": speaker, "date": _iso_second(int(second) + self.random.randrange(5, 3_600)), "reason": None}

    def attachment(self, number: int, second: float, sender: int) -> tuple[dict[str, Any], str]:
        """Return the attachment of a message with an upload, and the URL of the upload."""
        self._uploaded[number] = int(second)
        file = upload(self._world.plan, number, int(second))
        attachment: dict[str, Any] = {
            "name": file.path,
            "path": file.path,
            "size": file.size,
            "url": "",
            "created": _iso_second(int(second)),
            "senderid": sender,
        }
        if file.thumbnail:
            attachment["thumbnail"] = file.thumbnail
        return attachment, f"https://{company(self._world.plan.seed).host}/files/1/{sender}/{quote(file.path)}"

    def notification(self, second: float) -> Notification:
        """Return the notification of an integration."""
        return self._pools.notification(self.random, second)


def timestamp(second: float) -> str:
    """Return the timestamp of a message: an ISO 8601 date and time, a space and six digits of microseconds."""
    whole = int(second)
    microseconds = str(int((second - whole) * 1e6)).zfill(6)
    return _date(whole // DAY) + _MINUTES[whole % DAY // 60] + _SECONDS[whole % 60] + microseconds


def _iso_second(moment: int) -> str:
    """Return seconds since 1970 UTC as an ISO 8601 date and time."""
    return timestamp(moment).partition(" ")[0]


@cache
def _date(day: int) -> str:
    """Return the ISO 8601 date of a day since 1970."""
    return datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%d")


def _locale(world: World, people: Sequence[Person]) -> str:
    """Return the most frequent locale of some people; the first of the plan when two are equally frequent."""
    (first, frequency), *rest = Counter(person.locale for person in people).most_common(2)
    return world.plan.locales[0] if rest and rest[0][1] == frequency else first


def remarks(random: Random, plan: Plan, days: range, count: int, people: Sequence[Person]) -> Iterator[list[Remark]]:
    """Yield lists of ``count`` remarks together in the order of time; the first people of the list talk most.

    On each of the ``days`` those people talk who are active on it; at least one must be.
    """
    return in_order(
        (second, conversations(random, second, today, *speakers))
        for second, today, speakers in _with_speakers(plan, messages_by_day(random, plan, count, days), people)
    )


_Speakers = tuple[list[tuple[int, str]], list[float]]  # ids and time zones; cumulative weights


def _with_speakers(
    plan: Plan, days: Iterable[tuple[int, int]], people: Sequence[Person]
) -> Iterator[tuple[int, int, _Speakers]]:
    """Yield the first second of each day that has messages, their number, and the people who are active on it."""
    first = plan.first_second
    changes = sorted({day for person in people for day in (person.days.start, person.days.stop)})
    periods: dict[int, _Speakers] = {}
    for day, today in days:
        period = bisect_right(changes, day)
        if period not in periods:
            active = [(rank, person) for rank, person in enumerate(people, 1) if day in person.days]
            weights = list(accumulate(1 / rank for rank, _ in active))
            periods[period] = [(person.id, person.timezone) for _, person in active], weights
        yield first + day * DAY, today, periods[period]


def uploads_at(random: Random, count: int, uploads: range) -> dict[int, int]:
    """Choose the messages with an upload: a dict from their places, below ``count``, to the numbers of the uploads."""
    return dict(zip(sorted(random.sample(range(count), len(uploads))), uploads, strict=True))
