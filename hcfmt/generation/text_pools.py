"""Pools of texts that people at work write: each kind is generated once and then drawn from."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from random import Random

from hcfmt.generation import hard_texts
from hcfmt.generation.names import company, room_topics
from hcfmt.generation.notifications import Notification, NotificationPool
from hcfmt.generation.sentences import Sentences
from hcfmt.generation.vocabulary import phrases, pick
from hcfmt.rng import random_for

POOL = 4_000  # texts of a kind
Preview = dict[str, str]
"""The preview of a link: url, image, type and name, as in the documented sample."""

_HARD = 0.4  # share of hard texts in nasty pools
_TWO_SENTENCES, _LINES = 0.2, 0.03  # limits of a random number: openings of several lines and of two sentences
_COMMAND = re.compile(r"/(?:me|code) |.*@@", re.DOTALL)
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_BARE = 0.3  # share of links and emoticons that stand alone


class TextPools:
    """The texts of a company in the languages of its locales.

    They depend on the arguments alone. Every method, here and in ``LanguagePools``, draws from the random numbers that
    it is given.
    """

    def __init__(self, seed: int, locales: Sequence[str], *, nasty: bool = False) -> None:
        """Create empty pools; each is filled when it is first drawn from."""
        self._seed, self._locales, self._nasty = seed, tuple(locales), nasty
        self._languages: dict[str, LanguagePools] = {}
        self._topics: list[str] = []
        self._notifications: NotificationPool | None = None

    def language(self, locale: str) -> "LanguagePools":
        """Return the texts in the language of a locale."""
        if locale not in self._languages:
            self._languages[locale] = LanguagePools(self._seed, locale, nasty=self._nasty)
        return self._languages[locale]

    def notification(self, random: Random, second: float | None = None) -> Notification:
        """Return a notification of an integration; ``second`` (since 1970 UTC) is the date of its card."""
        if not self._notifications:
            self._notifications = NotificationPool(self._seed, nasty=self._nasty)
        return self._notifications.draw(random, second)

    def topic(self, random: Random) -> str:
        """Return a topic for a room, of 1 to 250 characters, in any of the languages."""
        if not self._topics:
            self._topics = room_topics(self._seed, self._locales, nasty=self._nasty)
        return pick(random, self._topics)


class LanguagePools:
    """The texts in one language."""

    def __init__(self, seed: int, locale: str, *, nasty: bool) -> None:
        """Create empty pools; each is filled when it is first drawn from."""
        self._seed, self._locale, self._nasty = seed, locale, nasty
        self._pools: dict[str, list[str]] = {}
        self._mention_parts: list[tuple[str, str]] = []  # the texts before and after a mention
        self._links: list[tuple[str, Preview | None]] = []

    @cached_property
    def common(self) -> tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str]]:
        """All openings, questions, replies and closings, for those who draw from them without a call."""
        return self.texts("opening"), self.texts("question"), self.texts("reply"), self.texts("closing")

    def texts(self, kind: str) -> Sequence[str]:
        """Return all texts of a kind, which is the name of a method that draws one of them."""
        return self._pools.get(kind) or self._fill(kind)

    def opening(self, random: Random) -> str:
        """Return the first text of a conversation, such as news or a greeting: one sentence or some lines."""
        return pick(random, self.texts("opening"))

    def question(self, random: Random) -> str:
        """Return a question to everybody."""
        return pick(random, self.texts("question"))

    def reply(self, random: Random) -> str:
        """Return a text that continues any conversation; nasty ones rarely have 10,000 characters."""
        return pick(random, self.texts("reply"))

    def closing(self, random: Random) -> str:
        """Return the last text of a conversation, such as thanks or a farewell."""
        return pick(random, self.texts("closing"))

    def me(self, random: Random) -> str:
        """Return an action: "/me gets coffee"."""
        return pick(random, self.texts("me"))

    def code(self, random: Random) -> str:
        """Return "/code " and some lines of a program, a log or a shell."""
        return pick(random, self.texts("code"))

    def link(self, random: Random) -> tuple[str, Preview | None]:
        """Return a text with a URL, and the preview of the URL, None without one. The preview must not be changed."""
        return pick(random, self._links or self._fill_links())

    def mentioning(self, random: Random, mention_name: str) -> str:
        """Return a text that mentions a user."""
        before, after = pick(random, self._mention_parts or self._fill_mention_parts())
        return f"{before}@{mention_name}{after}"

    def with_emoticon(self, random: Random, shortcut: str) -> str:
        """Return a text with an emoticon."""
        return f"({shortcut})" if random.random() < _BARE else f"{self.closing(random)} ({shortcut})"

    @cached_property
    def _phrases(self) -> Sentences:
        return Sentences(self._seed, self._locale, company(self._seed).domain)

    def _fill(self, kind: str) -> list[str]:
        """Fill the pool of a kind, and return it."""
        random = random_for(self._seed, "texts", kind, self._locale)
        make = _GENERATORS.get(kind) or partial(Sentences.sentence, kind=kind)
        pool = [self._perhaps_hard(random, make(self._phrases, random)) for _ in range(POOL)]
        if self._nasty and kind == "reply":
            pool += hard_texts.long_texts()
        self._pools[kind] = pool
        return pool

    def _fill_mention_parts(self) -> list[tuple[str, str]]:
        """Fill and return the texts before and after a mention."""
        self._mention_parts = [
            (before, after) for before, _, after in (text.partition("@@") for text in self._fill("mentioning"))
        ]
        return self._mention_parts

    def _fill_links(self) -> list[tuple[str, Preview | None]]:
        """Fill and return the texts with a URL, each with its preview."""
        random = random_for(self._seed, "links", self._locale)
        for caption in self._fill("caption"):
            url, preview = pick(random, _LINKS)(self._phrases, random)
            if self._nasty and random.random() < _HARD:
                url += pick(random, hard_texts.QUERIES)
                preview = preview and preview | {"url": url, "name": hard_texts.text(random, preview["name"])}
            self._links.append((url if random.random() < _BARE else f"{caption} {url}", preview))
        return self._links

    def _perhaps_hard(self, random: Random, text: str) -> str:
        """Return a text or, in nasty pools, sometimes a hard one; a command and a mention stay as they are."""
        if not self._nasty or random.random() >= _HARD:
            return text
        command = _COMMAND.match(text)
        prefix = command[0] if command else ""
        return f"{prefix}{hard_texts.text(random, text[len(prefix) :])}"


def _opening(sentences: Sentences, random: Random) -> str:
    text, roll = sentences.sentence(random, "opening"), random.random()
    if roll < _LINES:
        return "\n".join((text, *(sentences.sentence(random, "opening") for _ in range(random.randrange(2, 6)))))
    if roll < _TWO_SENTENCES:
        stop = "。" if sentences.language == "ja" else ". "
        return (
            text
            + (stop if text[-1].isalnum() else " ")
            + sentences.sentence(random, pick(random, ("opening", "question")))
        )
    return text


def _code(sentences: Sentences, random: Random) -> str:
    return f"/code {sentences.work_phrase(random, pick(random, phrases('work')['code']))}"


# The functions of the kinds of texts that are more than one sentence.
_GENERATORS: Mapping[str, Callable[[Sentences, Random], str]] = {"opening": _opening, "code": _code}


def _image(sentences: Sentences, random: Random) -> tuple[str, Preview | None]:
    """Return the URL of a picture, which is its own preview, as in the documented sample."""
    url = sentences.work_phrase(
        random, "https://{service}.{domain}/images/{commit}." + pick(random, ("png", "jpg", "gif"))
    )
    return url, {"url": url, "image": url, "type": "image", "name": ""}


def _page(sentences: Sentences, random: Random) -> tuple[str, Preview | None]:
    title = sentences.work_phrase(random, "{page}")
    host = sentences.work_phrase(
        random, pick(random, ("https://wiki.{domain}", "https://www.example.org", "https://docs.example.com"))
    )
    url = f"{host}/{_NO_SLUG.sub('-', title.lower()).strip('-')}"
    return url, {"url": url, "image": f"{host}/preview.png", "type": "link", "name": title}


def _video(sentences: Sentences, random: Random) -> tuple[str, Preview | None]:
    number = sentences.work_phrase(random, "{commit}")
    url = f"https://video.example.net/watch?v={number}"
    name = sentences.work_phrase(random, "{project} demo, part {digit}")
    return url, {"url": url, "image": f"https://video.example.net/{number}.jpg", "type": "video", "name": name}


def _ticket(sentences: Sentences, random: Random) -> tuple[str, Preview | None]:
    """Return a URL of the company's own tools, which has no preview."""
    urls = ("https://tickets.{domain}/browse/{ticket}", "https://code.{domain}/{service}/pulls/{number}")
    return sentences.work_phrase(random, pick(random, urls)), None


_LINKS = (_image, _image, _page, _page, _video, _ticket, _ticket)
