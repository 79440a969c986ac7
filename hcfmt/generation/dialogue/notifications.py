"""Notifications of integrations in HTML: builds, deploys, tickets and alerts, some of them with a card."""

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import NamedTuple

import orjson
from msgspec import Struct

from hcfmt.generation import hard_texts
from hcfmt.generation.dialogue.lexicon import HTML, JSON, lexicon
from hcfmt.generation.dialogue.scenes import Filler, Scene
from hcfmt.generation.vocabulary import phrases, pick

_HARD = 0.4  # share of hard ones in nasty plans
_CARDLESS = 0.4  # share of notifications without their card
_STYLES = ("application", "application", "link", "link", "file", "media", "image")
_SIZES = ((1193, 564), (640, 480), (1200, 630), (320, 240))  # of a card's picture, in pixels
LANGUAGE = "en"  # integrations speak English
_LOOKS = [(style, *size) for style in _STYLES for size in _SIZES]
_SHOWN = {"description": "description", "title": "card", "url": "url"}  # properties by their names in phrases
# The parts of a card that the server has found safe, as in the documented sample.
_VALIDATION = orjson.dumps(
    {
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
).decode()


class Notification(Struct, frozen=True, gc=False):
    """A notification: the integration's name, HTML, a colour of the schema, and a card as JSON text, "" for none."""

    sender: str
    message: str
    color: str
    card: str


class _Form(NamedTuple):
    """A form of phrases/work.toml: the template of its HTML, and that of the properties of a card, "" without one.

    ``icon`` is the name of a file.
    """

    sender: str
    color: str
    html: str
    card: str
    icon: str


@cache
def _forms() -> tuple[dict[str, _Form], Mapping[str, Filler]]:
    """Return the forms of notifications by name, and what fills their gaps."""
    words = lexicon(LANGUAGE)
    forms = {}
    for name, form in phrases("work")["notification"].items():
        shown = {key: words.template(form[text], JSON) for key, text in _SHOWN.items() if "card" in form}
        forms[name] = _Form(
            form["from"],
            form["color"],
            words.template(form["html"], HTML),
            orjson.dumps(shown).decode()[1:-1],
            form["from"].lower().replace(" ", "-"),
        )
    return forms, words.fillers


def notification(name: str, scene: Scene, second: float) -> Notification:
    """Return the notification of a name in a thread; ``second`` (since 1970 UTC) is the date of its card.

    The minutes that something took are those since the integration's notification before it in the thread.
    """
    own = scene.fillers
    forms, scene.fillers = _forms()
    form = forms[name]
    if before := scene.notified.get(form.sender):
        scene["minutes"] = str(max(1, int(second - before) // 60))
    scene.notified[form.sender] = second
    sender, message, color = form.sender, form.html % scene, form.color
    card = _card(form, scene, second) if form.card and scene.draw() >= _CARDLESS else ""
    scene.fillers = own
    if scene.stage.is_nasty and scene.draw() < _HARD:
        random = scene.stage.random
        sender = hard_texts.name(random, sender, hard_texts.SENDER) or sender
        message = hard_texts.text(random, message)
        card = card and _hard(card, random)
    return Notification(sender, message, color, card)


def _card(form: _Form, scene: Scene, second: float) -> str:
    """Return a card as JSON text, with the properties of the documented sample, in its order."""
    stage, uuid = scene.stage, next(scene.stage.uuids)
    host = f"https://static.{stage.company.domain}"
    picture = f"{host}/previews/{uuid[:7]}"
    style, width, height = pick(stage.random, _LOOKS)
    return (
        f'{{"style":"{style}",{form.card % scene},'
        f'"thumbnail":{{"url":"{picture}.png","width":{width},"url@2x":"{picture}@2x.png","height":{height}}},'
        f'"date":{int(second * 1_000)},"validation":{_VALIDATION},"id":"{uuid}",'
        f'"icon":{{"url":"{host}/icons/{form.icon}.png"}}}}'
    )


def _hard(card: str, random: Random) -> str:
    """Return a card whose texts are hard."""
    properties = orjson.loads(card)
    properties |= {key: hard_texts.text(random, properties[key]) for key in ("title", "description")}
    return orjson.dumps(properties).decode()
