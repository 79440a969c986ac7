"""Operations on messages in rooms: histories, single messages, sending, notifying, replying, sharing."""

import json
import secrets
from typing import Any

from hcfmt.server.api.events import Event
from hcfmt.server.api.messages import COLORS
from hcfmt.server.api.objects import Object
from hcfmt.server.operations import histories, message_length, message_writing, representations
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import find_room, room_context
from hcfmt.server.operations.notification_senders import remember_addon
from hcfmt.server.store import Chat, Record

_USER_MESSAGE = ("UserMessage", "muc_message")
_NOTIFICATION = ("NotificationMessage", "notification")


def get_room_history(call: Call) -> ApiResponse:
    """Return a page of a room's history."""
    room = find_room(call)
    url = call.links.room(call.room_key, "history")
    body = histories.history(call, Chat(room=room["id"]), room_context(call, room), url)
    return ApiResponse(body=representations.expand(call, body))


def get_latest_room_history(call: Call) -> ApiResponse:
    """Return the latest messages of a room."""
    room = find_room(call)
    url = call.links.room(call.room_key, "history", "latest")
    body = histories.latest(call, Chat(room=room["id"]), room_context(call, room), url)
    return ApiResponse(body=representations.expand(call, body))


def get_room_message(call: Call) -> ApiResponse:
    """Return one message of a room."""
    room = find_room(call)
    body = histories.single(call, Chat(room=room["id"]), room_context(call, room))
    return ApiResponse(body=representations.expand(call, body))


def send_room_message(call: Call) -> ApiResponse:
    """Send a message to a room as the token's owner."""
    message, events = _send(call, find_room(call), call.body["message"])
    return ApiResponse(201, {"id": message["id"], "timestamp": message["date"]}, events=events)


def reply_to_room_message(call: Call) -> ApiResponse:
    """Send a reply to a message of a room; an export holds the reply, but not its parent."""
    room, parent = find_room(call), call.body["parentMessageId"]
    if call.store.message(Chat(room=room["id"]), parent) is None:
        raise histories.message_not_found(parent)
    _, events = _send(call, room, call.body["message"])
    return ApiResponse(204, events=events)


def send_room_notification(call: Call) -> ApiResponse:
    """Send a notification to a room; HTML is stored as received."""
    room, body = find_room(call), call.body
    color = body.get("color") or "yellow"
    properties: dict[str, Any] = {
        "format": body.get("message_format") or "html",
        "color": secrets.choice(COLORS) if color == "random" else color,
    }
    if body.get("card"):
        properties["card"] = json.dumps(body["card"])
    if body.get("attach_to"):
        properties["attach_to"] = body["attach_to"]
    name = body.get("from") or None
    with call.store.transaction():
        message = message_writing.append_to_room(
            call, room, _NOTIFICATION, body["message"], sender_name=name, properties=properties
        )
        remember_addon(call, str(message.record["id"]))
    _, events = message_writing.message_event(call, room, message)
    return ApiResponse(204, events=events)


def share_link_with_room(call: Call) -> ApiResponse:
    """Send a message with a link to a room."""
    link = call.body["link"]
    previews = [{"url": link, "image": "", "type": "link", "name": ""}]
    _, events = _send(call, find_room(call), message_length.link_text(call), {"metadata": previews})
    return ApiResponse(204, events=events)


def share_file_with_room(call: Call) -> ApiResponse:
    """Send a message with a file to a room."""
    room = find_room(call)
    text = message_length.upload_text(call)
    arrivals = message_writing.arrivals(call, room)
    message = message_writing.append_to_room(call, room, _USER_MESSAGE, text, upload=call.body)
    result, events = message_writing.message_event(call, room, message)
    return ApiResponse(204, events=(*arrivals, *events, _upload_event(call, room, result)))


def _upload_event(call: Call, room: Record, message: Object) -> Event:
    item = {"file": message.get("file"), "sender": message_writing.sender_object(call)}
    return message_writing.room_event(call, "room_file_upload", room, item)


def _send(call: Call, room: Record, text: str, properties: Record | None = None) -> tuple[Object, tuple[Event, ...]]:
    arrivals = message_writing.arrivals(call, room)
    message = message_writing.append_to_room(call, room, _USER_MESSAGE, text, properties=properties)
    result, events = message_writing.message_event(call, room, message)
    return result, (*arrivals, *events)
