"""Pages of message histories, selected and ordered as HipChat did (docs/api.md#history-parameters)."""

from hcfmt.server.api import dates
from hcfmt.server.api.messages import MessageContext, message_object
from hcfmt.server.api.objects import Object
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging
from hcfmt.server.operations.call import Call
from hcfmt.server.store import Chat

_ZONE = "UTC"
_NO_END = "null"  # the documented value of an end date without effect
_RECENT_SIZE = 75
"""The largest page of "recent", and the default of a latest history."""


def history(call: Call, chat: Chat, context: MessageContext, url: str) -> Object:
    """Return a page of a history; ``url`` is the history's own.

    Messages are older than ``date`` and not older than ``end-date``. ``start-index`` counts backwards from the newest
    of them; ``reverse`` puts the oldest message of the page first. "recent" means the latest 75 messages and has no
    other pages. Raises ApiError(401) for an end date with a time zone other than UTC, as HipChat did
    (docs/api.md#history-end-date); UTC cannot be distinguished from the default.
    """
    query, (start, size) = call.query, paging.bounds(call)
    date, zone = query.get("date") or dates.RECENT, query.get("timezone") or _ZONE
    dates.time_zone(zone)  # raises ApiError for an unknown one, even if no date is in it
    end = query.get("end-date") or _NO_END
    if end != _NO_END and zone.upper() != _ZONE:
        raise ApiError(401, "Invalid OAuth session")
    oldest = None if end == _NO_END else dates.read(end, zone, "end-date")
    is_recent = date.strip().lower() == dates.RECENT
    newest = None if is_recent else dates.read(date, zone, "date")
    if is_recent:
        start, size = 0, min(size, _RECENT_SIZE)
    messages = call.store.history(
        chat, newest=newest, oldest=oldest, start=start, size=size + 1, deleted=query.get("include_deleted", True)
    )
    items = [message_object(context, message) for message in messages[:size]]
    if query.get("reverse", True):
        items.reverse()
    has_next = len(messages) > size and not is_recent
    return paging.page(call, url, items, start=start, size=size, has_next=has_next)


def latest(call: Call, chat: Chat, context: MessageContext, url: str) -> Object:
    """Return the latest messages of a history, oldest first; raises ApiError(404) for an unknown ``not-before``."""
    query, size = call.query, call.query.get("max-results", _RECENT_SIZE)
    dates.time_zone(query.get("timezone") or _ZONE)
    not_before = query.get("not-before") or None
    messages = call.store.latest(chat, size=size, not_before=not_before, deleted=query.get("include_deleted", True))
    if messages is None:
        raise message_not_found(str(not_before))
    items = [message_object(context, message) for message in reversed(messages)]
    return paging.page(call, url, items, start=0, size=size, has_next=False)


def single(call: Call, chat: Chat, context: MessageContext) -> Object:
    """Return one message of a history, as the member "message"; raises ApiError(404) for an unknown id."""
    message_id = call.path["message_id"]
    message = call.store.message(chat, message_id)
    if message is None or (message.record.get("deleted") and not call.query.get("include_deleted", True)):
        raise message_not_found(message_id)
    return {"message": message_object(context, message)}


def message_not_found(message_id: str) -> ApiError:
    """Return the error for a message id that a history does not have."""
    return ApiError(404, f"Message {message_id[:64]} not found")
