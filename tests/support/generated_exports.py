"""Builds sound exports of any size, record by record and without the generator."""

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from hcfmt.export.writer import ArchiveForm, Encryption, Entry, write_archive
from hcfmt.rng import random_for

PASSWORD = "hipchat"

Json = dict[str, Any]

_PDF = b"%PDF-1.4\n%%EOF\n"
_WORDS = ("lorem", "<b>", "été", "😀", "@user2", "a & b", "\u2028", "http://example.com/a:b", '"said"', "مرحبا")
_ZONES = ("UTC", "America/Denver", "Asia/Kolkata", "Europe/Paris")
_NAMES = ("General", "Straße 7", "R&D", "日本語", "Lunch/Dinner", "ops")


def png(width: int, height: int) -> bytes:
    """Return a PNG image of one colour."""
    chunks = (
        b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0),
        b"IDAT" + zlib.compress(bytes(width + 1) * height),
        b"IEND",
    )
    packed = (struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@dataclass(slots=True)
class Company:
    """Builder of an export of some people, rooms and messages in each room; equal numbers give equal exports."""

    people: int
    rooms: int
    messages: int
    members: dict[str, bytes] = field(default_factory=dict)
    random: Random = field(default_factory=lambda: random_for(11))
    histories: dict[int, list[Json]] = field(default_factory=dict)
    clock: int = 0

    def build(self) -> Mapping[str, bytes]:
        """Return the members."""
        rooms = [self._room(100 + number) for number in range(self.rooms)]
        users = [self._user(1 + number) for number in range(self.people)]
        self._private()
        self._write("users.json", [{"User": user} for user in users])
        self._write("rooms.json", [{"Room": room} for room in rooms])
        self._write("emoticons.json", {"Emoticons": [self._emoticon(900 + number) for number in range(3)]})
        data = [{"jid": f"1_{rooms[0]['canonical_name']}@conf.btf.hipchat.com"}, {"jid": "1_2@chat.btf.hipchat.com"}]
        joins = [{"id": f"pref:autoJoin:{user}", "data": json.dumps(data)} for user in (1, 2, 3)]
        self._write("autojoins.json", {"AutoJoins": joins})
        self._write("metadata.json", {"include_emoticons": True})
        self._write("preferences.json", [])
        for user, history in self.histories.items():
            self._write(f"users/{user}/history.json", history)
        return self.members

    def _write(self, path: str, value: object) -> None:
        self.members[path] = json.dumps(value, ensure_ascii=False, indent=1).encode()

    def _user(self, number: int) -> Json:
        guest, deleted = number % 5 == 4, number % 7 == 5
        avatar = f"files/photos/{number}/face{number}.png" if number % 2 else ""
        for suffix, side in (("", 200), ("_36", 36), ("_125", 125)) if avatar else ():
            self.members[f"users/{number}/avatars/face{number}{suffix}.png"] = png(side, side)
        if not deleted:
            self.histories[number] = []
        return {
            "id": number,
            "name": f"Üser {number}",
            "mention_name": f"user{number}",
            "email": None if guest else f"user{number}@example.org",
            "title": "",
            "avatar": avatar,
            "created": "2017-01-01T00:00:00+00:00",
            "is_deleted": deleted,
            "timezone": _ZONES[number % 4],
            "account_type": "guest" if guest else "admin" if number == 1 else "user",
            "roles": ["user", "owner"] if number == 1 else ["user"],
            "rooms": [],
            "metadata": '{"confirmation_unix_time":1483228800}',
        }

    def _room(self, number: int) -> Json:
        name = _NAMES[number % len(_NAMES)] + (f" {number}" if number >= 100 + len(_NAMES) else "")
        private, silent = number % 2 == 1, number % 3 == 2
        room: Json = {
            "id": number,
            "created": "2017-02-01T00:00:00+00:00",
            "guest_access_url": None if silent else "https://hipchat.example.com/gAbCd1234",
            "is_archived": number % 4 == 3,
            "members": [1, 2] if private else [],
            "canonical_name": name.lower().translate(str.maketrans(" ", "_", "\"&'/:<>@")),
            "name": name,
            "owner": 1,
            "participants": [],
            "privacy": "private" if private else "public",
            "room_admins": [1],
            "topic": "" if silent else f"topic <{number}>",
            "is_deleted": number % 4 == 2,
        }
        history = [self._room_message(number) for _ in range(self.messages)]
        if not silent:
            history += [
                self._state("Archive", "archive", is_archived=archived) for archived in (True, room["is_archived"])
            ]
            history += [self._state("Topic", "topic", topic=topic) for topic in ("what it was before", room["topic"])]
            url = room["guest_access_url"]
            history.append(self._state("", "guest_access", enable_guest_access=False, url=""))
            history.append(self._state("", "guest_access", enable_guest_access=True, url=url))
        self._write(f"rooms/{number}/history.json", history)
        return room

    def _state(self, name: str, type_: str, **more: object) -> Json:
        kind = f"{name}RoomMessage" if name else "GuestAccessMessage"
        return self._room_record(kind, f"muc_{type_}", 1, "", **more)

    def _stamp(self) -> str:
        self.clock += self.random.randrange(1, 5000)
        day, second = divmod(self.clock, 86_400)
        month, day = divmod(day, 28)
        hour, second = divmod(second, 3600)
        return f"2017-{3 + month:02}-{day + 1:02}T{hour:02}:{second // 60:02}:{second % 60:02}Z"

    def _text(self) -> str:
        return " ".join(self.random.choices(_WORDS, k=self.random.randrange(2, 12)))

    def _id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def _room_record(self, kind: str, type_: str, sender: int, message: str, **more: object) -> Json:
        user = {"id": sender, "mention_name": "", "name": f"User {sender}", "version": ""}
        stamp = f"{self._stamp()} {self.random.randrange(1_000_000):06}"
        record = {"id": self._id(), "type": type_, "sender": user, "message": message, "timestamp": stamp}
        return {kind: {**record, **more}}

    def _room_message(self, room: int) -> Json:
        sender = self.random.randrange(1, self.people + 1)
        match self.random.randrange(8):
            case 0:
                card = {"card": '{"id":"a","style":"link","title":"T"}'}
                looks = {"format": "html", "color": "green"}
                return self._room_record("NotificationMessage", "notification", 0, self._text(), **{**looks, **card})
            case 1:
                file = self._file(f"rooms/{room}/files/", sender)
                return self._room_record("UserMessage", "muc_message", sender, "", attachment=file)
            case 2:
                file = self._file(f"rooms/{room}/files/", sender)
                return self._room_record("UserMessage", "muc_message", sender, "x", attachment=file)
            case 3:
                deleted = {"user_id": sender, "date": "2018-11-01T00:00:00Z", "reason": None}
                return self._room_record("UserMessage", "muc_message", sender, "", deleted=deleted)
            case _:
                return self._room_record("UserMessage", "muc_message", sender, self._text())

    def _file(self, below: str, sender: int) -> Json:
        directory = "".join(self.random.choices("abcDEF0123", k=15))
        name, content = self.random.choice(
            [("a b.png", png(40, 30)), ("report.PDF", _PDF), ("naïve.txt", b"Text.\n"), ("data", bytes(range(256)))]
        )
        path = f"{directory}/{name}"
        self.members[below + path] = content
        file = {"name": path, "path": path, "size": len(content), "url": "", "created": f"{self._stamp()}"}
        if name.endswith(".png"):
            self.members[f"{below}{directory}/small.png"] = png(8, 6)
            return {**file, "senderid": sender, "thumbnail": f"{directory}/small.png"}
        return {**file, "senderid": sender}

    def _private(self) -> None:
        """Write private messages of neighbours into both histories, and one message of a user to themselves."""
        pairs = [
            (user, other) for user in self.histories for other in (user % self.people + 1, (user + 1) % self.people + 1)
        ]
        for sender, receiver in [*pairs, *pairs, (1, 1)]:
            party = {"mention_name": "", "name": "", "version": ""}
            file = self._file("users/files/", sender) if self.random.random() < 0.5 else None
            message: Json = {
                "id": self._id(),
                "attachment": file,
                "attachment_path": file and file["path"],
                "mentions": [],
                "message": self._text(),
                "receiver": {"id": receiver, **party},
                "sender": {"id": sender, **party},
                "timestamp": f"{self._stamp()} {self.random.randrange(1_000_000):06}",
                "type": "private",
            }
            for side in {sender, receiver} & set(self.histories):
                self.histories[side].append({"PrivateUserMessage": message})

    def _emoticon(self, number: int) -> Json:
        for suffix, scale in (("", 1), ("@2x", 2), ("@3x", 3), ("@4x", 4)):
            self.members[f"files/img/emoticons/1/e{number}-1500000000{suffix}.png"] = png(20 * scale, 25 * scale)
        path = {"path": f"1/e{number}-1500000000.png", "shortcut": f"e{number}"}
        return {"ID": number, "user_id": 1, "group_id": 1, **path, "width": 20, "height": 25, "audio_path": ""}


def company(path: Path, form: ArchiveForm, people: int, rooms: int, messages: int) -> Path:
    """Write a company's export and return where."""
    members = Company(people, rooms, messages).build()
    entries = [Entry(name, len(content), iter([content])) for name, content in sorted(members.items())]
    write_archive(str(path), form, entries, encryption=Encryption(PASSWORD.encode, b"somesalt"))
    return path
