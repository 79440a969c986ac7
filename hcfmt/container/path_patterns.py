"""Patterns for the paths of members: ``rooms/*/history.json``, ``*.pdf``."""

import re
from collections.abc import Sequence

from hcfmt.container.member import path_parts
from hcfmt.errors import UsageError
from hcfmt.suggestions import unknown_name

MOST_NAMES = 2_000
"""The most paths that a misspelt one is compared with."""


def pattern_of(glob: str) -> str:
    """Return the regular expression of a pattern for paths.

    ``*`` stands for any characters of one name and ``?`` for one of them, ``**`` for any characters, slashes too. A
    pattern without a slash is one for the last part of a path.
    """
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    regex = "".join(parts.get(part) or re.escape(part) for part in re.split(r"(\*\*/|\*\*|\*|\?)", glob))
    return f"(?s:{regex})" if "/" in glob else f"(?s:(?:.*/)?{regex})"


class Selection:
    """Members that are wanted: all, or those that patterns match, and what is below directories that they match.

    It notes which patterns matched nothing.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        """Take the patterns; none stands for all members."""
        compiled = {pattern: f"{pattern_of('/'.join(path_parts(pattern)))}(?:/.*)?" for pattern in patterns}
        self._regexes = {pattern: re.compile(regex, re.DOTALL) for pattern, regex in compiled.items()}
        self._unmatched = set(patterns)
        self._names: list[str] = []

    def __contains__(self, path: str) -> bool:
        """Whether the member of a path is wanted."""
        path = "/".join(path_parts(path))
        if self._unmatched and len(self._names) < MOST_NAMES:
            self._names.append(path)
        matching = [pattern for pattern, regex in self._regexes.items() if regex.fullmatch(path)]
        self._unmatched.difference_update(matching)
        return bool(matching) or not self._regexes

    def require_matches(self) -> None:
        """Raise UsageError for the first pattern that matched no member; it suggests a similar path."""
        for pattern in self._regexes:
            if pattern in self._unmatched:
                raise UsageError(unknown_name("member", pattern, self._names, listed_by="hcfmt ls ARCHIVE"))
