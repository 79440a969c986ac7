"""Texts are within the limits, match the schemas, use reserved domains only, and are the same in every process."""

import json
import re
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest

from hcfmt.export.schemas import read
from hcfmt.export.strict_schemas import strict_validator
from hcfmt.generation.hard_texts import INJECTIONS, LONGEST, long_texts
from hcfmt.generation.text_pools import TextPools
from hcfmt.rng import random_for
from tests.support.other_process import printed_elsewhere

KINDS = ("opening", "question", "reply", "closing", "me", "code")
LOCALES = ("en_US", "de_DE", "fr_FR", "es_ES", "ja_JP", "pl_PL", "ar_AA")
CASES = [(("en_US",), False), (("en_US",), True), (LOCALES, False), (LOCALES, True)]
RESERVED = re.compile(r"(?:^|\.)(?:example\.(?:com|org|net)|example|invalid|test)$")
# Text in the place of a host, and text with the end of a host name.
HOSTS = re.compile(
    r"(?<=//)[^/\s:?#\"'<>@)\]}]+"
    r"|(?<![a-z0-9.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|edu|gov|info|io|dev|app|de|fr|es|jp|uk|eu|co|me)(?![a-z0-9(])",
    re.IGNORECASE,
)
DOCUMENTATION = re.compile(r"\b(?!192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)\d{1,3}(?:\.\d{1,3}){3}\b")


@cache
def texts(locales: tuple[str, ...], *, nasty: bool) -> TextPools:
    return TextPools(1, locales, nasty=nasty)


@cache
def pick(locales: tuple[str, ...], *, nasty: bool) -> tuple[str, ...]:
    """Return many texts of every kind, those that somebody reads and those that a client does."""
    return tuple(_drawn(texts(locales, nasty=nasty), locales, random_for(1, "drawn")))


