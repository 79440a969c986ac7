"""What a query of the page means, said in the simplest way: its needles are parts of the words of a message."""

import re

from hcfmt.server.store.search_words import words

_NEEDLE = re.compile(r'"([^"]*)"?|([^\s"]+)')


def is_found(query: str, text: str) -> bool:
    """Whether a query finds a message, given the message's ``words``."""
    needles = [words(match[1] if match[2] is None else match[2]) for match in _NEEDLE.finditer(query)]
    last = [match[2] for match in _NEEDLE.finditer(query)][-1:]
    if last and last[0] is not None and not query[-1:].isspace():
        needles[-1] = needles[-1].rstrip(" ")
    needles = [needle for needle in needles if needle.strip()]
    return bool(needles) and all(needle in text for needle in needles)
