"""What people at work write to each other: pools of texts, made once for each kind, and cheap to draw from."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from random import Random

from hcfmt.generation import edge_cases
from hcfmt.generation.names import company, topics_of
from hcfmt.generation.notifications import Notification, NotificationPool
from hcfmt.generation.sentences import Sentences
from hcfmt.generation.vocabulary import drawn, phrases
from hcfmt.rng import random_for

POOL = 4_000  # texts of a kind
Preview = dict[str, str]
"""What a client shows of a link: url, image, type and name, as in the documented sample."""

_HARD = 0.4  # of all texts, where they are to be hard
_LONGER, _LONG = 0.2, 0.03  # of all openings: two sentences, and several lines
_COMMAND = re.compile(r"/(?:me|code) |.*@@", re.DOTALL)
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_BARE = 0.3  # of links and emoticons stand alone


class TextPools:
    """The texts of a company whose people are from some locales: each talks in the language of one of them.

    A pure function of its arguments. Every method, here and in ``LanguagePools``, draws from the random numbers it is
    given.
    """

    def __init__(self, seed: int, locales: Sequence[str], *, nasty: bool = False) -> None:
        """Make nothing yet: each pool is filled when it is first drawn from."""
        self._seed, self._locales, self._nasty = seed, tuple(locales), nasty
        self._talk: dict[str, LanguagePools] = {}
        self._topics: list[str] = []
        self._notices: NotificationPool | None = None

    def speaking(self, locale: str) -> "LanguagePools":
        """Return the texts of people who speak the language of a locale."""
        if locale not in self._talk:
            self._talk[locale] = LanguagePools(self._seed, locale, nasty=self._nasty)
        return self._talk[locale]

    def notification(self, random: Random, second: float | None = None) -> Notification:
        """Return what an integration reports; ``second`` (since 1970 UTC) is when its card says that it happened."""
        if not self._notices:
            self._notices = NotificationPool(self._seed, nasty=self._nasty)
        return self._notices.draw(random, second)

    def topic(self, random: Random) -> str:
        """Return a topic of a room of 1 to 250 characters, in any of the languages."""
        if not self._topics:
            self._topics = topics_of(self._seed, self._locales, nasty=self._nasty)
        return drawn(random, self._topics)


class LanguagePools:
    """What is said in one language."""

    def __init__(self, seed: int, locale: str, *, nasty: bool) -> None:
        """Make nothing yet: each pool is filled when it is first drawn from."""
        self._seed, self._locale, self._nasty = seed, locale, nasty
        self._pools: dict[str, list[str]] = {}
        self._around: list[tuple[str, str]] = []  # what stands before and behind a mention
        self._links: list[tuple[str, Preview | None]] = []

    def opening(self, random: Random) -> str:
        """Return what begins a conversation: some news, a greeting, a stand-up; one sentence or some lines."""
        return drawn(random, self._pools.get("opening") or self._filled("opening"))

    def question(self, random: Random) -> str:
        """Return a question to all who are there."""
        return drawn(random, self._pools.get("question") or self._filled("question"))

    def reply(self, random: Random) -> str:
        """Return what goes on with a conversation, whatever it is about; rarely of 10,000 characters, if nasty."""
        return drawn(random, self._pools.get("reply") or self._filled("reply"))

    def closing(self, random: Random) -> str:
        """Return what ends a conversation: thanks, a farewell."""
        return drawn(random, self._pools.get("closing") or self._filled("closing"))

    def me(self, random: Random) -> str:
        """Return what somebody does: "/me gets coffee"."""
        return drawn(random, self._pools.get("me") or self._filled("me"))

    def code(self, random: Random) -> str:
        """Return some lines of a program, a log or a shell behind "/code "."""
        return drawn(random, self._pools.get("code") or self._filled("code"))

    def link(self, random: Random) -> tuple[str, Preview | None]:
        """Return a message with an address in it, and the address's preview, if it has one; nobody may change that."""
        return drawn(random, self._links or self._linked())

    def mentioning(self, random: Random, mention_name: str) -> str:
        """Return a message with @ and somebody's mention name in it."""
        before, after = drawn(random, self._around or self._parted())
        return f"{before}@{mention_name}{after}"

    def with_emoticon(self, random: Random, shortcut: str) -> str:
        """Return a message with an emoticon in it."""
        return f"({shortcut})" if random.random() < _BARE else f"{self.closing(random)} ({shortcut})"

    @cached_property
    def _tongue(self) -> Sentences:
        return Sentences(self._seed, self._locale, company(self._seed).domain)

    def _filled(self, kind: str) -> list[str]:
        """Fill the pool of a kind, and return it."""
        random = random_for(self._seed, "texts", kind, self._locale)
        make = _MAKERS.get(kind) or partial(Sentences.sentence, kind=kind)
        pool = [self._perhaps_hard(random, make(self._tongue, random)) for _ in range(POOL)]
        if self._nasty and kind == "reply":
            pool += edge_cases.long_texts()
        self._pools[kind] = pool
        return pool

    def _parted(self) -> list[tuple[str, str]]:
        """Return what stands before and behind a mention."""
        self._around = [
            (before, after) for before, _, after in (one.partition("@@") for one in self._filled("mentioning"))
        ]
        return self._around

    def _linked(self) -> list[tuple[str, Preview | None]]:
        """Return messages with an address, and its preview."""
        random = random_for(self._seed, "links", self._locale)
        for caption in self._filled("caption"):
            url, preview = drawn(random, _LINKS)(self._tongue, random)
            if self._nasty and random.random() < _HARD:
                url += drawn(random, edge_cases.QUERIES)
                preview = preview and preview | {"url": url, "name": edge_cases.text(random, preview["name"])}
            self._links.append((url if random.random() < _BARE else f"{caption} {url}", preview))
        return self._links

    def _perhaps_hard(self, random: Random, text: str) -> str:
        """Return a text, or a hard one in its place; what a client acts on, a command or a mention, stays."""
        if not self._nasty or random.random() >= _HARD:
            return text
        command = _COMMAND.match(text)
        kept = command[0] if command else ""
        return f"{kept}{edge_cases.text(random, text[len(kept) :])}"


