"""Small exports for unit tests: made of a few numbers, changed one thing at a time, and sound after each change."""

import os
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from hcfmt.container import Password
from hcfmt.errors import UsageError
from hcfmt.export.go_json import go_json
from hcfmt.export.layout import EMOTICON_FILES
from hcfmt.export.message_kinds import room_states
from hcfmt.export.writer import ArchiveForm, Encryption, Entry, output_form, write_archive
from hcfmt.factories.accounts import Record, emoticon, room, user
from hcfmt.factories.messages import KIND_OF_TYPE, attachment_path, message, private_message
from hcfmt.factories.sample_files import picture, sample_file
from hcfmt.rng import random_for, random_uuid

_SALT = 8  # bytes
_FIRST = datetime(2018, 3, 5, 9, tzinfo=UTC)
_TEXTS = (
    "good morning",
    "has anyone seen the report?",
    "it is in the wiki",
    "thanks!",
    "lunch at noon?",
    "yes",
    "on my way",
)
_SHORTCUTS = ("party", "shipit", "coffee", "yay", "oops")
_SCALES = {"": 1, "@2x": 2, "@3x": 3, "@4x": 4}
_AVATARS = {"": 200, "_36": 36, "_125": 125}  # pixels


@dataclass(frozen=True)
class SmallExport:
    """A small valid export: users, rooms and emoticons by id, messages by room, private messages, stored files by path.

    ``with_`` returns a changed one; nothing changes in place.
    """

    users: Mapping[int, Record] = field(default_factory=dict)
    rooms: Mapping[int, Record] = field(default_factory=dict)
    emoticons: Mapping[int, Record] = field(default_factory=dict)
    messages: Mapping[int, tuple[Record, ...]] = field(default_factory=dict)
    private_messages: tuple[Record, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    def with_(self, *records: Record, room: int | None = None, file: bytes | None = None) -> "SmallExport":
        """Return the export with records of the factories added, and with what they need.

        A user, room or emoticon replaces the one with its id. Messages go to ``room``, by default the first one. Users
        and rooms that are referred to and absent are added, and a message that changes a topic or the like changes the
        room. ``file`` is the content of the messages' file. Raises UsageError for anything that is no record.
        """
        draft = _Draft(self)
        for record in records:
            draft.add(deepcopy(record), room, file)
        return draft.export()

    def members(self) -> dict[str, bytes]:
        """Return the members of the archive by path."""
        private = {number: [*self._history_of(number)] for number in self.users}
        return {
            "autojoins.json": go_json(
                {"AutoJoins": [{"id": f"pref:autoJoin:{number}", "data": "[]"} for number in self.users]}
            ),
            "emoticons.json": go_json({"Emoticons": [*self.emoticons.values()]}),
            "metadata.json": go_json({"producer": "hcfmt.factories"}),
            "preferences.json": go_json({str(number): {} for number in self.users}),
            "rooms.json": go_json([{"Room": record} for record in self.rooms.values()]),
            "users.json": go_json([{"User": record} for record in self.users.values()]),
            **{f"users/{number}/history.json": _history(records) for number, records in private.items()},
            **{f"rooms/{number}/history.json": _history(self.messages.get(number, ())) for number in self.rooms},
            **self.files,
        }

    def _history_of(self, number: int) -> Iterator[Record]:
        for record in self.private_messages:
            if number in {record["sender"]["id"], record["receiver"]["id"]}:
                yield record

    def write(self, path: str | os.PathLike[str], *, password: Password | None = None, force: bool = False) -> None:
        """Write the archive.

        The suffix of the path selects the form: .tar.gz.aes, which needs a password, .tar.gz or .tar; any other path is
        a directory. Raises UsageError for an existing path without ``force``, and for an unusable one.
        """
        path = os.fspath(path)
        entries = (Entry(name, len(data), (data,)) for name, data in self.members().items())
        salt = random_for(1, "salt").randbytes(_SALT)
        encryption = Encryption(password, salt) if password is not None else None
        form = output_form(path) or ArchiveForm.DIRECTORY
        write_archive(path, form, entries, encryption=encryption, force=force)


def export(
    users: int = 2, rooms: int = 1, messages: int = 3, *, private_messages: int = 0, emoticons: int = 0, seed: int = 1
) -> SmallExport:
    """Return a small export with numbers of users, rooms, messages in rooms, private messages and emoticons.

    Messages are a minute apart. Raises UsageError without users, and for messages without a room.
    """
    if users < 1:
        raise UsageError("An export has a user.")
    if messages and not rooms:
        raise UsageError("Messages need a room; private_messages do not.")
    draft = _Draft(SmallExport())
    for number in range(1, users + 1):
        draft.add(user(number, admin=number == 1, seed=seed))
    for number in range(1, rooms + 1):
        draft.add(room(number, seed=seed))
    for number in range(emoticons):
        turn, place = divmod(number, len(_SHORTCUTS))
        draft.add(emoticon(_SHORTCUTS[place] + (str(turn + 1) if turn else "")))
    for number in range(messages):
        sent = _FIRST + timedelta(minutes=number)
        text = _TEXTS[(number + seed) % len(_TEXTS)]
        draft.add(message(text, sender=draft.users[number % users + 1], sent=sent, seed=seed), number % rooms + 1)
    for number in range(private_messages):
        parties = number % users + 1, (number + 1) % users + 1
        sent, text = _FIRST + timedelta(minutes=number), _TEXTS[(number + seed) % len(_TEXTS)]
        draft.add(private_message(text, sender=parties[0], receiver=parties[1], sent=sent, seed=seed))
    return draft.export()


class _Draft:
    """An export that is being changed."""

    def __init__(self, before: SmallExport) -> None:
        self.users, self._rooms, self._emoticons = dict(before.users), dict(before.rooms), dict(before.emoticons)
        self._messages = {number: [*records] for number, records in before.messages.items()}
        self._private, self._files = [*before.private_messages], dict(before.files)
        self._ids = {record["id"] for records in (*self._messages.values(), self._private) for record in records}

    def export(self) -> SmallExport:
        messages = {number: tuple(sorted(records, key=_time)) for number, records in self._messages.items()}
        private = tuple(sorted(self._private, key=_time))
        return SmallExport(self.users, self._rooms, self._emoticons, messages, private, self._files)

    def add(self, record: Record, room_id: int | None = None, file: bytes | None = None) -> None:
        """Add a record of any kind, and what it needs."""
        match record:
            case {"shortcut": _}:
                self._add_emoticon(record)
            case {"mention_name": _, "id": number, "avatar": avatar}:
                self.users[number] = record
                self._add_pictures(f"users/{number}/avatars/", str(avatar or "").rpartition("/")[2], _AVATARS)
            case {"canonical_name": _}:
                self._add_room(record)
            case {"receiver": _, "sender": _}:
                self._add_private(record, file)
            case {"type": kind, "sender": _} if kind in KIND_OF_TYPE:
                self._add_message(record, self._default_room() if room_id is None else room_id, file)
            case _:
                raise UsageError("Give a record of hcfmt.factories: a user, a room, an emoticon or a message.")

    def _default_room(self) -> int:
        return next(iter(self._rooms), 1)

    def _require_users(self, numbers: Iterable[int | None]) -> None:
        for number in numbers:
            if number and number not in self.users:
                self.users[number] = user(number)

    def _add_emoticon(self, record: Record) -> None:
        self._require_users([record["user_id"]])
        same = [other["ID"] for other in self._emoticons.values() if other["shortcut"] == record["shortcut"]]
        for number in {*same, record["ID"]} & self._emoticons.keys():
            old = self._emoticons.pop(number)
            self._remove_files(EMOTICON_FILES + old["path"].rpartition(".")[0])
        self._emoticons[record["ID"]] = record
        directory, _, name = record["path"].rpartition("/")
        pixels = {suffix: record["width"] * scale for suffix, scale in _SCALES.items()}
        self._add_pictures(f"{EMOTICON_FILES}{directory}/", name, pixels, replace=False)

    def _add_pictures(self, directory: str, name: str, pixels: Mapping[str, int], *, replace: bool = True) -> None:
        """Add pictures of several sizes in place of those of a directory; a picture without a name has none."""
        if replace:
            self._remove_files(directory)
        stem, _, extension = name.rpartition(".")
        for suffix, edge in pixels.items() if name else ():
            self._files[f"{directory}{stem}{suffix}.{extension}"] = picture(edge)

    def _remove_files(self, prefix: str) -> None:
        for path in [path for path in self._files if path.startswith(prefix)]:
            del self._files[path]

    def _add_room(self, record: Record) -> None:
        self._require_users([record["owner"], *record["members"], *record["room_admins"]])
        number = record["id"]
        self._rooms[number] = record
        history = self._messages.setdefault(number, [])
        first = min(map(_time, history), default="")
        self._date_back(number, first)
        last = {entry["type"]: entry for entry in sorted(history, key=_time)}
        for _, type_, properties in room_states(record):
            before = last.get(type_)
            if before and any(before[name] != value for name, value in properties.items()):
                change = {**before, **properties, "timestamp": max(map(_time, history))}
                history.append(self._with_new_id(change))

    def _date_back(self, number: int, timestamp: str) -> None:
        """Make a room as old as its first message, if that has a timestamp."""
        if timestamp[:1].isdigit() and timestamp[:19] < self._rooms[number]["created"][:19]:
            self._rooms[number] = {**self._rooms[number], "created": f"{timestamp[:19]}+00:00"}

    def _with_new_id(self, record: Record) -> Record:
        """Return a message with an id that no other message has."""
        turn = 0
        while record["id"] in self._ids:
            turn += 1
            record = {**record, "id": random_uuid(random_for(turn, "again", record["id"]))}
        self._ids.add(record["id"])
        return record

    def _add_private(self, record: Record, file: bytes | None) -> None:
        self._require_users([record["sender"]["id"], record["receiver"]["id"]])
        record = self._with_file(self._with_new_id(record), "users/files/", file)
        if record.get("attachment"):
            record["attachment_path"] = record["attachment"]["path"]
        self._private.append(record)

    def _add_message(self, record: Record, number: int, file: bytes | None) -> None:
        sender = record["sender"]
        if record["type"] != "notification":
            if sender["id"] not in self.users:
                self.users[sender["id"]] = user(sender["id"], name=sender["name"])
            record = {**record, "sender": {**sender, "name": self.users[sender["id"]]["name"]}}
        if number not in self._rooms:
            self._add_room(room(number, owner=next(iter(self.users), 1)))
        record = self._with_file(self._with_new_id(record), f"rooms/{number}/files/", file)
        self._messages.setdefault(number, []).append(record)
        self._date_back(number, _time(record))
        state = KIND_OF_TYPE[record["type"]].state
        if state:
            self._set_state(number, state)

    def _with_file(self, record: Record, directory: str, content: bytes | None) -> Record:
        """Return a message with the size of its file, whose content is added."""
        attachment = record.get("attachment")
        if not attachment:
            return record
        old = attachment["path"]
        name = old.rpartition("/")[2]
        data = sample_file(name) if content is None else content
        taken = any(path.endswith(f"/{old}") for path in self._files)
        path = attachment_path(name, record["id"]) if taken else old
        self._files[directory + path] = data
        attachment = {**attachment, "name": path, "path": path, "size": len(data)}
        return {**record, "attachment": attachment, "message": record["message"].replace(quote(old), quote(path))}

    def _set_state(self, number: int, state: str) -> None:
        """Set a property of a room to what the last message about it says."""
        types = {kind.type for kind in KIND_OF_TYPE.values() if kind.state == state}
        # Of messages of one moment the one that was added last is the last one in the history.
        last = max((entry for entry in reversed(self._messages[number]) if entry["type"] in types), key=_time)
        value = last["url"] or None if state == "guest_access_url" else last[state]
        self._rooms[number] = {**self._rooms[number], state: value}


def _time(record: Record) -> str:
    return str(record["timestamp"])  # of an invalid record it may be anything


def _history(records: Iterable[Record]) -> bytes:
    return go_json([{KIND_OF_TYPE[record["type"]].name: record} for record in records])
