"""What is saved of archives with one damage each, and what is made up for them."""

import io
import json
import re
import tarfile
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hcfmt import Fault, Salvaged, UsageError, Verdict, salvage
from hcfmt.salvaging.listing import lines
from tests.support.builders import PASSWORD, encrypted, zipped
from tests.support.damaged_archives import members_of, sample
from tests.support.dialects import packed

ARCHIVE = sample(2, "hc-migrate", ".tar.gz.aes")
PLAIN = sample(2, "hc-migrate", ".tar")
FILES = dict(PLAIN.members)


def saved(directory: Path, data: bytes, suffix: str = ".tar.gz.aes") -> tuple[Salvaged, dict[str, bytes]]:
    path, output = directory / f"damaged{suffix}", directory / f"saved{suffix}"
    path.write_bytes(data)
    result = salvage(path, output, password=PASSWORD)
    assert result.report.verdict is Verdict.VALID
    return result, members_of(output)


def without(*paths: str) -> bytes:
    """Return a tar without some members."""
    return packed((path, content) for path, content in FILES.items() if path not in paths)


@pytest.mark.parametrize(
    "damaged",
    [
        ARCHIVE.data[:-1],
        ARCHIVE.data[:-16],
        ARCHIVE.data[:-16] + bytes(16),
        ARCHIVE.data + b"\n",
        ARCHIVE.data + bytes(512),
    ],
    ids=["a byte less", "a block less", "wrong padding", "a byte more", "zeros behind"],
)
def test_a_damaged_end_of_the_encryption_costs_no_member(tmp_path: Path, damaged: bytes) -> None:
    assert saved(tmp_path, damaged)[1] == ARCHIVE.members


