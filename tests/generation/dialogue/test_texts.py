"""Texts of every language are within the limits, match the schemas, and have reserved hosts and no gap."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from hcfmt.export.schemas import read
from hcfmt.export.strict_schemas import strict_validator
from hcfmt.generation.dialogues.templates import complete_languages
from hcfmt.generation.hard_texts import LONGEST, long_texts
from hcfmt.generation.history import conversation, room_history
from hcfmt.generation.plan import planned
from hcfmt.generation.vocabulary import language as language_of
from hcfmt.generation.vocabulary import locale_names
from hcfmt.generation.world_building import build_world

LOCALES = {
    "ar": "ar_AA",
    "de": "de_DE",
    "en": "en_US",
    "es": "es_ES",
    "fr": "fr_FR",
    "he": "he_IL",
    "hi": "hi_IN",
    "ja": "ja_JP",
    "pt": "pt_BR",
}
CASES = [(language, nasty) for language in complete_languages() for nasty in (False, True)]
RESERVED = re.compile(r"(?:^|\.)(?:example\.(?:com|org|net)|example|invalid|test)$")
# Text in the place of a host, and text with the end of a host name.
HOSTS = re.compile(
    r"(?<=//)[^/\s:?#\"'<>@)\]}]+"
    r"|(?<![a-z0-9.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|edu|gov|info|io|dev|app|de|fr|es|jp|uk|eu|co|me)(?![a-z0-9(])",
    re.IGNORECASE,
)
DOCUMENTATION = re.compile(
    r"\b(?!192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|127\.0\.0\.1|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b"
)
GAP = re.compile(r"\{[a-z][a-z0-9_.]*\}")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\ufeff]")


def _locale(spoken: str) -> str:
    return next(name for name in locale_names() if language_of(name) == spoken)


@cache
def records(language: str, *, nasty: bool) -> list[tuple[str, dict[str, Any]]]:
    """Return the messages of some histories of a company, with their kinds."""
    plan = planned(
        "small", users=16, rooms=24, messages=6_000, private_share=0.3, notification_share=0.15, attachments=10,
        locales=(_locale(language),), nasty=nasty, seed=12,
    )  # fmt: skip
    world = build_world(plan)
    histories = [*(room_history(world, room, {}) for room in world.rooms)]
    histories += [conversation(world, pair, {}) for pair in world.pairs]
    records = [json.loads(record) for parts in histories for messages in parts for record in messages.json()]
    return [(kind, message) for record in records for kind, message in record.items()]


def texts(language: str, *, nasty: bool) -> Iterator[str]:
    """Yield what people and integrations say, and what a client shows of it besides."""
    for _, message in records(language, nasty=nasty):
        yield message["message"]
        for preview in message.get("metadata", ()):
            yield from preview.values()
        yield message.get("card", "")


@pytest.mark.parametrize(("language", "nasty"), CASES)
def test_every_host_is_reserved(language: str, *, nasty: bool) -> None:
    hosts = {host for text in texts(language, nasty=nasty) for host in HOSTS.findall(text)}
    assert len(hosts) > 5
    assert {host for host in hosts if not RESERVED.search(host.rstrip(".,;。\\").lower())} == set()


@pytest.mark.parametrize(("language", "nasty"), CASES)
def test_every_ip_address_is_reserved_for_documentation(language: str, *, nasty: bool) -> None:
    assert [text for text in texts(language, nasty=nasty) if DOCUMENTATION.search(text)] == []


@pytest.mark.parametrize(("language", "nasty"), CASES)
def test_every_message_and_its_card_match_the_schemas(language: str, *, nasty: bool) -> None:
    cards = []
    for kind, message in records(language, nasty=nasty):
        assert strict_validator(f"messages/{kind}")(message), message
        assert len(message["message"]) <= LONGEST
        message["message"].encode()  # no lone surrogate
        if kind in {"UserMessage", "PrivateUserMessage"}:
            assert message["message"].strip() or "deleted" in message
        if card := message.get("card"):
            cards.append(json.loads(card))
            assert 0 < len(message["sender"]["name"]) <= 64
    assert all(strict_validator("embedded/card")(card) for card in cards)
    assert {key for card in cards for key in card} <= set(read("embedded/card")["properties"])
    assert len({card["id"] for card in cards}) == len(cards) > 100


@pytest.mark.parametrize("language", complete_languages())
def test_plain_texts_have_no_gap_and_nothing_that_is_hard(language: str) -> None:
    for kind, message in records(language, nasty=False):
        text = message["message"]
        assert not CONTROL.search(text)
        assert len(text) < 2_500
        assert kind == "NotificationMessage" or text.startswith("/code") or not GAP.search(text), text


@pytest.mark.parametrize(("language", "nasty"), CASES)
def test_a_link_has_the_preview_of_the_documented_sample_or_none(language: str, *, nasty: bool) -> None:
    previewed = [message for _, message in records(language, nasty=nasty) if "metadata" in message]
    assert len(previewed) > 20
    for message in previewed:
        (preview,) = message["metadata"]
        assert list(preview) == ["url", "image", "type", "name"]
        assert preview["url"] in message["message"]


def test_hard_texts_contain_characters_that_break_readers() -> None:
    everything = [text for language in complete_languages() for text in texts(language, nasty=True)]
    for fragment in ("\x1b[", "\u2028", "\u202e", "\u0301", "🦊", "<iframe", "\ufeff", "${jndi:", "{{7*7}}"):
        assert any(fragment in text for text in everything), fragment
    assert {text for text in everything if len(text) == LONGEST} == {*long_texts()}
    assert any(text.startswith("/code ") for text in everything)
    assert any(text.startswith("/me ") for text in everything)


def test_people_speak_the_language_of_their_locale() -> None:
    words = {
        "de": "danke|Guten Morgen|morgen",
        "es": "gracias|buenos",
        "ja": "おはよう|ありがとう",
        "pt": "obrigad|bom dia",
    }
    for language, pattern in words.items():
        assert any(re.search(pattern, text, re.IGNORECASE) for text in texts(language, nasty=False)), language
