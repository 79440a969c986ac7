"""Everything that ``validate`` counts is read as typed records, from any container and in any dialect."""

import gzip
import io
import tarfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from hcfmt import Fault, HcfmtError, Options, UsageError, stats, validate
from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from hcfmt.reader.opening import open_export
from hcfmt.reader.problems import ProblemError
from hcfmt.reader.records import NotificationMessage, UserMessage
from tests.support.recipes import PASSWORD, SAMPLE
from tests.support.store_exports import (
    STAMP,
    members,
    participant,
    private_message,
    room,
    room_message,
    text,
    user,
    write_tar,
)

PLAN: dict[str, Any] = {"users": 9, "guests": 1, "deleted_users": 1, "rooms": 5, "private_rooms": 2, "seed": 3}
PLAN |= {"messages": 700, "attachments": 8, "emoticons": 3, "deleted_rooms": 0, "locales": ("de_DE", "ja_JP")}


def counted(path: str, *, strict: bool = False) -> tuple[Counter[str], Counter[str]]:
    """Return the numbers of records that are yielded, by kind, and of problems, by code."""
    with open_export(path, password=PASSWORD, strict=strict) as export:
        things = [*export.users, *export.rooms, *export.emoticons, *export.autojoins]
        counts = Counter(type(record).__name__ for record in [*things, *export.messages(), *export.private_messages()])
        return counts, export.problem_counts


def counted_by_validate(path: str) -> Counter[str]:
    inventory = stats(path, Options(password=PASSWORD))["inventory"]
    counts = Counter({"User": inventory["users"]["total"], "Room": inventory["rooms"]["total"]})
    counts |= {"Emoticon": inventory["emoticons"], "AutoJoin": inventory["autojoins"]}
    kinds = {kind: count for kind, count in inventory["messages"].items() if kind.endswith("Message")}
    return +(counts + Counter(kinds))


@pytest.mark.parametrize(("dialect", "form"), [("hc-migrate", "a.tar.gz.aes"), ("server", "a.tar"), ("cloud", "a/")])
def test_every_record_that_validate_counts_is_yielded(tmp_path: Path, dialect: str, form: str) -> None:
    path = str(tmp_path / form) + "/" * form.endswith("/")
    generate(path, planned("tiny", **PLAN, dialect=dialect), password=PASSWORD if "aes" in form else None)
    counts, problems = counted(path, strict=True)
    assert counts == counted_by_validate(path)
    assert not problems


@pytest.fixture
def archive(tmp_path: Path) -> str:
    """Return a small export whose histories come before the users and rooms."""
    sent: dict[str, Any] = {"sender": {**participant(2), "name": "Anna B"}}
    attachment = {"name": "a.png", "path": "x/a.png", "size": 3, "url": "", "created": STAMP, "senderid": 2}
    notice = {"type": "notification", "sender": {**participant(0), "name": "Builds"}, "format": "text", "color": "red"}
    history = [
        ("UserMessage", room_message(1, message="@User1 and @user2.", **sent)),
        ("UserMessage", room_message(2, attachment=attachment, timestamp=f"{STAMP} 000007", **sent)),
        (
            "NotificationMessage",
            room_message(3, timestamp=f"{STAMP} 000008") | notice | {"card": '{"id":"c","more":[1]}'},
        ),
    ]
    private = [("PrivateUserMessage", private_message(4, 1, 2))]
    files = members(
        [user(1), user(2, avatar="files/photos/2/b.png")],
        [room(7, owner=1, members=[1, 2], room_admins=[2])],
        {"rooms/7": history, "users/1": private, "users/2": private},
        {"rooms/7/files/x/a.png": b"abc", "users/2/avatars/b.png": b"b"},
    )
    return write_tar(tmp_path / "a.tar", dict(sorted(files.items(), key=lambda item: item[0].count("/"), reverse=True)))