@pytest.mark.parametrize("at", [8 + 8, 8 + 8 + 15, 8 + 8 + 40])
def test_damaged_first_blocks_cost_the_beginning_and_not_the_rest(tmp_path: Path, at: int) -> None:
    noise = "users/files/AAAAAAAAAAAAAAA/noise.bin", Random(1).randbytes(300_000)  # noqa: S311 - a test
    data = encrypted(zipped(packed([noise, *FILES.items()])))
    _, members = saved(tmp_path, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert FILES.items() <= members.items()


@pytest.mark.parametrize("padding", [1, 16])
def test_no_length_of_padding_is_damage(tmp_path: Path, padding: int) -> None:
    noise = (("noise.bin", Random(size).randbytes(size)) for size in range(1_000))  # noqa: S311 - a test
    streams = (zipped(packed([*FILES.items(), one])) for one in noise)
    result, _ = saved(tmp_path, encrypted(next(data for data in streams if -len(data) % 16 == padding % 16)))
    assert result.damages == []


@pytest.mark.parametrize("suffix", [".tar.gz", ".tar.gz.aes"])
def test_what_follows_the_gzip_stream_is_said(tmp_path: Path, suffix: str) -> None:
    data = zipped(packed(FILES.items())) + b"left over"
    result, _ = saved(tmp_path, encrypted(data) if suffix.endswith(".aes") else data, suffix)
    assert [code for code, _ in result.damages] == ["HC008"]


def test_an_archive_that_is_not_damaged_is_saved_as_it_is(tmp_path: Path) -> None:
    result, members = saved(tmp_path, ARCHIVE.data)
    assert members == ARCHIVE.members
    assert result.whole == len(members)
    assert not any((result.damages, result.partly, result.lost, result.restored, result.made_up, result.left_out))


@pytest.mark.parametrize(
    "data", [b"", b"noise" * 1000, encrypted(b"noise" * 1000), encrypted(zipped(b"")), PLAIN.data[:300]]
)
def test_nothing_is_written_where_nothing_is_whole(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "damaged.tar").write_bytes(data)
    with pytest.raises(Fault):
        salvage(tmp_path / "damaged.tar", tmp_path / "saved.tar", password=PASSWORD)
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.tar"]


def test_a_wrong_password_does_not_look_like_damage(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz.aes").write_bytes(ARCHIVE.data)
    usual = re.compile("password is most likely wrong .* so another password is needed; or the first 16")
    told = []
    for number in range(12):
        with pytest.raises(
            Fault, match=r"wrong password decrypts: try another one|another password is needed"
        ) as fault:
            salvage(tmp_path / "a.tar.gz.aes", tmp_path / "saved.tar", password="wrong" + "!" * number)
        told.append(str(fault.value))
    # Seldom noise looks like the header of a damaged gzip file.
    assert sum(bool(usual.search(message)) for message in told) >= 9


def test_users_that_are_lost_become_deleted_placeholders_with_the_names_that_messages_tell(tmp_path: Path) -> None:
    users = {record["User"]["id"]: record["User"] for record in json.loads(FILES["users.json"])}
    _, members = saved(tmp_path, without("users.json")[:-700], ".tar")
    placeholders = [record["User"] for record in json.loads(members["users.json"])]
    assert placeholders
    assert all(user["is_deleted"] and user["email"] is None for user in placeholders)
    assert {user["name"] for user in placeholders} <= {
        *(user["name"] for user in users.values()),
        *(f"Lost user {number}" for number in users),
    }


def test_rooms_that_are_lost_become_private_placeholders(tmp_path: Path) -> None:
    result, members = saved(tmp_path, without("rooms.json")[:-700], ".tar")
    rooms = [record["Room"] for record in json.loads(members["rooms.json"])]
    assert {room["privacy"] for room in rooms} == {"private"}
    assert [(row.kind, row.count) for row in result.made_up] == [("room", len(rooms))]


def test_a_member_whose_header_is_damaged_is_counted_by_its_bytes(tmp_path: Path) -> None:
    at = PLAIN.data.find(b"rooms.json")
    result, _ = saved(tmp_path, PLAIN.data[:at] + bytes(512) + PLAIN.data[at + 512 :], ".tar")
    assert result.skipped == len(FILES["rooms.json"])
    assert f"    members whose headers are damaged: {result.skipped:,} bytes" in lines(result)


def test_a_lost_list_of_which_nothing_is_known_is_said_to_be_made_up(tmp_path: Path) -> None:
    files = {path: content for path, content in FILES.items() if path.split("/")[0] not in {"rooms", "rooms.json"}}
    result, members = saved(tmp_path, packed(files.items()), ".tar")
    assert json.loads(members["rooms.json"]) == []
    assert ("list", "rooms.json") in [(row.kind, row.member) for row in result.made_up]


@pytest.mark.parametrize("history", [b'[1, "text", null, []]', b'[{"PrivateUserMessage": 1}, {}]'])
def test_histories_may_hold_anything_beside_records(tmp_path: Path, history: bytes) -> None:
    files = {path: history if path.endswith("history.json") else content for path, content in FILES.items()}
    path, output = tmp_path / "damaged.tar", tmp_path / "saved.tar"
    path.write_bytes(packed((path, content) for path, content in files.items() if path != "users.json")[:-1024])
    salvage(path, output)
    assert [content for path, content in members_of(output).items() if path.endswith("history.json")]


def test_private_messages_of_a_lost_history_come_from_the_other_person(tmp_path: Path) -> None:
    histories = {
        path: json.loads(text) for path, text in FILES.items() if path.startswith("users/") and path.endswith("y.json")
    }
    lost = max(histories, key=lambda path: len(histories[path]))
    result, members = saved(tmp_path, zipped(without(lost))[:-4], ".tar.gz")
    assert _ids(json.loads(members[lost])) == _ids(histories[lost])
    assert [(row.member, row.records) for row in result.restored] == [(lost, len(histories[lost]))]


def _ids(records: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    return sorted(record["PrivateUserMessage"]["id"] for record in records)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        saved(tmp_path / name, ARCHIVE.data[:60_000])
        written.append((tmp_path / name / "saved.tar.gz.aes").read_bytes())
    assert written[0] == written[1]
    assert written[0][8:16] != ARCHIVE.data[8:16]


def test_a_directory_is_salvaged(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(PLAIN.data)) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    (tmp_path / "unpacked" / "rooms.json").write_bytes(FILES["rooms.json"][:-20])
    result = salvage(tmp_path / "unpacked", tmp_path / "saved.tar")
    assert result.report.verdict is Verdict.VALID
    assert [(row.member, row.broken) for row in result.partly] == [("rooms.json", 1)]


def test_of_several_exports_none_is_salvaged(tmp_path: Path) -> None:
    names = ("users.json", "rooms.json")
    data = packed((f"{directory}/{name}", FILES[name]) for directory in ("one", "two") for name in names)
    (tmp_path / "a.tar").write_bytes(data)
    with pytest.raises(Fault, match=r"Several directories hold what could be the export, \[3 characters\]/") as caught:
        salvage(tmp_path / "a.tar", tmp_path / "saved.tar")
    assert caught.value.defect.kind == "several-exports"


def test_no_name_of_a_directory_is_in_the_list(tmp_path: Path) -> None:
    data = packed(
        (f"Secret/{path}", content) for path, content in FILES.items() if path not in ("users.json", "rooms.json")
    )
    (tmp_path / "a.tar").write_bytes(data)
    result = salvage(tmp_path / "a.tar", tmp_path / "saved.tar")
    assert {row.kind for row in result.made_up} >= {"user", "room"}
    assert "Secret" not in json.dumps(result.to_dict())


def test_links_are_left_out(tmp_path: Path) -> None:
    link = tarfile.TarInfo("rooms/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    result, members = saved(tmp_path, link.tobuf() + PLAIN.data[:-700], ".tar")
    assert result.left_out == 1
    assert "rooms/link" not in members


def test_the_archive_itself_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(PLAIN.data)
    with pytest.raises(UsageError, match="would overwrite an input"):
        salvage(path, path, force=True)
