"""Rewrites an hc-migrate export as HipChat Server or Cloud would have written it (docs/format.md#dialects)."""

from collections.abc import Mapping
from typing import Any

from hcfmt.export.dialect_records import METADATA, DialectRecords, dialect_json
from hcfmt.export.editing import EditableExport
from hcfmt.export.layout import Kind
from hcfmt.export.references import variant_path

_NOT_WRITTEN = ("autojoins.json", "preferences.json")
_SIZES, _SCALES = ("", "_36", "_125"), ("", "@2x", "@3x", "@4x")

_Record = dict[str, Any]


def rewrite_export(export: EditableExport, dialect: str) -> None:
    """Rewrite a sound hc-migrate export in another dialect; what that dialect does not have is dropped."""
    people = people_of(export)
    records = DialectRecords(dialect, people.values())
    _rewrite_emoticons(export, records)
    _rewrite_users(export, records)
    export.replace_content(
        "rooms.json", dialect_json([records.room(record.value) for record in export.records("rooms.json")])
    )
    for path in export.paths(Kind.ROOM_HISTORY, Kind.USER_HISTORY):
        _rewrite_history(export, path, records)
    export.remove(*(path for path in _NOT_WRITTEN if export.find(path)))
    if export.find("metadata.json"):
        export.replace_content("metadata.json", dialect_json(METADATA))


def people_of(export: EditableExport) -> Mapping[int, _Record]:
    """Return the users of an hc-migrate export by id."""
    return {record.value["id"]: record.value for record in export.records("users.json")}


def rewrite_history(export: EditableExport, path: str, people: Mapping[int, _Record], dialect: str) -> None:
    """Rewrite the messages of an hc-migrate history, the newest first."""
    _rewrite_history(export, path, DialectRecords(dialect, people.values()))


def _rewrite_history(export: EditableExport, path: str, records: DialectRecords) -> None:
    messages = [records.message(record.kind, record.value) for record in export.records(path)]
    export.replace_content(path, dialect_json(messages[::-1]))


def _rewrite_users(export: EditableExport, records: DialectRecords) -> None:
    users, pictures = [], set[str]()
    for record in export.records("users.json"):
        stored = [path for path in _picture_paths(record.value["avatar"]) if export.find(path)]
        pictures.update(stored)
        picture = export.find(stored[0]) if stored else None
        users.append(records.user(record.value, picture.read() if picture else None))
    export.remove(*pictures)
    export.replace_content("users.json", dialect_json(users))


def _picture_paths(avatar: str | None) -> list[str]:
    if not avatar:
        return []
    _, _, user, file = avatar.split("/")
    return [variant_path(f"users/{user}/avatars/{file}", size) for size in _SIZES]


def _rewrite_emoticons(export: EditableExport, records: DialectRecords) -> None:
    if export.find("emoticons.json") is None:
        return
    emoticons = []
    for record in export.records("emoticons.json"):
        path, *others = [variant_path(f"files/img/emoticons/{record.value['path']}", scale) for scale in _SCALES]
        export.remove(*(other for other in others if export.find(other)))
        if export.find(path):
            export.rename(path, records.emoticon_path(record.value["path"]))
        emoticons.append(records.emoticon(record.value))
    export.replace_content("emoticons.json", dialect_json(emoticons))
