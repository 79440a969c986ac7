"""A static page has all that the page of a server has, and appears complete or not at all."""

import os
from pathlib import Path
from typing import Any

import orjson
import pytest

from hcfmt.container import Budget
from hcfmt.errors import Fault, UsageError
from hcfmt.export.layout import layout_of
from hcfmt.server.page import documents
from hcfmt.server.page.static_export import StaticExport, export_static, require_free
from hcfmt.server.page.static_export.data_scripts import DataScripts
from hcfmt.server.store import open_store
from tests.support.static_pages import data_of
from tests.support.store_exports import Archive, content, members, private_message, room, room_message, store_of, user

FINDINGS = {"state": "not checked", "reason": "for a test"}


def _export(archive: str, directory: Path, **how: Any) -> StaticExport:  # noqa: ANN401 - handed on
    with open_store(archive, jobs=how.pop("jobs", 1)) as store:
        return export_static(store, "a.tar.gz", directory, FINDINGS, **how)


def _bytes(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def test_it_has_the_documents_of_a_server(archive: Archive, tmp_path: Path) -> None:
    out, path = tmp_path / "out", archive()
    written = _export(path, out)
    with open_store(path) as store:
        overview = orjson.loads(orjson.dumps(documents.overview(store, "a.tar.gz")))
        chats, chunk = overview["chats"], overview["chunk"]
        assert data_of(out, "overview") == overview | {"searchable": True}
        assert data_of(out, "findings") == FINDINGS
        for chat in chats:
            for at, first in enumerate(range(0, chat["count"], chunk)):
                messages = documents.messages(store, chat["key"], first, chunk)
                assert data_of(out, f"messages/{chat['key']}/{at}") == messages
    stored = [name for name in content(path) if (layout := layout_of(name)) and layout.schema is None]
    count = sum(chat["count"] for chat in chats)
    assert written == StaticExport(len(chats), count, len(stored))
    assert sum(name.startswith("files/") for name in _bytes(out)) == len(stored)


def test_the_same_archive_gives_the_same_bytes(archive: Archive, tmp_path: Path) -> None:
    for name, form, jobs in (("one", ".tar.gz", 1), ("two", ".tar.gz", 2), ("three", ".tar", 1)):
        _export(archive(form), tmp_path / name, jobs=jobs)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two") == _bytes(tmp_path / "three")


def test_a_file_of_messages_is_full_even_if_their_texts_are_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "CHUNK", 3)
    monkeypatch.setattr(documents, "_MOST_BYTES", 1)
    history = [("UserMessage", room_message(at, at)) for at in range(7)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        export_static(store, "", tmp_path / "out", FINDINGS)
    files = [data_of(tmp_path / "out", f"messages/room-7/{at}") for at in range(3)]
    assert [[message["i"] for message in file] for file in files] == [[0, 1, 2], [3, 4, 5], [6]]


def test_an_archive_without_messages_has_a_page_too(tmp_path: Path) -> None:
    with store_of(members([user(1)], [room(7)])) as store:
        assert export_static(store, "", tmp_path / "out", FINDINGS) == StaticExport(1, 0, 0)
    assert data_of(tmp_path / "out", "index")["shards"] == []


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    histories = {
        "rooms/7": [("UserMessage", room_message(1))],
        "users/1": [("PrivateUserMessage", private_message(2, 1, 1))],
    }
    with store_of(members([user(1)], [room(7)], histories)) as store:
        export_static(store, "", tmp_path / "out", FINDINGS, watch=lambda *numbers: told.append(numbers))
    assert told == [(1, 2), (2, 2)]


def test_an_earlier_export_is_replaced_only_with_force(archive: Archive, tmp_path: Path) -> None:
    out, path = tmp_path / "out", archive()
    _export(path, out)
    before = _bytes(out)
    (out / "data" / "overview.js").write_text("changed")
    with pytest.raises(UsageError, match="exists; --force overwrites it"):
        require_free(str(out), force=False)
    _export(path, out, force=True)
    assert _bytes(out) == before
    (out / "mine.txt").touch()
    with pytest.raises(UsageError, match="holds other files"):
        _export(path, out, force=True)
    assert (out / "mine.txt").exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_export_that_is_interrupted_leaves_nothing(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException | type[BaseException]
) -> None:
    def fail(_: DataScripts, name: str, __: object) -> None:
        if name == "index":
            raise error

    monkeypatch.setattr(DataScripts, "write", fail)
    path = archive()
    with pytest.raises((KeyboardInterrupt, UsageError)):
        _export(path, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_written_is_called_by_its_name(archive: Archive, tmp_path: Path) -> None:
    path, make = archive(), os.mkdir

    def make_above(path: str, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if dir_fd is not None:
            raise OSError(28, "No space left on device")
        make(path, mode)

    sentence = f"^{tmp_path / 'out'}: cannot be written: No space left on device.$"
    with open_store(path) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.mkdir", make_above)
        with pytest.raises(UsageError, match=sentence):
            export_static(store, "", tmp_path / "out", FINDINGS)
    assert list(tmp_path.iterdir()) == []


def test_the_time_limit_holds(archive: Archive, tmp_path: Path) -> None:
    path = archive()
    with pytest.raises(Fault, match="time limit"):
        _export(path, tmp_path / "out", budget=Budget(expired=lambda: True))
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_can_read_it(archive: Archive, tmp_path: Path) -> None:
    _export(archive(), tmp_path / "out")
    assert all(path.stat().st_mode & 0o077 == 0 for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")])
