"""Notifications with which the receivers of webhooks answer (docs/api.md#webhook-replies)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from hcfmt.server.api.events import Event
from hcfmt.server.api.links import Links
from hcfmt.server.api.tokens import Token
from hcfmt.server.api.webhooks import Reply
from hcfmt.server.http.bodies import JSON, read_body
from hcfmt.server.openapi import contract
from hcfmt.server.operations.call import Call
from hcfmt.server.operations.messages import send_room_notification
from hcfmt.server.settings import Settings

if TYPE_CHECKING:
    from hcfmt.server.store import Store


def replying(store: "Store", settings: Settings, clock: Callable[[], float]) -> Callable[[Reply], tuple[Event, ...]]:
    """Return the function that posts a reply as the operation sendRoomNotification does, and returns its events.

    The function raises ApiError(400) for a body that the operation refuses, and ApiError(404) for a deleted room.
    """
    operation = next(operation for operation in contract.operations() if operation.id == "sendRoomNotification")

    def post(reply: Reply) -> tuple[Event, ...]:
        token = Token(None, operation.scopes, room=None, expires=None, is_main=False, key="", client=reply.client)
        call = Call(
            operation=operation,
            path={"id_or_name": str(reply.room)},
            query={},
            body=read_body(operation, JSON, reply.body),
            token=token,
            links=Links(reply.base),
            store=store,
            now=clock(),
            main_token=settings.token,
            server_version=settings.server_version,
            deleted_rooms=settings.deleted_rooms,
        )
        return send_room_notification(call).events

    return post
