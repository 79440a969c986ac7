"""Pages of histories: sorted, cut and turned as the facts prove (facts 4.4)."""

from hcfmt.server.api import dates
from hcfmt.server.api.messages import Place, message
from hcfmt.server.api.objects import Object
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging
from hcfmt.server.operations.call import Call
from hcfmt.server.store import Chat

_ZONE = "UTC"
_NO_END = "null"  # which HipChat's documentation names for an end date that bounds nothing
_LATEST = 75
"""How many messages "recent" and a latest history give at most where less is not asked for."""


def history(call: Call, chat: Chat, place: Place, url: str) -> Object:
    """Return a page of a history.

    ``date`` is a bound that messages are older than, ``end-date`` one that they are not older than. ``start-index``
    counts from the newest of them backwards; ``reverse`` turns the page alone, so that its oldest comes first.
    "recent" are the latest 75, which have no other page. Raises ApiError(401) for an end date with a time zone other
    than UTC, which cannot be told from none.
    """
    query, (start, size) = call.query, paging.bounds(call)
    date, zone = query.get("date") or dates.RECENT, query.get("timezone") or _ZONE
    dates.time_zone(zone)  # refuses one that nobody knows, though there may be nothing to be read in it
    end = query.get("end-date") or _NO_END
    if end != _NO_END and zone.upper() != _ZONE:
        raise ApiError(401, "Invalid OAuth session")  # as HipChat had it (facts 4.4)
    oldest = None if end == _NO_END else dates.read(end, zone, "end-date")
    is_recent = date.strip().lower() == dates.RECENT
    newest = None if is_recent else dates.read(date, zone, "date")
    if is_recent:
        start, size = 0, min(size, _LATEST)
    told = call.store.history(
        chat, newest=newest, oldest=oldest, start=start, size=size + 1, deleted=query.get("include_deleted", True)
    )
    items = [message(place, one) for one in told[:size]]
    if query.get("reverse", True):
        items.reverse()
    return paging.page(call, url, items, start=start, size=size, more=len(told) > size and not is_recent)


def latest(call: Call, chat: Chat, place: Place, url: str) -> Object:
    """Return the last messages of a history, the oldest of them first; raises ApiError(404) for a bound unknown."""
    query, size = call.query, call.query.get("max-results", _LATEST)
    dates.time_zone(query.get("timezone") or _ZONE)
    bound = query.get("not-before") or None
    told = call.store.latest(chat, size=size, not_before=bound, deleted=query.get("include_deleted", True))
    if told is None:
        raise no_message(str(bound))
    items = [message(place, one) for one in reversed(told)]
    return paging.page(call, url, items, start=0, size=size, more=False)


def single(call: Call, chat: Chat, place: Place) -> Object:
    """Return one message of a history below "message"; raises ApiError(404)."""
    number = call.path["message_id"]
    told = call.store.message(chat, number)
    if told is None or (told.record.get("deleted") and not call.query.get("include_deleted", True)):
        raise no_message(number)
    return {"message": message(place, told)}


def no_message(number: str) -> ApiError:
    """Return what is said of a message's id that the history does not have."""
    return ApiError(404, f"Message {number[:64]} not found")
