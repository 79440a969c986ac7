"""Random changes of an export, each with the difference that it makes."""

import io
import json
from collections.abc import Callable, Mapping
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from hcfmt.differences.engine import diff
from hcfmt.differences.result import Differences
from hcfmt.differences.side_reading import DiffOptions
from tests.support.dialects import packed
from tests.support.generated_exports import Company

Difference = tuple[str, str, str, str]
"""A section, a place, a change and an id."""

INVERSE = {"added": "removed", "removed": "added", "changed": "changed", "moved": "moved"}
MOVABLE = "rooms/100/files/movable/file.txt"
EVERYTHING = DiffOptions(keep=100_000, show_values=True)


@cache
def base() -> Mapping[str, bytes]:
    """Return the files of a sound export by path, and a file that no record names, with a content of its own."""
    return {**Company(people=4, rooms=3, messages=8).build(), MOVABLE: b"movable"}


def compared(a: bytes, b: bytes, options: DiffOptions = EVERYTHING) -> Differences:
    """Compare two archives in memory."""
    return diff(io.BytesIO(a), io.BytesIO(b), options)


def found(result: Differences) -> set[Difference]:
    """Return each difference of a result; of a moved file, with the path in A."""
    return {
        (section.section, place.place, record.change, record.id)
        for section in result.sections
        for place in section.places
        for record in place.records
    }


class ChangedExport:
    """A copy of the export, its changes, and the differences that they make; no record is changed twice."""

    def __init__(self, random: Random) -> None:
        """Begin with no change."""
        self.random = random
        self.data = {path: json.loads(text) for path, text in base().items() if path.endswith(".json")}
        self.files = {path: content for path, content in base().items() if not path.endswith(".json")}
        self.differences: set[Difference] = set()
        self._touched: set[str] = set()
        self._number = 1_000_000

    def archive(self) -> bytes:
        """Return a tar of the export, with its members in a random order."""
        texts = {
            path: json.dumps(value, indent=self.random.choice([None, 1])).encode() for path, value in self.data.items()
        }
        return packed([*texts.items(), *self.files.items()], self.random)

    def change(self, name: str) -> None:
        """Make the change of a name in ``CHANGES``, where there is something left to change."""
        CHANGES[name](self)

    def note(self, section: str, place: str, change: str, id_: object) -> None:
        """Note a difference."""
        self.differences.add((section, place, change, str(id_)))

    def new_number(self) -> int:
        """Return a number that nothing has."""
        self._number += 1
        return self._number

    def pick(self, path: str) -> tuple[list[Any], int, dict[str, Any]] | None:
        """Return the list of a data file, and the index and the record of one that was not touched before."""
        value = self.data[path]
        records = value if isinstance(value, list) else next(iter(value.values()))
        for index in self.random.sample(range(len(records)), len(records)):
            wrapper = records[index]
            record = next(iter(wrapper.values())) if isinstance(value, list) else wrapper
            key = f"{path} {record.get('id', record.get('ID'))}"
            if key not in self._touched:
                self._touched.add(key)
                return records, index, record
        return None

    def touch(self, key: str) -> bool:
        """Note that something is changed; return whether it was before."""
        is_new = key not in self._touched
        self._touched.add(key)
        return not is_new


def _list_changes(path: str, section: str, id_: str, name: str, value: Callable[[int], Any]) -> dict[str, Any]:
    """Return the changes of the records of a list: one added, one removed, one with another value."""

    def added(export: ChangedExport) -> None:
        picked = export.pick(path)
        if picked:
            records, index, record = picked
            number = export.new_number()
            wrapper, new = (
                records[index],
                {**record, id_: number if isinstance(record[id_], int) else f"pref:autoJoin:{number}"},
            )
            records.append(new if wrapper is record else {next(iter(wrapper)): new})
            export.note(section, "", "added", new[id_])
            export.touch(f"{path} {new[id_]}")

    def removed(export: ChangedExport) -> None:
        picked = export.pick(path)
        if picked:
            records, index, record = picked
            del records[index]
            export.note(section, "", "removed", record[id_])

    def changed(export: ChangedExport) -> None:
        picked = export.pick(path)
        if picked:
            record = picked[2]
            record[name] = value(export.new_number())
            export.note(section, "", "changed", record[id_])

    return {f"{section} added": added, f"{section} removed": removed, f"{section} changed": changed}


def _room_path(export: ChangedExport) -> tuple[str, str]:
    path = export.random.choice([path for path in export.data if path.startswith("rooms/")])
    return path, path.removesuffix("/history.json")


def _room_message_added(export: ChangedExport) -> None:
    path, place = _room_path(export)
    id_ = str(UUID(int=export.random.getrandbits(128), version=4))
    message = {
        "id": id_,
        "type": "muc_message",
        "sender": {"id": 1, "mention_name": "", "name": "A", "version": ""},
        "message": "new",
        "timestamp": "2018-11-01T10:38:25Z 135846",
    }
    export.data[path].insert(export.random.randint(0, len(export.data[path])), {"UserMessage": message})
    export.touch(f"{path} {id_}")
    export.note("room messages", place, "added", id_)


