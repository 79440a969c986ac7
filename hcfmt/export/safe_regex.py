"""Regular expressions of others, matched in linear time by an engine without backtracking."""

from collections.abc import Callable
from functools import lru_cache

import jsonschema_rs

_MAX_LENGTH = 1_000  # characters of a pattern
_MAX_SIZE = 1 << 20  # bytes of a compiled pattern


def is_supported(pattern: str) -> bool:
    """Whether a pattern is valid, not too large, and has neither backreferences nor lookaround."""
    return _compile(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches anywhere in a text; an unsupported pattern matches nothing."""
    is_match = _compile(pattern)
    try:
        return is_match is not None and is_match(text)
    except ValueError:  # a lone surrogate in the text
        return False


@lru_cache(maxsize=256)
def _compile(pattern: str) -> Callable[[str], bool] | None:
    if len(pattern) > _MAX_LENGTH:
        return None
    options = jsonschema_rs.RegexOptions(size_limit=_MAX_SIZE, dfa_size_limit=_MAX_SIZE)
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options).is_valid
    except ValueError:
        return None