def test_ids_are_resolved_and_dates_and_json_are_decoded(archive: str) -> None:
    with open_export(archive, strict=True) as export:
        anna, (room_7,) = export.find_user(2), export.rooms
        first, second, notice = export.messages()
        assert (room_7.owner, room_7.members, room_7.room_admins) == (export.users[0], export.users, (anna,))
        assert isinstance(first, UserMessage)
        assert first.room is room_7
        assert first.sender is anna
        assert first.mentions == export.users
        assert isinstance(second, UserMessage)
        assert second.timestamp == datetime(2018, 1, 4, 10, 16, 2, 7, UTC)
        assert second.attachment
        assert (second.attachment.file, second.attachment.sender) == ("rooms/7/files/x/a.png", anna)
        assert isinstance(notice, NotificationMessage)
        assert (notice.sender, notice.sender_id, notice.sender_name) == (None, 0, "Builds")
        assert notice.card == {"id": "c", "more": [1]}
        assert anna.avatar_file == "users/2/avatars/b.png"


def test_messages_are_chosen_by_room_sender_and_time(archive: str) -> None:
    with open_export(archive) as export:
        at = [message.timestamp for message in export.messages()]
        assert [message.timestamp for message in export.messages(since=at[1], until=at[2])] == at[1:2]
        assert len(list(export.messages(user=2))) == 2
        assert len(list(export.messages(room=export.rooms[0]))) == 3
        assert list(export.messages(room=8)) == []
        with pytest.raises(UsageError, match="since has no time zone"):
            export.messages(since=datetime(2018, 1, 1))  # noqa: DTZ001 - the error


def test_private_messages_are_those_of_one_history_or_of_all(archive: str) -> None:
    with open_export(archive) as export:
        (message,) = export.private_messages(export.users[1])
        assert (message.owner, message.sender, message.receiver) == (export.users[1], *export.users)
        assert [message.owner_id for message in export.private_messages()] == [1, 2]


def test_stored_files_are_streams(archive: str) -> None:
    with open_export(archive) as export:
        files = {file.path: (file.size, file.kind, file.open().read()) for file in export.files()}
        assert files == {
            "rooms/7/files/x/a.png": (3, "room-file", b"abc"),
            "users/2/avatars/b.png": (1, "avatar", b"b"),
        }
        with export.open_file("rooms/7/files/x/a.png") as file:
            assert file.read(2) + file.read() == b"abc"
        with pytest.raises(UsageError, match="has no file 'rooms/7/files/y'"):
            export.open_file("rooms/7/files/y")


def test_a_file_of_a_directory_is_opened_alone(archive: str, tmp_path: Path) -> None:
    directory = tmp_path / "unpacked"
    with tarfile.open(archive) as packed:
        packed.extractall(directory, filter="data")
    with open_export(str(directory)) as export:
        (directory / "users.json").unlink()
        with export.open_file("./users/2//avatars/b.png") as file:
            assert file.read() == b"b"
        with pytest.raises(UsageError, match="has no file"):
            export.open_file("../a.tar")


class Pipe(io.RawIOBase):
    """Bytes that come only once."""

    def __init__(self, data: bytes) -> None:
        """Take the bytes."""
        self._file = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


@pytest.mark.parametrize("kind", [io.BytesIO, Pipe])
def test_a_file_object_is_read_as_often_as_needed(archive: str, kind: Callable[[bytes], BinaryIO]) -> None:
    file = kind(Path(archive).read_bytes())
    with open_export(file) as export:
        assert export.name == f"<{type(file).__name__}>"
        passes = zip(export.messages(), export.messages(), strict=True)
        assert all(one == other for one, other in passes)
    with open_export("-", stdin=kind(Path(archive).read_bytes())) as export:
        assert export.name == "-"
        assert len(list(export.messages())) == 3


def test_a_password_is_asked_for_once() -> None:
    asked = []

    def ask() -> str:
        asked.append(1)
        return PASSWORD

    with open_export(str(SAMPLE), password=ask) as export:
        assert len(list(export.messages())) == 9
        assert len(list(export.private_messages())) == 4
    assert asked == [1]


