"""How people speak: ids, times and texts of the messages of one history, drawn in the order of time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from typing import Any
from urllib.parse import quote

from hcfmt.generator.chance import chance, random_uuid
from hcfmt.generator.notices import Notification
from hcfmt.generator.texts import Texts
from hcfmt.generator.traffic import DAY, Remark, conversations, days_of, in_order
from hcfmt.generator.uploads import upload
from hcfmt.generator.world import Person, World

# Up to which share of all messages they are links, mentions, emoticons, /me and /code; what begins or goes on a
# conversation is all the rest.
_LINKED, _MENTIONED, _EMOTICON, _ME, _SPECIAL = 0.05, 0.15, 0.19, 0.20, 0.21
_OPENING = 0.6  # of what begins a conversation, no questions
_DELETED = 0.004  # share of messages


class Speech:
    """Draws ids, times and texts of one history, in the order of its messages."""

    def __init__(self, world: World, texts: Texts, *names: str | int) -> None:
        """Begin the streams of chance of a history."""
        self._world = world
        self._texts = texts
        self._random = chance(world.plan.seed, "speech", *names)
        self._day, self._date = 0, ""

    def id(self) -> str:
        """Return the id of the next message."""
        return random_uuid(self._random)

    def timestamp(self, second: float) -> str:
        """Return a moment as messages have it: to the second, and six digits of microseconds."""
        whole = int(second)
        day, rest = divmod(whole, DAY)
        if day != self._day:
            self._day, self._date = day, datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%d")
        minutes, seconds = divmod(rest, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{self._date}T{hours:02}:{minutes:02}:{seconds:02}Z {int((second - whole) * 1e6):06}"

    def text(self, remark: Remark, listeners: Sequence[Person]) -> tuple[str, list[dict[str, str]] | None]:
        """Return what somebody says, and the preview of a link in it, if there is one."""
        random, texts = self._random, self._texts
        chosen = random.random()
        emoticons = self._world.emoticons
        if chosen > _SPECIAL:
            if remark.turn == 0:
                return (texts.question if chosen > _OPENING else texts.opening)(random), None
            return (texts.closing if remark.turn == remark.turns - 1 else texts.reply)(random), None
        if chosen < _LINKED:
            text, preview = texts.link(random)
            return text, [preview] if preview else None
        if chosen < _MENTIONED:
            return texts.mentioning(random, random.choice(listeners).mention_name), None
        if chosen < _EMOTICON and emoticons:
            return texts.with_emoticon(random, random.choice(emoticons).shortcut), None
        return (texts.me if chosen < _ME else texts.code)(random), None

    def deletion(self, second: float, user: int) -> dict[str, Any] | None:
        """Return that a message was deleted by its sender soon after, which happens now and then."""
        if self._random.random() >= _DELETED:
            return None
        moment = datetime.fromtimestamp(int(second) + self._random.randrange(5, 3_600), UTC)
        return {"user_id": user, "date": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "reason": None}

    def attachment(self, number: int, second: float, sender: int) -> tuple[dict[str, Any], str]:
        """Return an upload as a message has it, and the address that the message tells."""
        file = upload(self._world.plan, number)
        moment = datetime.fromtimestamp(int(second), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        attachment: dict[str, Any] = {
            "name": file.path,
            "path": file.path,
            "size": file.size,
            "url": "",
            "created": moment,
            "senderid": sender,
        }
        if file.thumbnail:
            attachment["thumbnail"] = file.thumbnail
        return attachment, f"https://hipchat.example.com/files/1/{sender}/{quote(file.path)}"

    def notification(self, second: float) -> Notification:
        """Return what an integration says."""
        return self._texts.notification(self._random, second)


def talk(
    random: Random, plan_days: Sequence[float], first_second: int, count: int, people: Sequence[Person]
) -> Iterator[Remark]:
    """Yield so many remarks of some people, the first of whom talk most, in the order of time."""
    weights = list(accumulate(1 / (place + 1) for place in range(len(people))))
    ids, zones = [person.id for person in people], [person.timezone for person in people]
    days = (
        (first_second + number * DAY, today) for number, today in enumerate(days_of(random, count, plan_days)) if today
    )
    yield from in_order((day, list(conversations(random, day, today, ids, weights, zones))) for day, today in days)


def uploads_at(random: Random, count: int, uploads: range) -> dict[int, int]:
    """Choose which of so many messages bring a file: the message's place, and the file's number."""
    return dict(zip(sorted(random.sample(range(count), len(uploads))), uploads, strict=True))
