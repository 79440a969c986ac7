"""Pages of collections: items, links to the neighbouring pages, and the requested bounds (docs/api.md#collections)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from hcfmt.server.api.links import Links
from hcfmt.server.api.objects import Object
from hcfmt.server.operations.call import Call

_T = TypeVar("_T")

DEFAULT_SIZE = 100
"""Items of a page without ``max-results``."""

_MAX_START = 1 << 53  # beyond the end of any collection


def bounds(call: Call) -> tuple[int, int]:
    """Return the index of the first item and the number of items that a call requests."""
    return min(call.query.get("start-index", 0), _MAX_START), call.query.get("max-results", DEFAULT_SIZE)


def collection(
    call: Call, url: str, fetch: Callable[[int, int], Sequence[_T]], represent: Callable[[_T], Object]
) -> Object:
    """Return a page of a collection.

    ``url`` is the collection's own, without a query. ``fetch(start, size)`` returns items; it is asked for one item
    more than the page has, to know whether there is a next page. ``represent`` makes the object of an item.
    """
    start, size = bounds(call)
    items = fetch(start, size + 1)
    objects = [represent(item) for item in items[:size]]
    return page(call, url, objects, start=start, size=size, has_next=len(items) > size)


def page(call: Call, url: str, items: list[Object], *, start: int, size: int, has_next: bool) -> Object:
    """Return a page of the given items.

    ``next`` and ``prev`` are absent at the ends (docs/api.md#last-page), and on an empty page, which would link to
    itself.
    """
    links = {"self": url}
    if has_next and size:
        links["next"] = Links.page(url, call.query, start + size)
    if start and size:
        links["prev"] = Links.page(url, call.query, max(0, start - size))
    return {"items": items, "links": links, "maxResults": size, "startIndex": start}


def whole_collection(call: Call, url: str, items: Sequence[_T], represent: Callable[[_T], Object]) -> Object:
    """Return a page of a collection whose items are all in memory."""
    return collection(call, url, lambda start, size: items[start : start + size], represent)
