"""Writing of messages as valid records of an export, and the events of rooms for webhooks."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from hcfmt.server.api import dates, objects, tokens, webhooks
from hcfmt.server.api.events import Event
from hcfmt.server.api.messages import message_object
from hcfmt.server.api.objects import Object
from hcfmt.server.operations.call import Call
from hcfmt.server.operations.lookup import room_context, room_people, token_owner
from hcfmt.server.store import Chat, Message, Record, Upload, all_records

INTEGRATION = 0
"""The sender id of an integration, which is not a user."""

_EXIT = "room_exit"

API = "API"
"""The default sender name of an integration."""


def sender(call: Call, name: str | None = None) -> Record:
    """Return the sender of a message to a room: the token's owner or an integration; ``name`` replaces its name."""
    owner = token_owner(call)
    own_name = str(owner["name"]) if owner else _integration_name(call)
    return {"id": owner["id"] if owner else INTEGRATION, "mention_name": "", "name": name or own_name, "version": ""}


def sender_object(call: Call) -> Object:
    """Return the sender of an event: the reference of the token's owner, or the name of an integration."""
    owner = token_owner(call)
    return objects.user_ref(call.links, owner) if owner else {"name": _integration_name(call)}


def _integration_name(call: Call) -> str:
    """Return the name that the descriptor of the token's add-on gives, else the default (docs/api.md#addon-name)."""
    addon = tokens.find_addon(call.store, call.token.client) if call.token and call.token.client else None
    return str(addon[1].get("name") or API) if addon else API


def append_to_room(
    call: Call,
    room: Record,
    kind: tuple[str, str],
    text: str,
    *,
    sender_name: str | None = None,
    properties: Mapping[str, Any] | None = None,
    upload: Upload | None = None,
) -> Message:
    """Append a message to the history of a room.

    ``kind`` is its wrapper key and its ``type``; ``properties`` are those of this kind only.
    """
    record = {"id": str(uuid4()), "type": kind[1], "sender": sender(call, sender_name), "message": text}
    record |= properties or {}
    chat = Chat(room=room["id"])
    return call.store.append(chat, kind[0], record, time=dates.to_instant(call.now), upload=upload)


def append_private(call: Call, owner: Record, peer: Record, text: str, upload: Upload | None = None) -> Message:
    """Append a private message to the histories of both users, or once to that of a user who writes to themselves."""
    record: Record = {
        "id": str(uuid4()),
        "attachment": None,
        "attachment_path": None,
        "mentions": [],
        "message": text,
        "receiver": _private_party(peer),
        "sender": _private_party(owner),
        "type": "private",
    }
    pairs = dict.fromkeys([(owner["id"], peer["id"]), (peer["id"], owner["id"])])
    chats = [Chat(owner=pair[0], peer=pair[1]) for pair in pairs]
    return call.store.append(chats, "PrivateUserMessage", record, time=dates.to_instant(call.now), upload=upload)


def _private_party(user: Record) -> Record:
    return {"id": user["id"], "mention_name": "", "name": "", "version": ""}


def message_event(call: Call, room: Record, message: Message) -> tuple[Object, tuple[Event, ...]]:
    """Return a room's message as an object of the API, and its event."""
    result = message_object(room_context(call, room), message)
    name = "room_notification" if message.kind == "NotificationMessage" else "room_message"
    return result, (room_event(call, name, room, {"message": result}, text=str(result["message"])),)


def entering(call: Call, room: Record, user: Record) -> Event:
    """Return the event of a user who enters a room."""
    return room_event(call, "room_enter", room, {"sender": objects.user_ref(call.links, user)})


def leaving(call: Call, room: Record, user: Record) -> Event:
    """Return the event of a user who leaves a room."""
    return room_event(call, _EXIT, room, {"sender": objects.user_ref(call.links, user)})


def leaving_together(call: Call, room: Record, people: Iterable[int]) -> tuple[Event, ...]:
    """Return the events of users who leave a room; none if no webhook waits for them, as there may be thousands."""
    if not _rooms_with_webhooks(call, _EXIT) & {None, room["id"]}:
        return ()
    users = (call.store.user(number) for number in people)
    return tuple(leaving(call, room, user) for user in users if user)


def leaving_everywhere(call: Call, user: Record) -> tuple[Event, ...]:
    """Return the events of a user who leaves all rooms, for those rooms where a webhook waits for them."""
    numbers = _rooms_with_webhooks(call, _EXIT)
    rooms: Iterable[Record | None] = (
        all_records(call.store.rooms, private=True, archived=True)
        if None in numbers
        else [call.store.room(number) for number in sorted(filter(None, numbers))]
    )
    present = (room for room in rooms if room and user["id"] in room_people(call.store, room))
    return tuple(leaving(call, room, user) for room in present if not room.get("is_deleted"))


def _rooms_with_webhooks(call: Call, event: str) -> set[int | None]:
    """Return the rooms whose webhooks wait for an event; None stands for all rooms."""
    return {hook["room"] for hook in call.store.documents(webhooks.KIND).values() if hook["event"] == event}


def arrivals(call: Call, room: Record) -> tuple[Event, ...]:
    """Return the event of a token's owner who is about to write in a public room for the first time."""
    owner = token_owner(call)
    if owner is None or room["privacy"] == "private" or owner["id"] in room_people(call.store, room):
        return ()
    return (entering(call, room, owner),)


def room_event(
    call: Call, name: str, room: Record, item: Mapping[str, Any] | None = None, *, text: str | None = None
) -> Event:
    """Return an event of a room; the room and, without a message, the sender are added to its item."""
    properties: Object = dict(item or {})
    if "message" not in properties:
        properties.setdefault("sender", sender_object(call))
    return Event(name, room["id"], {**properties, "room": objects.room_ref(call.links, room)}, text)
