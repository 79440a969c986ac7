"""Small exports for tests, record by record, and stores of them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from hcfmt.container import Budget, open_archive
from hcfmt.export.writer import ArchiveForm, Entry, archive_chunks, write_archive
from hcfmt.server.store import Chat, Record, Store, Upload, open_store

FORMS = (".tar.gz.aes", ".tar.gz", ".tar", "")
Archive = Callable[..., str]
FIRST = 1_515_060_962_000_000  # 2018-01-04T10:16:02Z, in microseconds since 1970 UTC
STAMP = "2018-01-04T10:16:02Z"
DATE = "2018-01-01T00:00:00+00:00"


def user(number: int, **properties: Any) -> Record:  # noqa: ANN401 - properties of a record
    record = {"id": number, "name": f"User {number}", "mention_name": f"User{number}", "email": f"u{number}@a.example"}
    record |= {"title": "", "avatar": "", "created": DATE, "is_deleted": False, "timezone": "UTC"}
    return record | {"account_type": "user", "roles": ["user"], "rooms": [], "metadata": "{}"} | properties


def room(number: int, **properties: Any) -> Record:  # noqa: ANN401 - properties of a record
    record = {"id": number, "created": DATE, "guest_access_url": None, "is_archived": False, "members": []}
    record |= {"canonical_name": f"room_{number}", "name": f"Room {number}", "owner": 1, "participants": []}
    return record | {"privacy": "public", "room_admins": [], "topic": "", "is_deleted": False} | properties


def uuid(number: int) -> str:
    return str(UUID(int=number))


def timestamp(micros: int) -> str:
    """Return the timestamp of a moment so many microseconds after ``FIRST``, less than an hour."""
    seconds, rest = divmod(micros + 962_000_000, 1_000_000)
    return f"2018-01-04T10:{seconds // 60:02}:{seconds % 60:02}Z {rest:06}"


def room_message(number: int, micros: int = 0, *, deleted: bool = False, **properties: Any) -> Record:  # noqa: ANN401 - the same
    record = {"id": uuid(number), "type": "muc_message", "sender": participant(1), "message": f"<{number}>"}
    record |= {"timestamp": timestamp(micros)} | properties
    return record | {"deleted": {"user_id": 1, "date": DATE, "reason": None}} if deleted else record


def private_message(number: int, sender: int, receiver: int, micros: int = 0, *, deleted: bool = False) -> Record:
    record = room_message(number, micros, deleted=deleted, type="private", sender=participant(sender))
    return record | {"receiver": participant(receiver), "attachment": None, "attachment_path": None, "mentions": []}


def participant(number: int) -> Record:
    return {"id": number, "mention_name": "", "name": "", "version": ""}


def members(
    users: Iterable[Record] = (),
    rooms: Iterable[Record] = (),
    histories: Mapping[str, Iterable[tuple[str, Record]]] | None = None,
    more: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return the members of an export by path; ``histories`` by directory, such as rooms/1, of wrapper and record."""
    files: dict[str, Any] = {"users.json": [{"User": record} for record in users]}
    files["rooms.json"] = [{"Room": record} for record in rooms]
    for directory, records in (histories or {}).items():
        files[f"{directory}/history.json"] = [{kind: record} for kind, record in records]
    return {path: text(value) for path, value in files.items()} | dict(more or {})


def text(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def write_tar(path: Path, files: Mapping[str, bytes]) -> str:
    """Write members as a tar; return its path."""
    entries = (Entry(name, len(data), [data]) for name, data in files.items())
    path.write_bytes(b"".join(archive_chunks(entries, ArchiveForm.TAR)))
    return str(path)


@contextmanager
def store_of(files: Mapping[str, bytes], **how: Any) -> Iterator[Store]:  # noqa: ANN401 - handed on
    """Give a store of an export."""
    with TemporaryDirectory() as directory, open_store(write_tar(Path(directory, "a.tar"), files), **how) as store:
        yield store


def secret() -> bytes:
    return b"hipchat"


def content(path: str | Path) -> dict[str, bytes]:
    """Return the members of an archive by path."""
    with open_archive(str(path), password=secret, budget=Budget()) as archive:
        files = {member.path: b"".join(member.chunks) for member in archive.members() if not member.path.endswith("/")}
        assert archive.fault is None
    return files


def export_of(store: Store) -> dict[str, bytes]:
    return {entry.path: b"".join(entry.chunks) for entry in store.export()}


def write_export(store: Store, path: Path) -> str:
    """Write the present state as a .tar.gz; return its path."""
    write_archive(str(path), ArchiveForm.GZIP, store.export())
    return str(path)


def write_everything(store: Store) -> None:
    """Write users, rooms, messages, files and avatars."""
    new, owner = store.add_user(user(0, name="New", mention_name="New", email="new@a.example")), store.users()[0]
    new_room = store.add_room(room(0, name="Made", canonical_name="made", owner=owner["id"]))
    chats = [Chat(owner=owner["id"], peer=new["id"]), Chat(owner=new["id"], peer=owner["id"])]
    upload = Upload("../../ä:b?.gif", "image/gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", {})
    private = private_message(0, owner["id"], new["id"])
    for at, file in enumerate((upload, None, Upload("users.json", "", b"x", {}), Upload("", "", b"\x00", {}))):
        record = room_message(0, sender=participant(owner["id"]))
        store.append(
            Chat(room=new_room["id"]), "UserMessage", {**record, "id": uuid(1000 + at)}, time=FIRST + at, upload=file
        )
        store.append(chats, "PrivateUserMessage", {**private, "id": uuid(2000 + at)}, time=FIRST + at, upload=file)
    store.put_avatar(owner["id"], "jpg", b"\xff\xd8\xff\xe0 no picture, but one begins so")
    store.put_avatar(owner["id"], "png", b"\x89PNG\r\n\x1a\n")
    store.put_user({**(store.user(owner["id"]) or {}), "name": "</>"})
    for extension in ("gif", "png"):
        store.put_room_avatar(new_room["id"], extension, b"a picture")


def ids(store: Store, chat: Chat, **which: Any) -> list[int]:  # noqa: ANN401 - handed on
    """Return the numbers of the messages of a page, the newest first."""
    return [number(message.record) for message in store.history(chat, **{"size": 10**6, **which})]


def number(record: Record) -> int:
    return UUID(record["id"]).int
