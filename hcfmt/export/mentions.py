"""Finds mentions in the texts of messages."""

import re
from collections.abc import Iterator

# Characters of a mention name: all but white space, control characters and ASCII punctuation (cf. rule HC704).
MENTION = r"@[^\x00-,/:-@\[-^`{-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]{1,200}"
"""Pattern of a mention, of which at most 200 characters count."""

_PATTERN = re.compile(MENTION)


def mentions(text: str) -> Iterator[tuple[str, str]]:
    """Yield what follows each "@" of a text, once, in order: as it is, and without the dots and hyphens at its end.

    These may be the end of a sentence as well as of a name.
    """
    names = dict.fromkeys(match[0][1:] for match in _PATTERN.finditer(text)) if "@" in text else ()
    return ((name, name.rstrip(".-")) for name in names)
