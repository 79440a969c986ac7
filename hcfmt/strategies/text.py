"""Text as hard to handle as JSON allows, and text that matches the patterns of a schema."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from hcfmt.generation.edge_cases import INJECTIONS

# What JSON text of an export cannot hold or never holds: half a character, and the one that ends texts in C.
_NEVER = "\0"

ALPHABET = st.characters(codec="utf-8", exclude_characters=_NEVER)
"""Every character that a text may hold."""

_PIECES = (
    *("0", " ", "\n", "\r\n", "\t", "&", "<", ">", '"', "'", "\\", "/", "(smile)", "@all", "/me ", "{}"),
    *("\u00e9", "e\u0301", "Z\u0351\u036b\u0343", "\u00df", "\u0130", "\u01c4"),  # accents, marks, odd letter cases
    *("\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "\u202e", "\u2067", "\u200f"),  # right to left
    *("\U0001f98a", "\U0001f469\u200d\U0001f4bb", "\U0001f1e9\U0001f1ea", "\U0002070e", "\U0010ffff"),  # astral
    *("\u2028", "\u2029", "\u0085", "\u00a0", "\u200b", "\ufeff", "\ufffd", "\uffff", "\x1b[31m", "\x7f"),
    *INJECTIONS,
)


def texts(shortest: int = 0, longest: int | None = None) -> st.SearchStrategy[str]:
    """Return a strategy for texts of some length in characters: ordinary, random and nasty ones.

    Astral characters, right-to-left text, combining marks, line separators, escape sequences and what is dangerous in
    a page, a query, a shell or a table; never a lone surrogate or U+0000.
    """
    pieces = st.lists(st.sampled_from(_PIECES), min_size=max(shortest, 1), max_size=max(shortest, 12)).map("".join)
    some = st.text(ALPHABET, min_size=shortest, max_size=longest) | pieces.map(lambda text: text[:longest])
    if longest is None:
        return some
    # Cut, so that many are as long as may be; a length apart from the text, so that one shrinks without the other.
    lengths = st.integers(max(shortest, 1), 100 * longest + 1).map(lambda length: min(length, longest))
    return some | st.builds(lambda text, length: (text * (length // len(text) + 1))[:length], pieces, lengths)


_FIRST, _MILLENNIUM, _END = (datetime(year, 1, 1, tzinfo=UTC) for year in (1, 2000, 9999))
# One number, so that a time is as many choices whatever it is: it shrinks fast, and to that moment.
_SECONDS = st.integers(
    (_FIRST - _MILLENNIUM) // timedelta(seconds=1), (_END - _MILLENNIUM) // timedelta(seconds=1)
).map(lambda seconds: (_MILLENNIUM + timedelta(seconds=seconds)).isoformat()[:19])
_OFFSETS = st.sampled_from(["+00:00", "Z"]) | st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
)


def _uuid(number: int, upper: bool) -> str:  # noqa: FBT001 - drawn
    text = str(UUID(int=number))
    return text.upper() if upper else text


# What has a strategy of its own, which is faster and shrinks better than characters do: an example, and the strategy.
_KNOWN: tuple[tuple[str, st.SearchStrategy[str]], ...] = (
    (
        "2000-01-01T00:00:00Z 000000",
        st.builds("{}Z {:06}".format, _SECONDS, st.integers(0, 999_999)),
    ),
    (
        "2000-01-01T00:00:00+00:00",
        st.builds("{}{}".format, _SECONDS, _OFFSETS),
    ),
    (
        "00000000-0000-0000-0000-000000000000",
        st.builds(_uuid, st.integers(0, 2**128 - 1), st.booleans()),
    ),
)


def matching(patterns: list[str], refused: list[str]) -> st.SearchStrategy[str]:
    """Return a strategy for texts that match all of some patterns of a schema, and none of the refused ones.

    Few draws are in vain: the texts are made by what says most, and the other patterns agree with it.
    """
    wanted, unwanted = [_python(one) for one in patterns], [_python(one) for one in refused]
    made = _built(patterns, wanted) if wanted else texts()
    return made.filter(
        lambda text: all(one.search(text) for one in wanted) and not any(one.search(text) for one in unwanted)
    )


def _built(patterns: list[str], wanted: list[re.Pattern[str]]) -> st.SearchStrategy[str]:
    """Return the strategy for what patterns describe, if it is that alone, else one made of the patterns."""
    for example, known in _KNOWN:
        if all(one.search(example) for one in wanted) and not all(one.search(f"{example}0") for one in wanted):
            return known
    return st.from_regex(_python(_telling(patterns)), alphabet=ALPHABET)


def _telling(patterns: list[str]) -> str:
    """Return the pattern that says most: one of a text's head joined to one of its tail, or else the longest."""
    heads = [one for one in patterns if one.startswith("^") and not one.endswith("$")]
    tails = [one for one in patterns if one.endswith("$") and not one.startswith("^")]
    joined = [head + tail[1:] for head in heads for tail in tails if head[-1] == tail[0] and tail[0].isalnum()]
    return max(joined or patterns, key=len)


def _python(pattern: str) -> re.Pattern[str]:
    """Compile an expression of ECMA-262, which JSON Schema names, as Python writes it."""
    return re.compile(pattern.replace("$", r"\Z").replace("(?<", "(?P<"))
