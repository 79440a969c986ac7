"""Any archive is served as far as it is readable, or refused with an error of hcfmt; no other error is raised."""

from pathlib import Path
from typing import Any

import pytest

from hcfmt.container import Budget
from hcfmt.corpus import break_archive
from hcfmt.corpus.hostile import hostile_cases
from hcfmt.damage import DAMAGES
from hcfmt.errors import Fault, HcfmtError, UsageError
from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.rng import random_for
from hcfmt.server.store import Chat, Record, Store, open_store
from tests.support.export_mutations import random_export_in_dialect
from tests.support.store_exports import (
    Archive,
    content,
    export_of,
    ids,
    members,
    private_message,
    room,
    room_message,
    secret,
    store_of,
    text,
    user,
    uuid,
    write_tar,
)

ROOM = Chat(room=7)
MESSAGES = [("UserMessage", room_message(at, at)) for at in range(3)]
COMPANY = {"users": 10, "guests": 2, "rooms": 6, "private_rooms": 2, "archived_rooms": 2, "deleted_rooms": 1}
COMPANY |= {"deleted_users": 1, "messages": 240, "attachments": 6, "attachment_bytes": 80_000, "emoticons": 3}
HUGE = {"zeros-as-file", "zeros-as-history", "pax-bomb", "long-name-bomb"}  # it takes long to write them


def read_all(store: Store) -> None:
    """Ask for everything that there is."""
    everybody = store.users(size=10**6, guests=True, deleted=True)
    for room_ in store.rooms(size=10**6, archived=True, deleted=True):
        chat = Chat(room=room_["id"])
        assert all(message.record["id"] for message in store.history(chat, size=10**6))
        assert len(store.latest(chat) or []) == min(75, store.count_history(chat))
        store.room_members(room_["id"])
    for user_ in everybody:
        store.autojoins(user_["id"])
        store.last_written(user_["id"])
        for other in everybody:
            store.history(Chat(owner=user_["id"], peer=other["id"]), deleted=False)
    for path in export_of(store):
        file = store.file(path)
        assert file is None or sum(map(len, store.read_file(file))) == file.size


