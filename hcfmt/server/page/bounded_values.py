"""Values of records as a page shows them: of the right type, and no longer than a page needs, whatever they are."""

import re
from typing import Any

NAME = 1_000
"""Characters of a name, a title or another short text that a page shows."""

URL = 4_000
"""Characters of an address that a page links to."""

_LINK = re.compile(r"(?i)(?:https?://|mailto:)[^\s\x00-\x20\x7f]+")
_MOST = 2**53  # the integers that JavaScript holds exactly


def text_of(value: Any, most: int = NAME) -> str:  # noqa: ANN401 - any JSON value
    """Return a text, cut to ``most`` characters; "" for a value of another type."""
    return value[:most] if isinstance(value, str) else ""


def link_of(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return an address that a page may link to: of a web page or a mailbox; None for anything else."""
    text = value.strip() if isinstance(value, str) and len(value) <= URL else ""
    return text if _LINK.fullmatch(text) else None


def number_of(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    """Return a number from 0 on that JavaScript holds exactly; None for anything else."""
    return value if type(value) is int and 0 <= value < _MOST else None


def dict_of(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return an object; an empty one for a value of another type."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any, most: int) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the first elements of a list; an empty one for a value of another type."""
    return value[:most] if isinstance(value, list) else []


def without_empty(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties that say something: neither None, nor "", nor false, nor an empty list or object."""
    return {key: value for key, value in properties.items() if value or (value == 0 and value is not False)}
