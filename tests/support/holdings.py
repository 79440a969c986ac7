"""What an archive holds of all that damages need, counted without them: what a refusal says can be held to it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.message_kinds import ROOM_MESSAGES
from tests.support.breaking import members

Json = dict[str, Any]

_HISTORY = re.compile(r"(rooms|users)/(\d+)/history\.json")
_SAID = re.compile(r"The export has too few (.+): ([\d,]+), and ([\d,]+) are needed\.")


class Holdings:
    """The records and files of a generated archive."""

    def __init__(self, archive: Path) -> None:
        """Read all of it."""
        self.files = members(archive)
        self.users: list[Json] = [one["User"] for one in self._json("users.json")]
        self.rooms: list[Json] = [one["Room"] for one in self._json("rooms.json")]
        self.emoticons: list[Json] = self._json("emoticons.json")["Emoticons"]
        self.joins: list[Json] = self._json("autojoins.json")["AutoJoins"]
        found = [(match[1], int(match[2]), path) for path in self.files if (match := _HISTORY.fullmatch(path))]
        self.histories = {
            (tree, number): [next(iter(one.items())) for one in self._json(path)] for tree, number, path in found
        }

    def _json(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.files[path])

    def addressed(self) -> list[Json]:
        return [one for one in self.users if one["email"]]

    def said(self, *kinds: str) -> list[Json]:
        """Return the room messages of some kinds, of all when none is named."""
        rooms = (history for (tree, _), history in self.histories.items() if tree == "rooms")
        return [record for history in rooms for kind, record in history if kind in kinds or not kinds]

    def written(self) -> list[Json]:
        plain = (one for one in self.said("UserMessage") if "attachment" not in one and "deleted" not in one)
        return [one for one in plain if 0 < len(one["message"]) <= 9_000]

    def deleted(self) -> list[Json]:
        return [one for one in self.said() if "deleted" in one]

    def about(self, room: Json, *kinds: str) -> list[Json]:
        return [record for kind, record in self.histories["rooms", room["id"]] if kind in kinds]

    def private(self) -> Iterator[tuple[int, Json]]:
        """Yield private messages, and whose history each is in."""
        for (tree, owner), history in self.histories.items():
            if tree == "users":
                yield from ((owner, record) for _, record in history)

    def sent(self) -> list[Json]:
        return [one for owner, one in self.private() if one["sender"]["id"] == owner]

    def exchanged(self) -> set[frozenset[int]]:
        return {
            frozenset((one["sender"]["id"], one["receiver"]["id"]))
            for one in self.sent()
            if one["sender"]["id"] != one["receiver"]["id"] and ("users", one["receiver"]["id"]) in self.histories
        }

    def talkative(self) -> list[Json]:
        """Return the users who write to nobody but others, all of whom have a history."""
        alone = {owner for owner, one in self.private() if one["sender"]["id"] == one["receiver"]["id"]}
        return [one for one in self.users if one["id"] not in alone and ("users", one["id"]) in self.histories]

    def uploaded(self, *keys: str) -> list[str]:
        """Return the paths of stored files and previews, as messages name them."""
        everything = [*self.said(), *(one for _, one in self.private())]
        attached = [one["attachment"] for one in everything if one.get("attachment")]
        return [one[key] for one in attached for key in keys if key in one]

    def avatars(self, *suffixes: str) -> list[str]:
        named = [(one["id"], one["avatar"].rpartition("/")[2]) for one in self.users if one["avatar"]]
        return self._versions([f"users/{number}/avatars/{name}" for number, name in named], suffixes)

    def images(self, *suffixes: str) -> list[str]:
        return self._versions([f"files/img/emoticons/{one['path']}" for one in self.emoticons], suffixes)

    def _versions(self, paths: list[str], suffixes: tuple[str, ...]) -> list[str]:
        """Return the pictures that are there with some suffixes before their extension."""
        parts = [path.rpartition(".") for path in paths]
        return [
            f"{stem}.{extension}"
            for stem, _, extension in parts
            if all(f"{stem}{suffix}.{extension}" in self.files for suffix in ("", *suffixes))
        ]

    def elsewhere(self) -> list[Json]:
        """Return the rooms whose history can go while there are messages in another."""
        alone = not any(True for _ in self.private()) and bool(self.said())
        return self.rooms[1:] if alone else self.rooms


_HELD: Mapping[str, Callable[[Holdings], int]] = {
    "files": lambda held: len(held.files),
    "required data files": lambda held: len(held.files.keys() & {"users.json", "rooms.json"}),
    "optional data files": lambda held: len(
        held.files.keys() & {"autojoins.json", "emoticons.json", "metadata.json", "preferences.json"}
    ),
    "data files, such as autojoins.json": lambda held: len(held.histories) + 6,
    "users": lambda held: len(held.users),
    "rooms": lambda held: len(held.rooms),
    "emoticons": lambda held: len(held.emoticons),
    "users and rooms": lambda held: len(held.users) + len(held.rooms),
    "users, rooms and emoticons": lambda held: len(held.users) + len(held.rooms) + len(held.emoticons),
    "users, of whom one is enough": lambda held: len(held.users),
    "rooms, of which one is enough": lambda held: len(held.rooms),
    "rooms, and a user to be a member": lambda held: len(held.rooms),
    "rooms whose topic can be changed alone": lambda held: len(held.rooms),
    "rooms whose guest URL can be changed alone": lambda held: len(held.rooms),
    "rooms that were never renamed": lambda held: sum(
        one["canonical_name"] == canonical_name(one["name"]) for one in held.rooms
    ),
    "rooms with a name that can take one more character": lambda held: sum(
        len(one["canonical_name"]) < 50 for one in held.rooms
    ),
    "rooms with a history, and messages elsewhere": lambda held: len(held.elsewhere()),
    "rooms with messages that agree with rooms.json": lambda held: sum(
        bool(held.about(one, *ROOM_MESSAGES)) for one in held.rooms
    ),
    "rooms with a message that is not about the room": lambda held: sum(
        bool(held.about(one, "UserMessage", "NotificationMessage")) for one in held.rooms
    ),
    "room messages": lambda held: len(held.said()),
    "room messages of users": lambda held: len(held.said("UserMessage")),
    "room messages of users with an id": lambda held: sum(one["sender"]["id"] > 0 for one in held.said()),
    "room messages with a text and without a file": lambda held: len(held.written()),
    "room messages with a text, and one more": lambda held: max(0, len(held.written()) - 1),
    "room messages that are not about the room": lambda held: len(held.said("UserMessage", "NotificationMessage")),
    "room messages that are deleted or can be": lambda held: len(held.written()) + len(held.deleted()),
    "pairs of messages of one room": lambda held: sum(len(held.about(one, *ROOM_MESSAGES)) // 2 for one in held.rooms),
    "pairs of users": lambda held: len(held.users) // 2,
    "pairs of users, one with an e-mail address": lambda held: min(len(held.users) // 2, len(held.addressed())),
    "active users who are no guests": lambda held: sum(not one["is_deleted"] for one in held.addressed()),
    "users without rights, admins and guests": lambda held: len(held.users),
    "users with other users": lambda held: len(held.users) if len(held.users) > 1 else 0,
    "users with a history whose every message is in another's too, and who do not talk to each other": lambda held: len(
        held.talkative()
    ),
    "users with a private message in both histories": lambda held: len(held.exchanged()),
    "pairs of people with the same messages in both histories": lambda held: len(held.exchanged()),
    "private messages in the history of their sender": lambda held: len(held.sent()),
    "private messages with a file": lambda held: sum(bool(one["attachment"]) for one in held.sent()),
    "messages of users": lambda held: sum(one["sender"]["id"] > 0 for one in held.said()) + len(held.sent()),
    "strings that hold JSON": lambda held: (
        len(held.users) + len(held.joins) + sum("card" in one for one in held.said())
    ),
    "uploaded files": lambda held: len(held.uploaded("path")),
    "uploaded files, and a room to put private ones in": lambda held: len(held.uploaded("path")) if held.rooms else 0,
    "uploaded files in a directory of their own": lambda held: len(held.uploaded("path")),
    "uploaded files with a letter in their path": lambda held: len(held.uploaded("path")),
    "uploaded files, after all pictures and previews": lambda held: len(
        [*held.avatars(), *held.images(), *held.uploaded("path")]
    ),
    "users with a picture": lambda held: len(held.avatars()),
    "users with a picture in all sizes": lambda held: len(held.avatars("_36", "_125")),
    "emoticons with an image": lambda held: len(held.images()),
    "emoticons with an image in all versions": lambda held: len(held.images("@2x", "@3x", "@4x")),
    "emoticons with an image whose size can be read": lambda held: len(held.images()),
}
_OTHERWISE: Mapping[str, Callable[[Holdings], bool]] = {
    "An export without users or without rooms needs no messages.": lambda held: not held.rooms,
}


def is_true(refusal: str, archive: Path) -> bool:
    """Whether an archive lacks what a refusal to damage it once says; KeyError for a refusal that is not known."""
    held = Holdings(archive)
    said = _SAID.fullmatch(refusal)
    return _HELD[said[1]](held) < 1 if said else _OTHERWISE[refusal](held)
