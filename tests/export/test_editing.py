"""An edited export keeps unchanged bytes, and changes are written as by Go."""

import io
import json
from typing import Any

import pytest

from hcfmt.container import open_archive
from hcfmt.errors import UsageError
from hcfmt.export.editing import Change, EditableExport, read_export
from hcfmt.export.layout import Kind
from hcfmt.export.writer import ArchiveForm
from tests.support.recipes import PASSWORD, SAMPLE

ROOM = "rooms/1/history.json"


@pytest.fixture
def export() -> EditableExport:
    with open_archive(str(SAMPLE), password=PASSWORD.encode) as archive:
        return read_export(archive, ArchiveForm.ENCRYPTED, "out.tar.gz.aes", io.BytesIO())


def members(export: EditableExport) -> dict[str, bytes]:
    return {entry.path: b"".join(entry.chunks) for entry in export.entries()}


def value(export: EditableExport, path: str) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(members(export)[path])


def test_an_unchanged_export_is_written_as_it_was_read(export: EditableExport) -> None:
    with open_archive(str(SAMPLE), password=PASSWORD.encode) as archive:
        read = {member.path: b"".join(member.chunks) for member in archive.members()}
    assert members(export) == read
    assert all(len(read[entry.path]) == entry.size for entry in export.entries())


def test_reading_records_changes_no_byte(export: EditableExport) -> None:
    before = members(export)
    assert [record.kind for record in export.records("rooms.json")] == ["Room"]
    assert [record.index for record in export.records(ROOM)] == list(range(9))
    assert members(export) == before
    assert export.log == []


def test_a_changed_file_is_compact_in_its_order_and_escaped_as_by_go(export: EditableExport) -> None:
    before = value(export, ROOM)
    export.records(ROOM)[0].set("message", "a < b > c & d \u2028 é")
    text = members(export)[ROOM]
    assert text.startswith(b'[{"UserMessage":{"id":"2088ec9e-')
    assert b'"message":"a \\u003c b \\u003e c \\u0026 d \\u2028 \xc3\xa9","timestamp"' in text
    before[0]["UserMessage"]["message"] = "a < b > c & d \u2028 é"
    assert json.loads(text) == before
    assert list(json.loads(text)[0]["UserMessage"]) == list(before[0]["UserMessage"])


def test_every_change_is_logged_with_its_place_and_both_values(export: EditableExport) -> None:
    (emoticon,) = export.records("emoticons.json")
    emoticon.set("group_id", 2)
    export.records("users.json")[1].drop("title")
    export.rename("metadata.json", "other.json")
    assert export.log == [
        Change("emoticons.json", "/Emoticons/0/group_id", 1, 2),
        Change("users.json", "/1/User/title", "Engineer", None),
        Change("metadata.json", None, {"path": "metadata.json"}, {"path": "other.json"}),
    ]
    assert "title" not in value(export, "users.json")[1]["User"]


def test_a_removed_record_leaves_the_indices_of_the_others(export: EditableExport) -> None:
    first, second, *_ = export.records(ROOM)
    first.remove()
    second.set("message", "x")
    export.append(ROOM, "UserMessage", {"id": "new"})
    assert [change.pointer for change in export.log] == ["/0", "/1/UserMessage/message", "/9"]
    assert [record.index for record in export.records(ROOM)] == [*range(1, 10)]
    written = value(export, ROOM)
    assert (len(written), written[0]["UserMessage"]["message"], written[-1]) == (9, "x", {"UserMessage": {"id": "new"}})


def test_raw_bytes_are_written_unchanged(export: EditableExport) -> None:
    first, second, *_ = export.records(ROOM)
    first.splice("sender", "id", b"NaN")
    second.splice("message", b'"\xe9"')
    text = members(export)[ROOM]
    assert b'"sender":{"id":NaN,' in text
    assert b'"message":"\xe9"' in text
    assert export.log[1].after == '"\\xe9"'


def test_members_are_added_removed_and_replaced(export: EditableExport) -> None:
    export.add("notes.txt", b"text")
    export.replace_content("metadata.json", b"[]")
    export.remove("preferences.json", "rooms.json")
    after = members(export)
    assert (after["notes.txt"], after["metadata.json"]) == (b"text", b"[]")
    assert not {"preferences.json", "rooms.json"} & set(after)
    assert export.paths(Kind.ROOMS) == []
    assert export.records("rooms.json") == []
    assert [change.after for change in export.log] == [{"bytes": 4}, {"bytes": 2}, None, None]


def test_a_prefix_is_put_before_every_member(export: EditableExport) -> None:
    export.prefix("data/")
    assert all(path.startswith("data/") for path in members(export))


def test_a_missing_member_cannot_be_changed(export: EditableExport) -> None:
    with pytest.raises(UsageError, match="to change is missing"):
        export.remove("no.json")
    with pytest.raises(UsageError, match=r"has no data file no\.json"):
        export.document("no.json")
    export.replace_content("users.json", b"")
    with pytest.raises(UsageError, match=r"has no data file users\.json"):
        export.records("users.json")
