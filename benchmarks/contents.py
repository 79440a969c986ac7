"""Makes the contents of an export with Python's own libraries alone, so that hcfmt is measured on what it did not make.

A shape says how messages spread over histories. The same shape, sizes and seed give the same bytes.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

USERS = 1_000
SEED = 7
START_YEAR, DAYS = 2015, 28 * 12 * 4  # four years of months of 28 days: no calendar is needed
DAY = 86_400  # seconds
WORDS, PHRASES = 6_000, 20_000
BOTS = ("Deploy bot", "Monitoring", "Tickets", "Build server")
COLORS = ("yellow", "green", "red", "purple", "gray")

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of an export: its rooms, its private histories, its messages, its attachments and the bytes of each.

    Each ``broken_every``-th message contradicts its schema; 0 for none.
    """

    messages: int
    rooms: int = 200
    private: int = 0
    attachments: int = 20
    attachment_bytes: int = 20_000
    broken_every: int = 0

    @property
    def users(self) -> int:
        """The number of accounts; each may have one private history."""
        return max(USERS, self.private)


def members(shape: Shape) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) of every file of the export."""
    yield "emoticons.json", _encode({"Emoticons": []})
    yield "autojoins.json", _encode({"AutoJoins": []})
    yield "metadata.json", _encode({})
    yield "preferences.json", _encode({})
    makers = [_Maker(shape, number) for number in range(shape.rooms)]
    yield "users.json", _encode([{"User": _user(number)} for number in range(1, shape.users + 1)])
    yield "rooms.json", _encode([{"Room": _room(maker.number + 1, maker.topic)} for maker in makers])
    for maker in makers:
        directory = f"rooms/{maker.number + 1}"
        yield f"{directory}/history.json", _encode(maker.history())
        yield from ((f"{directory}/files/{path}", content) for path, content in maker.files())
    yield from _private_histories(shape)


def _private_histories(shape: Shape) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) of the histories of people; each wrote with the one before and the next, or with nobody."""
    before = _conversation(shape, shape.private - 1) if shape.private else []
    for number in range(shape.private):
        after = _conversation(shape, number)
        both = sorted((*before, *after), key=lambda message: str(message["timestamp"]))
        yield f"users/{number + 1}/history.json", _encode([{"PrivateUserMessage": message} for message in both])
        before = after
    yield from ((f"users/{number + 1}/history.json", b"[]") for number in range(shape.private, shape.users))


def _encode(value: object) -> bytes:
    """Return JSON as Go's encoder writes it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").encode()


def _phrases() -> list[str]:
    """Return parts of sentences of made-up words; the first words are the most frequent."""
    draw = random.Random(SEED)  # noqa: S311 - a fixed seed is the point
    syllables = [start + vowel + end for start in "bdfgklmnprstvw" for vowel in "aeiou" for end in ("", "n", "r", "st")]
    words = ["".join(draw.choices(syllables, k=draw.choice((1, 2, 2, 3)))) for _ in range(WORDS)]
    words[40:45] = ["https://wiki.example.com/x?a=1&b=2", "(thumbsup)", '"so"', "<b>", "déjà"]
    weights = list(accumulate(1 / (rank + 60) for rank in range(WORDS)))
    ends = ("", "", "", ",", ".", "?", "!", " 2", " #4711")
    return [
        " ".join(draw.choices(words, cum_weights=weights, k=draw.randrange(2, 6))) + draw.choice(ends)
        for _ in range(PHRASES)
    ]


_PHRASES = _phrases()


class _Maker:
    """Makes the history of one room, and its attachments."""

    def __init__(self, shape: Shape, number: int) -> None:
        self.number = number
        self._shape = shape
        self._draw = random.Random(SEED * 1_000_003 + number)  # noqa: S311 - a fixed seed is the point
        self._messages = _share(shape.messages if shape.private == 0 else shape.messages // 2, shape.rooms, number)
        self._attachments = min(_share(shape.attachments, shape.rooms, number), self._messages)
        self.topic = f"Topic {number}: {self._draw.choice(_PHRASES)}"

    def history(self) -> list[Record]:
        """Return the records of the history, in order of time."""
        stamps = _timestamps(self._draw, self._messages)
        records = [self._record(at, stamp) for at, stamp in enumerate(stamps)]
        if self._shape.broken_every:
            for at in range(self.number % self._shape.broken_every, len(records), self._shape.broken_every):
                _break(records[at], at // self._shape.broken_every)
        return records

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield (path below the room's files, content) of the attachments, which do not compress."""
        for at in range(self._attachments):
            yield self._path(at), self._draw.randbytes(self._shape.attachment_bytes)

    def _path(self, at: int) -> str:
        return f"attachment{self.number:05}/upload {at}.bin"

    def _record(self, at: int, stamp: str) -> Record:
        draw = self._draw
        user, kind = draw.randrange(1, USERS + 1), draw.random()
        message: Record = {
            "id": _uuid(draw),
            "type": "muc_message",
            "sender": _sender(user),
            "message": _text(draw),
            "timestamp": stamp,
        }
        if at < self._attachments:
            path, date = self._path(at), stamp.partition(" ")[0]
            size = self._shape.attachment_bytes
            attachment = {"name": path, "path": path, "size": size, "url": "", "created": date, "senderid": user}
            return {"UserMessage": {**message, "attachment": attachment}}
        if at == self._messages - 1:
            return {"TopicRoomMessage": {**message, "type": "muc_topic", "message": "", "topic": self.topic}}
        if kind < 0.1:  # noqa: PLR2004 - a share of all messages
            return {"NotificationMessage": _notification(draw, message)}
        return {"UserMessage": message}


