"""Changes of one value in the JSON of a member, at a JSON Pointer (RFC 6901)."""

from collections.abc import Sequence
from typing import Any

import orjson

from hcfmt.errors import UsageError
from hcfmt.export.editing import Change
from hcfmt.findings import pointer
from hcfmt.recipes.draft import Draft

APPEND = "-"
"""The last step of a pointer that stands for the end of a list."""


def set_value(draft: Draft, path: str, steps: Sequence[str], text: bytes) -> None:
    """Write JSON text in place of the value at a pointer; make the property, or append to the list, if it is new.

    Raises UsageError if the member or the object or list around the value does not exist.
    """
    holder, target = _holder(draft, path, steps), tuple(steps)
    value = draft.fragment(text)
    if isinstance(holder, list):
        index = len(holder) if steps[-1] == APPEND else _index(holder, steps, len(steps) - 1, path)
        before = holder[index] if index < len(holder) else None
        holder[index : index + 1] = [value]
        target = (*steps[:-1], str(index))
    else:
        before = holder.get(steps[-1])
        holder[steps[-1]] = value
    draft.export.log.append(Change(path, pointer(target), draft.decoded(before), draft.decoded(value)))


def remove_value(draft: Draft, path: str, steps: Sequence[str]) -> None:
    """Remove the value at a pointer; values behind it in a list move up. Raises UsageError if it does not exist."""
    holder = _holder(draft, path, steps)
    if isinstance(holder, list):
        before = holder.pop(_index(holder, steps, len(steps) - 1, path))
    elif steps[-1] in holder:
        before = holder.pop(steps[-1])
    else:
        raise _missing(path, steps)
    draft.export.log.append(Change(path, pointer(steps), draft.decoded(before), None))


def _holder(draft: Draft, path: str, steps: Sequence[str]) -> Any:  # noqa: ANN401 - a JSON object or list
    """Return the object or list that the last step of a pointer leads into; fragments on the way are decoded."""
    inner = draft.document(path)
    for end, step in enumerate(steps[:-1]):
        key = _key(inner, steps, end, path)
        if isinstance(inner, dict) and step not in inner:
            raise _missing(path, steps[: end + 1])
        value = inner[key]
        if isinstance(value, orjson.Fragment):
            value = inner[key] = draft.decoded(value)
        inner = value
    _key(inner, steps, len(steps) - 1, path)
    return inner


def _key(value: Any, steps: Sequence[str], end: int, path: str) -> str | int:  # noqa: ANN401 - any JSON value
    """Return the key or index in a value that a step means; raise UsageError if the value has neither."""
    if isinstance(value, list):
        return _index(value, steps, end, path) if steps[end] != APPEND or end < len(steps) - 1 else len(value)
    if isinstance(value, dict):
        return steps[end]
    raise UsageError(f"In {path!r}, the value at {pointer(steps[:end]) or 'the top'} is neither an object nor a list.")


def _index(values: list[Any], steps: Sequence[str], end: int, path: str) -> int:
    step = steps[end]
    if not step.isascii() or not step.isdecimal() or len(step) > len(str(len(values))) or int(step) >= len(values):
        raise UsageError(
            f"In {path!r}, the list at {pointer(steps[:end]) or 'the top'} has {len(values):,} items and no item"
            f" {step!r}; items count from 0, and '-' appends one."
        )
    return int(step)


def _missing(path: str, steps: Sequence[str]) -> UsageError:
    return UsageError(f"In {path!r}, there is no value at {pointer(steps)}.")
