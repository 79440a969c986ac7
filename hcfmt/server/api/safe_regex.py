"""Patterns that clients give: matched in time linear in the text, by an engine without backtracking."""

from collections.abc import Callable
from functools import lru_cache

import jsonschema_rs

_LONGEST = 1_000  # characters of a pattern
_SIZE = 1 << 20  # bytes of a compiled pattern


def is_pattern(pattern: str) -> bool:
    """Whether a pattern can be used: no references back, nothing that looks ahead or behind, and not too long."""
    return _compiled(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern is found anywhere in a text; one that cannot be used is found nowhere."""
    found = _compiled(pattern)
    try:
        return found is not None and found(text)
    except ValueError:  # text that is no Unicode
        return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Callable[[str], bool] | None:
    if len(pattern) > _LONGEST:
        return None
    options = jsonschema_rs.RegexOptions(size_limit=_SIZE, dfa_size_limit=_SIZE)
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options).is_valid
    except ValueError:
        return None
