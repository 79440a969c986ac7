"""What the words of a company are drawn from: Faker of a locale, and the phrases of a language with gaps to fill."""

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

if TYPE_CHECKING:
    from faker import Faker

_T = TypeVar("_T")
Words = Mapping[str, Sequence[str]]  # what may fill a gap, by the gap's name
Phrases = Mapping[str, Any]  # a file of phrases/: lists of phrases by kind, and its words

_WHOLE = 1_000_000  # the weight of the first of some locales
_WRITTEN = frozenset({"de", "en", "es", "fr", "ja"})  # the languages of phrases/
_GAP = re.compile(r"\{([a-z_]+)\}")
# Gaps that are filled with what is made up, where no words say otherwise.
_MADE: Mapping[str, Callable[[Random], str]] = {
    "digit": lambda random: str(random.randrange(1, 10)),
    "n": lambda random: str(random.randrange(2, 41)),
    "octet": lambda random: str(random.randrange(1, 255)),
    "percent": lambda random: str(random.randrange(50, 100)),
    "line": lambda random: str(random.randrange(10, 900)),
    "number": lambda random: str(random.randrange(100, 10_000)),
    "many": lambda random: str(random.randrange(100, 10_000)),
    "commit": lambda random: f"{random.getrandbits(28):07x}",
}


def drawn(random: Random, pool: Sequence[_T]) -> _T:
    """Return one of a pool: what ``choice`` does, without its pains to be fair to the last bit, which cost the time."""
    return pool[int(random.random() * len(pool))]


def shares(locales: Sequence[str], total: int) -> list[int]:
    """Share a number out to locales, the first of which is the company's own: each next one gets less."""
    reached = [*accumulate(_WHOLE // rank for rank in range(1, len(locales) + 1))]
    ends = [-(-total * one // reached[-1]) for one in reached]
    return [end - begin for begin, end in pairwise([0, *ends])]


def language(locale: str) -> str:
    """Return the language of a locale: "de" of "de_AT"."""
    return locale.partition("_")[0]


def faker(seed: int, locale: str, *names: str) -> "Faker":
    """Return the Faker of a locale, drawing from the chance of ``names``.

    Raises UsageError for a locale that Faker does not have, and without Faker. It is imported here, as it takes its
    time.
    """
    need_locale(locale)
    from faker import Faker  # noqa: PLC0415 - see above

    made = Faker(locale, use_weighting=False)  # weighting makes names ten times as slow
    made.seed_instance(random_for(seed, "faker", locale, *names).getrandbits(64))
    return made


def need_locale(locale: str) -> None:
    """Raise UsageError for a locale that Faker does not have, and without Faker."""
    require_extra("generate")
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - see above

    if locale not in AVAILABLE_LOCALES:
        raise UsageError(f"There is no locale {locale!r}; there are {', '.join(sorted(AVAILABLE_LOCALES))}.")


@cache
def phrases(name: str) -> Phrases:
    """Return phrases/<name>.toml: those of a language, or "work" for what is called the same in all of them."""
    return tomllib.loads(files("hcfmt.generation").joinpath(f"phrases/{name}.toml").read_text("utf-8"))


def written(locale: str) -> Phrases | None:
    """Return the phrases of a locale's language, None where nobody has written any."""
    return phrases(language(locale)) if language(locale) in _WRITTEN else None


def words(locale: str, domain: str) -> dict[str, Sequence[str]]:
    """Return what fills the gaps of a locale's phrases, in English where its language has no words of its own."""
    own = written(locale) or {"words": {}}
    return {**phrases("work")["words"], **phrases("en")["words"], **own["words"], "domain": (domain,)}


def filled(random: Random, phrase: str, known: Words) -> str:
    """Return a phrase with its gaps filled, and the gaps of what fills them; what only looks like one is left alone."""

    def one(gap: re.Match[str]) -> str:
        name = gap[1]
        if name in known:
            return filled(random, drawn(random, known[name]), known)
        return _MADE[name](random) if name in _MADE else gap[0]

    return _GAP.sub(one, phrase) if "{" in phrase else phrase
