"""Exports with random histories, sound or damaged, made without Hypothesis so that a run may go on for hours."""

import json
from copy import deepcopy
from random import Random
from typing import Any

from tests.support.dialects import in_dialect, packed
from tests.support.json_paths import paths
from tests.support.records import changed, private
from tests.support.slice_records import ATTACHMENT, ENDS, PRIVATE, RECORDS
from tests.support.synthetic import room, user

_KINDS: list[dict[str, Any]] = [
    changed(),
    changed(message='see http://x.example/a:b \\u003a " : \\ é 🦊'),
    changed(message="", deleted={"user_id": 2, "date": "2018-04-02T15:41:41Z", "reason": None}),
    changed(message="", attachment=ATTACHMENT),
    changed(attachment=ATTACHMENT | {"thumbnail": "a/y.png"}, metadata=[{"url": "u:v", "image": "", "n": 1.5}]),
    changed("TopicRoomMessage", type="muc_topic", topic="a: b"),
    changed("ArchiveRoomMessage", type="muc_archive", is_archived=False),
    changed("GuestAccessMessage", type="muc_guest_access", enable_guest_access=False, url=""),
    changed("NotificationMessage", type="notification", format="html", color="red"),
    changed(
        "NotificationMessage", type="notification", format="html", color="gray", card='{"icon":{"url":"a:b"},"id":"1"}'
    ),
    changed(
        "NotificationMessage", type="notification", format="text", color="gray", card='{"icon":"a:b","other":{"x":1}}'
    ),
]
_VALUES: list[Any] = [
    *("", "x", "a\n", ":", "None", "{}", "[]", '{"style": 1}', "2018-02-30T00:00:00Z 000000", "x" * 10_001),
    *("2018-04-02T15:40:44Z 00000", "2088ec9e-dd0d-4214-8f74-45e2fb85109", "\u0000", "\ud800", "../x", "g12345678"),
    *(0, 1, -1, 7.0, 0.5, 2**53, 2**53 + 1, 2**70, True, False, None, [], {}, [1], {"k": 1}, {"k": [1]}, [{"id": 7}]),
]
_NAMES = ["extra", "UserMessage", "Id", "links", "deleted", "attachment", "card", "password", "message", "a:b"]


def random_export(random: Random) -> bytes:
    """Return a tar of an export whose histories hold random records, some of them damaged."""
    files = _files(random, sound=False)
    return packed([(path, text.encode("utf-8", "surrogatepass")) for path, text in files.items()], random)


def random_export_in_dialect(random: Random, dialect: str) -> bytes:
    """Return a tar of an export of another dialect than hc-migrate's, with some records damaged."""
    sound = packed([(path, text.encode()) for path, text in _files(random, sound=True).items()])
    rate, indent = random.choice([0, 0.02, 0.2]), random.choice([None, 2])
    files = {}
    for path, data in in_dialect(sound, dialect):
        document = json.loads(data)
        if isinstance(document, list):
            document = [_damaged(random, record, rate) for record in document]
        files[path] = json.dumps(document, indent=indent).encode()
    if random.random() < 0.2:
        files["rooms/1/history.json"] = _history(random, private_of=None).encode("utf-8", "surrogatepass")
    return packed(list(files.items()), random)


def _files(random: Random, *, sound: bool) -> dict[str, str]:
    """Return the texts of an export's files by path."""
    rooms = {number: _history(random, private_of=None, sound=sound) for number in range(1, random.randint(2, 4))}
    people = {number: _history(random, private_of=number, sound=sound) for number in range(1, random.randint(2, 4))}
    rate = 0 if sound else 0.02
    return {
        "emoticons.json": random.choice(['{"Emoticons":[]}'] * 9 + ['{"Emoticons":null}']),
        "autojoins.json": random.choice(['{"AutoJoins":[]}'] * 9 + ['{"AutoJoins":null}']),
        "metadata.json": "{}",
        "preferences.json": "{}",
        "users.json": json.dumps(
            [_damaged(random, {"User": _with_nulls(random, user(number))}, rate) for number in range(1, 5)]
        ),
        "rooms.json": json.dumps(
            [_damaged(random, {"Room": _with_nulls(random, room(number))}, rate) for number in rooms]
        ),
        **{f"rooms/{number}/history.json": text for number, text in rooms.items()},
        **{f"users/{number}/history.json": text for number, text in people.items()},
    }


def _history(random: Random, *, private_of: int | None, sound: bool = False) -> str:
    """Return the text of a history: of a room, or of the private messages of a person."""
    if not sound and random.random() < 0.05:
        return random.choice(["null", " null\n"])
    rate = 0 if sound else random.choice([0, 0, 0.02, 0.2, 0.9])
    records = [_record(random, private_of, rate) for _ in range(random.choice([0, 1, 3, 10, 40]))]
    end = "]" if sound or random.random() < 0.95 else random.choice(ENDS).encode("utf-8", "replace").decode()
    gap = random.choice(["", "", " ", "\n  "])
    return f"[{gap}{f'{gap},{gap}'.join(records)}{gap}{end}"


def _record(random: Random, private_of: int | None, rate: float) -> str:
    if random.random() < rate / 4:
        return random.choice(RECORDS if private_of is None else PRIVATE)
    record = (
        json.loads(private(private_of, random.randint(1, 4), random.randint(0, 99)))
        if private_of
        else deepcopy(random.choice(_KINDS))
    )
    (value,) = record.values()
    value["id"] = f"2088ec9e-dd0d-4214-8f74-{random.getrandbits(48):012x}"
    record = _damaged(random, record, rate)
    text = json.dumps(record, ensure_ascii=random.random() < 0.5, separators=random.choice([(",", ":"), (", ", ": ")]))
    if random.random() < rate / 10:
        text = text.replace(":", "\\u003a", 1) if random.random() < 0.5 else text.replace('"id"', '"id":1,"id"', 1)
    return text


def _with_nulls(random: Random, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record, perhaps with null in place of some of its lists and its topic."""
    if random.random() < 0.8:
        return record
    nullable = [name for name, value in record.items() if isinstance(value, list) or name == "topic"]
    return record | dict.fromkeys(random.sample(nullable, random.randint(1, len(nullable))))


def _damaged(random: Random, record: Any, rate: float) -> Any:  # noqa: ANN401 - any JSON value
    """Return a record, or at a rate the record with some places replaced, removed, added to or edited."""
    if random.random() >= rate:
        return record
    root = {"": record}
    for _ in range(random.randint(1, 3)):
        *path, last = random.choice([path for path in paths(root) if path])
        holder: Any = root
        for step in path:
            holder = holder[step]
        match random.choice(["replace", "remove", "add", "edit"]):
            case "replace":
                holder[last] = deepcopy(random.choice(_VALUES))
            case "remove" if path:
                del holder[last]
            case "add" if isinstance(holder[last], dict):
                holder[last][random.choice(_NAMES)] = deepcopy(random.choice(_VALUES))
            case "edit" if isinstance(holder[last], str) and holder[last]:
                at = random.randrange(len(holder[last]))
                holder[last] = (
                    holder[last][:at] + random.choice("0gZ -/\n:é") + holder[last][at + random.randint(0, 2) :]
                )
    return root[""] if root else record
