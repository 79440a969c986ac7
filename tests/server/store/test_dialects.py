"""Of an export of HipChat Server or Cloud the store holds what it would hold of hc-migrate's."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hcfmt import Options, Verdict, validate
from hcfmt.generation.files.avatars import appearance, portrait
from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from hcfmt.generation.world_building import build_world
from hcfmt.server.store import Chat, Store, open_store
from tests.support.store_exports import members, participant, room, room_message, store_of, user, write_export

SEED = 3
PLAN: dict[str, Any] = {"users": 9, "guests": 1, "deleted_users": 1, "rooms": 5, "private_rooms": 2, "seed": SEED}
PLAN |= {"messages": 700, "attachments": 8, "emoticons": 3, "deleted_rooms": 0, "locales": ("de_DE", "ja_JP")}
NAMED = {"id": 1, "mention_name": "Anna", "name": "Anna B", "version": "00C0FFEE"}
IN_ROOM = participant(1) | {"name": "Anna B"}


def opened(directory: Path, dialect: str) -> Store:
    path = str(directory / f"{dialect}.tar")
    generate(path, planned("tiny", **PLAN, dialect=dialect))
    return open_store(path)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store of the company's hc-migrate export."""
    with opened(tmp_path_factory.mktemp("plain"), "hc-migrate") as store:
        yield store


@pytest.fixture(scope="module", params=["server", "cloud"])
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store of the company's export in another dialect."""
    with opened(tmp_path_factory.mktemp("other"), request.param) as store:
        assert store.omissions == {}
        yield store


def everybody(store: Store) -> list[dict[str, Any]]:
    return store.users(size=100, guests=True, deleted=True)


def every_room(store: Store) -> list[dict[str, Any]]:
    return store.rooms(size=100, archived=True, deleted=True)


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}


def test_users_are_the_same_but_for_photos_and_metadata(plain: Store, other: Store) -> None:
    assert [without(record, "avatar", "metadata") for record in everybody(other)] == [
        without(record, "avatar", "metadata") for record in everybody(plain)
    ]
    assert [bool(record["avatar"]) for record in everybody(other)] == [
        bool(record["avatar"]) for record in everybody(plain)
    ]


def test_rooms_are_the_same_but_for_the_admins_that_cloud_does_not_name(plain: Store, other: Store) -> None:
    for mine, theirs in zip(every_room(other), every_room(plain), strict=True):
        assert without(mine, "room_admins") == without(theirs, "room_admins")
        assert mine["room_admins"] in ([], theirs["room_admins"])


def test_every_message_is_the_same(plain: Store, other: Store) -> None:
    people = [record["id"] for record in everybody(plain)]
    chats = [Chat(room=record["id"]) for record in every_room(plain)]
    chats += [Chat(owner=owner, peer=peer) for owner in people for peer in people]
    mine, theirs = (
        [(message.kind, message.time, message.record) for chat in chats for message in store.history(chat, size=1_000)]
        for store in (other, plain)
    )
    assert mine == theirs
    assert {kind for kind, _, _ in mine} > {"NotificationMessage", "PrivateUserMessage", "TopicRoomMessage"}
    assert any("attachment" in record for kind, _, record in mine if kind == "UserMessage")


def test_photos_in_users_json_are_stored_in_all_sizes(other: Store) -> None:
    with_photo = [record for record in everybody(other) if record["avatar"]]
    assert with_photo
    people = build_world(planned("tiny", **PLAN)).person
    for record in with_photo:
        person = people[record["id"]]
        looks = appearance(person.locale, is_woman=person.is_woman)
        stem = record["avatar"].rpartition("/")[2].removesuffix(".png")
        for size in ("", "_36", "_125"):
            file = other.file(f"users/{record['id']}/avatars/{stem}{size}.png")
            assert file is not None
            assert b"".join(other.read_file(file)) == portrait(SEED, person.id, looks)


def test_emoticons_have_the_size_of_their_file(plain: Store, other: Store) -> None:
    keys = ("ID", "shortcut", "width", "height", "group_id", "audio_path")
    for mine, theirs in zip(other.emoticons(size=10), plain.emoticons(size=10), strict=True):
        assert [mine[key] for key in keys] == [theirs[key] for key in keys]
        assert mine["user_id"] is None
        file = other.file(f"files/img/emoticons/{mine['path']}")
        assert file is not None
        assert Image.open(io.BytesIO(b"".join(other.read_file(file)))).size == (mine["width"], mine["height"])


def test_the_export_of_the_present_state_is_a_valid_hc_migrate_export(other: Store, tmp_path: Path) -> None:
    report = validate(write_export(other, tmp_path / "export.tar.gz"), Options(dialect="hc-migrate"))
    assert (report.verdict, report.totals) == (Verdict.VALID, {"HC506": 3})  # other sizes of emoticons are missing


@pytest.mark.parametrize("avatar", ["not base64!", "bm8gaW1hZ2U=", "é"])
def test_an_avatar_that_is_no_image_in_base64_is_omitted(avatar: str) -> None:
    people = [{name: value for name, value in user(1, avatar=avatar).items() if name != "metadata"}]
    people.append(people[0] | {"id": 2, "avatar": None})
    with store_of(members(people, [room(7)])) as store:
        assert store.omissions == {"unreadable avatars": 1}
        assert [record["avatar"] for record in store.users()] == ["", ""]


def test_messages_of_a_told_history_keep_what_no_dialect_has() -> None:
    record = room_message(1, type="user", extra=[1], sender=NAMED)
    with store_of(members([user(1)], [room(7)], {"rooms/7": [("UserMessage", record)]})) as store:
        (message,) = store.history(Chat(room=7))
    assert message.record == record | {"type": "muc_message", "sender": IN_ROOM}
