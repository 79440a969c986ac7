"""Collections by page: items, links to this page's neighbours, and what was asked for (facts 4.2 and 4.3)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from hcfmt.server.api.links import Links
from hcfmt.server.api.objects import Object
from hcfmt.server.operations.call import Call

_T = TypeVar("_T")

DEFAULT = 100
"""How many items a page has where nothing is asked for."""

_FURTHEST = 1 << 53  # more items than any collection has


def bounds(call: Call) -> tuple[int, int]:
    """Return the first item's index and the number of items that a call asks for."""
    return min(call.query.get("start-index", 0), _FURTHEST), call.query.get("max-results", DEFAULT)


def collection(call: Call, url: str, fetch: Callable[[int, int], Sequence[_T]], show: Callable[[_T], Object]) -> Object:
    """Return a page of a collection.

    ``url`` is its own, without a query; ``fetch`` gives, from an index on, so many of its items, and is asked for one
    more than is shown, to know whether there is a next page; ``show`` makes the object of one.
    """
    start, size = bounds(call)
    items = fetch(start, size + 1)
    return page(call, url, [show(one) for one in items[:size]], start=start, size=size, more=len(items) > size)


def page(call: Call, url: str, items: list[Object], *, start: int, size: int, more: bool) -> Object:
    """Return a page whose items are known; ``more``: whether there are items behind it.

    ``next`` and ``prev`` are absent at the ends, and for an empty page, which would lead to itself.
    """
    links = {"self": url}
    if more and size:
        links["next"] = Links.page(url, call.query, start + size)
    if start and size:
        links["prev"] = Links.page(url, call.query, max(0, start - size))
    return {"items": items, "links": links, "maxResults": size, "startIndex": start}


def listed(call: Call, url: str, items: Sequence[_T], show: Callable[[_T], Object]) -> Object:
    """Return a page of a collection that is at hand as a whole."""
    return collection(call, url, lambda start, size: items[start : start + size], show)