def _drawn(pools: TextPools, locales: tuple[str, ...], random: Random) -> Iterator[str]:
    for talk in map(pools.language, locales):
        for _ in range(12_000 // len(locales)):
            for kind in KINDS:
                yield getattr(talk, kind)(random)
        for _ in range(2_000 // len(locales)):
            yield talk.mentioning(random, "AnnaMüller")
            yield talk.with_emoticon(random, "partyparrot")
            text, preview = talk.link(random)
            yield text
            yield from (preview or {}).values()
    for _ in range(2_000):
        yield pools.topic(random)
        yield from pools.notification(random)


def all_texts(locales: tuple[str, ...], *, nasty: bool) -> set[str]:
    return set(pick(locales, nasty=nasty))


@pytest.mark.parametrize(("locales", "nasty"), CASES)
@pytest.mark.slow
def test_every_host_is_reserved(locales: tuple[str, ...], *, nasty: bool) -> None:
    hosts = {host for text in all_texts(locales, nasty=nasty) for host in HOSTS.findall(text)}
    assert len(hosts) > 10
    assert {host for host in hosts if not RESERVED.search(host.rstrip(".,").lower())} == set()


@pytest.mark.parametrize(("locales", "nasty"), CASES)
def test_every_ip_address_is_reserved_for_documentation(locales: tuple[str, ...], *, nasty: bool) -> None:
    assert [text for text in all_texts(locales, nasty=nasty) if DOCUMENTATION.search(text)] == []


@pytest.mark.parametrize(("locales", "nasty"), CASES)
def test_no_text_is_blank_too_long_or_unstorable(locales: tuple[str, ...], *, nasty: bool) -> None:
    pools, random = texts(locales, nasty=nasty), random_for(2)
    drawers = [(getattr(pools.language(locale), kind), LONGEST) for locale in locales for kind in KINDS]
    for draw, longest in [*drawers, (pools.topic, 250)]:
        for _ in range(20_000 // len(locales)):
            text = draw(random)
            assert text.strip()
            assert len(text) <= longest
            assert "\0" not in text
            text.encode()  # no lone surrogate


@pytest.mark.parametrize(("locales", "nasty"), CASES)
def test_hard_texts_keep_commands_and_mentions(locales: tuple[str, ...], *, nasty: bool) -> None:
    random, pools = random_for(3), texts(locales, nasty=nasty).language(locales[-1])
    for _ in range(5_000):
        assert pools.me(random).startswith("/me ")
        assert pools.code(random).startswith("/code ")
        assert "@AnnaMüller" in pools.mentioning(random, "AnnaMüller")
        assert pools.with_emoticon(random, "partyparrot").endswith("(partyparrot)")
        assert "{" not in pools.question(random) or nasty


@pytest.mark.parametrize(("locales", "nasty"), CASES)
def test_a_link_has_the_preview_of_the_documented_sample_or_none(locales: tuple[str, ...], *, nasty: bool) -> None:
    random, previews = random_for(4), 0
    for _ in range(5_000):
        text, preview = texts(locales, nasty=nasty).language(locales[-1]).link(random)
        message: dict[str, object] = {
            "id": "2088ec9e-dd0d-4214-8f74-45e2fb85109c",
            "type": "muc_message",
            "sender": {"id": 1, "mention_name": "", "name": "x", "version": ""},
            "message": text,
            "timestamp": "2018-04-02T15:40:44Z 942827",
        }
        if preview:
            previews += 1
            assert list(preview) == ["url", "image", "type", "name"]
            assert preview["url"] in text
            message["metadata"] = [preview]
        assert strict_validator("messages/UserMessage")(message)
    assert 2_000 < previews < 4_500


@pytest.mark.parametrize(("locales", "nasty"), CASES)
def test_a_notification_and_its_card_match_the_schemas(locales: tuple[str, ...], *, nasty: bool) -> None:
    random, cards, ids = random_for(5), 0, set()
    for number in range(4_000):
        notification = texts(locales, nasty=nasty).notification(random, 1_500_000_000.25 + number)
        message: dict[str, object] = {
            "id": "2088ec9e-dd0d-4214-8f74-45e2fb85109c",
            "type": "notification",
            "sender": {"id": 0, "mention_name": "", "name": notification.sender, "version": ""},
            "message": notification.message,
            "timestamp": "2018-04-02T15:40:44Z 942827",
            "format": "html",
            "color": notification.color,
            "card": notification.card,
        }
        assert strict_validator("messages/NotificationMessage")(message)
        assert 0 < len(notification.sender) <= 64
        if notification.card:
            card = json.loads(notification.card)
            assert strict_validator("embedded/card")(card)
            assert set(card) <= set(read("embedded/card")["properties"])
            assert card["date"] == 1_500_000_000_250 + 1_000 * number
            cards += 1
            ids.add(card["id"])
    assert 1_000 < cards == len(ids)


def test_a_card_without_a_given_second_gets_a_random_date() -> None:
    pools, random = texts(("en_US",), nasty=False), random_for(6)
    cards = [
        json.loads(notification.card)
        for notification in (pools.notification(random) for _ in range(200))
        if notification.card
    ]
    assert all(1_483_228_800_000 <= card["date"] < 1_546_300_800_000 for card in cards)
    assert len({card["date"] for card in cards}) == len(cards)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de_DE", "danke|Guten Morgen"),
        ("fr_CA", "merci|Bonjour"),
        ("es_MX", "gracias|Buenos"),
        ("ja_JP", "了解です|おはよう"),
    ],
)
def test_people_speak_the_language_of_their_locale(locale: str, words: str) -> None:
    pools, random = texts(LOCALES, nasty=False).language(locale), random_for(7)
    drawn_texts = [say(random) for _ in range(1_000) for say in (pools.opening, pools.reply, pools.closing)]
    assert any(re.search(words, text) for text in drawn_texts)


def test_topics_are_in_all_languages_of_a_company_most_in_the_first() -> None:
    pools, random = texts(("ja_JP", "fr_FR"), nasty=False), random_for(8)
    topics = [pools.topic(random) for _ in range(3_000)]
    japanese, french = (
        sum(bool(re.search(words, text)) for text in topics)
        for words in ("[ぁ-んァ-ン一-龠]", r"\b(?:les?|la|des?|du)\b")
    )
    assert japanese > french > 0


def test_hard_texts_contain_characters_that_break_readers() -> None:
    everything = all_texts(("en_US",), nasty=True)
    for fragment in ("\x1b[", "\u2028", "\u202e", "\u0301", "🦊", "<iframe", "\ufeff", *INJECTIONS):
        assert any(fragment in text for text in everything), fragment
    pools, random = texts(("en_US",), nasty=True).language("en_US"), random_for(10)
    assert {text for text in (pools.reply(random) for _ in range(40_000)) if len(text) == LONGEST} == {*long_texts()}


def test_plain_texts_contain_none_of_them() -> None:
    for text in all_texts(("en_US",), nasty=False):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\ufeff]", text)
        assert len(text) < 1_200


def test_texts_depend_on_the_seed_and_not_on_earlier_draws() -> None:
    fresh, used, other = (TextPools(seed, ("de_DE",)).language("de_DE") for seed in (2, 2, 3))
    for kind in reversed(KINDS):
        getattr(used, kind)(random_for(1))
    drawn_texts = [
        [pools.opening(random) for _ in range(50)] for pools in (fresh, used, other) for random in (random_for(9),)
    ]
    assert drawn_texts[0] == drawn_texts[1] != drawn_texts[2]


def test_texts_are_the_same_in_another_process_time_zone_and_hash_seed() -> None:
    fresh = "TextPools(5, ('ja_JP', 'pl_PL'), nasty=True)"
    expression = (
        f"[[getattr({fresh}.language('pl_PL'), kind)(random_for(6, kind)) for kind in {KINDS}],"
        f" {fresh}.language('ja_JP').link(random_for(7)), {fresh}.topic(random_for(8)),"
        f" {fresh}.notification(random_for(9))]"
    )
    pools = TextPools(5, ("ja_JP", "pl_PL"), nasty=True)
    expected = [
        [getattr(pools.language("pl_PL"), kind)(random_for(6, kind)) for kind in KINDS],
        pools.language("ja_JP").link(random_for(7)),
        pools.topic(random_for(8)),
        pools.notification(random_for(9)),
    ]
    for hash_seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Denver")):
        assert printed_elsewhere("hcfmt.generation.text_pools", expression, hash_seed, zone) == ascii(expected)
