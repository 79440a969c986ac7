"""Strategies for text that is hard to handle, and for text that matches the patterns of a schema."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from hcfmt.generation.hard_texts import INJECTIONS

# U+0000, which no text of an export has, as it ends strings in C.
_NUL = "\0"

ALPHABET = st.characters(codec="utf-8", exclude_characters=_NUL)
"""The characters of texts: all but surrogates and U+0000."""

_FRAGMENTS = (
    *("0", " ", "\n", "\r\n", "\t", "&", "<", ">", '"', "'", "\\", "/", "(smile)", "@all", "/me ", "{}"),
    *("\u00e9", "e\u0301", "Z\u0351\u036b\u0343", "\u00df", "\u0130", "\u01c4"),  # accents, marks, odd letter cases
    *("\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "\u202e", "\u2067", "\u200f"),  # right to left
    *("\U0001f98a", "\U0001f469\u200d\U0001f4bb", "\U0001f1e9\U0001f1ea", "\U0002070e", "\U0010ffff"),  # astral
    *("\u2028", "\u2029", "\u0085", "\u00a0", "\u200b", "\ufeff", "\ufffd", "\uffff", "\x1b[31m", "\x7f"),
    *INJECTIONS,
)


def texts(shortest: int = 0, longest: int | None = None) -> st.SearchStrategy[str]:
    """Return a strategy for texts of some length in characters: ordinary, random and hard ones.

    Astral characters, right-to-left text, combining marks, line separators, escape sequences and injections for HTML,
    SQL, shells and spreadsheets; never a lone surrogate or U+0000.
    """
    fragments = st.lists(st.sampled_from(_FRAGMENTS), min_size=max(shortest, 1), max_size=max(shortest, 12)).map(
        "".join
    )
    short = st.text(ALPHABET, min_size=shortest, max_size=longest) | fragments.map(lambda text: text[:longest])
    if longest is None:
        return short
    # Texts are cut so that many have the maximum length; the length is drawn apart, so that both shrink alone.
    lengths = st.integers(max(shortest, 1), 100 * longest + 1).map(lambda length: min(length, longest))
    return short | st.builds(lambda text, length: (text * (length // len(text) + 1))[:length], fragments, lengths)


_FIRST, _MILLENNIUM, _END = (datetime(year, 1, 1, tzinfo=UTC) for year in (1, 2000, 9999))
# A time is one number of seconds, so that it shrinks fast, and to the year 2000.
_SECONDS = st.integers(
    (_FIRST - _MILLENNIUM) // timedelta(seconds=1), (_END - _MILLENNIUM) // timedelta(seconds=1)
).map(lambda seconds: (_MILLENNIUM + timedelta(seconds=seconds)).isoformat()[:19])
_OFFSETS = st.sampled_from(["+00:00", "Z"]) | st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
)


_LOCAL_PARTS = st.text(
    st.characters(codec="utf-8", categories=["L", "N"], include_characters="!#$%&'*+-/=?^_`{|}~"), min_size=1
)
_DOMAINS = st.sampled_from(["0", "example.com", "mail.example.com", "[127.0.0.1]", "m\u00fcller.example"])


def _uuid(number: int, upper: bool) -> str:  # noqa: FBT001 - drawn
    text = str(UUID(int=number))
    return text.upper() if upper else text


# Patterns with a strategy of their own, which is faster and shrinks better: a text that matches, one that does not,
# and the strategy.
_STRATEGIES: tuple[tuple[str, str, st.SearchStrategy[str]], ...] = (
    (
        "2000-01-01T00:00:00Z 000000",
        "2000-01-01T00:00:00Z 0000000",
        st.builds("{}Z {:06}".format, _SECONDS, st.integers(0, 999_999)),
    ),
    (
        "2000-01-01T00:00:00+00:00",
        "2000-01-01T00:00:00+00:000",
        st.builds("{}{}".format, _SECONDS, _OFFSETS),
    ),
    (
        "00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-0000000000000",
        st.builds(_uuid, st.integers(0, 2**128 - 1), st.booleans()),
    ),
    (
        "0@0",
        "0",
        st.builds("{}@{}".format, _LOCAL_PARTS, _DOMAINS),
    ),
)


def matching(patterns: list[str], refused: list[str]) -> st.SearchStrategy[str]:
    """Return a strategy for texts that match all patterns, and none of the refused ones; both are those of schemas.

    Few draws are filtered out: the most specific pattern draws the texts, and most of them match the others.
    """
    required, excluded = [_compile(pattern) for pattern in patterns], [_compile(pattern) for pattern in refused]
    strategy = _strategy_for(patterns, required) if required else texts()
    return strategy.filter(
        lambda text: all(regex.search(text) for regex in required) and not any(regex.search(text) for regex in excluded)
    )


def _strategy_for(patterns: list[str], regexes: list[re.Pattern[str]]) -> st.SearchStrategy[str]:
    """Return the strategy whose first text alone matches the patterns, else one from the most specific pattern."""
    for example, other, strategy in _STRATEGIES:
        if all(regex.search(example) for regex in regexes) and not all(regex.search(other) for regex in regexes):
            return strategy
    return st.from_regex(_compile(_most_specific(patterns)), alphabet=ALPHABET)


def _most_specific(patterns: list[str]) -> str:
    """Return the most specific pattern: one for the start joined to one for the end, or else the longest."""
    heads = [pattern for pattern in patterns if pattern.startswith("^") and not pattern.endswith("$")]
    tails = [pattern for pattern in patterns if pattern.endswith("$") and not pattern.startswith("^")]
    joined = [head + tail[1:] for head in heads for tail in tails if head[-1] == tail[0] and tail[0].isalnum()]
    return max(joined or patterns, key=len)


def _compile(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of JSON Schema (ECMA-262) as a pattern of Python."""
    return re.compile(pattern.replace("$", r"\Z").replace("(?<", "(?P<"))
