"""Notifications of integrations in HTML: builds, deploys, tickets and alerts, some of them with a card."""

from functools import cache
from typing import Any, NamedTuple

import orjson

from hcfmt.generation import hard_texts
from hcfmt.generation.dialogue.lexicon import HTML, filled, lexicon
from hcfmt.generation.dialogue.scenes import Scene
from hcfmt.generation.vocabulary import phrases
from hcfmt.rng import random_uuid

_HARD = 0.4  # share of hard ones in nasty plans
_CARDLESS = 0.4  # share of notifications without their card
_STYLES = ("application", "application", "link", "link", "file", "media", "image")
_SIZES = ((1193, 564), (640, 480), (1200, 630), (320, 240))  # of a card's picture, in pixels
LANGUAGE = "en"  # integrations speak English
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


class _Form(NamedTuple):
    """The templates of a form of phrases/work.toml; ``title`` is None for notifications that never have a card."""

    sender: str
    color: str
    html: str
    title: str | None
    description: str
    url: str


@cache
def _forms() -> dict[str, _Form]:
    """Return the forms of notifications by name."""
    template = lexicon(LANGUAGE).template
    return {
        name: _Form(
            form["from"],
            form["color"],
            template(form["html"], HTML),
            template(form["card"]) if "card" in form else None,
            template(form.get("description", "")),
            template(form["url"]),
        )
        for name, form in phrases("work")["notification"].items()
    }


def notification(name: str, scene: Scene, second: float) -> Notification:
    """Return the notification of a name in a thread; ``second`` (since 1970 UTC) is the date of its card."""
    own, scene.fillers = scene.fillers, lexicon(LANGUAGE).fillers
    sent = _sent(_forms()[name], scene, second)
    scene.fillers = own
    return sent


def _sent(form: _Form, scene: Scene, second: float) -> Notification:
    random = scene.stage.random
    sender, message = form.sender, filled(form.html, scene)
    is_hard = scene.stage.is_nasty and random.random() < _HARD
    if is_hard:
        sender = hard_texts.name(random, sender, hard_texts.SENDER) or sender
        message = hard_texts.text(random, message)
    if form.title is None or random.random() < _CARDLESS:
        return Notification(sender, message, form.color, "")
    card = _card(form, filled(form.title, scene), scene, second)
    if is_hard:
        card |= {key: hard_texts.text(random, card[key]) for key in ("title", "description")}
    return Notification(sender, message, form.color, orjson.dumps(card).decode())


def _card(form: _Form, title: str, scene: Scene, second: float) -> dict[str, Any]:
    """Return a card with the properties of the documented sample, in its order."""
    random, domain = scene.stage.random, scene.stage.company.domain
    picture = f"https://static.{domain}/previews/{random.getrandbits(28):07x}"
    width, height = random.choice(_SIZES)
    return {
        "style": random.choice(_STYLES),
        "description": filled(form.description, scene),
        "title": title,
        "url": filled(form.url, scene),
        "thumbnail": {"url": f"{picture}.png", "width": width, "url@2x": f"{picture}@2x.png", "height": height},
        "date": int(second * 1_000),
        "validation": _VALIDATION,
        "id": random_uuid(random),
        "icon": {"url": f"https://static.{domain}/icons/{form.sender.lower().replace(' ', '-')}.png"},
    }
