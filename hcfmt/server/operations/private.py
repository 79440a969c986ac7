"""Operations on private messages, between the token's owner and the user in the path."""

from hcfmt.server.api.call import Answer, Call
from hcfmt.server.operations import full, histories, texts, writing
from hcfmt.server.operations.finding import owner_of, private_chat, private_place, user_of


def get_user_history(call: Call) -> Answer:
    """Return a page of what the token's owner and somebody wrote to each other."""
    _, peer, chat = private_chat(call)
    body = histories.history(call, chat, private_place(call), call.links.user(peer["id"], "history"))
    return Answer(body=full.expanded(call, body))


def get_latest_user_history(call: Call) -> Answer:
    """Return the last messages between the token's owner and somebody."""
    _, peer, chat = private_chat(call)
    url = call.links.user(peer["id"], "history", "latest")
    return Answer(body=full.expanded(call, histories.latest(call, chat, private_place(call), url)))


def get_user_message(call: Call) -> Answer:
    """Return one message between the token's owner and somebody."""
    _, _, chat = private_chat(call)
    return Answer(body=full.expanded(call, histories.single(call, chat, private_place(call))))


def send_private_message(call: Call) -> Answer:
    """Write a private message as the token's owner."""
    writing.append_private(call, owner_of(call), user_of(call), call.body["message"])
    return Answer(204)


def share_link_with_user(call: Call) -> Answer:
    """Write a private message with a link."""
    writing.append_private(call, owner_of(call), user_of(call), texts.linked(call))
    return Answer(204)


def share_file_with_user(call: Call) -> Answer:
    """Write a private message with a file."""
    writing.append_private(call, owner_of(call), user_of(call), texts.uploaded(call), call.body)
    return Answer(204)
