"""Records are written as Go writes the same properties, in the order of the documented sample."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import text

from hcfmt.export.go_json import go_json, go_text
from hcfmt.generation.records import Messages, head, tail, user_reference

ANNA, BOT = user_reference(3, "Anna"), user_reference(0, "Build <3")


def written(text: str, before: str, middle: str = "", after: str = "") -> bytes:
    """Return the JSON text of one message."""
    one = Messages([1.5], ["Kind"], ["1"], [3], [before], [text], [middle], ["2018"], [after])
    (record,) = one.json()
    return go_text(record.encode())


@given(text(), text())
def test_any_text_is_written_as_go_writes_it(message: str, name: str) -> None:
    sender = user_reference(1, name)
    record = {"Kind": {"id": "1", "type": "a", "sender": sender, "message": message, "timestamp": "2018"}}
    assert written(message, head(type="a", sender=sender)) == go_json(record)


@given(text(), text())
def test_each_message_has_its_own_text_whatever_is_in_it(first: str, second: str) -> None:
    two = Messages(
        [1.5, 2.5], ["Kind"] * 2, ["1", "2"], [3, 3], [""] * 2, [first, second], [""] * 2, ["a", "b"], [""] * 2
    )
    assert [json.loads(record)["Kind"]["message"] for record in two.json()] == [first, second]


@pytest.mark.parametrize("letter", ["<", ">", "&", "\u2028", "\u2029", "\u2026", "\x00", "\x7f", "\n", '"', "\\"])
def test_letters_that_go_escapes_are_escaped(letter: str) -> None:
    record = written(letter, head(type="muc_message", sender=ANNA))
    assert record == go_json(json.loads(record))
    assert (letter.encode() in record) == (letter in '\u2026\x7f"\\')


@pytest.mark.parametrize(
    ("parts", "properties"),
    [
        ((head(sender=ANNA), "", ""), "id sender message timestamp"),
        ((head(sender=ANNA), "", tail()), "id sender message timestamp"),
        ((head(sender=BOT), "", tail(format="html", color="red")), "id sender message timestamp format color"),
        ((head(a=None), head(receiver=ANNA), tail(b=[])), "id a message receiver timestamp b"),
    ],
)
def test_properties_stand_where_they_were_given(parts: tuple[str, str, str], properties: str) -> None:
    record: dict[str, Any] = json.loads(written("Hi", *parts))
    assert list(record["Kind"]) == properties.split()
