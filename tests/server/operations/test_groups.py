"""Operations on the group: statistics, avatar, invitations."""

from base64 import b64encode

import pytest

from hcfmt.server.errors import ApiError
from tests.support.api import PNG, Api

GROUP = {"group_id": 1}
OTHER = {"group_id": 2}
AVATAR = {"avatar": b64encode(PNG).decode()}


def test_the_statistics_count_users_without_guests_and_deleted_users(api: Api) -> None:
    listed = api("getAllUsers", query="max-results=1000").body["items"]
    assert api("getGroupStatistics", GROUP).body == {"users": len(listed)}


def test_an_avatar_is_set_replaced_and_deleted(api: Api) -> None:
    api("updateGroupAvatar", GROUP, body=AVATAR)
    first = api("getGroupAvatar", GROUP).headers["Location"]
    api("updateGroupAvatar", GROUP, body=AVATAR)
    second = api("getGroupAvatar", GROUP).headers["Location"]
    assert api.file(first) is None
    file = api.file(second)
    assert file
    assert b"".join(api.store.read_file(file)) == PNG
    api("deleteGroupAvatar", GROUP)
    assert api.file(second) is None
    with pytest.raises(ApiError, match="no avatar"):
        api("getGroupAvatar", GROUP)


def test_the_avatars_of_the_group_and_of_a_room_are_apart(api: Api) -> None:
    room = api.store.rooms(size=1)[0]["id"]
    api("updateGroupAvatar", GROUP, body=AVATAR)
    api.room("updateRoomAvatar", room, body=AVATAR)
    api("deleteGroupAvatar", GROUP)
    assert api.file(api.room("getRoomAvatar", room).headers["Location"])


def test_an_avatar_of_text_is_refused(api: Api) -> None:
    with pytest.raises(ApiError) as excinfo:
        api("updateGroupAvatar", GROUP, body={"avatar": b64encode(b"text").decode()})
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, "avatar")


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("getGroupStatistics", None),
        ("getGroupAvatar", None),
        ("updateGroupAvatar", AVATAR),
        ("deleteGroupAvatar", None),
    ],
)
def test_another_group_is_404(api: Api, operation: str, body: object) -> None:
    with pytest.raises(ApiError) as excinfo:
        api(operation, OTHER, body=body)
    assert (excinfo.value.status, excinfo.value.message) == (404, "Group not found")


def test_an_invited_person_is_a_user(api: Api) -> None:
    body = {"email": "ada@example.com", "name": "Ada Example", "title": "Engineer"}
    invited = api("inviteUserToGroup", body=body).body
    assert {name: invited[name] for name in body} == body
    assert api.user("getUser", "ada@example.com").body == invited


def test_a_user_is_not_invited_again(api: Api) -> None:
    email = api.store.users(size=1)[0]["email"]
    with pytest.raises(ApiError, match="Another user exists with that email"):
        api("inviteUserToGroup", body={"email": email, "name": "Ada Example"})


@pytest.mark.parametrize("missing", ["email", "name"])
def test_an_invitation_needs_an_address_and_a_name(api: Api, missing: str) -> None:
    body = {"email": "ada@example.com", "name": "Ada Example"}
    del body[missing]
    with pytest.raises(ApiError) as excinfo:
        api("inviteUserToGroup", body=body)
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, missing)
