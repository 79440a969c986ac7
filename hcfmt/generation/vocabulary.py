"""Words of a company: Faker of a locale, and phrases of a language with gaps to fill."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate, pairwise
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from hcfmt.errors import UsageError
from hcfmt.extras import require_extra
from hcfmt.rng import random_for
from hcfmt.suggestions import unknown_name

if TYPE_CHECKING:
    from faker import Faker

_T = TypeVar("_T")
Words = Mapping[str, Sequence[str]]
"""The words that may fill a gap, by the gap's name."""

Phrases = Mapping[str, Any]
"""A file of phrases/: lists of phrases by kind, and words."""

_FIRST_WEIGHT = 1_000_000  # of the first of several locales
_LANGUAGES = frozenset({"de", "en", "es", "fr", "ja"})  # the languages of phrases/
_GAP = re.compile(r"\{([a-z_]+)\}")
# Random values for gaps without words.
_RANDOM_VALUES: Mapping[str, Callable[[Random], str]] = {
    "digit": lambda random: str(random.randrange(1, 10)),
    "n": lambda random: str(random.randrange(2, 41)),
    "octet": lambda random: str(random.randrange(1, 255)),
    "percent": lambda random: str(random.randrange(50, 100)),
    "line": lambda random: str(random.randrange(10, 900)),
    "number": lambda random: str(random.randrange(100, 10_000)),
    "many": lambda random: str(random.randrange(100, 10_000)),
    "commit": lambda random: f"{random.getrandbits(28):07x}",
}


def pick(random: Random, pool: Sequence[_T]) -> _T:
    """Return a random item of a pool: a fast ``Random.choice``, whose items are equally likely to the last bit."""
    return pool[int(random.random() * len(pool))]


def split_by_rank(locales: Sequence[str], total: int) -> list[int]:
    """Split a number by rank: the first locale gets most, each next one less."""
    reached = [*accumulate(_FIRST_WEIGHT // rank for rank in range(1, len(locales) + 1))]
    ends = [-(-total * weight // reached[-1]) for weight in reached]
    return [end - begin for begin, end in pairwise([0, *ends])]


def language(locale: str) -> str:
    """Return the language of a locale: "de" of "de_AT"."""
    return locale.partition("_")[0]


def faker_for(seed: int, locale: str, *names: str) -> "Faker":
    """Return a Faker of a locale, seeded for ``names``.

    Raises UsageError for a locale that Faker does not have, and without Faker.
    """
    require_locale(locale)
    from faker import Faker  # noqa: PLC0415 - an extra, and slow to import

    source = Faker(locale, use_weighting=False)  # weighting makes names ten times as slow
    source.seed_instance(random_for(seed, "faker", locale, *names).getrandbits(64))
    return source


def require_locale(locale: str) -> None:
    """Raise UsageError for a locale that Faker does not have, and without Faker."""
    names = locale_names()
    if locale not in names:
        raise UsageError(unknown_name("locale", locale, names))


def locale_names() -> list[str]:
    """Return the names of Faker's locales, sorted; raise UsageError without Faker."""
    require_extra("generate")
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - an extra, and slow to import

    return sorted(AVAILABLE_LOCALES)


@cache
def phrases(name: str) -> Phrases:
    """Return phrases/<name>.toml: of a language, "work" for names used in all languages, "files" for stored files."""
    return tomllib.loads(files("hcfmt.generation").joinpath(f"phrases/{name}.toml").read_text("utf-8"))


def own_phrases(locale: str) -> Phrases | None:
    """Return the phrases of a locale's language, None when there are none."""
    return phrases(language(locale)) if language(locale) in _LANGUAGES else None


def gap_words(locale: str, domain: str) -> dict[str, Sequence[str]]:
    """Return the words for the gaps of a locale's phrases; English ones for a language without phrases."""
    own = own_phrases(locale) or {"words": {}}
    return {**phrases("work")["words"], **phrases("en")["words"], **own["words"], "domain": (domain,)}


def fill_gaps(random: Random, phrase: str, words: Words) -> str:
    """Return a phrase with its gaps filled, and the gaps in the words that fill them; unknown gaps stay."""
    if "{" not in phrase:
        return phrase
    parts = [*_parts(phrase)]
    for place in range(1, len(parts), 2):
        name = parts[place]
        if name in words:
            parts[place] = fill_gaps(random, pick(random, words[name]), words)
        else:
            parts[place] = _RANDOM_VALUES[name](random) if name in _RANDOM_VALUES else f"{{{name}}}"
    return "".join(parts)


@cache
def _parts(phrase: str) -> Sequence[str]:
    """Return a phrase split at its gaps: texts and, between them, the names of the gaps."""
    return _GAP.split(phrase)
