"""Users and rooms are found in whatever order and directory they are, within a limit."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from hcfmt import Fault, UsageError
from hcfmt.reader import first_pass
from hcfmt.reader.opening import open_export
from hcfmt.reader.problems import ProblemError
from tests.support.store_exports import members, room, room_message, user, write_tar

EXPORT = members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1))]})


def below(directory: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{directory}/{path}": data for path, data in files.items()}


def read(path: Path, files: Mapping[str, bytes]) -> tuple[list[int], list[int], int]:
    """Return the ids of users and rooms, and the number of messages."""
    with open_export(write_tar(path / "a.tar", files), strict=True) as export:
        return [user.id for user in export.users], [room.id for room in export.rooms], len(list(export.messages()))


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("directory", ["export", "a/b/c", "rooms"])
def test_an_export_below_a_directory_is_read(tmp_path: Path, directory: str, order: int) -> None:
    assert read(tmp_path, dict(sorted(below(directory, EXPORT).items())[::order])) == ([1], [7], 1)


def test_the_root_has_precedence_whatever_comes_first(tmp_path: Path) -> None:
    other = members([user(2), user(3)], [room(8)])
    assert read(tmp_path, below("old", other) | EXPORT) == ([1], [7], 1)


def test_of_several_directories_the_complete_one_is_read(tmp_path: Path) -> None:
    part = {"history/users.json": EXPORT["users.json"]}
    broken = {"other/rooms.json": b"{"}
    assert read(tmp_path, part | broken | below("new", EXPORT)) == ([1], [7], 1)
    with pytest.raises(Fault, match="Several directories hold what could be the export"):
        read(tmp_path, below("a", EXPORT) | below("b", EXPORT))


def test_a_member_that_comes_twice_is_read_once(tmp_path: Path) -> None:
    others = members([user(2)], [room(8)])
    with open_export(write_tar(tmp_path / "a.tar", EXPORT | below(".", others))) as export:
        assert ([user.id for user in export.users], [room.id for room in export.rooms]) == ([1], [7])
        assert len(list(export.messages())) == 1
        assert export.problem_counts == {"HC103": len(others)}


def test_of_records_with_one_id_the_first_is_read(tmp_path: Path) -> None:
    files = members([user(1), user(1, name="Again"), user(2)], [room(7), room(7)])
    path = write_tar(tmp_path / "a.tar", files)
    with open_export(path) as export:
        assert [user.name for user in export.users] == ["User 1", "User 2"]
        assert export.problem_counts == {"HC420": 1, "HC421": 1}
        assert [str(problem.location) for problem in export.problems] == ["rooms.json#/1", "users.json#/1"]
    with pytest.raises(ProblemError, match="HC42"):
        open_export(path, strict=True)


def test_files_of_a_dialect_without_schemas_are_refused(tmp_path: Path) -> None:
    people = json.dumps([{"User": {"id": "557058:0a1b", "name": "Anna"}}]).encode()
    with pytest.raises(UsageError, match=r"a\.tar: Stride wrote it\. Its ids are texts"):
        read(tmp_path, EXPORT | {"users.json": people})


def test_an_archive_without_data_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a\.tar: holds no export: no member is a data file"):
        read(tmp_path, {"readme.txt": b""})


def test_users_and_rooms_beyond_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_pass, "HELD", 1_000)
    with pytest.raises(Fault, match="All users and rooms together take more than"):
        read(tmp_path, members([user(number) for number in range(9)], [room(7)]))


def test_the_pass_ends_with_users_and_rooms_where_they_are_at_the_top(tmp_path: Path) -> None:
    """Nothing behind them is read, so a cut there does not matter until it is."""
    path = Path(write_tar(tmp_path / "a.tar", EXPORT))
    path.write_bytes(path.read_bytes()[: 4 * 512 + 700])
    with open_export(str(path), strict=True) as export:
        assert (len(export.users), len(export.rooms)) == (1, 1)
        with pytest.raises(Fault):
            list(export.messages())
