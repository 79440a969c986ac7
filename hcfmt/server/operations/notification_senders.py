"""Add-ons that sent notifications, which the server stores besides the archive: an export holds only their names."""

from hcfmt.server.api import tokens
from hcfmt.server.api.messages import NotificationSender
from hcfmt.server.operations.call import Call
from hcfmt.server.store import Store

_KIND = "notification sender"
"""The kind of documents that hold the add-on of a notification, by the id of the message."""


def remember_addon(call: Call, message_id: str) -> None:
    """Store the add-on whose token sent a notification; the token of a user stores nothing."""
    client = call.token.client if call.token else None
    if client is None:
        return
    addon = tokens.find_addon(call.store, client)
    call.store.put_document(_KIND, message_id, {"client_id": client, "id": str(addon[0]) if addon else None})


def find_addon(store: Store, message_id: str) -> NotificationSender:
    """Return the ids of the add-on that sent a notification, as far as they are known."""
    return store.document(_KIND, message_id) or {}