@pytest.mark.parametrize("case", [case for case in hostile_cases(1) if case.id not in HUGE], ids=lambda case: case.id)
@pytest.mark.slow
def test_a_hostile_archive_does_no_harm(case: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a case
    path = tmp_path / "a"
    case.write(str(path))
    try:
        store = open_store(str(path), password=secret)
    except HcfmtError:
        return
    with store:
        read_all(store)


@pytest.mark.parametrize("code", sorted(DAMAGES))
@pytest.mark.slow
def test_an_archive_with_any_damage_is_served_or_refused(code: str, archive: Archive, tmp_path: Path) -> None:
    path = str(tmp_path / "broken.tar.gz.aes")
    break_archive(archive(".tar.gz.aes", **COMPANY), path, code, password=secret)
    try:
        store = open_store(path, password=secret)
    except HcfmtError:
        return
    with store:
        read_all(store)


def test_a_valid_archive_has_no_omissions(archive: Archive) -> None:
    with open_store(archive()) as store:
        assert store.omissions == {}
        read_all(store)


@pytest.mark.parametrize("dialect", ["server", "cloud"])
@pytest.mark.slow
def test_an_export_of_another_dialect_with_any_oddity_is_served_or_refused(dialect: str, tmp_path: Path) -> None:
    path = tmp_path / "export.tar"
    served = 0
    for seed in range(20):
        path.write_bytes(random_export_in_dialect(random_for(seed, dialect), dialect))
        try:
            store = open_store(str(path))
        except HcfmtError:
            continue
        with store:
            read_all(store)
            served += 1
    assert served


def test_null_stands_for_an_empty_list_or_history() -> None:
    files = members(
        [user(1, roles=None, rooms=None), user(2)],
        [room(7, members=None, participants=None, room_admins=None, topic=None)],
        {"users/1": [("PrivateUserMessage", private_message(1, 1, 2) | {"mentions": None})]},
        {"rooms/7/history.json": b" null\n", "emoticons.json": b'{"Emoticons":null}', "users/2/history.json": b"null"},
    )
    with store_of(files | {"autojoins.json": b'{"AutoJoins": null}'}) as store:
        assert store.omissions == {}
        assert [room_["members"] for room_ in store.rooms()] == [[]]
        assert ids(store, Chat(owner=1, peer=2)) == [1]
        assert export_of(store)["rooms/7/history.json"] == b"[]"
        read_all(store)


RAW = text([{kind: record} for kind, record in MESSAGES])


@pytest.mark.parametrize(
    ("history", "omission", "read"),
    [
        (RAW.replace(text(room_message(1, 1)), b"5"), "unreadable messages", [2, 0]),
        (RAW.replace(text(room_message(1, 1)), b"null"), "unreadable messages", [2, 0]),
        (RAW.replace(text(room_message(1, 1)), b'{"id":[],"timestamp":{}}'), "unreadable messages", [2, 0]),
        (RAW.replace(uuid(1).encode(), b"1"), "unreadable messages", [2, 0]),
        (RAW.replace(uuid(1).encode(), uuid(2).encode()), "messages with a repeated id", [2, 0]),
        (RAW.replace(b"000001", b"x"), "unreadable messages", [2, 0]),
        (RAW.replace(b"<1>", b"\xff"), "unreadable messages", [2, 0]),
        (RAW.replace(b"<1>", b"\\ud800"), "unreadable messages", [2, 0]),
        (RAW.replace(b'"<1>"', b"NaN"), "unreadable messages", [2, 0]),
        (RAW.replace(b'"<1>"', b"[" * 3000 + b"]" * 3000), "unreadable messages", [2, 0]),
        (RAW.replace(b'"<1>"', b"[" * 600 + b"]" * 600), "unreadable messages", [2, 0]),
        (RAW.replace(b'{"UserMessage":', b'{"Other":', 1), "unreadable messages", [2, 1]),
        (RAW.replace(b'{"UserMessage":', b'{"a":1,"UserMessage":', 1), "unreadable messages", [2, 1]),
        (RAW.replace(b'{"UserMessage":', b'{"PrivateUserMessage":', 1), "unreadable messages", [2, 1]),
        (RAW[:-30], "unreadable messages", [1, 0]),
        (RAW.replace(b"[", b'{"a":[', 1) + b"}", "unreadable data files", []),
        (b"\xef\xbb\xbf" + RAW.replace(b",", b" ,\n\t"), None, [2, 1, 0]),
        (RAW.replace(b'"UserMessage"', b'"User\\u004dessage"', 1), None, [2, 1, 0]),
        (RAW.replace(b'"<1>"', b'{"a":{}},{"UserMessage":{}'), None, None),
        (RAW.replace(b'"<1>"', b'[{"a":{"b":1}},{"UserMessage":{"c":{}}}]'), None, [2, 1, 0]),
        (RAW.replace(b'"<1>"', b'"}},{\\"UserMessage\\":{"'), None, [2, 1, 0]),
        (b"", "unreadable data files", []),
        (b"[]", None, []),
        (b"5", "unreadable data files", []),
        (bytes(3 << 20), "unreadable data files", []),
    ],
)
@pytest.mark.parametrize("size", [1 << 20, 150])
def test_an_unreadable_message_is_omitted_and_the_others_are_served(
    history: bytes, omission: str | None, read: list[int] | None, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hcfmt.export.slices.SLICE", size)
    with store_of(members([user(1)], [room(7)], more={"rooms/7/history.json": history})) as store:
        read_all(store)
        if read is not None:
            assert ids(store, ROOM) == read
            assert store.omissions == ({omission: 1} if omission else {})


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [(2, 3), (0, 1), (1, 0), (1, -2), (1, SAFE_INTEGER + 1), (1, 1 << 63), (1, "2"), (1, True), (1.0, 2), (None, 1)],
)
def test_a_private_message_of_other_users_is_omitted(sender: Any, receiver: Any) -> None:  # noqa: ANN401 - any JSON value
    odd = {**private_message(0, 1, 2), "sender": {"id": sender}, "receiver": {"id": receiver}}
    histories = [("PrivateUserMessage", odd), ("PrivateUserMessage", private_message(1, 2, 1))]
    with store_of(members([user(1), user(2)], [], {"users/1": histories})) as store:
        assert store.omissions == {"unreadable messages": 1}
        assert ids(store, Chat(owner=1, peer=2)) == [1]


@pytest.mark.parametrize("number", [0, -1, SAFE_INTEGER + 1, 1 << 70, "1", None, True, 1.5, [1]])
def test_a_record_without_an_id_is_omitted(number: Any) -> None:  # noqa: ANN401 - any JSON value
    more = {"emoticons.json": text({"Emoticons": [{"ID": number}, {"ID": 1}, 5]})}
    with store_of(members([user(number), user(1)], [room(number), room(7)], more=more)) as store:
        kinds = {"users": 1, "rooms": 1, "emoticons": 2}
        assert store.omissions == {f"unreadable {kind}": count for kind, count in kinds.items()}
        assert [len(every) for every in (store.users(), store.rooms(), store.emoticons())] == [1, 1, 1]


def test_an_unreadable_record_is_omitted_and_the_others_are_served() -> None:
    users = b'[{"User":{"id":1,"name":"\\ud800"}},{"User":{"id":2}},{"User":{"id":3,}}]'
    with store_of(members(more={"users.json": users})) as store:
        assert store.omissions == {"unreadable users": 2}
        assert [record["id"] for record in store.users()] == [2]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"5", text({"AutoJoins": 5}), text({"AutoJoins": {}}), text([]), text({"Emoticons": []})]
)
def test_an_unreadable_document_is_omitted(data: bytes) -> None:
    with store_of(members([user(1)], more={"autojoins.json": data})) as store:
        assert store.omissions == {"unreadable data files": 1}
        assert export_of(store)["autojoins.json"] == b'{"AutoJoins":[]}'