def _share(total: int, parts: int, number: int) -> int:
    """Return the size of one of several parts of a total."""
    return total // parts + (number < total % parts)


def _timestamps(draw: random.Random, count: int) -> list[str]:
    """Return timestamps in order, over four years."""
    seconds = sorted(draw.randrange(DAYS * DAY) for _ in range(count))
    return [f"{_date(second // DAY)}T{_time(second % DAY)}Z {draw.randrange(1_000_000):06}" for second in seconds]


def _date(day: int) -> str:
    months, day_of_month = divmod(day, 28)
    return f"{START_YEAR + months // 12}-{months % 12 + 1:02}-{day_of_month + 1:02}"


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def _uuid(draw: random.Random) -> str:
    digits = f"{draw.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _text(draw: random.Random) -> str:
    return " ".join(draw.choices(_PHRASES, k=1 + int(draw.expovariate(0.3))))


def _sender(user: int) -> Record:
    return {"id": user, "mention_name": "", "name": f"Given{user * 37 % 411} Family{user}", "version": ""}


def _notification(draw: random.Random, message: Record) -> Record:
    sender = {"id": 0, "mention_name": "", "name": draw.choice(BOTS), "version": ""}
    fields = {"type": "notification", "sender": sender, "format": "html", "color": draw.choice(COLORS)}
    if draw.random() < 0.2:  # noqa: PLR2004 - a share of the notifications
        card = {"style": "link", "id": _uuid(draw), "title": draw.choice(_PHRASES), "url": "https://ci.example.com/"}
        fields["card"] = json.dumps({**card, "description": _text(draw)}, ensure_ascii=False)
    return {**message, **fields}


def _conversation(shape: Shape, number: int) -> list[Record]:
    """Return the private messages of a user and the next one; both of their histories hold all of them."""
    draw = random.Random(SEED * 2_000_003 + number)  # noqa: S311 - a fixed seed is the point
    people = (number, (number + 1) % shape.private)
    both = [{"id": user + 1, "mention_name": "", "name": "", "version": ""} for user in people]
    records: list[Record] = []
    for stamp in _timestamps(draw, _share(shape.messages // 4, shape.private, number)):
        sender, receiver = both if draw.random() < 0.5 else both[::-1]  # noqa: PLR2004 - either as often
        record = {"id": _uuid(draw), "type": "private", "sender": sender, "receiver": receiver, "timestamp": stamp}
        records.append({**record, "message": _text(draw), "mentions": [], "attachment": None, "attachment_path": None})
    return records


def _break(record: Record, number: int) -> None:
    """Make a record contradict its schema, in one of several ways."""
    (message,) = record.values()
    assert isinstance(message, dict)  # noqa: S101 - what a wrapper holds
    values = {"id": "0", "message": None, "type": "user", "sender": "Somebody", "timestamp": "2018-01-31 10:00:00"}
    key = ("timestamp", "message", "type", "sender", "id", "")[number % 6]
    if key:
        message[key] = values[key]
    else:
        del message["sender"]


def _user(number: int) -> Record:
    return {
        "id": number,
        "name": _sender(number)["name"],
        "mention_name": f"User{number}",
        "email": f"user{number}@example.com",
        "title": "",
        "avatar": "",
        "created": "2015-01-01T00:00:00+00:00",
        "is_deleted": False,
        "timezone": "UTC",
        "account_type": "user",
        "roles": ["user"],
        "rooms": [],
        "metadata": "{}",
    }


def _room(number: int, topic: str) -> Record:
    return {
        "id": number,
        "created": "2015-01-01T00:00:00+00:00",
        "guest_access_url": None,
        "is_archived": False,
        "members": [],
        "canonical_name": f"room_{number}",
        "name": f"Room {number}",
        "owner": 1,
        "participants": [],
        "privacy": "public",
        "room_admins": [1],
        "topic": topic,
        "is_deleted": False,
    }
