"""Notifications of a thread agree with each other and with what is said, and what fills their gaps is escaped."""

import json
import re
from html import escape
from itertools import pairwise
from typing import Any

import orjson
import pytest

from hcfmt.generation import hard_texts
from hcfmt.generation.dialogue.lexicon import HTML, JSON, UNESCAPED, lexicon
from hcfmt.generation.dialogue.notifications import Notification, notification
from hcfmt.generation.dialogue.scenes import Scene, Stage
from hcfmt.generation.dialogue.stories import stories
from hcfmt.generation.dialogues.names import MOMENTS
from hcfmt.generation.dialogues.templates import complete_languages, dialogues
from hcfmt.generation.plan import planned
from hcfmt.generation.vocabulary import phrases
from hcfmt.rng import random_for

PLAN = planned("small", seed=8)
NAMES = sorted(phrases("work")["notification"])
PROPERTIES = ["style", "description", "title", "url", "thumbnail", "date", "validation", "id", "icon"]
NUMBER = re.compile(r"#\d+|[A-Z]+-\d+")


def scene(seed: int, language: str = "en", **shared: str) -> Scene:
    stage = Stage(PLAN, random_for(seed, "scene"), {"service": "billing"})
    thread = Scene(stage, lexicon(language).fillers, (), (), PLAN.first_second + 1_000, 0)
    thread.update(shared)
    return thread


def with_card(name: str, thread: Scene) -> tuple[Notification, dict[str, Any]]:
    """Return the first of the notifications of a name that has a card."""
    sent = next(sent for _ in range(99) if (sent := notification(name, thread, thread.second)).card)
    return sent, json.loads(sent.card)


@pytest.mark.parametrize("name", [name for name in NAMES if "card" in phrases("work")["notification"][name]])
def test_a_card_has_the_properties_of_the_documented_sample_in_its_order(name: str) -> None:
    sent, card = with_card(name, scene(3))
    assert list(card) == PROPERTIES
    assert list(card["thumbnail"]) == ["url", "width", "url@2x", "height"]
    assert card["date"] == (PLAN.first_second + 1_000) * 1_000
    assert sent.card == orjson.dumps(card).decode()
    assert "%(" not in sent.card + sent.message


def test_the_notifications_of_a_thread_name_what_the_thread_names() -> None:
    thread = scene(4, "de", ticket="OPS-77", summary='zu "langsam" & <alt>')
    sent, card = with_card("ticket_created", thread)
    url = f"https://tickets.{thread.stage.company.domain}/browse/OPS-77"
    assert sent.message == f'<a href="{url}">OPS-77</a>: zu &quot;langsam&quot; &amp; &lt;alt&gt;'
    assert (card["title"], card["url"]) == ('OPS-77: zu "langsam" & <alt>', url)
    thread["summary"] = "another"
    assert notification("ticket_closed", thread, thread.second).message.startswith(
        f'<a href="{url}">OPS-77</a> another'
    )
    assert thread.fillers is lexicon("de").fillers


def test_the_notifications_of_a_story_agree() -> None:
    stage = Stage(PLAN, random_for(5, "stories"), {})
    sent = [more for *_, more in stories(stage, PLAN.first_second, 400) if isinstance(more, Notification)]
    seen = 0
    for first, second in pairwise(sent):
        if " started by a push to " in first.message:
            assert NUMBER.findall(first.message)[0] in second.message
            assert first.message.split()[0] in second.message
            seen += 1
        elif first.message.startswith("New pull request"):
            assert re.findall(r"<a .*</a>", first.message)[0] in second.message
            seen += 1
    assert seen > 50


@pytest.mark.parametrize("language", complete_languages())
def test_gaps_that_are_not_escaped_need_not_be(language: str) -> None:
    words = {**phrases("work")["words"], **dialogues(language).words}
    texts = [text for name in words.keys() & MOMENTS & UNESCAPED[HTML] for text in words[name]]
    texts += [*dialogues(language).calendar["weekdays"], *dialogues(language).calendar["months"]]
    assert len(texts) > 100
    assert [text for text in texts if escape(text) != text or orjson.dumps(text).decode() != f'"{text}"'] == []


def test_json_escapes_nothing_of_a_hard_url() -> None:
    assert "url.page" in UNESCAPED[JSON]
    assert all(orjson.dumps(query).decode() == f'"{query}"' for query in hard_texts.QUERIES)


def test_what_takes_time_takes_as_long_as_its_notifications_are_apart() -> None:
    thread = scene(6)
    notification("alert", thread, PLAN.first_second)
    notification("ticket_created", thread, PLAN.first_second + 10 * 60)
    cleared = notification("alert_clear", thread, PLAN.first_second + 17 * 60 + 30)
    assert "after 17 min" in cleared.message
