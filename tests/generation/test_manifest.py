"""The manifest of a generated export says what a reader of the archive finds."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import hcfmt
from hcfmt.export.dialects import CHECKED
from hcfmt.generation.generate import generate
from hcfmt.generation.plan import Plan, planned
from hcfmt.strategies import worlds
from tests.support.checking import processes

Read = hcfmt.RoomMessage | hcfmt.PrivateUserMessage


def noted(message: Read) -> dict[str, Any]:
    at = message.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"id": message.id, "timestamp": at, "sender": message.sender_id, "text": message.message}


def conversation(messages: Iterable[Read]) -> dict[str, Any]:
    """Return what the manifest has of a conversation, of its messages in the order of time."""
    in_order = list(messages)
    written = [message for message in in_order if message.sender_id]
    return {
        "messages": len(in_order),
        "kinds": dict(sorted(Counter(type(message).__name__ for message in in_order).items())),
        "deleted": sum(message.deleted is not None for message in in_order),
        "writers": sorted({message.sender_id for message in written}),
        "first": noted(in_order[0]) if in_order else None,
        "last": noted(in_order[-1]) if in_order else None,
        "longest": noted(max(written, key=lambda message: len(message.message))) if written else None,
    }


def in_order(messages: Iterable[Read]) -> list[Read]:
    return sorted(messages, key=lambda message: message.timestamp)


def found(path: Path) -> Mapping[str, Any]:
    """Return what a reader finds in an archive, in the form of the manifest."""
    with hcfmt.open_export(path, strict=True) as export:
        in_rooms, in_pairs = defaultdict(list), defaultdict(list)
        for message in export.messages():
            in_rooms[message.room_id].append(message)
        for private in export.private_messages():
            sides = sorted({private.sender_id, private.receiver_id})
            if private.owner_id == sides[0]:
                in_pairs[tuple(sides)].append(private)
        rooms = [
            {"room": room.id, "name": room.name, "members": list(room.member_ids)}
            | conversation(in_order(in_rooms[room.id]))
            for room in export.rooms
        ]
        pairs = [{"users": list(sides)} | conversation(in_order(in_pairs[sides])) for sides in sorted(in_pairs)]
        files = [
            {"path": file.path, "bytes": file.size, "sha256": hashlib.sha256(b"".join(file.chunks)).hexdigest()}
            for file in export.files()
        ]
    return {"conversations": {"rooms": rooms, "private": pairs}, "files": files}


def same(manifest: Mapping[str, Any], path: Path) -> None:
    what = found(path)
    told = manifest["conversations"]
    rooms = [{**room, "members": list(room["members"])} for room in told["rooms"]]
    assert rooms == what["conversations"]["rooms"]
    assert told["private"] == what["conversations"]["private"]
    assert manifest["files"] == what["files"]


@settings(max_examples=25)
@given(worlds(users=9, rooms=5, messages=150, seeds=(0, 1, 2), dialects=CHECKED))
@pytest.mark.slow
def test_the_manifest_tells_what_is_in_every_room_and_pair_and_file(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan
) -> None:
    path = tmp_path_factory.mktemp("made") / "export.tar"
    same(generate(str(path), plan), path)


@pytest.mark.slow
def test_the_manifest_is_the_same_for_any_number_of_processes(tmp_path: Path) -> None:
    plan = planned("tiny", messages=400, seed=3)
    alone = generate(str(tmp_path / "one.tar"), plan)
    with processes(2) as executor:
        assert generate(str(tmp_path / "two.tar"), plan, executor=executor) == alone
    same(alone, tmp_path / "one.tar")


def test_the_longest_message_of_a_room_is_of_a_person(tmp_path: Path) -> None:
    manifest = generate(str(tmp_path / "export.tar"), planned("tiny", notification_share=0.5, messages=200))
    longest = [room["longest"] for room in manifest["conversations"]["rooms"] if room["writers"]]
    assert longest
    assert all(message["sender"] and message["text"] for message in longest)
