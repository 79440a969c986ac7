"""Stored files at the addresses that HipChat had for them."""

from collections.abc import Iterator

import pytest

from hcfmt.server.store import Chat, Store, Upload
from hcfmt.server.store.file_addresses import address_of
from tests.support.store_exports import FIRST, members, participant, room, store_of, user, uuid

PATHS = [
    "rooms/7/files/BcudLU14VxUEeUK/a b.png",
    "rooms/7/files/BcudLU14VxUEeUK/a b_thumb.png",
    "users/files/XcudLU14VxUEeUK/ä.txt",
    "users/1/avatars/me_125.png",
    "files/img/emoticons/1/smile.png",
]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    more = {path: path.encode() for path in PATHS}
    with store_of(members([user(1)], [room(7)], more=more)) as opened:
        yield opened


ADDRESSES = [
    "1/3/BcudLU14VxUEeUK/a b.png",
    "1/3/BcudLU14VxUEeUK/a b_thumb.png",
    "1/1/XcudLU14VxUEeUK/ä.txt",
    "photos/1/me_125.png",
    "img/emoticons/1/smile.png",
]


@pytest.mark.parametrize(("address", "path"), list(zip(ADDRESSES, PATHS, strict=True)))
def test_a_file_is_found_at_its_address_and_its_path(store: Store, address: str, path: str) -> None:
    found = store.file(address)
    assert found is not None
    assert found == store.file(path)
    assert b"".join(store.read_file(found)).decode() == path


@pytest.mark.parametrize(("address", "path"), list(zip(ADDRESSES, PATHS, strict=True)))
def test_a_path_has_an_address(address: str, path: str) -> None:
    assert address_of(path, "/".join(address.split("/")[:2])) == address


@pytest.mark.parametrize("path", [PATHS[0], PATHS[2], "rooms/7/files/a.png", "rooms/7/files/a/b/c", "users.json", ""])
def test_other_paths_and_uploads_of_nobody_are_their_own_address(path: str) -> None:
    assert address_of(path) == path


@pytest.mark.parametrize(
    "address",
    [
        "",
        "1/3/x/a b.png",
        "1/3/a b.png",
        "x/3/BcudLU14VxUEeUK/a b.png",
        "photos/2/me_125.png",
        "img/emoticons/",
        "a//b",
    ],
)
def test_other_addresses_have_no_file(store: Store, address: str) -> None:
    assert store.file(address) is None


def test_an_address_is_found_by_an_index(store: Store) -> None:
    from hcfmt.server.store.file_addresses import _OF_UPLOAD  # noqa: PLC0415 - the statement itself

    with store._reading() as db:  # noqa: SLF001 - its plan
        plan = " ".join(str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {_OF_UPLOAD}", ("a/b",)))
    assert "USING INDEX file_upload" in plan


def test_a_new_upload_has_an_address_too() -> None:
    with store_of(members([user(1)], [room(7)])) as store:
        record = {"id": uuid(1), "type": "muc_message", "sender": participant(1), "message": ""}
        upload = Upload("a.txt", "text/plain", b"new", {})
        message = store.append(Chat(room=7), "UserMessage", record, time=FIRST, upload=upload)
        found = store.file(f"1/1/{message.record['attachment']['path']}")
        assert found is not None
        assert b"".join(store.read_file(found)) == b"new"
