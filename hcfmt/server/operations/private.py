"""Operations on private messages, between the token's owner and the user in the path."""

from hcfmt.server.operations import histories, message_length, message_writing, representations
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import owner_of, private_chat, private_place, user_of


def get_user_history(call: Call) -> ApiResponse:
    """Return a page of what the token's owner and somebody wrote to each other."""
    _, peer, chat = private_chat(call)
    body = histories.history(call, chat, private_place(call), call.links.user(peer["id"], "history"))
    return ApiResponse(body=representations.expanded(call, body))


def get_latest_user_history(call: Call) -> ApiResponse:
    """Return the last messages between the token's owner and somebody."""
    _, peer, chat = private_chat(call)
    url = call.links.user(peer["id"], "history", "latest")
    return ApiResponse(body=representations.expanded(call, histories.latest(call, chat, private_place(call), url)))


def get_user_message(call: Call) -> ApiResponse:
    """Return one message between the token's owner and somebody."""
    _, _, chat = private_chat(call)
    return ApiResponse(body=representations.expanded(call, histories.single(call, chat, private_place(call))))


def send_private_message(call: Call) -> ApiResponse:
    """Write a private message as the token's owner."""
    message_writing.append_private(call, owner_of(call), user_of(call), call.body["message"])
    return ApiResponse(204)


def share_link_with_user(call: Call) -> ApiResponse:
    """Write a private message with a link."""
    message_writing.append_private(call, owner_of(call), user_of(call), message_length.link_text(call))
    return ApiResponse(204)


def share_file_with_user(call: Call) -> ApiResponse:
    """Write a private message with a file."""
    message_writing.append_private(call, owner_of(call), user_of(call), message_length.upload_text(call), call.body)
    return ApiResponse(204)
