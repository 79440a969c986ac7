"""A document is accepted as a whole, or refused for what decoding alone would hide."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.export.jsontext import Rejected
from hcfmt.export.typed_documents import accept_document
from tests.support.records import MESSAGE, changed

ROOM_HISTORY = "export/room-history"
TOPIC = changed("TopicRoomMessage", type="muc_topic", topic="a")
TEXT = json.dumps(MESSAGE)

REFUSED = {
    "a repeated key": TEXT.replace('"type"', '"type": "muc_message", "type"', 1),
    "a repeated key behind an escaped colon": TEXT.replace('"type"', '"type": "muc_message", "type"', 1).replace(
        '"message": "', '"message": "\\u003a', 1
    ),
    "a repeated key whose value is a record": TEXT[:-1] + "," + TEXT[1:],
    "two records of different kinds": TEXT[:-1] + "," + json.dumps(TOPIC)[1:],
    "no record": "{}",
    "an escaped U+0000": json.dumps(changed(message="\0")),
    "an id with a space": json.dumps(changed(id=" 088ec9e-dd0d-4214-8f74-45e2fb85109c")),
    "an id with a line break": json.dumps(changed(id="2088ec9e-dd0d-4214-8f74-45e2fb85109\n")),
    "a date that does not exist": json.dumps(changed(timestamp="2018-02-29T00:00:00Z 000000")),
    "a deleted message with its text": json.dumps(
        changed(message="x", deleted={"user_id": 1, "date": "2018-04-02T15:41:41Z", "reason": None})
    ),
    "a message without a text": json.dumps(changed(message="")),
    "names of an open object in two letter cases": json.dumps(changed(metadata=[{"a": 1, "A": 2}])),
    "a card that repeats a key": json.dumps(
        changed("NotificationMessage", type="notification", format="html", color="red", card='{"id":"","id":""}')
    ),
    "bytes after the end": TEXT + "]",
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_document_with_one_odd_record_is_refused(case: str) -> None:
    accept_document(ROOM_HISTORY, f"[{TEXT},{TEXT}]".encode())
    with pytest.raises(Rejected):
        accept_document(ROOM_HISTORY, f"[{TEXT},{REFUSED[case]},{TEXT}]".encode())


@given(st.lists(st.sampled_from([MESSAGE, TOPIC, changed(message='a:b {"c":1} é 🦊')]), max_size=9))
def test_records_come_in_batches_by_kind_with_their_indices(records: list[dict[str, object]]) -> None:
    batches = accept_document(ROOM_HISTORY, json.dumps(records).encode())
    found = {
        at: {batch.kind: msgspec.to_builtins(item)}
        for batch in batches
        for at, item in zip(batch.at, batch.records, strict=True)
    }
    assert [found[at] for at in sorted(found)] == records


@pytest.mark.parametrize("name", ["export/metadata", "export/preferences"])
@pytest.mark.parametrize("text", ["{}", "[]", '{"a:b":"c:d"}', '["a:b",1,null]'])
def test_an_open_document_without_nesting_is_accepted(name: str, text: str) -> None:
    assert accept_document(name, text.encode()) == []