def _room_message_removed(export: ChangedExport) -> None:
    path, place = _room_path(export)
    picked = export.pick(path)
    if picked:
        del picked[0][picked[1]]
        export.note("room messages", place, "removed", picked[2]["id"])


def _room_message_changed(export: ChangedExport) -> None:
    path, place = _room_path(export)
    picked = export.pick(path)
    if picked:
        name, value = export.random.choice(
            [
                ("message", "other"),
                ("timestamp", "2001-01-01T00:00:00Z 000000"),
                ("deleted", {"user_id": 1, "date": "2018-11-01T00:00:00Z", "reason": "other"}),
                ("undocumented", [1]),
                ("type", "other"),
                ("sender", {"id": 1, "mention_name": "", "name": "Nobody", "version": ""}),
            ]
        )
        picked[2][name] = value
        export.note("room messages", place, "changed", picked[2]["id"])


def _room_message_doubled(export: ChangedExport) -> None:
    path, place = _room_path(export)
    picked = export.pick(path)
    if picked:
        picked[0].append(picked[0][picked[1]])
        export.note("room messages", place, "changed", picked[2]["id"])


def _private_copies(export: ChangedExport) -> tuple[str, list[tuple[list[Any], dict[str, Any]]]] | None:
    """Return the place of a private message, and for each of its copies the history and the wrapper."""
    path = export.random.choice([path for path in export.data if path.startswith("users/") and export.data[path]])
    picked = export.pick(path)
    if picked is None or export.touch(f"private {picked[2]['id']}"):
        return None
    people = sorted({picked[2]["sender"]["id"], picked[2]["receiver"]["id"]})
    copies = [
        (history, wrapper)
        for history in (export.data.get(f"users/{number}/history.json", []) for number in people)
        for wrapper in history
        if wrapper["PrivateUserMessage"]["id"] == picked[2]["id"]
    ]
    return f"users/{people[0]}-{people[-1]}", copies


def _private_message_removed(export: ChangedExport) -> None:
    private = _private_copies(export)
    if private:
        place, copies = private
        for history, wrapper in copies:
            history.remove(wrapper)
        export.note("private messages", place, "removed", copies[0][1]["PrivateUserMessage"]["id"])


def _private_copy_changed(export: ChangedExport) -> None:
    private = _private_copies(export)
    if private:
        place, copies = private
        _, wrapper = export.random.choice(copies)
        wrapper["PrivateUserMessage"]["message"] = "other"
        export.note("private messages", place, "changed", wrapper["PrivateUserMessage"]["id"])


def _private_copy_removed(export: ChangedExport) -> None:
    private = _private_copies(export)
    if private:
        place, copies = private
        history, wrapper = export.random.choice(copies)
        history.remove(wrapper)
        change = "changed" if len(copies) > 1 else "removed"
        export.note("private messages", place, change, wrapper["PrivateUserMessage"]["id"])


def _stored_file(export: ChangedExport) -> tuple[str, str] | None:
    """Return the path and the place of a file in a room that was not touched before."""
    paths = [path for path in export.files if path.startswith("rooms/")]
    path = export.random.choice(paths) if paths else ""
    if not path or export.touch(path):
        return None
    return path, "/".join(path.split("/")[:3])


def _file_added(export: ChangedExport) -> None:
    number = export.new_number()
    path = f"rooms/100/files/{number}/new.txt"
    export.files[path] = str(number).encode()
    export.touch(path)
    export.note("files", "rooms/100/files", "added", path)


def _file_removed(export: ChangedExport) -> None:
    stored = _stored_file(export)
    if stored:
        del export.files[stored[0]]
        export.note("files", stored[1], "removed", stored[0])


def _file_changed(export: ChangedExport) -> None:
    stored = _stored_file(export)
    if stored:
        content = export.files[stored[0]]
        export.files[stored[0]] = bytes(len(content)) + (b"!" if export.random.random() < 0.5 else b"")
        export.note("files", stored[1], "changed", stored[0])


def _file_moved(export: ChangedExport) -> None:
    if not export.touch(MOVABLE):
        path = f"rooms/101/files/{export.new_number()}/moved.txt"
        export.files[path] = export.files.pop(MOVABLE)
        export.touch(path)
        export.note("files", "rooms/100/files", "moved", MOVABLE)


CHANGES: Mapping[str, Callable[[ChangedExport], None]] = {
    **_list_changes("users.json", "users", "id", "name", lambda number: f"User {number}"),
    **_list_changes("rooms.json", "rooms", "id", "members", lambda number: [number]),
    **_list_changes("emoticons.json", "emoticons", "ID", "shortcut", str),
    **_list_changes("autojoins.json", "autojoins", "id", "data", lambda number: f'[{{"jid":"{number}"}}]'),
    "room message added": _room_message_added,
    "room message removed": _room_message_removed,
    "room message changed": _room_message_changed,
    "room message doubled": _room_message_doubled,
    "private message removed": _private_message_removed,
    "private copy changed": _private_copy_changed,
    "private copy removed": _private_copy_removed,
    "file added": _file_added,
    "file removed": _file_removed,
    "file changed": _file_changed,
    "file moved": _file_moved,
}
