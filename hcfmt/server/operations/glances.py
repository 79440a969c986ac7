"""Operations that push new contents of glances, the lines of add-ons beside a conversation (docs/api.md#glances).

No operation returns these contents, and no page shows them: a push is checked, and listed with the other requests.
"""

from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import find_room, find_user


def update_addon_ui(_: Call) -> ApiResponse:
    """Take contents of glances for everybody."""
    return ApiResponse(204)


def update_room_addon_ui(call: Call) -> ApiResponse:
    """Take contents of glances for a room."""
    find_room(call)
    return ApiResponse(204)


def update_user_addon_ui(call: Call) -> ApiResponse:
    """Take contents of glances for a user."""
    find_user(call)
    return ApiResponse(204)


def update_room_user_addon_ui(call: Call) -> ApiResponse:
    """Take contents of glances for a user in a room."""
    find_room(call)
    find_user(call)
    return ApiResponse(204)
