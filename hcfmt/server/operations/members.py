"""Operations on the people of a room: members, participants, invitations."""

from hcfmt.server.api import objects
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging, representations
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import UserReferences, find_room, find_user, room_people
from hcfmt.server.operations.message_writing import entering, leaving
from hcfmt.server.store import Record


def get_all_room_members(call: Call) -> ApiResponse:
    """List the members of a room with their roles; an export holds the members of private rooms only."""
    room = find_room(call)
    if room["is_archived"]:
        raise ApiError(400, "Cannot get the members of archived rooms")

    def represent(record: Record) -> objects.Object:
        return objects.member(call.links, record, room)

    members = call.store.room_members(room["id"])
    body = paging.whole_collection(call, call.links.room(call.room_key, "member"), members, represent)
    return ApiResponse(body=representations.expand(call, body))


def add_room_member(call: Call) -> ApiResponse:
    """Add a user to the members of a private room, with the roles in the body."""
    room, user = find_room(call), find_user(call)
    _require_private(room, "add")
    roles = (call.body or {}).get("room_roles")
    is_new = user["id"] not in objects.member_ids(room)
    room["members"] = list(dict.fromkeys([*objects.member_ids(room), user["id"]]))
    if roles is not None:
        admins = [admin for admin in room["room_admins"] if admin != user["id"]]
        room["room_admins"] = [*admins, *[user["id"]] * ("room_admin" in roles)]
    call.store.put_room(room)
    return ApiResponse(204, events=(entering(call, room, user),) if is_new else ())


def remove_room_member(call: Call) -> ApiResponse:
    """Remove a user from the members of a private room."""
    room, user = find_room(call), find_user(call, deleted=True)
    _require_private(room, "remove")
    was_member = user["id"] in objects.member_ids(room)
    room["members"] = [member for member in objects.member_ids(room) if member != user["id"]]
    room["room_admins"] = [admin for admin in room["room_admins"] if admin != user["id"]]
    call.store.put_room(room)
    return ApiResponse(204, events=(leaving(call, room, user),) if was_member else ())


def _require_private(room: Record, verb: str) -> None:
    if room["privacy"] != "private":
        raise ApiError(400, f"Can only {verb} participants to private rooms")


def get_all_room_participants(call: Call) -> ApiResponse:
    """List the people of a room, online or not, as archives do not hold presence."""
    room = find_room(call)
    people = UserReferences(call.store, call.links).by_ids(room_people(call.store, room))
    body = paging.whole_collection(call, call.links.room(call.room_key, "participant"), people, dict)
    return ApiResponse(body=representations.expand(call, body))


def invite_user_to_room(call: Call) -> ApiResponse:
    """Accept an invitation to a room; it has no effect, as exports do not hold invitations."""
    find_room(call)
    find_user(call)
    return ApiResponse(204)
