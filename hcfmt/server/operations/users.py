"""Operations on users, their photos and their auto-join rooms."""

from hcfmt.server.api import objects, tokens
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging, representations
from hcfmt.server.operations.base64_image import decode_image
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import find_user
from hcfmt.server.operations.message_writing import leaving_everywhere
from hcfmt.server.operations.user_changes import change_user, new_user, put_presence
from hcfmt.server.store import Record, all_records
from hcfmt.server.store.participants import joined_room

_PHOTO_SUFFIXES = {"small": "_36", "big": "_125"}


def get_all_users(call: Call) -> ApiResponse:
    """List the users of the group by ascending id."""
    guests, deleted = call.query.get("include-guests", False), call.query.get("include-deleted", False)

    def fetch(start: int, size: int) -> list[Record]:
        return call.store.users(start=start, size=size, guests=guests, deleted=deleted)

    def represent(record: Record) -> objects.Object:
        return objects.user_ref(call.links, record)

    body = paging.collection(call, call.links.to("user"), fetch, represent)
    return ApiResponse(body=representations.expand(call, body))


def create_user(call: Call) -> ApiResponse:
    """Create a user; the password is ignored, as exports hold none."""
    record = call.store.add_user(new_user(call.store, call.body, call.now))
    links = {"self": call.links.user(record["id"])}
    return ApiResponse(201, {"id": record["id"], "links": links}, headers={"Location": links["self"]})


def get_user(call: Call) -> ApiResponse:
    """Return a user, also a deleted one."""
    return ApiResponse(body=representations.expand(call, representations.user(call, find_user(call, deleted=True))))


def update_user(call: Call) -> ApiResponse:
    """Change the names, title, address, time zone, roles or presence of a user."""
    user = find_user(call)
    change_user(call.store, user, call.body)
    call.store.put_user(user)
    if call.body.get("presence"):
        put_presence(call.store, user["id"], call.body["presence"])
    return ApiResponse(204)


def delete_user(call: Call) -> ApiResponse:
    """Mark a user as deleted, as in an export, and revoke the user's tokens; messages are kept."""
    user = find_user(call)
    events = leaving_everywhere(call, user)
    call.store.put_user({**user, "is_deleted": True})
    tokens.revoke_all(call.store, owner=user["id"])
    return ApiResponse(204, events=events)


def get_user_photo(call: Call) -> ApiResponse:
    """Redirect to the photo of a user in 125 pixels."""
    return _photo(call, "big")


def get_user_photo_by_size(call: Call) -> ApiResponse:
    """Redirect to the photo of a user in the size in the path."""
    return _photo(call, call.path["size"])


def _photo(call: Call, size: str) -> ApiResponse:
    if size not in _PHOTO_SUFFIXES:
        raise ApiError(400, "The size of a photo must be small or big", field="size", validation="enum")
    path = objects.photo_path(find_user(call, deleted=True), _PHOTO_SUFFIXES[size])
    if path is None:
        raise ApiError(404, "This user has no photo")
    return ApiResponse(302, headers={"Location": call.links.stored(path)})


def update_user_photo(call: Call) -> ApiResponse:
    """Set the photo of a user."""
    user = find_user(call)
    extension, data = decode_image(call.body["photo"], "photo")
    call.store.put_avatar(user["id"], extension, data)
    return ApiResponse(204)


def delete_user_photo(call: Call) -> ApiResponse:
    """Delete the photo of a user."""
    call.store.delete_avatar(find_user(call)["id"])
    return ApiResponse(204)


def get_auto_join_rooms(call: Call) -> ApiResponse:
    """List the rooms that the clients of a user open when they start."""
    user = find_user(call, deleted=True)
    names = [joined_room(entry) for entry in call.store.autojoins(user["id"]) or []]
    rooms_by_name = _rooms_by_canonical_name(call) if any(names) else {}
    rooms = [rooms_by_name[name] for name in dict.fromkeys(names) if name in rooms_by_name]
    body = paging.whole_collection(
        call,
        call.links.user(user["id"], "preference", "auto-join"),
        rooms,
        lambda record: objects.room_ref(call.links, record),
    )
    return ApiResponse(body=representations.expand(call, body))


def _rooms_by_canonical_name(call: Call) -> dict[str | None, Record]:
    rooms = all_records(call.store.rooms, private=True, archived=True)
    return {str(room.get("canonical_name")).casefold(): room for room in rooms}
