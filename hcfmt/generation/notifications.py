"""Notifications of integrations: builds, deploys, tickets and alerts in HTML, some of them with a card."""

import json
import re
from html import escape
from random import Random
from typing import Any, NamedTuple

from hcfmt.generation import hard_texts
from hcfmt.generation.names import company
from hcfmt.generation.vocabulary import Words, fill_gaps, gap_words, phrases, pick
from hcfmt.rng import random_for, random_uuid

_POOL = 1_500  # notifications to draw from
_HARD = 0.4  # share of hard ones in a nasty pool
_CARDLESS = 0.4  # share of notifications without their card
_STYLES = ("link", "link", "link", "application", "image", "file", "media")
_FIRST, _SECONDS = 1_483_228_800, 63_072_000  # 2017 and 2018: for cards without a given second
_NO_DATE, _NO_ID = -1, "-"  # placeholders until the card is drawn
_PLACEHOLDERS = re.compile(rf'(?<="date": ){_NO_DATE}(?=, )|(?<="id": "){_NO_ID}(?=")')
# Words that a message and its card share.
_SUBJECTS = ("service", "number", "version", "ticket", "host", "english_task", "page", "branch", "minutes")
# The parts of a card that the server has found safe, as in the documented sample.
_VALIDATION = {
    "safehtmls": ["activity.html"],
    "safeurls": [
        "url",
        "images.image",
        "images.image-small",
        "images.image-big",
        "icon.url",
        "icon.url@2x",
        "icon",
        "thumbnail.url@2x",
        "thumbnail.url",
    ],
}


class Notification(NamedTuple):
    """A notification: the integration's name, HTML, a colour of the schema, and a card as JSON text, "" for none."""

    sender: str
    message: str
    color: str
    card: str


class NotificationPool:
    """The notifications of a company, generated once and then drawn from."""

    def __init__(self, seed: int, *, nasty: bool) -> None:
        """Generate them; ``nasty`` makes names, messages and cards hard to handle."""
        random = random_for(seed, "notices")
        words = gap_words("en_US", company(seed).domain)
        in_html = {name: [escape(word) for word in values] for name, values in words.items()}
        self._pool = [_generate(random, words, in_html, nasty=nasty and random.random() < _HARD) for _ in range(_POOL)]

    def draw(self, random: Random, second: float | None) -> Notification:
        """Return a notification; its card gets a new id and the date ``second``, in seconds since 1970 UTC."""
        notification, parts = pick(random, self._pool)
        if not parts:
            return notification
        if second is None:
            second = _FIRST + int(random.random() * _SECONDS)
        before, between, after = parts
        return notification._replace(card=f"{before}{int(second * 1_000)}{between}{random_uuid(random)}{after}")


def _generate(random: Random, words: Words, in_html: Words, *, nasty: bool) -> tuple[Notification, list[str]]:
    """Return a notification, and its card's text in three parts, between which the date and the id belong."""
    form = pick(random, [*phrases("work")["notification"].values()])
    subjects = {subject: fill_gaps(random, f"{{{subject}}}", words) for subject in _SUBJECTS}
    in_html = {**in_html, **{subject: (escape(word),) for subject, word in subjects.items()}}
    words = {**words, **{subject: (word,) for subject, word in subjects.items()}}
    sender, message = form["from"], fill_gaps(random, form["html"], in_html)
    card = _card(random, form["card"], words) if "card" in form and random.random() >= _CARDLESS else {}
    if nasty:
        sender, message = hard_texts.name(random, sender, hard_texts.SENDER) or sender, hard_texts.text(random, message)
        card |= {key: hard_texts.text(random, card[key]) for key in ("title", "description") if key in card}
    return Notification(sender, message, form["color"], ""), _PLACEHOLDERS.split(json.dumps(card)) if card else []


def _card(random: Random, title: str, words: Words) -> dict[str, Any]:
    """Return a card with the properties of the documented sample, in its order."""
    url, picture = (fill_gaps(random, url, words) for url in _URLS)
    width, height = pick(random, ((1193, 564), (640, 480), (1200, 630), (320, 240)))
    return {
        "style": pick(random, _STYLES),
        "description": fill_gaps(random, pick(random, _DESCRIPTIONS), words),
        "title": fill_gaps(random, title, words),
        "url": url,
        "thumbnail": {"url": picture, "width": width, "url@2x": picture.replace(".png", "@2x.png"), "height": height},
        "date": _NO_DATE,
        "validation": _VALIDATION,
        "id": _NO_ID,
        "icon": {"url": fill_gaps(random, "https://static.{domain}/icons/{service}.png", words)},
    }


_URLS = ("https://{service}.{domain}/events/{number}", "https://static.{domain}/previews/{commit}.png")
_DESCRIPTIONS = (
    "{english_task}\nin {service} {version}",
    "{many} of {many} checks passed.\nSee the log for the others.",
    "Reported by {customer}",
    "Assigned to team {team}.\nDue in {n} days.",
    "Commit {commit} on {branch}",
    "Value 9{digit} % at {time}, limit 90 %",
)
