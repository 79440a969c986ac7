"""Sentences in the language of a locale, written as in a hurry."""

import re
from random import Random

from hcfmt.generation.vocabulary import faker_for, fill_gaps, gap_words, language, own_phrases, phrases, pick

_ANY_SENTENCE = frozenset({"opening", "reply"})  # kinds that any sentence may stand for
_ENGLISH = 0.15  # share of English sentences in another language
_SENTENCES = 1_500  # of Faker, for a language without phrases
_FAKER = 0.6  # share of them in such a language
_TYPO = 0.03  # share of sentences with two letters swapped
_PAIR = re.compile(r"(?<=[a-z])[a-z]{2}(?=[a-z])")
_NO_TYPO = re.compile(r"[a-z]\.[a-z]|[(/@]")  # hosts, emoticons and commands
_LOWER_CASE = 0.3  # share of sentences that begin with a small letter
_LOWER_CASE_LANGUAGES = frozenset({"en", "es", "fr"})


class Sentences:
    """The sentences of a locale: its own phrases, or Faker's sentences and English phrases when it has none."""

    def __init__(self, seed: int, locale: str, domain: str) -> None:
        """Read the phrases; hosts are below ``domain``. Raises UsageError for an unknown locale."""
        self.language = language(locale)
        self._phrases = own_phrases(locale)
        self._words, self._english_words = gap_words(locale, domain), gap_words("en", domain)
        self._sentences: list[str] = []
        if not self._phrases:
            source = faker_for(seed, locale, "texts")
            self._sentences = [source.sentence() for _ in range(_SENTENCES)]

    def sentence(self, random: Random, kind: str) -> str:
        """Return one sentence of a kind, which is a key of the phrases."""
        if self._phrases and (self.language == "en" or random.random() >= _ENGLISH):
            return self._casual(random, fill_gaps(random, pick(random, self._phrases[kind]), self._words))
        if self._sentences and kind in _ANY_SENTENCE and random.random() < _FAKER:
            return pick(random, self._sentences)
        return fill_gaps(random, pick(random, phrases("en")[kind]), self._english_words)

    def work_phrase(self, random: Random, phrase: str) -> str:
        """Return a phrase with its gaps filled by English words."""
        return fill_gaps(random, phrase, self._english_words)

    def _casual(self, random: Random, text: str) -> str:
        """Return a sentence, sometimes with a small first letter or two letters swapped; hosts stay as they are."""
        if self.language in _LOWER_CASE_LANGUAGES and random.random() < _LOWER_CASE and text[1:2].islower():
            text = text[0].lower() + text[1:]
        if random.random() < _TYPO and not _NO_TYPO.search(text) and (pairs := [*_PAIR.finditer(text)]):
            pair = pick(random, pairs)
            text = text[: pair.start()] + pair[0][::-1] + text[pair.end() :]
        return text
