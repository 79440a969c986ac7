"""Counts the users, rooms, messages and files that damages need, independently of them, to check their refusals."""

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
_TOO_FEW = re.compile(r"The export has too few (.+): ([\d,]+), and ([\d,]+) are needed\.")


class ExportContents:
    """The records and files of a generated archive."""

    def __init__(self, archive: Path) -> None:
        """Read the whole archive."""
        self.files = members(archive)
        self.users: list[Json] = [wrapper["User"] for wrapper in self._json("users.json")]
        self.rooms: list[Json] = [wrapper["Room"] for wrapper in self._json("rooms.json")]
        self.emoticons: list[Json] = self._json("emoticons.json")["Emoticons"]
        self.joins: list[Json] = self._json("autojoins.json")["AutoJoins"]
        found = [(match[1], int(match[2]), path) for path in self.files if (match := _HISTORY.fullmatch(path))]
        self.histories = {
            (tree, number): [next(iter(wrapper.items())) for wrapper in self._json(path)]
            for tree, number, path in found
        }

    def _json(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.files[path])

    def users_with_email(self) -> list[Json]:
        return [user for user in self.users if user["email"]]

    def room_messages(self, *kinds: str) -> list[Json]:
        """Return the room messages of some kinds, by default of all."""
        rooms = (history for (tree, _), history in self.histories.items() if tree == "rooms")
        return [record for history in rooms for kind, record in history if kind in kinds or not kinds]

    def text_messages(self) -> list[Json]:
        plain = (
            message
            for message in self.room_messages("UserMessage")
            if "attachment" not in message and "deleted" not in message
        )
        return [message for message in plain if 0 < len(message["message"]) <= 9_000]

    def rooms_with_text(self) -> list[Json]:
        texts = {message["id"] for message in self.text_messages()}
        return [room for room in self.rooms if any(m["id"] in texts for m in self.messages_of(room, "UserMessage"))]

    def deleted_messages(self) -> list[Json]:
        return [message for message in self.room_messages() if "deleted" in message]

    def messages_of(self, room: Json, *kinds: str) -> list[Json]:
        return [record for kind, record in self.histories["rooms", room["id"]] if kind in kinds]

    def private_messages(self) -> Iterator[tuple[int, Json]]:
        """Yield (owner of the history, message) of every private message."""
        for (tree, owner), history in self.histories.items():
            if tree == "users":
                yield from ((owner, record) for _, record in history)

    def sent_messages(self) -> list[Json]:
        return [message for owner, message in self.private_messages() if message["sender"]["id"] == owner]

    def correspondents(self) -> set[frozenset[int]]:
        return {
            frozenset((sender, receiver))
            for message in self.sent_messages()
            for sender, receiver in [(message["sender"]["id"], message["receiver"]["id"])]
            if sender != receiver and ("users", receiver) in self.histories
        }

    def correspondents_of_others(self) -> list[Json]:
        """Return the users with a history who never write to themselves."""
        alone = {
            owner for owner, message in self.private_messages() if message["sender"]["id"] == message["receiver"]["id"]
        }
        return [user for user in self.users if user["id"] not in alone and ("users", user["id"]) in self.histories]

    def upload_paths(self, *keys: str) -> list[str]:
        """Return the paths of stored files and previews, as messages name them."""
        return [*self.room_upload_paths(*keys), *self.private_upload_paths(*keys)]

    def room_upload_paths(self, *keys: str) -> list[str]:
        return self._upload_paths(self.room_messages(), keys)

    def private_upload_paths(self, *keys: str) -> list[str]:
        return self._upload_paths([message for _, message in self.private_messages()], keys)

    def _upload_paths(self, messages: list[Json], keys: tuple[str, ...]) -> list[str]:
        attachments = [message["attachment"] for message in messages if message.get("attachment")]
        return [attachment[key] for attachment in attachments for key in keys if key in attachment]

    def avatar_paths(self, *suffixes: str) -> list[str]:
        named = [(user["id"], user["avatar"].rpartition("/")[2]) for user in self.users if user["avatar"]]
        return self._versions([f"users/{number}/avatars/{name}" for number, name in named], suffixes)

    def emoticon_paths(self, *suffixes: str) -> list[str]:
        return self._versions([f"files/img/emoticons/{emoticon['path']}" for emoticon in self.emoticons], suffixes)

    def _versions(self, paths: list[str], suffixes: tuple[str, ...]) -> list[str]:
        """Return the pictures that exist in all versions: with each suffix before their extension."""
        parts = [path.rpartition(".") for path in paths]
        return [
            f"{stem}.{extension}"
            for stem, _, extension in parts
            if all(f"{stem}{suffix}.{extension}" in self.files for suffix in ("", *suffixes))
        ]

    def rooms_with_removable_history(self) -> list[Json]:
        """Return the rooms whose history can be removed while other histories have messages."""
        alone = not any(True for _ in self.private_messages()) and bool(self.room_messages())
        return self.rooms[1:] if alone else self.rooms


