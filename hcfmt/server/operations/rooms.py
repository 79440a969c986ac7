"""Operations on rooms: list, make, read, change, delete them; topics, statistics, avatars."""

from hcfmt.server.api import dates, objects
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging, representations
from hcfmt.server.operations.base64_image import decode_image
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import find_user, room_of, spelled
from hcfmt.server.operations.message_writing import event
from hcfmt.server.operations.room_changes import (
    change,
    free_canonical,
    free_name,
    guest_url,
    set_topic,
)
from hcfmt.server.store import Record


def get_all_rooms(call: Call) -> ApiResponse:
    """List the rooms of the group by ascending id."""
    private, archived = call.query.get("include-private", True), call.query.get("include-archived", False)

    def fetch(start: int, size: int) -> list[Record]:
        return call.store.rooms(start=start, size=size, private=private, archived=archived)

    def show(record: Record) -> objects.Object:
        return objects.room_ref(call.links, record)

    body = paging.collection(call, call.links.to("room"), fetch, show)
    return ApiResponse(body=representations.expanded(call, body))


def create_room(call: Call) -> ApiResponse:
    """Make a room; whoever asks owns it unless they name somebody else."""
    told, store = call.body, call.store
    owner = _new_owner(call, told.get("owner_user_id"))
    name = free_name(store, told["name"])
    privacy = told.get("privacy") or "public"
    record = store.add_room(
        {
            "created": dates.to_api_second(dates.micros(call.now)),
            "guest_access_url": guest_url(call) if told.get("guest_access") else None,
            "is_archived": False,
            "members": [owner["id"]] if privacy == "private" else [],
            "canonical_name": free_canonical(store, name),
            "name": name,
            "owner": owner["id"],
            "participants": [],
            "privacy": privacy,
            "room_admins": [],
            "topic": told.get("topic") or "",
            "is_deleted": False,
        }
    )
    links = {"self": call.links.room(record["id"])}
    events = (event(call, "room_created", record),)
    return ApiResponse(201, {"id": record["id"], "links": links}, headers={"Location": links["self"]}, events=events)


def _new_owner(call: Call, key: str | float | None) -> Record:
    """Return who is to own a new room: whom the request names, else the token's owner, else the first user."""
    if key is not None and key != "":
        return find_user(call.store, spelled(key))
    number = call.token.owner if call.token else None
    owner = None if number is None else call.store.user(number)
    first = call.store.users(size=1) if owner is None else [owner]
    if not first:
        raise ApiError(400, "There is nobody who could own a room.", field="owner_user_id", validation="required")
    return first[0]


def get_room(call: Call) -> ApiResponse:
    """Return a room's full form."""
    return ApiResponse(body=representations.expanded(call, representations.room(call, room_of(call))))


def update_room(call: Call) -> ApiResponse:
    """Change a room's name, topic, privacy, owner, guest access, or whether it is archived."""
    return ApiResponse(204, events=change(call, room_of(call), call.body))


def delete_room(call: Call) -> ApiResponse:
    """Mark a room as deleted, as an export does; its history stays in the export."""
    room = room_of(call)
    room["is_deleted"] = True
    call.store.put_room(room)
    return ApiResponse(204, events=(event(call, "room_deleted", room),))


def get_room_statistics(call: Call) -> ApiResponse:
    """Return how many messages a room has, and when the last one was sent."""
    return ApiResponse(body=representations.statistics(call, room_of(call)["id"]))


def set_room_topic(call: Call) -> ApiResponse:
    """Change a room's topic."""
    return ApiResponse(204, events=set_topic(call, room_of(call), call.body["topic"]))


def get_room_avatar(call: Call) -> ApiResponse:
    """Lead to the picture that somebody gave a room; an export's rooms have none."""
    room = room_of(call)
    path = call.store.room_avatar(room["id"])
    if path is None:
        raise ApiError(404, "This room has no avatar.")
    return ApiResponse(302, headers={"Location": call.links.stored(path)})


def update_room_avatar(call: Call) -> ApiResponse:
    """Give a room another picture, which no export holds, for it has no place for one."""
    room = room_of(call)
    call.store.put_room_avatar(room["id"], *decode_image(call.body["avatar"], "avatar"))
    return ApiResponse(204)


def delete_room_avatar(call: Call) -> ApiResponse:
    """Take a room's picture away."""
    call.store.delete_room_avatar(room_of(call)["id"])
    return ApiResponse(204)
