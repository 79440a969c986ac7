"""A history is in the language of most of its people, and its URLs are below the company's host."""

import json
import re
from collections import defaultdict
from functools import cache
from typing import Any

from hcfmt.generation.members import members
from hcfmt.generation.names import company
from hcfmt.generation.plan import Plan, planned
from hcfmt.generation.world_building import build_world

KANA = re.compile("[ぁ-んァ-ン]")
MIXED = planned("small", locales=("en_US", "ja_JP"), users=14, guests=2, messages=3_000, private_share=0.5, seed=6)
ROOMS = planned("small", locales=("ja_JP", "en_US"), rooms=30, messages=3_000, notification_share=0.0, seed=1)


@cache
def documents(plan: Plan) -> dict[str, Any]:
    """Return the data files and the histories of a plan's export."""
    texts = {entry.path: b"".join(entry.chunks) for entry in members(plan) if entry.path.endswith(".json")}
    return {path: json.loads(text) for path, text in texts.items()}


def messages_in(plan: Plan, tree: str, kind: str) -> list[dict[str, Any]]:
    return [
        record[kind]
        for path, history in documents(plan).items()
        if path.startswith(tree) and path.endswith("/history.json")
        for record in history
        if kind in record
    ]


def test_two_people_speak_their_common_language_or_the_companys() -> None:
    person, japanese = build_world(MIXED).person, defaultdict[frozenset[str], list[bool]](list)
    for message in messages_in(MIXED, "users", "PrivateUserMessage"):
        locales = frozenset(person[message[side]["id"]].locale for side in ("sender", "receiver"))
        if message["message"] and not message["attachment"] and not message["message"].startswith("/code"):
            japanese[locales].append(bool(KANA.search(message["message"])))
    shares = {locales: sum(found) / len(found) for locales, found in japanese.items()}
    assert shares.keys() == {frozenset({"en_US"}), frozenset({"ja_JP"}), frozenset({"en_US", "ja_JP"})}
    assert shares.pop(frozenset({"ja_JP"})) > 0.5  # the rest is English that everybody at work writes
    assert set(shares.values()) == {0}


def test_a_room_speaks_the_language_of_most_talkers_or_in_a_tie_the_companys() -> None:
    spoken = set()
    for room in build_world(ROOMS).rooms:
        locales = [build_world(ROOMS).person[user].locale for user in room.talkers]
        ahead = locales.count("en_US") - locales.count("ja_JP")
        texts = [message["message"] for message in messages_in(ROOMS, f"rooms/{room.id}/", "UserMessage")]
        if not texts:
            continue
        japanese = sum(bool(KANA.search(text)) for text in texts)
        assert japanese == 0 if ahead > 0 else japanese > len(texts) / 4
        spoken.add((ahead > 0) - (ahead < 0))
    assert spoken == {1, 0, -1}


def test_urls_of_files_and_guest_access_are_below_the_companys_host() -> None:
    plan = planned("small", messages=4_000, rooms=20, guests=5, seed=6)
    host = f"https://hipchat.{company(6).domain}/"
    uploads = [message for message in messages_in(plan, "rooms", "UserMessage") if message.get("attachment")]
    assert len(uploads) > 5
    assert all(message["message"].startswith(f"File uploaded: {host}files/") for message in uploads)
    urls = [message["Room"]["guest_access_url"] for message in documents(plan)["rooms.json"]]
    urls += [message["url"] for message in messages_in(plan, "rooms", "GuestAccessMessage")]
    assert len({*filter(None, urls)}) > 4
    assert all(url.startswith(f"{host}g") for url in filter(None, urls))
