"""The documented sample, encrypted, decrypted and packed in every way: always valid, with the same inventory."""

import gzip
import random
import subprocess
from pathlib import Path

import pytest

from hcfmt import Options, Report, Status, Verdict, validate
from hcfmt.container import MemberKind, open_archive
from hcfmt.export.message_kinds import MESSAGE_KINDS
from tests.support.checking import content
from tests.support.counterparts import counterpart
from tests.support.recipes import PASSWORD, SAMPLE


def check(path: Path | str) -> Report:
    return validate(str(path), Options(password=PASSWORD.encode))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample's tree as files; our own sample's names are known to be harmless."""
    directory = tmp_path_factory.mktemp("documented")
    with open_archive(str(SAMPLE), password=PASSWORD.encode) as archive:
        for member in archive.members():
            path = directory / member.path
            assert directory in path.resolve().parents
            if member.kind is MemberKind.FILE:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"".join(member.chunks))
        assert archive.fault is None
    return directory


@pytest.fixture(scope="module")
def inventory() -> object:
    return content(check(SAMPLE))


def test_the_sample_is_valid_and_has_no_finding() -> None:
    report = check(SAMPLE)
    assert (report.verdict, report.findings, report.totals) == (Verdict.VALID, (), {})
    # The documented room is public, so it lists no members, nobody is a participant any more, and mentions are empty.
    # There is no other source.
    other_sources = {"HC807", "HC808", "HC809", "HC810", "HC811"}
    passed_over = {entry.code for entry in report.ledger if entry.status != "passed"}
    assert passed_over == {"HC403", "HC406", "HC412"} | other_sources
    assert {entry.status for entry in report.ledger} == {Status.PASSED, Status.NOT_APPLICABLE}


def test_the_inventory_matches_the_documented_sample() -> None:
    assert content(check(SAMPLE)) == {
        "users": {
            "total": 2,
            "admin": {"active": 1, "deleted": 0},
            "user": {"active": 1, "deleted": 0},
            "guest": {"active": 0, "deleted": 0},
        },
        "rooms": {
            "total": 1,
            "public": {"active": 1, "archived": 0, "deleted": 0},
            "private": {"active": 0, "archived": 0, "deleted": 0},
        },
        "emoticons": 1,
        "autojoins": 1,
        "messages": dict.fromkeys((kind.name for kind in MESSAGE_KINDS), 0)
        | {
            "UserMessage": 4,
            "NotificationMessage": 1,
            "TopicRoomMessage": 1,
            "ArchiveRoomMessage": 2,
            "GuestAccessMessage": 1,
            "PrivateUserMessage": 4,
            "total": 13,
            "distinct": 11,
            "deleted": 1,
            "first": "2018-04-02T15:40:44Z",
            "last": "2018-04-02T15:55:05Z",
        },
        "months": [{"month": "2018-04", "room": 9, "private": 2}],
        "busiest_rooms": [{"room": 1, "name": None, "messages": 9}],
        "busiest_users": [
            {"user": 1, "name": None, "room": 7, "private": 0},
            {"user": 2, "name": None, "room": 2, "private": 2},
        ],
        "hours": [[11 if (day, hour) == (0, 15) else 0 for hour in range(24)] for day in range(7)],
        "private_pairs": 1,
        "histories": {"room-history": 1, "user-history": 2},
        "files": {
            "room-file": {"count": 2, "bytes": 23076},
            "private-file": {"count": 2, "bytes": 38716},
            "avatar": {"count": 3, "bytes": 18047},
            "emoticon": {"count": 4, "bytes": 10605},
        },
        "attachments": [{"type": "jpg", "count": 2, "bytes": 58247}],
        # 11 messages at 2.6 MB a thousand, and 90,444 bytes of files at 500 KB a gigabyte.
        "migration_memory": 28_645,
    }


def test_the_tree_itself_is_sound(tree: Path, inventory: object) -> None:
    report = check(tree)
    assert (report.verdict, report.totals, content(report)) == (Verdict.VALID, {}, inventory)


SEALED = [("-md", "md5", {}), ("-md", "sha256", {"HC013": 1}), ("-pbkdf2", "", {"HC013": 1})]


@pytest.mark.parametrize(("option", "value", "totals"), SEALED)
def test_every_seal_of_openssl_is_opened(
    option: str, value: str, totals: dict[str, int], tree: Path, tmp_path: Path, inventory: object
) -> None:
    packed, sealed = tmp_path / "export.tar.gz", tmp_path / "export.tar.gz.aes"
    subprocess.run(
        [counterpart("tar"), "-C", str(tree), "-czf", packed, *sorted(path.name for path in tree.iterdir())], check=True
    )
    key = [option, *([value] if value else []), "-k", PASSWORD]
    command = [counterpart("openssl"), "enc", "-aes-256-cbc", *key, "-in", str(packed), "-out", str(sealed)]
    subprocess.run(command, check=True, capture_output=True)
    report = check(sealed)
    assert (report.verdict, report.totals, content(report)) == (Verdict.VALID, totals, inventory)


FILES = ["emoticons.json", "autojoins.json", "metadata.json", "preferences.json", "rooms.json", "users.json"]
DIRECTORIES = ["files", "rooms", "users"]
ORDERS = {"dot": ["."], "files first": [*FILES, *DIRECTORIES], "files last": [*DIRECTORIES, *FILES]}


@pytest.mark.parametrize("form", ["gnu", "posix", "ustar", "v7"])
@pytest.mark.parametrize("names", ORDERS.values(), ids=ORDERS)
def test_gnu_tar_in_any_format_and_order_gives_the_same_inventory(
    form: str, names: list[str], tree: Path, tmp_path: Path, inventory: object
) -> None:
    path = tmp_path / "export.tar.gz"
    subprocess.run([counterpart("tar"), f"--format={form}", "-C", str(tree), "-czf", str(path), *names], check=True)
    report = check(path)
    assert report.totals == ({"HC119": 1} if names == ["."] else {})
    assert (report.verdict, content(report)) == (Verdict.VALID, inventory)


@pytest.mark.parametrize("form", ["gnutar", "pax", "ustar", "v7"])
def test_bsdtar_in_any_format_gives_the_same_inventory(
    form: str, tree: Path, tmp_path: Path, inventory: object
) -> None:
    path = tmp_path / "export.tar.gz"
    names = sorted(path.name for path in tree.iterdir())
    subprocess.run([counterpart("bsdtar"), "--format", form, "-C", str(tree), "-czf", str(path), *names], check=True)
    report = check(path)
    assert (report.verdict, report.totals, content(report)) == (Verdict.VALID, {}, inventory)


@pytest.mark.parametrize("seed", range(5))
def test_members_in_any_order_give_the_same_report(seed: int, tree: Path, tmp_path: Path, inventory: object) -> None:
    path = tmp_path / "export.tar"
    names = sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file())
    random.Random(seed).shuffle(names)  # noqa: S311 - a fixed seed is the point
    subprocess.run([counterpart("tar"), "-C", str(tree), "-cf", str(path), *names], check=True)
    report = check(path)
    assert (report.verdict, report.totals, content(report)) == (Verdict.VALID, {}, inventory)


@pytest.mark.parametrize("extra", ["data", "tmp/out"])
def test_an_export_below_extra_directories_is_read_and_reported_once(
    extra: str, tree: Path, tmp_path: Path, inventory: object
) -> None:
    path = tmp_path / "export.tar.gz"
    command = [counterpart("tar"), "-C", str(tree), "--transform", f"s:^\\.:{extra}:", "-czf", str(path), "."]
    subprocess.run(command, check=True)
    report = check(path)
    assert (report.verdict, report.totals, content(report)) == (Verdict.INVALID, {"HC107": 1}, inventory)


def test_several_gzip_members_in_a_row_are_one_archive(tree: Path, tmp_path: Path, inventory: object) -> None:
    tar = tmp_path / "export.tar"
    subprocess.run(
        [counterpart("tar"), "-C", str(tree), "-cf", tar, *sorted(path.name for path in tree.iterdir())], check=True
    )
    data = tar.read_bytes()
    path = tmp_path / "export.tar.gz"
    path.write_bytes(b"".join(gzip.compress(data[start : start + 10_000]) for start in range(0, len(data), 10_000)))
    report = check(path)
    assert (report.verdict, report.totals, content(report)) == (Verdict.VALID, {}, inventory)
