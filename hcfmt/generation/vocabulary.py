"""Words of a company: Faker of a locale, and phrases with gaps to fill."""

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
from hcfmt.generation.dialogues.templates import complete_languages, is_complete
from hcfmt.rng import random_for
from hcfmt.suggestions import unknown_name

if TYPE_CHECKING:
    from faker import Faker

_T = TypeVar("_T")
Words = Mapping[str, Sequence[str]]
"""The words that may fill a gap, by the gap's name."""

Phrases = Mapping[str, Any]
"""A file of phrases/."""

_OTHER_SPEECH: Mapping[str, str] = {"pt_PT": "pt_BR"}
"""Locales whose people speak their language in another way than its conversations, and the locale that speaks so."""

_FIRST_WEIGHT = 1_000_000  # of the first of several locales
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
    """Return the language that people of a locale speak: "de" of "de_AT", "en" of "fi_FI:en_US"."""
    return locale.rpartition(":")[2].partition("_")[0]


def names_locale(locale: str) -> str:
    """Return the locale of people's names: "fi_FI" of "fi_FI:en_US"."""
    return locale.partition(":")[0]


def faker_for(seed: int, locale: str, *names: str) -> "Faker":
    """Return a Faker of people in one of its locales, seeded for ``names``."""
    from faker import Faker  # noqa: PLC0415 - an extra, and slow to import

    # Weighting makes names ten times as slow; other providers take long to import.
    source = Faker(locale, providers=["faker.providers.person"], use_weighting=False)
    source.seed_instance(random_for(seed, "faker", locale, *names).getrandbits(64))
    return source


def require_locale(locale: str) -> None:
    """Raise UsageError for a locale without names or without conversations, and without Faker."""
    require_extra("generate")
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - an extra, and slow to import

    for part in locale.split(":", 1):
        if part not in AVAILABLE_LOCALES:
            raise UsageError(unknown_name("locale", part, locale_names()))
    if not is_complete(language(locale)):
        spoken = ", ".join(complete_languages())
        raise UsageError(
            f"Nobody speaks the language of {locale} here: conversations are in {spoken}. "
            f"{names_locale(locale)}:en_US has its names alone."
        )
    if speech := _OTHER_SPEECH.get(locale.rpartition(":")[2]):
        raise UsageError(
            f"Nobody speaks as in {locale} here: conversations in its language are those of {speech}. "
            f"{names_locale(locale)}:{speech} has its names alone."
        )


def locale_names() -> list[str]:
    """Return the names of the locales that have conversations, sorted; raise UsageError without Faker."""
    require_extra("generate")
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - an extra, and slow to import

    return sorted(
        locale for locale in AVAILABLE_LOCALES if is_complete(language(locale)) and locale not in _OTHER_SPEECH
    )


@cache
def phrases(name: str) -> Phrases:
    """Return phrases/<name>.toml: "work" for names used in all languages, "files" for stored files."""
    return tomllib.loads(files("hcfmt.generation").joinpath(f"phrases/{name}.toml").read_text("utf-8"))


def gap_words(domain: str) -> dict[str, Sequence[str]]:
    """Return the words of phrases/work.toml; hosts are below ``domain``."""
    return {**phrases("work")["words"], "domain": (domain,)}


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
