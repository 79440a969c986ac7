"""Sentences in the language of a locale, of a kind of phrases, the way people write them in a hurry."""

import re
from random import Random

from hcfmt.generation.vocabulary import drawn, faker, filled, language, phrases, words, written

_TALK = frozenset({"opening", "reply"})  # kinds that any sentence may stand for
_ENGLISH = 0.15  # of what is written in another language
_SENTENCES = 1_500  # of Faker, for a language that nobody has written phrases in
_OF_FAKER = 0.6  # of the texts in such a language
_TYPO = 0.03
_TYPING = re.compile(r"(?<=[a-z])[a-z]{2}(?=[a-z])")
_NO_SLIPS = re.compile(r"[a-z]\.[a-z]|[(/@]")  # hosts, emoticons and commands
_CASUAL = 0.3  # begin with a small letter
_MAY_BE_CASUAL = frozenset({"en", "es", "fr"})


class Sentences:
    """The sentences of a locale: of its own phrases, or of Faker's words and in English where it has none."""

    def __init__(self, seed: int, locale: str, domain: str) -> None:
        """Prepare the words; hosts are below ``domain``. Raises UsageError for a locale that nobody knows."""
        self.language = language(locale)
        self._own = written(locale)
        self._words, self._english_words = words(locale, domain), words("en", domain)
        self._sentences: list[str] = []
        if not self._own:
            source = faker(seed, locale, "texts")
            self._sentences = [source.sentence() for _ in range(_SENTENCES)]

    def sentence(self, random: Random, kind: str) -> str:
        """Return one sentence of a kind of phrases."""
        if self._own and (self.language == "en" or random.random() >= _ENGLISH):
            return self._casual(random, filled(random, drawn(random, self._own[kind]), self._words))
        if self._sentences and kind in _TALK and random.random() < _OF_FAKER:
            return drawn(random, self._sentences)
        return filled(random, drawn(random, phrases("en")[kind]), self._english_words)

    def of_work(self, random: Random, phrase: str) -> str:
        """Return a phrase with its gaps filled, which reads the same in every language."""
        return filled(random, phrase, self._english_words)

    def _casual(self, random: Random, text: str) -> str:
        """Return a sentence with a small first letter or two letters swapped now and then, but no host changed."""
        if self.language in _MAY_BE_CASUAL and random.random() < _CASUAL and text[1:2].islower():
            text = text[0].lower() + text[1:]
        if random.random() < _TYPO and not _NO_SLIPS.search(text) and (slips := [*_TYPING.finditer(text)]):
            slip = drawn(random, slips)
            text = text[: slip.start()] + slip[0][::-1] + text[slip.end() :]
        return text
