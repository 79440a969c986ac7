"""What integrations report to rooms: builds, deploys, tickets and alerts in HTML, some of them with a card."""

import json
import re
from html import escape
from random import Random
from typing import Any, NamedTuple

from hcfmt.generation import edge_cases
from hcfmt.generation.names import company
from hcfmt.generation.vocabulary import Words, fill_gaps, gap_words, phrases, pick
from hcfmt.rng import random_for, random_uuid

_POOL = 1_500  # notifications to draw from
_HARD = 0.4  # of them, where they are to be hard
_CARDLESS = 0.4  # of those that could have a card
_STYLES = ("link", "link", "link", "application", "image", "file", "media")
_FIRST, _SECONDS = 1_483_228_800, 63_072_000  # 2017 and 2018: when a card's moment is when nobody says
_NO_DATE, _NO_ID = -1, "-"  # what stands in a card until it is drawn
_HOLES = re.compile(rf'(?<="date": ){_NO_DATE}(?=, )|(?<="id": "){_NO_ID}(?=")')
# What a message and its card both speak of.
_SUBJECTS = ("service", "number", "version", "ticket", "host", "english_task", "page", "branch", "minutes")
# Which parts of a card the server has found safe, as the documented sample has it.
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
    """What an integration reports: its name, HTML, a colour of the schema's, and a card as JSON text or ""."""

    sender: str
    message: str
    color: str
    card: str


class NotificationPool:
    """The notifications of a company, made once and drawn from."""

    def __init__(self, seed: int, *, nasty: bool) -> None:
        """Make them; ``nasty``: names, messages and cards are hard to handle."""
        random = random_for(seed, "notices")
        known = gap_words("en_US", company(seed).domain)
        in_html = {name: [escape(word) for word in some] for name, some in known.items()}
        self._pool = [_notice(random, known, in_html, nasty=nasty and random.random() < _HARD) for _ in range(_POOL)]

    def draw(self, random: Random, second: float | None) -> Notification:
        """Return one; a card gets an id of its own and the moment, in seconds since 1970 UTC."""
        notice, pieces = pick(random, self._pool)
        if not pieces:
            return notice
        if second is None:
            second = _FIRST + int(random.random() * _SECONDS)
        before, between, after = pieces
        return notice._replace(card=f"{before}{int(second * 1_000)}{between}{random_uuid(random)}{after}")


def _notice(random: Random, known: Words, in_html: Words, *, nasty: bool) -> tuple[Notification, list[str]]:
    """Return a notification, and its card's text in three pieces, between which the date and the id are to stand."""
    form = pick(random, phrases("work")["notice"])
    subjects = {subject: fill_gaps(random, f"{{{subject}}}", known) for subject in _SUBJECTS}
    in_html = {**in_html, **{subject: (escape(word),) for subject, word in subjects.items()}}
    known = {**known, **{subject: (word,) for subject, word in subjects.items()}}
    sender, message = form["from"], fill_gaps(random, form["html"], in_html)
    card = _card(random, form["card"], known) if "card" in form and random.random() >= _CARDLESS else {}
    if nasty:
        sender, message = edge_cases.name(random, sender, edge_cases.SENDER) or sender, edge_cases.text(random, message)
        card |= {key: edge_cases.text(random, card[key]) for key in ("title", "description") if key in card}
    return Notification(sender, message, form["color"], ""), _HOLES.split(json.dumps(card)) if card else []


def _card(random: Random, title: str, known: Words) -> dict[str, Any]:
    """Return a card with the properties of the documented sample, in their order."""
    url, picture = (fill_gaps(random, one, known) for one in _ADDRESSES)
    width, height = pick(random, ((1193, 564), (640, 480), (1200, 630), (320, 240)))
    return {
        "style": pick(random, _STYLES),
        "description": fill_gaps(random, pick(random, _DESCRIPTIONS), known),
        "title": fill_gaps(random, title, known),
        "url": url,
        "thumbnail": {"url": picture, "width": width, "url@2x": picture.replace(".png", "@2x.png"), "height": height},
        "date": _NO_DATE,
        "validation": _VALIDATION,
        "id": _NO_ID,
        "icon": {"url": fill_gaps(random, "https://static.{domain}/icons/{service}.png", known)},
    }


_ADDRESSES = ("https://{service}.{domain}/events/{number}", "https://static.{domain}/previews/{commit}.png")
_DESCRIPTIONS = (
    "{english_task}\nin {service} {version}",
    "{many} of {many} checks passed.\nSee the log for the others.",
    "Reported by {customer}",
    "Assigned to team {team}.\nDue in {n} days.",
    "Commit {commit} on {branch}",
    "Value 9{digit} % at {time}, limit 90 %",
)