COUNTS: Mapping[str, Callable[[ExportContents], int]] = {
    "files": lambda export: len(export.files),
    "required data files": lambda export: len(export.files.keys() & {"users.json", "rooms.json"}),
    "optional data files": lambda export: len(
        export.files.keys() & {"autojoins.json", "emoticons.json", "metadata.json", "preferences.json"}
    ),
    "data files": lambda export: len(export.histories) + 6,
    "data files, such as autojoins.json": lambda export: len(export.histories) + 6,
    "histories": lambda export: len(export.histories),
    "histories of rooms": lambda export: sum(tree == "rooms" for tree, _ in export.histories),
    "histories of users": lambda export: sum(tree == "users" for tree, _ in export.histories),
    "autojoins": lambda export: len(export.joins),
    "users": lambda export: len(export.users),
    "users with an e-mail address": lambda export: len(export.users_with_email()),
    "rooms": lambda export: len(export.rooms),
    "emoticons": lambda export: len(export.emoticons),
    "empty lists and topics of users and rooms": lambda export: sum(
        record.get(key) in ([], "")
        for record in [*export.users, *export.rooms]
        for key in ("members", "participants", "room_admins", "rooms", "topic")
    ),
    "users and rooms": lambda export: len(export.users) + len(export.rooms),
    "users, rooms and emoticons": lambda export: len(export.users) + len(export.rooms) + len(export.emoticons),
    "notifications and users": lambda export: len(export.room_messages("NotificationMessage")) + len(export.users),
    "users, of whom one is enough": lambda export: len(export.users),
    "rooms, of which one is enough": lambda export: len(export.rooms),
    "rooms, and a user to be a member": lambda export: len(export.rooms),
    "rooms whose topic can be changed alone": lambda export: len(export.rooms),
    "rooms whose guest URL can be changed alone": lambda export: len(export.rooms),
    "rooms that were never renamed": lambda export: sum(
        room["canonical_name"] == canonical_name(room["name"]) for room in export.rooms
    ),
    "rooms with a name that can take one more character": lambda export: sum(
        len(room["canonical_name"]) < 50 for room in export.rooms
    ),
    "rooms with a letter in their name, which can take one more character": lambda export: sum(
        len(room["name"]) < 50 and re.search("[0-9A-Za-z]", room["name"]) is not None for room in export.rooms
    ),
    "rooms with a history, and messages elsewhere": lambda export: len(export.rooms_with_removable_history()),
    "rooms with messages that agree with rooms.json": lambda export: sum(
        bool(export.messages_of(room, *ROOM_MESSAGES)) for room in export.rooms
    ),
    "rooms with a message that is not about the room": lambda export: sum(
        bool(export.messages_of(room, "UserMessage", "NotificationMessage")) for room in export.rooms
    ),
    "room messages": lambda export: len(export.room_messages()),
    "room messages of users": lambda export: len(export.room_messages("UserMessage")),
    "room messages of users with an id": lambda export: sum(
        message["sender"]["id"] > 0 for message in export.room_messages()
    ),
    "room messages with a text and without a file": lambda export: len(export.text_messages()),
    "room messages with a text, and one more": lambda export: max(0, len(export.text_messages()) - 1),
    "room messages that are not about the room": lambda export: len(
        export.room_messages("UserMessage", "NotificationMessage")
    ),
    "room messages that are deleted or can be": lambda export: (
        len(export.text_messages()) + len(export.deleted_messages())
    ),
    "pairs of messages of one room": lambda export: sum(
        len(export.messages_of(room, *ROOM_MESSAGES)) // 2 for room in export.rooms
    ),
    "pairs of users": lambda export: len(export.users) // 2,
    "pairs of users who are not deleted": lambda export: sum(not user["is_deleted"] for user in export.users) // 2,
    "pairs of users who are not deleted, one with an e-mail address": lambda export: min(
        sum(not user["is_deleted"] for user in export.users) // 2,
        sum(not user["is_deleted"] for user in export.users_with_email()),
    ),
    "pairs of users, one with an e-mail address": lambda export: min(
        len(export.users) // 2, len(export.users_with_email())
    ),
    "active users who are no guests": lambda export: sum(not user["is_deleted"] for user in export.users_with_email()),
    "users without rights, admins and guests": lambda export: len(export.users),
    "users with other users": lambda export: len(export.users) if len(export.users) > 1 else 0,
    "users with a history whose every message is in another's too, and who do not talk to each other": lambda export: (
        len(export.correspondents_of_others())
    ),
    "users with a private message in both histories": lambda export: len(export.correspondents()),
    "pairs of people with the same messages in both histories": lambda export: len(export.correspondents()),
    "private messages in the history of their sender": lambda export: len(export.sent_messages()),
    "notifications": lambda export: len(export.room_messages("NotificationMessage")),
    "messages about a topic": lambda export: len(export.room_messages("TopicRoomMessage")),
    "private messages without a file": lambda export: sum(
        not message["attachment"] for message in export.sent_messages()
    ),
    "room messages with a file": lambda export: len(export.room_upload_paths("path")),
    "uploaded files of room messages": lambda export: len(export.room_upload_paths("path")),
    "uploaded files of private messages": lambda export: len(export.private_upload_paths("path")),
    "private messages with a file": lambda export: sum(
        bool(message["attachment"]) for message in export.sent_messages()
    ),
    "rooms with a text message": lambda export: len(export.rooms_with_text()),
    "open rooms with a text message": lambda export: len(
        [room for room in export.rooms_with_text() if not room["is_archived"] and not room.get("is_deleted")]
    ),
    "messages of users": lambda export: (
        sum(message["sender"]["id"] > 0 for message in export.room_messages()) + len(export.sent_messages())
    ),
    "strings that hold JSON": lambda export: (
        len(export.users) + len(export.joins) + sum("card" in message for message in export.room_messages())
    ),
    "uploaded files": lambda export: len(export.upload_paths("path")),
    "uploaded files of rooms": lambda export: len(
        {message["attachment"]["path"] for message in export.room_messages() if message.get("attachment")}
    ),
    "uploaded files, and a room to put private ones in": lambda export: (
        len(export.upload_paths("path")) if export.rooms else 0
    ),
    "uploaded files in a directory of their own": lambda export: len(export.upload_paths("path")),
    "uploaded files with a letter in their path": lambda export: len(export.upload_paths("path")),
    "uploaded files, after all pictures and previews": lambda export: len(
        [*export.avatar_paths(), *export.emoticon_paths(), *export.upload_paths("path")]
    ),
    "users with a picture": lambda export: len(export.avatar_paths()),
    "users with a picture in all sizes": lambda export: len(export.avatar_paths("_36", "_125")),
    "emoticons with an image": lambda export: len(export.emoticon_paths()),
    "emoticons with an image in all versions": lambda export: len(export.emoticon_paths("@2x", "@3x", "@4x")),
    "emoticons with an image whose size can be read": lambda export: len(export.emoticon_paths()),
}
"""How many things an archive holds, by the noun with which a damage says that there are too few."""

_OTHER_REFUSALS: Mapping[str, Callable[[ExportContents], bool]] = {
    "Only the rooms that would end early have messages.": lambda export: sum(map(bool, export.histories.values())) < 2,
    "An export without users or without rooms needs no messages.": lambda export: not export.rooms,
    "An export with a single active user who is no guest, or with a single message, may lack anything.": (
        lambda export: (
            sum(not user["is_deleted"] for user in export.users_with_email()) < 2
            or min(len(export.room_messages("UserMessage", "NotificationMessage")), len(export.sent_messages())) < 2
        )
    ),
}


def is_true(refusal: str, archive: Path) -> bool:
    """Whether an archive lacks what a refusal to damage it once names; raises KeyError for an unknown refusal."""
    export = ExportContents(archive)
    match = _TOO_FEW.fullmatch(refusal)
    return COUNTS[match[1]](export) < 1 if match else _OTHER_REFUSALS[refusal](export)
