"""Operations on rooms, their topics, statistics and avatars."""

from hcfmt.server.api import dates, objects
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging, representations
from hcfmt.server.operations.base64_image import decode_image
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import find_room, find_user_by_key, key_text, room_people, token_owner
from hcfmt.server.operations.message_writing import leaving_together, room_event
from hcfmt.server.operations.room_changes import (
    available_canonical_name,
    available_name,
    change_room,
    new_guest_url,
    set_topic,
)
from hcfmt.server.store import Record


def get_all_rooms(call: Call) -> ApiResponse:
    """List the rooms of the group by ascending id."""
    private, archived = call.query.get("include-private", True), call.query.get("include-archived", False)

    def fetch(start: int, size: int) -> list[Record]:
        return call.store.rooms(start=start, size=size, private=private, archived=archived, deleted=call.deleted_rooms)

    def represent(record: Record) -> objects.Object:
        return objects.room_ref(call.links, record)

    body = paging.collection(call, call.links.to("room"), fetch, represent)
    return ApiResponse(body=representations.expand(call, body))


def create_room(call: Call) -> ApiResponse:
    """Create a room."""
    body, store = call.body, call.store
    owner = _new_owner(call, body.get("owner_user_id"))
    name = available_name(store, body["name"])
    privacy = body.get("privacy") or "public"
    record = store.add_room(
        {
            "created": dates.to_api_second(dates.to_instant(call.now)),
            "guest_access_url": new_guest_url(call) if body.get("guest_access") else None,
            "is_archived": False,
            "members": [owner["id"]] if privacy == "private" else [],
            "canonical_name": available_canonical_name(store, name),
            "name": name,
            "owner": owner["id"],
            "participants": [],
            "privacy": privacy,
            "room_admins": [],
            "topic": body.get("topic") or "",
            "is_deleted": False,
        }
    )
    links = {"self": call.links.room(record["id"])}
    events = (room_event(call, "room_created", record),)
    return ApiResponse(201, {"id": record["id"], "links": links}, headers={"Location": links["self"]}, events=events)


def _new_owner(call: Call, key: str | float | None) -> Record:
    """Return the owner of a new room: the user that the request names, else the token's owner, else the first user."""
    if key is not None and key != "":
        return find_user_by_key(call.store, key_text(key))
    owner = token_owner(call)
    users = call.store.users(size=1) if owner is None else [owner]
    if not users:
        message = "The archive has no user who could own a room"
        raise ApiError(400, message, field="owner_user_id", validation="required")
    return users[0]


def get_room(call: Call) -> ApiResponse:
    """Return a room."""
    return ApiResponse(body=representations.expand(call, representations.room(call, find_room(call))))


def update_room(call: Call) -> ApiResponse:
    """Change the name, topic, privacy, owner, guest access or archiving of a room."""
    return ApiResponse(204, events=change_room(call, find_room(call), call.body))


def delete_room(call: Call) -> ApiResponse:
    """Mark a room as deleted, as in an export, which keeps its history; its people leave it."""
    room = find_room(call)
    exits = leaving_together(call, room, room_people(call.store, room))
    room["is_deleted"] = True
    call.store.put_room(room)
    return ApiResponse(204, events=(*exits, room_event(call, "room_deleted", room)))


def get_room_statistics(call: Call) -> ApiResponse:
    """Return the number of a room's messages and the time of the latest one."""
    room = find_room(call)
    return ApiResponse(body=representations.statistics(call, room["id"], call.links.room(call.room_key, "statistics")))


def set_room_topic(call: Call) -> ApiResponse:
    """Set the topic of a room."""
    return ApiResponse(204, events=set_topic(call, find_room(call), call.body["topic"]))


def get_room_avatar(call: Call) -> ApiResponse:
    """Redirect to the avatar of a room; only clients set avatars, as exports hold none."""
    room = find_room(call)
    path = call.store.room_avatar(room["id"])
    if path is None:
        raise ApiError(404, "This room has no avatar")
    return ApiResponse(302, headers={"Location": call.links.stored(path)})


def update_room_avatar(call: Call) -> ApiResponse:
    """Set the avatar of a room; an export will not hold it."""
    room = find_room(call)
    call.store.put_room_avatar(room["id"], *decode_image(call.body["avatar"], "avatar"))
    return ApiResponse(204)


def delete_room_avatar(call: Call) -> ApiResponse:
    """Delete the avatar of a room."""
    call.store.delete_room_avatar(find_room(call)["id"])
    return ApiResponse(204)
