"""Operations on who is in a room: members, participants, invitations."""

from hcfmt.server.api import objects
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging, representations
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import People, room_of, user_of
from hcfmt.server.operations.message_writing import event
from hcfmt.server.store import Record


def get_all_room_members(call: Call) -> ApiResponse:
    """List the members of a room with their roles in it; an export knows those of private rooms alone."""
    room = room_of(call)
    if room["is_archived"]:
        raise ApiError(400, "Cannot get the members of archived rooms")

    def show(record: Record) -> objects.Object:
        return objects.member(call.links, record, room)

    members = call.store.room_members(room["id"])
    body = paging.listed(call, call.links.room(room["id"], "member"), members, show)
    return ApiResponse(body=representations.expanded(call, body))


def add_room_member(call: Call) -> ApiResponse:
    """Make somebody a member of a private room, with the roles that the body tells."""
    room, user = room_of(call), user_of(call)
    _demand_private(room, "add")
    roles = (call.body or {}).get("room_roles")
    room["members"] = list(dict.fromkeys([*objects.member_ids(room), user["id"]]))
    if roles is not None:
        admins = [one for one in room["room_admins"] if one != user["id"]]
        room["room_admins"] = [*admins, *[user["id"]] * ("room_admin" in roles)]
    call.store.put_room(room)
    entered = {"sender": objects.user_ref(call.links, user)}
    return ApiResponse(204, events=(event(call, "room_enter", room, entered),))


def remove_room_member(call: Call) -> ApiResponse:
    """Take somebody out of a private room."""
    room, user = room_of(call), user_of(call, deleted=True)
    _demand_private(room, "remove")
    room["members"] = [one for one in objects.member_ids(room) if one != user["id"]]
    room["room_admins"] = [one for one in room["room_admins"] if one != user["id"]]
    call.store.put_room(room)
    left = {"sender": objects.user_ref(call.links, user)}
    return ApiResponse(204, events=(event(call, "room_exit", room, left),))


def _demand_private(room: Record, verb: str) -> None:
    if room["privacy"] != "private":
        raise ApiError(400, f"Can only {verb} participants to private rooms")


def get_all_room_participants(call: Call) -> ApiResponse:
    """List those who are known to be in a room; who is online no archive tells, so that all of them count."""
    room = room_of(call)
    people = People(call.store, call.links).refs(objects.people_ids(room))
    body = paging.listed(call, call.links.room(room["id"], "participant"), people, dict)
    return ApiResponse(body=representations.expanded(call, body))


def invite_user_to_room(call: Call) -> ApiResponse:
    """Invite somebody to a room; nobody is there to be told, and an export does not keep it."""
    room_of(call)
    user_of(call)
    return ApiResponse(204)
