"""Operations on messages in rooms: histories, single messages, sending, notifying, replying, sharing."""

import json
import secrets
from typing import Any

from hcfmt.server.api.events import Event
from hcfmt.server.api.messages import COLORS
from hcfmt.server.api.objects import Object
from hcfmt.server.operations import histories, message_length, message_writing, representations
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import room_of, room_place
from hcfmt.server.store import Chat, Message, Record

_SAID = ("UserMessage", "muc_message")
_NOTIFIED = ("NotificationMessage", "notification")


def get_room_history(call: Call) -> ApiResponse:
    """Return a page of a room's history."""
    room = room_of(call)
    url = call.links.room(room["id"], "history")
    body = histories.history(call, Chat(room=room["id"]), room_place(call, room), url)
    return ApiResponse(body=representations.expanded(call, body))


def get_latest_room_history(call: Call) -> ApiResponse:
    """Return the last messages of a room."""
    room = room_of(call)
    url = call.links.room(room["id"], "history", "latest")
    return ApiResponse(
        body=representations.expanded(call, histories.latest(call, Chat(room=room["id"]), room_place(call, room), url))
    )


def get_room_message(call: Call) -> ApiResponse:
    """Return one message of a room."""
    room = room_of(call)
    return ApiResponse(
        body=representations.expanded(call, histories.single(call, Chat(room=room["id"]), room_place(call, room)))
    )


def send_room_message(call: Call) -> ApiResponse:
    """Write a message to a room as the token's owner."""
    shown, events = _say(call, room_of(call), call.body["message"])
    return ApiResponse(201, {"id": shown["id"], "timestamp": shown["date"]}, events=events)


def reply_to_room_message(call: Call) -> ApiResponse:
    """Write an answer to a message of a room; an export keeps the answer, but not what it answers."""
    room, parent = room_of(call), call.body["parentMessageId"]
    if call.store.message(Chat(room=room["id"]), parent) is None:
        raise histories.no_message(parent)
    return ApiResponse(204, events=_say(call, room, call.body["message"])[1])


def send_room_notification(call: Call) -> ApiResponse:
    """Write a notification to a room, as it stands: HTML is neither read nor cleaned."""
    room, told = room_of(call), call.body
    color = told.get("color") or "yellow"
    more: dict[str, Any] = {
        "format": told.get("message_format") or "html",
        "color": secrets.choice(COLORS) if color == "random" else color,
    }
    if told.get("card"):
        more["card"] = json.dumps(told["card"])
    if told.get("attach_to"):
        more["attach_to"] = told["attach_to"]
    name = told.get("from") or None
    written = message_writing.append_to_room(call, room, _NOTIFIED, told["message"], name=name, more=more)
    return ApiResponse(204, events=message_writing.said(call, room, written)[1])


def share_link_with_room(call: Call) -> ApiResponse:
    """Write a message with a link to a room."""
    link = call.body["link"]
    previews = [{"url": link, "image": "", "type": "link", "name": ""}]
    return ApiResponse(204, events=_say(call, room_of(call), message_length.link_text(call), {"metadata": previews})[1])


def share_file_with_room(call: Call) -> ApiResponse:
    """Write a message with a file to a room."""
    room = room_of(call)
    text = message_length.upload_text(call)
    written = message_writing.append_to_room(call, room, _SAID, text, upload=call.body)
    shown, events = message_writing.said(call, room, written)
    return ApiResponse(204, events=(*events, _uploaded(call, room, shown)))


def _uploaded(call: Call, room: Record, shown: Object) -> Event:
    item = {"file": shown.get("file"), "sender": message_writing.sender_object(call)}
    return message_writing.event(call, "room_file_upload", room, item)


def _say(call: Call, room: Record, text: str, more: Record | None = None) -> tuple[Object, tuple[Event, ...]]:
    written: Message = message_writing.append_to_room(call, room, _SAID, text, more=more)
    return message_writing.said(call, room, written)
