"""A query as a search understands it: what the words of a text must hold, and where a text holds it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hcfmt.server.store.search_words import split_words, words

MOST_CHARACTERS, MOST_NEEDLES = 200, 20
"""Limits of a query; what is beyond them is not searched for."""

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Query:
    """A query: each of its needles must occur in ``words`` of a text; no needle at all matches nothing."""

    needles: Sequence[str]

    @property
    def complete_words(self) -> list[str]:
        """The words that must occur as they are."""
        return [word for needle in self.needles for word in _complete(needle)]

    @property
    def beginnings(self) -> list[str]:
        """The words of which at least the beginning must occur: the last one of a query that is being typed."""
        return [needle.split()[-1] for needle in self.needles if not needle.endswith(" ")]

    def may_match(self, text: str) -> bool:
        """Whether a text holds all words, in any order and place."""
        found = words(text)
        complete = all(f" {word} " in found for word in self.complete_words)
        return complete and all(f" {word}" in found for word in self.beginnings)

    def matches(self, text: str) -> bool:
        """Whether a text holds all needles."""
        found = words(text)
        return bool(self.needles) and all(needle in found for needle in self.needles)

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Return where the needles are in a text: the first and the last offset of each, in order, without overlap."""
        spans = split_words(text)
        found = [f" {word} " for word, _, _ in spans]
        marks = {
            (spans[at][1], spans[at + len(needle.split()) - 1][2])
            for needle in self.needles
            for at in range(len(spans))
            if "".join(found[at : at + len(needle.split())]).replace("  ", " ").startswith(needle)
        }
        kept: list[tuple[int, int]] = []
        for start, stop in sorted(marks):
            if not kept or start >= kept[-1][1]:
                kept.append((start, stop))
        return kept


def parse_query(text: str) -> Query:
    """Return the query of a text: words, and "phrases in quotes"; the last word may be incomplete."""
    text = text[:MOST_CHARACTERS]
    needles: list[str] = []
    for match in _TERM.finditer(text):
        needle = words(match[1] or match[2] or "")
        if needle.strip(" "):
            is_typed = match[2] is not None and match.end() == len(text)
            needles.append(needle.rstrip(" ") if is_typed else needle)
    return Query(list(dict.fromkeys(needles))[:MOST_NEEDLES])


def _complete(needle: str) -> list[str]:
    found = needle.split()
    return found if needle.endswith(" ") else found[:-1]
