"""What writes have in common: messages as valid records of the export, and the events that webhooks hear of."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from hcfmt.server.api import dates, objects
from hcfmt.server.api.events import Event
from hcfmt.server.api.messages import message
from hcfmt.server.api.objects import Object
from hcfmt.server.operations.call import Call
from hcfmt.server.operations.lookup import room_place
from hcfmt.server.store import Chat, Message, Record, Upload

INTEGRATION = 0
"""The id of a sender who is no user (seed 000)."""

API = "API"
"""The name of such a sender where nobody gave one."""


def sender(call: Call, name: str | None = None) -> Record:
    """Return who sends a message in a room: the token's owner, else an integration; ``name`` in place of their own."""
    owner = call.store.user(call.token.owner) if call.token and call.token.owner is not None else None
    own = str(owner["name"]) if owner else API
    return {"id": owner["id"] if owner else INTEGRATION, "mention_name": "", "name": name or own, "version": ""}


def sender_object(call: Call) -> Object:
    """Return who makes a call as events tell it: a reference, or a name alone for an integration."""
    owner = call.store.user(call.token.owner) if call.token and call.token.owner is not None else None
    return objects.user_ref(call.links, owner) if owner else {"name": API}


def append_to_room(
    call: Call,
    room: Record,
    kind: tuple[str, str],
    text: str,
    *,
    name: str | None = None,
    more: Mapping[str, Any] | None = None,
    upload: Upload | None = None,
) -> Message:
    """Write a message at the end of a room's history.

    ``kind`` is its wrapper key and its ``type``; ``name`` stands for the sender's own, ``more`` are the properties that
    only this kind has.
    """
    record = {"id": str(uuid4()), "type": kind[1], "sender": sender(call, name), "message": text, **(more or {})}
    chat = Chat(room=room["id"])
    return call.store.append(chat, kind[0], record, time=dates.micros(call.now), upload=upload)


def append_private(call: Call, owner: Record, peer: Record, text: str, upload: Upload | None = None) -> Message:
    """Write a private message to the histories of both, or to the one history of somebody who writes to themselves."""
    record: Record = {
        "id": str(uuid4()),
        "attachment": None,
        "attachment_path": None,
        "mentions": [],
        "message": text,
        "receiver": _party(peer),
        "sender": _party(owner),
        "type": "private",
    }
    pairs = dict.fromkeys([(owner["id"], peer["id"]), (peer["id"], owner["id"])])
    chats = [Chat(owner=pair[0], peer=pair[1]) for pair in pairs]
    return call.store.append(chats, "PrivateUserMessage", record, time=dates.micros(call.now), upload=upload)


def _party(user: Record) -> Record:
    return {"id": user["id"], "mention_name": "", "name": "", "version": ""}


def said(call: Call, room: Record, told: Message) -> tuple[Object, tuple[Event, ...]]:
    """Return a room's message as the API has it, and the event that somebody said it."""
    shown = message(room_place(call, room), told)
    name = "room_notification" if told.kind == "NotificationMessage" else "room_message"
    return shown, (event(call, name, room, {"message": shown}, text=str(shown["message"])),)


def event(
    call: Call, name: str, room: Record, item: Mapping[str, Any] | None = None, *, text: str | None = None
) -> Event:
    """Return an event of a room; its item tells the room, and who did it unless a message tells that."""
    told: Object = dict(item or {})
    if "message" not in told:
        told.setdefault("sender", sender_object(call))
    return Event(name, room["id"], {**told, "room": objects.room_ref(call.links, room)}, text)