def test_nothing_is_read_of_a_closed_export(archive: str) -> None:
    with open_export(archive) as export:
        begun = export.messages()
        next(begun)
    with pytest.raises(UsageError, match="The export is closed"):
        next(export.messages())


BROKEN = [
    # what is changed in the first message, the code that is reported, and the number of messages that are left
    ({"timestamp": "2018-02-30T00:00:00Z 000000"}, "HC601", 2),
    ({"message": 5}, "HC301", 2),
    ({"sender": {"id": 99, "mention_name": "", "name": "", "version": ""}}, "HC401", 3),
    ({"attachment": {"name": "a"}}, "HC301", 3),
    ({"deleted": 5}, "HC317", 3),
    ({"metadata": [{"a": 1}, 5]}, "HC317", 3),
]


@pytest.mark.parametrize(("change", "code", "left"), BROKEN)
def test_what_is_broken_is_skipped_and_reported(tmp_path: Path, change: dict[str, Any], code: str, left: int) -> None:
    messages = [room_message(1) | change, room_message(2), room_message(3)]
    files = members([user(1)], [room(7)], {"rooms/7": [("UserMessage", message) for message in messages]})
    path = write_tar(tmp_path / "a.tar", files)
    with open_export(path) as export:
        assert len(list(export.messages())) == left
        assert export.problem_counts == {code: 1}
        (problem,) = export.problems
        assert (problem.code, problem.location.member) == (code, "rooms/7/history.json")
        assert (problem.location.pointer or "").startswith("/0/UserMessage")
        assert len(list(export.messages())) == left
        assert export.problem_counts == {code: 1}
    with open_export(path, strict=True) as export, pytest.raises(ProblemError, match=f"{code} rooms/7/history.json#/0"):
        list(export.messages())


ATTACHED = {"name": "a", "path": "x/a", "size": 1, "url": "", "created": STAMP, "senderid": 99}
UNKNOWN: list[tuple[str, dict[str, Any]]] = [
    ("HC401", {"rooms/7": room_message(1, sender=participant(99))}),
    ("HC408", {"rooms/7": room_message(1, attachment=ATTACHED)}),
    ("HC409", {"rooms/7": room_message(1, deleted=True) | {"deleted": {"user_id": 99, "date": STAMP, "reason": None}}}),
    ("HC111", {"rooms/8": room_message(1)}),
    ("HC401", {"users/1": private_message(1, 99, 1)}),
    ("HC402", {"users/1": private_message(1, 1, 99)}),
    ("HC112", {"users/8": private_message(1, 1, 1)}),
    ("HC403", {"members": [1, 99]}),
    ("HC404", {"owner": 99}),
    ("HC405", {"room_admins": [99]}),
    ("HC406", {"participants": [99]}),
    ("HC407", {"emoticons.json": {"Emoticons": [{"ID": 1, "user_id": 99, "path": "1/a.png", "shortcut": "a"}]}}),
    ("HC410", {"autojoins.json": {"AutoJoins": [{"id": "pref:autoJoin:99", "data": "[]"}]}}),
]


@pytest.mark.parametrize(("code", "change"), UNKNOWN)
def test_an_unknown_user_or_room_is_none_and_reported(tmp_path: Path, code: str, change: dict[str, Any]) -> None:
    kinds = {"rooms": "UserMessage", "users": "PrivateUserMessage"}
    histories = {path: [(kinds[path[:5]], record)] for path, record in change.items() if "/" in path}
    documents = {path: text(document) for path, document in change.items() if path.endswith(".json")}
    properties = {name: value for name, value in change.items() if not {"/", "."} & set(name)}
    path = write_tar(tmp_path / "a.tar", members([user(1)], [room(7, **properties)], histories, documents))
    report = validate(path)
    with open_export(path) as export:
        read = [*export.messages(), *export.private_messages(), *export.emoticons, *export.autojoins]
        assert len(read) == len(histories) + len(documents)
        assert export.problem_counts == {code: 1}
        (problem,) = export.problems
        places = {finding.location.pointer for finding in report.findings if finding.code == code}
        assert problem.location.pointer in places


