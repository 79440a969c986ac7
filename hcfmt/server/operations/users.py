"""Operations on users: list, make, read, change, delete them; photos, and what their clients open."""

import re
from typing import Any

from hcfmt.server.api import objects
from hcfmt.server.api.tokens import revoke_of
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging, representations
from hcfmt.server.operations.base64_image import decode_image
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import user_of
from hcfmt.server.operations.user_changes import change_user, new_user
from hcfmt.server.store import Record, all_records

_SIZES = {"small": "_36", "big": "_125"}
_ROOM_JID = re.compile(r"[0-9]+_([^@]+)@conf\.[^@]+")


def get_all_users(call: Call) -> ApiResponse:
    """List the users of the group by ascending id."""
    guests, deleted = call.query.get("include-guests", False), call.query.get("include-deleted", False)

    def fetch(start: int, size: int) -> list[Record]:
        return call.store.users(start=start, size=size, guests=guests, deleted=deleted)

    def show(record: Record) -> objects.Object:
        return objects.user_ref(call.links, record)

    body = paging.collection(call, call.links.to("user"), fetch, show)
    return ApiResponse(body=representations.expanded(call, body))


def create_user(call: Call) -> ApiResponse:
    """Make an account. Its password is not kept: nobody can log in, and no export holds one."""
    record = call.store.add_user(new_user(call.store, call.body, call.now))
    links = {"self": call.links.user(record["id"])}
    return ApiResponse(201, {"id": record["id"], "links": links}, headers={"Location": links["self"]})


def get_user(call: Call) -> ApiResponse:
    """Return a user's full form, a deleted one's too."""
    return ApiResponse(body=representations.expanded(call, representations.user(call, user_of(call, deleted=True))))


def update_user(call: Call) -> ApiResponse:
    """Change a user's names, title, address, time zone, or whether they are an admin."""
    user = user_of(call)
    change_user(call.store, user, call.body)
    call.store.put_user(user)
    return ApiResponse(204)


def delete_user(call: Call) -> ApiResponse:
    """Mark a user as deleted, as an export does; what they wrote stays, their tokens do not."""
    user = user_of(call)
    call.store.put_user({**user, "is_deleted": True})
    revoke_of(call.store, owner=user["id"])
    return ApiResponse(204)


def get_user_photo(call: Call) -> ApiResponse:
    """Lead to a user's photo of 125 pixels."""
    return _photo(call, "big")


def get_user_photo_by_size(call: Call) -> ApiResponse:
    """Lead to a user's photo in the size in the path."""
    return _photo(call, call.path["size"])


def _photo(call: Call, size: str) -> ApiResponse:
    if size not in _SIZES:
        raise ApiError(400, "A photo's size is small or big.", field="size", validation="enum")
    path = objects.photo_path(user_of(call, deleted=True), _SIZES[size])
    if path is None:
        raise ApiError(404, "This user has no photo.")
    return ApiResponse(302, headers={"Location": call.links.stored(path)})


def update_user_photo(call: Call) -> ApiResponse:
    """Give a user another photo."""
    user = user_of(call)
    extension, data = decode_image(call.body["photo"], "photo")
    call.store.put_avatar(user["id"], extension, data)
    return ApiResponse(204)


def delete_user_photo(call: Call) -> ApiResponse:
    """Take a user's photo away."""
    call.store.delete_avatar(user_of(call)["id"])
    return ApiResponse(204)


def get_auto_join_rooms(call: Call) -> ApiResponse:
    """List the rooms that a user's client opens at its start."""
    user = user_of(call, deleted=True)
    wanted = [_room_of_jid(one) for one in call.store.autojoins(user["id"]) or []]
    known = _rooms_by_canonical_name(call) if any(wanted) else {}
    rooms = [known[name] for name in dict.fromkeys(wanted) if name in known]
    body = paging.listed(
        call,
        call.links.user(user["id"], "preference", "auto-join"),
        rooms,
        lambda record: objects.room_ref(call.links, record),
    )
    return ApiResponse(body=representations.expanded(call, body))


def _room_of_jid(entry: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the canonical name of the room that an entry names by its JID (facts 1.4), None where it names none."""
    jid = entry.get("jid") if isinstance(entry, dict) else None
    known = _ROOM_JID.fullmatch(jid) if isinstance(jid, str) else None
    return known[1].casefold() if known else None


def _rooms_by_canonical_name(call: Call) -> dict[str | None, Record]:
    rooms = all_records(call.store.rooms, private=True, archived=True)
    return {str(room.get("canonical_name")).casefold(): room for room in rooms}
