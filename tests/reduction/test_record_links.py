"""The links of a record: what it defines, what it needs, which files it names, and which items of lists are dropped."""

from typing import Any

import pytest

from hcfmt.reduction.record_links import NO_LINKS, decoded, encoded, links_of, without_items

ROOMS, USERS, HISTORY = "export/rooms", "export/users", "export/room-history"
PLACE = "rooms/7/history.json"


def links(schema: str, value: Any, place: str = PLACE) -> Any:  # noqa: ANN401 - any JSON value
    return links_of(schema, place, encoded(schema, value))


def test_a_user_is_defined_and_names_pictures_in_all_sizes() -> None:
    found = links(USERS, {"User": {"id": 3, "mention_name": "Ann", "avatar": "files/photos/3/a.png"}})
    assert {("user", 3), ("mention name", "ann")} <= found.defines
    assert found.files == {f"users/3/avatars/a{size}.png" for size in ("", "_36", "_125")}


def test_a_room_needs_its_owner_and_not_the_items_of_its_lists() -> None:
    found = links(ROOMS, {"Room": {"id": 7, "owner": 3, "members": [4, 5]}})
    assert found.needs == (frozenset({("user", 3)}),)


def test_a_message_needs_its_sender_and_names_its_file() -> None:
    message = {"id": "x", "sender": {"id": 3}, "attachment": {"path": "abc/x.png", "senderid": 3}}
    found = links(HISTORY, {"UserMessage": message})
    assert set(found.needs) == {frozenset({("user", 3)})}
    assert "rooms/7/files/abc/x.png" in found.files


def test_a_sender_that_is_an_integration_is_not_needed() -> None:
    assert links(HISTORY, {"NotificationMessage": {"sender": {"id": 0}}}).needs == ()


def test_an_autojoin_needs_what_the_text_inside_it_names() -> None:
    data = '[{"jid":"1_lounge@conf.btf.hipchat.com"},{"jid":"1_5@chat.btf.hipchat.com"}]'
    found = links("export/autojoins", {"id": "pref:autoJoin:3", "data": data})
    assert {thing for need in found.needs for thing in need} >= {("user", 3), ("canonical name", "lounge"), ("user", 5)}


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"1", b'{"User":1}', b'{"a":{},"b":{}}', b'{"User":{"id":[]}}'])
def test_a_record_of_any_other_form_has_no_links(text: bytes) -> None:
    assert links_of(USERS, "users.json", text) == NO_LINKS


@pytest.mark.parametrize(
    ("members", "left"), [([3, 4, 9], [3, 9]), ([{"id": 4}, {"id": 3}], [{"id": 3}]), (None, None), ("x", "x")]
)
def test_items_that_refer_to_what_is_gone_are_dropped(members: object, left: object) -> None:
    room = {"Room": {"id": 7, "owner": 4, "members": members}}
    found = without_items(ROOMS, room, lambda things: ("user", 4) in things)
    assert found == {"Room": {"id": 7, "owner": 4, "members": left}}


def test_a_text_that_is_no_json_is_none() -> None:
    assert decoded(b'{"a":') is None


@pytest.mark.parametrize("record", [{"attachment": {"senderid": 0}}, {"sender": 3, "attachment": {"senderid": 0}}])
def test_an_uploader_beside_no_sender_is_looked_for(record: object) -> None:
    assert links(HISTORY, {"UserMessage": record}).needs == (frozenset({("user", 0)}),)


def test_a_value_that_nests_too_deep_is_not_looked_at() -> None:
    assert decoded(b"[" * 200 + b"]" * 200) is None
