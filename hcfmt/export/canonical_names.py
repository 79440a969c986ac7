"""Derives names as HipChat does: a room's canonical name, and the mention name it proposes for a user."""

import unicodedata

NAME_LENGTH = 50
"""The most characters of a room's name; the generator and the server hold it for all names.

See docs/api.md#room-limits.
"""

_CANONICAL = str.maketrans(" ", "_", "\"&'/:<>@")
_MENTIONABLE = frozenset("LMN")  # letters, marks and numbers, by the first letter of their Unicode category


def canonical_name(name: str) -> str:
    """Return the canonical name that HipChat makes of a room's name (docs/format.md#room-canonical-name)."""
    return name.lower().translate(_CANONICAL)


def proposed_mention_name(name: str) -> str:
    """Return the mention name that HipChat proposes, "AnnaMüller": the letters, marks and numbers of the name."""
    return "".join(letter for letter in name if unicodedata.category(letter)[0] in _MENTIONABLE)
