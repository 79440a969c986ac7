"""An export is valid, and has the records of the archive in their order, then the new ones."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from hcfmt import Options, Verdict, validate
from hcfmt.corpus.sound import LAYOUTS, tiny
from hcfmt.export import writer
from hcfmt.server.store import Store, open_store
from hcfmt.strategies.archives import Sample, archives, worlds
from tests.support.store_exports import (
    FORMS,
    Archive,
    content,
    export_of,
    members,
    private_message,
    room,
    room_message,
    secret,
    store_of,
    user,
    write_everything,
    write_export,
    write_tar,
)

DATA = ".json"


def decoded(files: dict[str, bytes]) -> dict[str, object]:
    """Return members with data files as values; orders of records count, those of members do not."""
    return {path: json.loads(data) if path.endswith(DATA) else data for path, data in files.items()}


def assert_valid(path: str) -> None:
    report = validate(path, Options(password=secret))
    assert (report.verdict, [finding for finding in report.findings if finding.severity == "error"]) == (
        Verdict.VALID,
        [],
    )


def findings_of(path: str) -> list[str]:
    """Return the codes and locations of an archive's findings, in a fixed order."""
    return sorted(f"{finding.code} {finding.location}" for finding in validate(path, Options(password=secret)).findings)


@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(archives(worlds()))
def test_an_unwritten_store_exports_the_archive_to_the_byte(tmp_path: Path, sample: Sample) -> None:
    path, again = tmp_path / f"a{sample.form}", tmp_path / "b.tar.gz"
    path.write_bytes(sample.data)
    again.unlink(missing_ok=True)
    with open_store(str(path), password=secret) as store:
        assert store.omissions == {}
        assert export_of(store) == content(path)
        assert findings_of(write_export(store, again)) == findings_of(str(path))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_members_in_any_order_load_the_same_store(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"".join(LAYOUTS[layout][1](tiny(1))))
    with open_store(str(path)) as store:
        assert store.omissions == {}
        assert export_of(store) == dict(tiny(1).files)


def test_an_unordered_history_is_exported_in_the_archives_order() -> None:
    numbers = [7, 1, 9, 3, 8, 2, 6, 4, 5, 0]
    histories = {
        "rooms/7": [("UserMessage", room_message(at, number)) for at, number in enumerate(numbers)],
        "users/1": [
            ("PrivateUserMessage", private_message(at, 1, 2 + at % 2, number)) for at, number in enumerate(numbers)
        ],
        "users/2": [],
    }
    files = members([user(1), user(2), user(3)], [room(7), room(8)], histories)
    with store_of(files) as store:
        again = decoded(export_of(store))
    empty: dict[str, object] = {"autojoins.json": {"AutoJoins": []}, "emoticons.json": {"Emoticons": []}}
    assert again == decoded(files) | empty | {"metadata.json": {}, "preferences.json": {}}


@pytest.mark.parametrize("form", FORMS)
def test_a_written_store_exports_a_valid_archive(archive: Archive, tmp_path: Path, form: str) -> None:
    with open_store(archive(form), password=secret) as store:
        write_everything(store)
        path = write_export(store, tmp_path / "b.tar.gz")
        present = export_of(store)
    assert findings_of(path) == findings_of(archive(form))
    assert_valid(path)
    with open_store(path) as again:
        assert again.omissions == {}
        assert export_of(again) == present


def test_a_changed_avatar_leaves_no_old_file(archive: Archive) -> None:
    with open_store(archive(users=8)) as store:
        owner = next(record for record in store.users() if record["avatar"])
        before = [path for path in export_of(store) if "/avatars/" in path]
        store.put_avatar(owner["id"], "gif", b"GIF89a")
        after = [path for path in export_of(store) if "/avatars/" in path]
        name = (store.user(owner["id"]) or {})["avatar"].rpartition("/")[2].removesuffix(".gif")
        expected = {f"users/{owner['id']}/avatars/{name}{size}.gif" for size in ("", "_36", "_125")}
        assert len(after) == len(before)
        assert set(after) - set(before) == expected


def test_replaced_photos_use_no_space_and_a_reset_restores_the_archive_s(archive: Archive) -> None:
    with open_store(archive()) as store:
        owner = next(record for record in store.users() if record["avatar"])["id"]
        room = store.rooms()[0]["id"]
        before, chunks = export_of(store), count_chunks(store)
        for number in range(3):
            store.put_avatar(owner, "png", bytes([number]) * (2 << 20))
            store.put_room_avatar(room, "png", bytes([number]) * (1 << 20))
        assert count_chunks(store) == chunks + 3
        store.delete_avatar(owner)
        store.delete_room_avatar(room)
        assert count_chunks(store) == chunks
        store.reset()
        assert export_of(store) == before


def count_chunks(store: Store) -> int:
    with store._reading() as db:  # noqa: SLF001 - nothing that can be asked for tells it
        ((count,),) = db.execute("SELECT count(*) FROM chunk").fetchall()
    return int(count)


def test_a_deleted_avatar_leaves_no_file(archive: Archive) -> None:
    with open_store(archive(users=8)) as store:
        owner = next(record for record in store.users() if record["avatar"])
        store.delete_avatar(owner["id"])
        assert (store.user(owner["id"]) or {})["avatar"] == ""
        assert not [path for path in export_of(store) if path.startswith(f"users/{owner['id']}/avatars/")]
        with pytest.raises(KeyError):
            store.delete_avatar(999_999)


@pytest.mark.parametrize("extension", ["", "j/g", "../x", "toolong", "a.b"])
def test_an_avatar_with_a_malformed_extension_is_refused(extension: str) -> None:
    with store_of(members([user(1)])) as store:
        with pytest.raises(ValueError, match="extension"):
            store.put_avatar(1, extension, b"x")
        with pytest.raises(KeyError):
            store.put_avatar(2, "png", b"x")
        assert (store.user(1) or {})["avatar"] == ""


def test_an_export_shows_one_state_whatever_is_written_meanwhile() -> None:
    with store_of(members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1))]})) as store:
        before = export_of(store)
        entries = store.export()
        first = next(entries)
        exported = {first.path: b"".join(first.chunks)}
        write_everything(store)
        exported |= {entry.path: b"".join(entry.chunks) for entry in entries}
        assert exported == before
        assert export_of(store) != before


def test_an_unfinished_export_blocks_no_writer() -> None:
    histories = [("PrivateUserMessage", private_message(at, 1, 2 + at % 2)) for at in range(2000)]
    with store_of(members([user(1), user(2), user(3)], [], {"users/1": histories})) as store:
        for stop in range(1, 8):
            entries = store.export()
            for _ in range(stop):
                next(entries)
            del entries
        with store.transaction():
            assert export_of(store) == export_of(store)
        store.reset()


def test_the_export_of_a_kept_store_needs_no_directory_but_the_store_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, kept = dict(tiny(1).files), tmp_path / "kept" / "store"
    archive = write_tar(tmp_path / "export.tar", files)
    kept.parent.mkdir()
    with open_store(archive, store_path=kept) as store:
        monkeypatch.setattr(writer, "_READ", 16)  # so that every data file is spooled to the disk
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
        with pytest.raises(FileNotFoundError), tempfile.TemporaryFile():
            pass
        assert export_of(store) == files
        with store._reading() as db:  # noqa: SLF001 - SQLite sorts in memory, too
            assert db.execute("PRAGMA temp_store").fetchone() == (2,)
    assert {path.name for path in kept.parent.iterdir()} == {"store", "store.lock"}