def _opening(tongue: Sentences, random: Random) -> str:
    text, roll = tongue.sentence(random, "opening"), random.random()
    if roll < _LONG:
        return "\n".join((text, *(tongue.sentence(random, "opening") for _ in range(random.randrange(2, 6)))))
    if roll < _LONGER:
        stop = "。" if tongue.language == "ja" else ". "
        return (
            text
            + (stop if text[-1].isalnum() else " ")
            + tongue.sentence(random, drawn(random, ("opening", "question")))
        )
    return text


def _code(tongue: Sentences, random: Random) -> str:
    return f"/code {tongue.of_work(random, drawn(random, phrases('work')['code']))}"


# TextPools of these kinds are more than one sentence.
_MAKERS: Mapping[str, Callable[[Sentences, Random], str]] = {"opening": _opening, "code": _code}


def _image(tongue: Sentences, random: Random) -> tuple[str, Preview | None]:
    """Return a picture that is its own preview, as in the documented sample."""
    url = tongue.of_work(random, "https://{service}.{domain}/images/{commit}." + drawn(random, ("png", "jpg", "gif")))
    return url, {"url": url, "image": url, "type": "image", "name": ""}


def _page(tongue: Sentences, random: Random) -> tuple[str, Preview | None]:
    title = tongue.of_work(random, "{page}")
    host = tongue.of_work(
        random, drawn(random, ("https://wiki.{domain}", "https://www.example.org", "https://docs.example.com"))
    )
    url = f"{host}/{_NO_SLUG.sub('-', title.lower()).strip('-')}"
    return url, {"url": url, "image": f"{host}/preview.png", "type": "link", "name": title}


def _video(tongue: Sentences, random: Random) -> tuple[str, Preview | None]:
    number = tongue.of_work(random, "{commit}")
    url = f"https://video.example.net/watch?v={number}"
    name = tongue.of_work(random, "{project} demo, part {digit}")
    return url, {"url": url, "image": f"https://video.example.net/{number}.jpg", "type": "video", "name": name}


def _ticket(tongue: Sentences, random: Random) -> tuple[str, Preview | None]:
    """Return an address that nobody but the company can see a preview of."""
    addresses = ("https://tickets.{domain}/browse/{ticket}", "https://code.{domain}/{service}/pulls/{number}")
    return tongue.of_work(random, drawn(random, addresses)), None


_LINKS = (_image, _image, _page, _page, _video, _ticket, _ticket)
