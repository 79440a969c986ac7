"""A company of several time zones, generated once for the statistical tests."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from hcfmt.generation.members import members
from hcfmt.generation.plan import Plan, planned
from hcfmt.generation.world import World
from hcfmt.generation.world_building import build_world

PLAN: Plan = planned(
    "small", users=60, guests=4, deleted_users=8, rooms=16, private_rooms=4, archived_rooms=2, deleted_rooms=1,
    messages=3_000, attachments=10, emoticons=8, private_share=0.3, locales=("de_DE", "ja_JP"), seed=7,
    since=date(2017, 1, 9), until=date(2018, 1, 8),
)  # fmt: skip

Message = dict[str, Any]


def company_world() -> World:
    return build_world(PLAN)


@cache
def histories() -> dict[str, list[dict[str, Message]]]:
    """Return every history by its path."""
    paths = ((entry.path, b"".join(entry.chunks)) for entry in members(PLAN))
    return {path: json.loads(text) for path, text in paths if path.endswith("/history.json")}


def in_rooms() -> Iterator[tuple[int, str, Message]]:
    """Yield every message of a room: the room's id, the message's kind, and the message."""
    for path, history in histories().items():
        if path.startswith("rooms/"):
            yield from (
                (int(path.split("/")[1]), kind, message) for record in history for kind, message in record.items()
            )


def in_private() -> Iterator[Message]:
    """Yield every private message, once."""
    for path, history in histories().items():
        for record in history if path.startswith("users/") else ():
            if record["PrivateUserMessage"]["sender"]["id"] == int(path.split("/")[1]):
                yield record["PrivateUserMessage"]


def by_people() -> list[Message]:
    """Return everything that people said, in rooms and in private."""
    return [*(message for _, kind, message in in_rooms() if kind == "UserMessage"), *in_private()]


def moment(message: Message) -> datetime:
    return datetime.strptime(message["timestamp"][:20], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