@pytest.mark.parametrize("end", [b'{"UserMessage":{"id":"', b"{]", b""])
def test_the_whole_records_of_a_broken_history_are_read(tmp_path: Path, end: bytes) -> None:
    files = members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(number)) for number in range(4)]})
    files["rooms/7/history.json"] = files["rooms/7/history.json"][:-1] + b"," + end
    with open_export(write_tar(tmp_path / "a.tar", files)) as export:
        assert len(list(export.messages())) == 4
        assert export.problem_counts.keys() <= {"HC201", "HC207"}


def test_the_whole_records_before_a_cut_are_read(tmp_path: Path) -> None:
    history = [("UserMessage", room_message(number, message="x" * 300)) for number in range(2000)]
    files = members([user(1)], [room(7)], {"rooms/7": history})
    packed = gzip.compress(Path(write_tar(tmp_path / "a.tar", files)).read_bytes())
    path = tmp_path / "cut.tar.gz"
    path.write_bytes(packed[: len(packed) // 2])
    with open_export(path) as export:
        messages = list(export.messages())
        assert 300 < len(messages) < 2000
        assert [int(message.id[-4:], 16) for message in messages] == list(range(len(messages)))
        assert export.problem_counts == {"HC007": 1}
    with open_export(path, strict=True) as export, pytest.raises(Fault):
        for _ in export.messages():
            pass


LINKED = b"a member that is a link"
"""Content that stands for a link in ``tar_of``."""


def tar_of(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return a tar of files in their order, which may repeat a path."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for path, content in files:
            header = tarfile.TarInfo(path)
            header.size = len(content)
            if content == LINKED:
                header.type, header.linkname, header.size = tarfile.SYMTYPE, "elsewhere", 0
            tar.addfile(header, io.BytesIO(content))
    return target.getvalue()


HISTORY, AVATAR = "rooms/7/history.json", "users/1/avatars/a.png"
UNREAD = [
    # members behind users and rooms, bytes behind the archive, the code that is reported, and numbers of what is read
    ([(HISTORY, LINKED)], b"", "HC102", 0, 0),
    ([(HISTORY, b""), (HISTORY, b"[]")], b"", "HC103", 1, 0),
    ([("rooms/8/history.json", LINKED), (HISTORY, b"")], b"", "HC102", 1, 0),
    ([(HISTORY, b""), (AVATAR, LINKED)], b"", "HC102", 1, 0),
    ([(HISTORY, b""), (AVATAR, b"1"), (AVATAR, b"2")], b"", "HC103", 1, 1),
    ([(HISTORY, b"")], tar_of([(AVATAR, b"1")]), "HC015", 1, 0),
    ([(HISTORY, b"")], b"bytes of anything", "HC008", 1, 0),
]


@pytest.mark.parametrize(("added", "rest", "code", "messages", "files"), UNREAD)
@pytest.mark.parametrize("directory", ["", "data/"])
def test_what_is_not_read_is_reported(
    added: Sequence[tuple[str, bytes]], rest: bytes, code: str, messages: int, files: int, directory: str
) -> None:
    history = {"rooms/7": [("UserMessage", room_message(1))]}
    known = members([user(1)], [room(7)], history)
    begin = [(path, content) for path, content in known.items() if path != HISTORY]
    data = tar_of([(directory + path, content or known[HISTORY]) for path, content in [*begin, *added]]) + rest
    with open_export(io.BytesIO(data)) as export:
        for _ in range(2):
            assert len(list(export.messages())) == messages
            assert len(list(export.files())) == files
        assert export.problem_counts == {code: 1}
    with pytest.raises(HcfmtError), open_export(io.BytesIO(data), strict=True) as export:
        assert [*export.messages(), *export.files()]
