"""Typed records are written as Go writes the same properties, and properties without a value are left out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import text
from msgspec import to_builtins

from hcfmt.export.go_json import go_json
from hcfmt.generation.records import (
    Message,
    NotificationMessage,
    PrivateMessage,
    RoomMessage,
    UserMessage,
    UserReference,
    records_json,
)

ANNA, BOT = UserReference(3, name="Anna"), UserReference(0, name="Build <3")
COMMON = ["id", "type", "sender", "message", "timestamp"]


@given(text(), text())
def test_any_text_is_written_as_go_writes_it(message: str, name: str) -> None:
    record = {"UserMessage": UserMessage("1", "muc_message", UserReference(1, name=name), message, "2018")}
    assert records_json([record]) == go_json(to_builtins([record]))


@pytest.mark.parametrize("letter", ["<", ">", "&", "\u2028", "\u2029", "\u2026", "\x00", "\x7f", "\n", '"', "\\"])
def test_letters_that_go_escapes_are_escaped(letter: str) -> None:
    written = records_json([{"UserMessage": UserMessage("1", "muc_message", ANNA, letter, "2018")}])
    assert written == go_json(to_builtins(json.loads(written)))
    assert (letter.encode() in written) == (letter in '\u2026\x7f"\\')


@pytest.mark.parametrize(
    ("message", "properties"),
    [
        (UserMessage("1", "muc_message", ANNA, "Hi", "2018"), COMMON),
        (UserMessage("1", "muc_message", ANNA, "", "2018", {"user_id": 3}), [*COMMON, "deleted"]),
        (NotificationMessage("1", "notification", BOT, "Hi", "2018", color="red"), [*COMMON, "format", "color"]),
        (RoomMessage("1", "muc_topic", ANNA, "", "2018", topic=""), [*COMMON, "topic"]),
        (
            PrivateMessage("1", None, None, (), "Hi", ANNA, ANNA, "2018"),
            ["id", "attachment", "attachment_path", "mentions", "message", "receiver", "sender", "timestamp", "type"],
        ),
    ],
)
def test_properties_without_a_value_are_left_out(message: Message, properties: list[str]) -> None:
    (record,) = json.loads(records_json([{"Kind": message}]))
    written: dict[str, Any] = record["Kind"]
    assert list(written) == properties
