"""An export as an SQLite database: every record, keys that hold, texts that are found, and nothing half written."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Options, stats
from hcfmt.errors import UsageError
from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from hcfmt.reader.opening import open_export
from hcfmt.reader.sqlite_export import _Writer, export_sqlite
from tests.support.recipes import PASSWORD, SAMPLE
from tests.support.store_exports import (
    STAMP,
    members,
    participant,
    private_message,
    room,
    room_message,
    user,
    write_tar,
)

PLAN: dict[str, Any] = {"users": 9, "guests": 1, "deleted_users": 1, "rooms": 5, "private_rooms": 2, "seed": 3}
PLAN |= {"messages": 700, "attachments": 8, "emoticons": 3, "locales": ("de_DE", "ja_JP")}
LARGE = 9_999_999_999_999_999_999


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what a query gives."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def sound(path: Path) -> bool:
    """Whether a database is whole, and every key leads to a row."""
    return rows(path, "PRAGMA integrity_check") == [("ok",)] and not rows(path, "PRAGMA foreign_key_check")


@pytest.mark.parametrize(("dialect", "form"), [("hc-migrate", "a.tar.gz.aes"), ("server", "a.tar"), ("cloud", "a/")])
def test_every_record_is_a_row_in_any_dialect_and_form(tmp_path: Path, dialect: str, form: str) -> None:
    archive, database = str(tmp_path / form) + "/" * form.endswith("/"), tmp_path / "a.sqlite"
    generate(archive, planned("tiny", **PLAN, dialect=dialect), password=PASSWORD if "aes" in form else None)
    done = export_sqlite(archive, database, password=PASSWORD)
    inventory = stats(archive, Options(password=PASSWORD))["inventory"]
    with open_export(archive, password=PASSWORD) as export:
        private = len(list(export.private_messages()))
        files = [file.path for file in export.files()]
    assert sound(database)
    assert not done.problem_counts
    assert (done.rows["users"], done.rows["rooms"]) == (inventory["users"]["total"], inventory["rooms"]["total"])
    assert rows(database, "SELECT count(*) FROM messages WHERE kind = 'private'") == [(private,)]
    assert rows(database, "SELECT count(*) FROM room_messages")[0][0] == done.rows["messages"] - private
    assert sorted(path for (path,) in rows(database, "SELECT path FROM files")) == sorted(files)
    assert rows(database, "SELECT count(*) FROM attachments WHERE file IS NULL") == [(0,)]
    assert ("dialect", dialect) in rows(database, "SELECT key, value FROM metadata")
    for table, count in done.rows.items():
        assert rows(database, f"SELECT count(*) FROM {table}") == [(count,)]  # noqa: S608 - a table's name


def test_the_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.sqlite", "b.sqlite"):
        export_sqlite(SAMPLE, tmp_path / name, password=PASSWORD)
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()


@pytest.fixture
def orphans(tmp_path: Path) -> Path:
    """Write an export whose records refer to users, rooms and files that are not there; return its database."""
    attachment = {"name": "a.png", "path": "x/a.png", "size": 3, "url": "", "created": STAMP, "senderid": 9}
    history = [
        ("UserMessage", room_message(1, sender={**participant(9), "name": "Gone"}, message="Größe: caf\u00e9\x00!")),
        ("UserMessage", room_message(2, attachment=attachment)),
        ("UserMessage", room_message(3, deleted=True)),
    ]
    private = [("PrivateUserMessage", private_message(4, 1, 2)), ("PrivateUserMessage", private_message(5, 9, 1))]
    histories = {"rooms/7": history, "rooms/8": history, f"rooms/{LARGE}": history, "users/1": private}
    histories |= {"users/2": private[:1], "users/9": private[1:]}
    people = [user(1), user(2, avatar="files/photos/2/b.png")]
    files = members(people, [room(7, owner=9, members=[1, 1, 9], room_admins=[1])], histories)
    export_sqlite(write_tar(tmp_path / "a.tar", files), tmp_path / "a.db")
    return tmp_path / "a.db"


def test_what_refers_to_nothing_keeps_its_id_beside_null(orphans: Path) -> None:
    assert sound(orphans)
    assert rows(orphans, "SELECT sender, sender_id, sender_name FROM messages WHERE id = 1") == [(None, 9, "Gone")]
    assert rows(orphans, "SELECT DISTINCT room, room_id FROM room_messages ORDER BY id") == [
        *((7, 7), (None, 8), (None, None)),
    ]
    assert rows(orphans, "SELECT owner, owner_id FROM rooms") == [(None, 9)]
    assert rows(orphans, "SELECT role, user_id, user FROM room_members ORDER BY role, user_id") == [
        *(("admin", 1, 1), ("member", 1, 1), ("member", 9, None)),
    ]
    assert rows(orphans, "SELECT path, sender, sender_id, file FROM attachments LIMIT 1") == [
        ("x/a.png", None, 9, None)
    ]
    assert rows(orphans, "SELECT avatar FROM users WHERE id = 2") == [(None,)]


def test_private_messages_are_seen_once(orphans: Path) -> None:
    assert rows(orphans, "SELECT message_id, owner_id, sender_id FROM private_messages ORDER BY message_id") == [
        *(("00000000-0000-0000-0000-000000000004", 1, 1), ("00000000-0000-0000-0000-000000000005", 9, 9)),
    ]
    assert rows(orphans, "SELECT count(*) FROM messages WHERE kind = 'private'") == [(4,)]


def test_texts_are_found_without_accents_and_letter_case(orphans: Path) -> None:
    for words in ("GRÖSSE OR grosse", "große", "cafe", '"große cafe"', "caf*"):
        found = rows(orphans, f"SELECT rowid FROM message_search WHERE message_search MATCH '{words}'")  # noqa: S608
        assert bool(found) is (words != "GRÖSSE OR grosse")
    assert rows(orphans, "SELECT text FROM messages WHERE id = 1") == [("Größe: caf\u00e9\x00!",)]


def test_times_are_text_in_utc_that_sqlite_understands(orphans: Path) -> None:
    assert rows(orphans, "SELECT time, strftime('%H', time) FROM messages WHERE id = 1") == [
        ("2018-01-04T10:16:02.000000Z", "10")
    ]
    assert rows(orphans, "SELECT is_deleted, deleted, deleted_by FROM messages WHERE id = 3") == [
        (1, "2018-01-01T00:00:00.000000Z", 1)
    ]


def test_problems_are_rows_without_text_of_the_archive(orphans: Path) -> None:
    problems = rows(orphans, "SELECT code, place, message FROM problems WHERE code = 'HC401' ORDER BY place")
    assert problems[0] == ("HC401", "rooms/7/history.json#/0/UserMessage/sender/id", "users.json has no user 9.")
    ((count,),) = rows(orphans, "SELECT value FROM metadata WHERE key = 'problems'")
    assert int(count) >= len(problems)


def test_the_database_is_private_and_names_no_directory(orphans: Path) -> None:
    assert stat.S_IMODE(orphans.stat().st_mode) == 0o600
    assert ("archive", "a.tar") in rows(orphans, "SELECT key, value FROM metadata")
    assert str(orphans.parent).encode() not in orphans.read_bytes()
    assert sorted(path.name for path in orphans.parent.iterdir()) == ["a.db", "a.tar"]


def test_an_existing_file_is_replaced_with_force_alone(orphans: Path) -> None:
    before = orphans.read_bytes()
    with pytest.raises(UsageError, match="exists; --force overwrites it"):
        export_sqlite(SAMPLE, orphans, password=PASSWORD)
    assert orphans.read_bytes() == before
    export_sqlite(SAMPLE, orphans, password=PASSWORD, force=True)
    assert rows(orphans, "SELECT count(*) FROM users") == [(2,)]


@pytest.mark.parametrize("name", ["a.csv", "a", "a.sqlite.gz", ".tar"])
def test_another_suffix_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"give it the suffix \.sqlite, \.sqlite3 or \.db"):
        export_sqlite(SAMPLE, tmp_path / name, password=PASSWORD)


def test_an_error_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hcfmt.reader.sqlite_rows.mention_rows", fail)
    with pytest.raises(KeyboardInterrupt):
        export_sqlite(SAMPLE, tmp_path / "a.db", password=PASSWORD)
    assert [*tmp_path.iterdir()] == []


def test_a_full_disk_is_an_error_of_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hcfmt.reader.sqlite_export._PRAGMAS", ("max_page_count = 20",))
    with pytest.raises(UsageError, match="cannot be written: database or disk is full"):
        export_sqlite(SAMPLE, tmp_path / "a.db", password=PASSWORD)
    assert [*tmp_path.iterdir()] == []


def test_messages_are_inserted_in_batches_of_bounded_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hcfmt.reader.sqlite_export._BATCH_TEXT", 100)
    sizes = []
    insert = _Writer._insert  # noqa: SLF001 - its calls are counted

    def counted(writer: _Writer, table: str, rows: Any, *files: str) -> None:  # noqa: ANN401 - any rows
        rows = list(rows)
        sizes.append(len(rows) if table == "messages" else 0)
        insert(writer, table, rows, *files)

    monkeypatch.setattr(_Writer, "_insert", counted)
    card = '{"id":"c","title":"' + "x" * 100 + '"}'
    notice = {"type": "notification", "format": "text", "color": "red", "card": card}
    history = [("UserMessage", room_message(number)) for number in range(1, 5)]
    history += [("NotificationMessage", room_message(number) | notice) for number in range(5, 8)]
    files = members([user(1)], [room(7)], {"rooms/7": history})
    export_sqlite(write_tar(tmp_path / "a.tar", files), tmp_path / "a.db")
    assert [size for size in sizes if size] == [5, 1, 1]
