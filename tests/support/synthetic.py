"""Makes a valid archive of many messages, for measuring.

``python -m tests.support.synthetic 400000 20 out.tar.gz.aes``
"""

import gzip
import io
import json
import os
import random
import sys
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path

from hcfmt.container import encrypt

USERS = 50
WORDS = ["lorem", "ipsum", "dolor", "amet", "http://x.example.com/a:b", ":)", "<b>", '"said"', "été"]


def message(draw: random.Random, number: int) -> dict[str, object]:
    sender = draw.randrange(1, USERS + 1)
    return {
        "UserMessage": {
            "id": str(uuid.UUID(int=draw.getrandbits(128))),
            "type": "muc_message",
            "sender": {"id": sender, "mention_name": "", "name": f"User {sender}", "version": ""},
            "message": " ".join(draw.choices(WORDS, k=draw.randrange(3, 40))),
            "timestamp": f"2018-{number % 12 + 1:02}-{number % 28 + 1:02}T15:40:44Z {number % 1_000_000:06}",
        }
    }


def members(messages: int, rooms: int) -> Iterator[tuple[str, bytes]]:
    """Yield (path, text) of every data file; the histories are written as Go's encoder does."""
    draw = random.Random(7)  # noqa: S311 - a fixed seed is the point
    for name in ("emoticons", "autojoins"):
        key = {"emoticons": "Emoticons", "autojoins": "AutoJoins"}[name]
        yield f"{name}.json", json.dumps({key: []}).encode()
    for name in ("metadata", "preferences"):
        yield f"{name}.json", b"{}"
    yield "users.json", json.dumps([{"User": user(number)} for number in range(1, USERS + 1)]).encode()
    yield "rooms.json", json.dumps([{"Room": room(number)} for number in range(1, rooms + 1)]).encode()
    for number in range(1, rooms + 1):
        history = [message(draw, at) for at in range(messages // rooms)]
        text = json.dumps(history, separators=(",", ":"), ensure_ascii=False)
        yield f"rooms/{number}/history.json", text.replace("<", "\\u003c").replace(">", "\\u003e").encode()


def user(number: int) -> dict[str, object]:
    return {
        "id": number,
        "name": f"User {number}",
        "mention_name": f"User{number}",
        "email": f"user{number}@example.com",
        "title": "",
        "avatar": "",
        "created": "2018-01-01T00:00:00+00:00",
        "is_deleted": False,
        "timezone": "UTC",
        "account_type": "user",
        "roles": ["user"],
        "rooms": [],
        "metadata": "{}",
    }


def room(number: int) -> dict[str, object]:
    return {
        "id": number,
        "created": "2018-01-01T00:00:00+00:00",
        "guest_access_url": None,
        "is_archived": False,
        "members": [],
        "canonical_name": f"room_{number}",
        "name": f"Room {number}",
        "owner": 1,
        "participants": [],
        "privacy": "public",
        "room_admins": [1],
        "topic": "",
        "is_deleted": False,
    }


def write(messages: int, rooms: int, path: Path) -> None:
    """Write the archive; a name that ends in .aes is sealed with the password "hipchat"."""
    plain = path.with_suffix("") if path.suffix == ".aes" else path
    with gzip.GzipFile(plain, "wb", compresslevel=6, mtime=0) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for name, text in members(messages, rooms):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    if plain != path:
        with plain.open("rb") as source, path.open("wb") as sealed:
            chunks = iter(lambda: source.read(1 << 18), b"")
            sealed.writelines(encrypt(chunks, b"hipchat", "md5", salt=os.urandom(8)))
        plain.unlink()


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
