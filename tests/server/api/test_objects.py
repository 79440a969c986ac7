"""Objects of the API, made from records of users, rooms and emoticons."""

from typing import Any

import pytest
from hypothesis import given, settings

from hcfmt import strategies
from hcfmt.server.api import objects
from tests.support import conformance
from tests.support.api_records import ANNA, BO, LAB, LINKS, REFERENCE, SMILE, TIME


def test_a_reference_to_a_user_has_five_keys() -> None:
    reference = objects.user_ref(LINKS, ANNA)
    assert reference == {
        "id": 2,
        "links": {"self": "http://h/v2/user/2"},
        "mention_name": "Anna",
        "name": "Anna Müller",
        "version": objects.version(ANNA),
    }
    conformance.check_object("UserReference", reference)


def test_a_version_has_eight_characters_and_changes_with_the_record() -> None:
    versions = {objects.version(ANNA), objects.version(BO), objects.version(ANNA | {"title": ""})}
    assert len(versions) == 3
    assert all(len(version) == 8 and version.isascii() and version.isalnum() for version in versions)
    assert objects.version(dict(reversed(ANNA.items()))) == objects.version(ANNA)


def test_a_user_has_the_properties_of_its_record() -> None:
    user = objects.user(LINKS, ANNA, 1_421_029_691_999_999)
    conformance.check_object("User", user)
    assert {key: user[key] for key in user.keys() - REFERENCE} == {
        "created": "2013-12-02T18:04:15+00:00",
        "email": "anna@example.com",
        "group": {"id": 1, "links": {"self": "http://h/v2/group/1"}, "name": "Archive"},
        "is_deleted": False,
        "is_group_admin": True,
        "is_guest": False,
        "last_active": "1421029691",
        "photo_url": "http://h/files/photos/2/PrypXtu4rN8sEFL_125.jpg",
        "presence": None,
        "roles": ["user", "admin"],
        "timezone": "Europe/Berlin",
        "title": "Tester",
        "xmpp_jid": "1_2@chat.btf.hipchat.com",
    }


def test_a_guest_may_have_no_photo_and_no_address() -> None:
    user = objects.user(LINKS, BO, None)
    conformance.check_object("User", user)
    assert (user["email"], user["photo_url"], user["last_active"], user["is_guest"]) == (None, None, None, True)


@pytest.mark.parametrize(
    ("avatar", "path"),
    [
        ("files/photos/2/abc.jpg", "users/2/avatars/abc_36.jpg"),
        ("files/photos/2/a.b.jpg", "users/2/avatars/a.b_36.jpg"),
        ("files/photos/2/abc", "users/2/avatars/abc_36"),
        ("files/photos/2/../../etc", None),
        ("files/photos/x/abc.jpg", None),
        ("", None),
        (None, None),
    ],
)
def test_the_path_of_a_photo_comes_from_the_avatar(avatar: str | None, path: str | None) -> None:
    assert objects.photo_path({"avatar": avatar}, "_36") == path


def test_only_a_private_room_links_to_its_members() -> None:
    private, public = objects.room_ref(LINKS, LAB), objects.room_ref(LINKS, LAB | {"privacy": "public"})
    for room in (private, public):
        conformance.check_object("RoomReference", room)
    assert private["links"] == {
        "self": "http://h/v2/room/7",
        "webhooks": "http://h/v2/room/7/webhook",
        "participants": "http://h/v2/room/7/participant",
        "members": "http://h/v2/room/7/member",
    }
    assert set(private["links"]) - set(public["links"]) == {"members"}


def test_a_room_has_the_properties_of_its_record() -> None:
    owner = objects.user_ref(LINKS, ANNA)
    room = objects.room(LINKS, LAB, owner=owner, participants=[owner], last_active=TIME)
    conformance.check_object("Room", room)
    assert {key: room[key] for key in room.keys() - objects.room_ref(LINKS, LAB).keys()} == {
        "avatar_url": None,
        "created": "2015-12-29T19:50:02+00:00",
        "delegate_admin_visibility": None,
        "guest_access_url": None,
        "is_guest_accessible": False,
        "last_active": "2018-01-04T10:16:02+00:00",
        "owner": owner,
        "participants": [owner],
        "statistics": {"links": {"self": "http://h/v2/room/7/statistics"}},
        "topic": "Tests",
        "xmpp_jid": "1_the_lab@conf.btf.hipchat.com",
    }


def test_members_may_be_objects_and_count_once() -> None:
    assert objects.member_ids(LAB) == [2, 3]
    assert objects.member(LINKS, BO, LAB)["room_roles"] == ["room_member", "room_admin"]
    assert objects.member(LINKS, ANNA, LAB)["room_roles"] == ["room_member"]


def test_the_people_of_a_public_room_are_its_owner_and_admins() -> None:
    public = LAB | {"privacy": "public", "members": [], "participants": [], "owner": 2, "room_admins": [3, 2]}
    assert objects.people_ids(public) == [2, 3]


def test_an_emoticon_belongs_to_the_group() -> None:
    emoticon = objects.emoticon(LINKS, SMILE, objects.user_ref(LINKS, ANNA))
    conformance.check_object("Emoticon", emoticon)
    conformance.check_object("EmoticonReference", objects.emoticon_ref(LINKS, SMILE))
    assert (emoticon["type"], emoticon["url"]) == ("group", "http://h/files/img/emoticons/1/smile-152.png")
    assert (emoticon["width"], emoticon["height"], emoticon["audio_path"]) == (30, 28, None)


@settings(max_examples=50)
@given(strategies.users())
def test_any_user_s_record_makes_a_user(record: dict[str, Any]) -> None:
    conformance.check_object("UserReference", objects.user_ref(LINKS, record))
    conformance.check_object("User", objects.user(LINKS, record, None))


@settings(max_examples=50)
@given(strategies.rooms())
def test_any_room_s_record_makes_a_room(record: dict[str, Any]) -> None:
    conformance.check_object("RoomReference", objects.room_ref(LINKS, record))
    conformance.check_object("Room", objects.room(LINKS, record, owner=None, participants=[], last_active=None))


def test_empty_records_make_objects() -> None:
    assert objects.user(LINKS, {"id": 1}, None)["name"] == ""
    assert objects.room(LINKS, {"id": 1}, owner=None, participants=[], last_active=None)["topic"] == ""
    assert objects.emoticon(LINKS, {"ID": 1}, None)["shortcut"] == ""
    assert objects.people_ids({"id": 1}) == []
