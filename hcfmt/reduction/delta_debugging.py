"""Delta debugging: finds a small part of a list that still passes a test (Zeller and Hildebrandt, 2002)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def smallest(items: Sequence[T], passes: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Return the items that are left when no single one can be removed any more; all of ``items`` must pass.

    Halves are removed first, then quarters, and so on to single items, from the end of the list to its beginning.
    """
    if not items or passes(items[:0]):
        return items[:0]
    size = len(items)
    while True:
        size = max(1, min(size, len(items)) // 2)
        before = len(items)
        items = _without_chunks(items, size, passes)
        if size == 1 and len(items) == before:
            return items
        if len(items) == 1:
            return items


def _without_chunks(items: Sequence[T], size: int, passes: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Return the items without each chunk of some size whose removal passes."""
    end = len(items)
    while end > 0:
        start = max(0, end - size)
        if end - start < len(items):
            rest = [*items[:start], *items[end:]]
            if passes(rest):
                items = rest
        end = start
    return items