@pytest.mark.parametrize("data", [b"", b"{", b"5", b"null", b'"x"'])
def test_an_unreadable_document_of_any_value_is_omitted(data: bytes) -> None:
    with store_of(members([user(1)], more={"preferences.json": data})) as store:
        assert store.omissions == {"unreadable data files": 1}
        assert export_of(store)["preferences.json"] == b"{}"


def test_of_records_or_members_with_one_name_the_first_is_served() -> None:
    more = {"rooms/7/files/x/y": b"first", "./rooms/7/files/x/y": b"second", "./users.json": b"[]"}
    files = members([user(1, name="first"), user(1)], [room(7)], {"rooms/7": MESSAGES[:1], "./rooms/7": MESSAGES}, more)
    with store_of(files) as store:
        assert (store.user(1) or {})["name"] == "first"
        assert (ids(store, ROOM), export_of(store)["rooms/7/files/x/y"]) == ([0], b"first")
        assert store.omissions == {
            "users with a repeated id": 1,
            "repeated data files": 2,
            "files with a repeated path": 1,
        }


def below(directory: str, files: dict[str, bytes]) -> dict[str, bytes]:
    return {directory + path: data for path, data in files.items()}


EXPORT = members([user(1)], [room(7)], {"rooms/7": MESSAGES}, {"rooms/7/files/x/y": b"inner"})


@pytest.mark.parametrize("order", [1, -1])
def test_an_export_below_one_directory_is_served(order: int) -> None:
    files = below("./export/", EXPORT) | {"other/users/files/x/y": b"elsewhere"}
    with store_of(dict(list(files.items())[::order])) as store:
        assert ids(store, ROOM) == [2, 1, 0]
        assert [path for path in export_of(store) if "/files/" in path] == ["rooms/7/files/x/y"]
        assert store.omissions == {"files outside the export": 1}


@pytest.mark.parametrize("order", [1, -1])
def test_an_export_at_the_root_has_precedence(order: int) -> None:
    other = members([user(5)], [room(7)], {"rooms/7": MESSAGES[:1]}, {"rooms/7/files/x/z": b"outer"})
    files = below("rooms/", EXPORT) | other
    with store_of(dict(list(files.items())[::order])) as store:
        assert (ids(store, ROOM), len(store.users())) == ([0], 1)
        assert [path for path in export_of(store) if "/files/" in path] == ["rooms/7/files/x/z"]


def test_an_archive_with_several_exports_is_refused(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", below("a/", EXPORT) | below("b/", EXPORT))
    with pytest.raises(UsageError, match="Several directories"):
        open_store(path)


@pytest.mark.parametrize("files", [{}, {"README": b""}, {"rooms/7/files/x/y": b"x"}])
def test_an_archive_without_data_files_is_no_export(files: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no export"):
        open_store(write_tar(tmp_path / "a.tar", files))


def test_histories_of_unknown_users_and_rooms_are_omitted() -> None:
    histories = {
        "rooms/7": MESSAGES,
        "rooms/8": MESSAGES,
        "users/2": [("PrivateUserMessage", private_message(9, 1, 2))],
        "rooms/9": [],
    }
    with store_of(members([user(1)], [room(7)], histories)) as store:
        assert store.omissions == {
            "messages of unknown rooms": 3,
            "histories of unknown rooms": 2,
            "messages of unknown users": 1,
            "histories of unknown users": 1,
        }
        assert ids(store, Chat(room=8)) == ids(store, Chat(owner=2, peer=1)) == []


@pytest.mark.parametrize(
    ("budget", "limit"),
    [
        (Budget(record=2_000), "record"),
        (Budget(references=2), "references"),
        (Budget(members=2), "members"),
        (Budget(expired=lambda: True), "seconds"),
    ],
)
def test_the_limits_of_the_budget_hold(
    budget: Budget, limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hcfmt.export.slices.SLICE", 500)
    histories = {
        "rooms/7": [("UserMessage", room_message(1, message="x" * 600_000))],
        "users/1": [("PrivateUserMessage", private_message(at, 1, at)) for at in range(1, 5)],
    }
    with pytest.raises(Fault, match=limit):
        open_store(write_tar(tmp_path / "a.tar", members([user(1)], [room(7)], histories)), budget=budget)


def test_a_document_beyond_the_limit_of_a_record_is_refused(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", members([user(1)], more={"preferences.json": text(["x" * 600_000])}))
    with pytest.raises(Fault, match="record"):
        open_store(path, budget=Budget(record=2_000))


def test_messages_with_a_repeated_id_are_counted() -> None:
    twice: list[tuple[str, Record]] = [("UserMessage", room_message(at % 10)) for at in range(20)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": twice})) as store:
        assert store.omissions == {"messages with a repeated id": 10}
        assert sorted(ids(store, ROOM)) == list(range(10))


def test_a_directory_is_an_archive_too(archive: Archive) -> None:
    with open_store(archive("")) as store:
        assert export_of(store) == content(archive())
