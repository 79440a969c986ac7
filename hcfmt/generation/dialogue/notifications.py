"""Notifications of integrations in HTML: builds, deploys, tickets and alerts, some of them with a card."""

from collections.abc import Callable
from functools import cache, partial
from html import escape
from typing import Any, NamedTuple

import orjson

from hcfmt.generation import hard_texts
from hcfmt.generation.dialogue.lexicon import Text, lexicon, rendered
from hcfmt.generation.dialogue.scenes import Scene
from hcfmt.generation.vocabulary import phrases
from hcfmt.rng import random_uuid

_HARD = 0.4  # share of hard ones in nasty plans
_CARDLESS = 0.4  # share of notifications without their card
_STYLES = ("application", "application", "link", "link", "file", "media", "image")
_SIZES = ((1193, 564), (640, 480), (1200, 630), (320, 240))  # of a card's picture, in pixels
_LANGUAGE = "en"  # integrations speak English
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
    """A compiled form of phrases/work.toml; ``title`` is None for notifications that never have a card."""

    sender: str
    color: str
    html: Text
    title: Text | None
    description: Text
    url: Text


@cache
def _forms() -> dict[str, _Form]:
    """Return the forms of notifications by name."""
    compiled = lexicon(_LANGUAGE).compiled
    return {
        name: _Form(
            form["from"],
            form["color"],
            _escaped(compiled(form["html"])),
            compiled(form["card"]) if "card" in form else None,
            compiled(form.get("description", "")),
            compiled(form["url"]),
        )
        for name, form in phrases("work")["notification"].items()
    }


def _escaped(text: Text) -> Text:
    """Return HTML whose gaps are filled with escaped texts."""
    if isinstance(text, str):
        return text
    return tuple(part if isinstance(part, str) else partial(_in_html, part) for part in text)


def _in_html(value: Callable[[Scene], str], scene: Scene) -> str:
    return escape(value(scene))


def notification(name: str, scene: Scene, second: float) -> Notification:
    """Return the notification of a name in a thread; ``second`` (since 1970 UTC) is the date of its card."""
    form, random = _forms()[name], scene.stage.random
    sender, message = form.sender, rendered(form.html, scene)
    is_hard = scene.stage.is_nasty and random.random() < _HARD
    if is_hard:
        sender = hard_texts.name(random, sender, hard_texts.SENDER) or sender
        message = hard_texts.text(random, message)
    if form.title is None or random.random() < _CARDLESS:
        return Notification(sender, message, form.color, "")
    card = _card(form, rendered(form.title, scene), scene, second)
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
        "description": rendered(form.description, scene),
        "title": title,
        "url": rendered(form.url, scene),
        "thumbnail": {"url": f"{picture}.png", "width": width, "url@2x": f"{picture}@2x.png", "height": height},
        "date": int(second * 1_000),
        "validation": _VALIDATION,
        "id": random_uuid(random),
        "icon": {"url": f"https://static.{domain}/icons/{form.sender.lower().replace(' ', '-')}.png"},
    }
