"""Operations on private messages between the token's owner and the user in the path."""

from hcfmt.server.operations import histories, message_length, message_writing, representations
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import find_user, private_chat, private_context, require_token_owner


def get_user_history(call: Call) -> ApiResponse:
    """Return a page of the private messages between the token's owner and a user."""
    _, peer, chat = private_chat(call)
    body = histories.history(call, chat, private_context(call), call.links.user(peer["id"], "history"))
    return ApiResponse(body=representations.expand(call, body))


def get_latest_user_history(call: Call) -> ApiResponse:
    """Return the latest private messages between the token's owner and a user."""
    _, peer, chat = private_chat(call)
    url = call.links.user(peer["id"], "history", "latest")
    return ApiResponse(body=representations.expand(call, histories.latest(call, chat, private_context(call), url)))


def get_user_message(call: Call) -> ApiResponse:
    """Return one private message between the token's owner and a user."""
    _, _, chat = private_chat(call)
    return ApiResponse(body=representations.expand(call, histories.single(call, chat, private_context(call))))


def send_private_message(call: Call) -> ApiResponse:
    """Send a private message as the token's owner."""
    message_writing.append_private(call, require_token_owner(call), find_user(call), call.body["message"])
    return ApiResponse(204)


def share_link_with_user(call: Call) -> ApiResponse:
    """Send a private message with a link."""
    message_writing.append_private(call, require_token_owner(call), find_user(call), message_length.link_text(call))
    return ApiResponse(204)


def share_file_with_user(call: Call) -> ApiResponse:
    """Send a private message with a file."""
    owner, peer = require_token_owner(call), find_user(call)
    message_writing.append_private(call, owner, peer, message_length.upload_text(call), call.body)
    return ApiResponse(204)
