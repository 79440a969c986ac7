"""Operations on the group: its properties, statistics and avatar, and invitations to it (docs/api.md#groups)."""

from hcfmt.server.api import objects
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import representations
from hcfmt.server.operations.base64_image import decode_image
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.user_changes import new_user
from hcfmt.server.store import all_records


def get_group(call: Call) -> ApiResponse:
    """Return the group."""
    _check_group(call)
    return ApiResponse(body=representations.group(call))


def get_group_statistics(call: Call) -> ApiResponse:
    """Return the number of users, without guests and deleted users."""
    _check_group(call)
    return ApiResponse(body={"users": sum(1 for _ in all_records(call.store.users))})


def get_group_avatar(call: Call) -> ApiResponse:
    """Redirect to the avatar of the group; only clients set one, as exports hold none."""
    _check_group(call)
    path = call.store.room_avatar(None)
    if path is None:
        raise ApiError(404, "This group has no avatar")
    return ApiResponse(302, headers={"Location": call.links.stored(path)})


def update_group_avatar(call: Call) -> ApiResponse:
    """Set the avatar of the group; an export will not hold it."""
    _check_group(call)
    call.store.put_room_avatar(None, *decode_image(call.body["avatar"], "avatar"))
    return ApiResponse(204)


def delete_group_avatar(call: Call) -> ApiResponse:
    """Delete the avatar of the group."""
    _check_group(call)
    call.store.delete_room_avatar(None)
    return ApiResponse(204)


def invite_user_to_group(call: Call) -> ApiResponse:
    """Create the user that a person became who accepted the invitation; no e-mail is sent."""
    record = call.store.add_user(new_user(call.store, call.body, call.now))
    return ApiResponse(body=representations.user(call, record))


def _check_group(call: Call) -> None:
    """Raise ApiError(404) unless the path names the only group."""
    if call.path["group_id"] != str(objects.GROUP):
        raise ApiError(404, "Group not found")
