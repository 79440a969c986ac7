"""A receipt holds the digests and counts of the archive, no text of it, and is the same whoever makes it."""

import hashlib
import io
import json
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hcfmt import Baseline, BaselineEntry, Budget, Choices, Options, Plan, Report, Severity, generate, validate
from hcfmt.check.catalogue import RULES
from hcfmt.check.context import Redaction
from hcfmt.check.expected_contents import ExpectedContents
from hcfmt.check.export_log import ExportLog
from hcfmt.check.receipts import identities
from hcfmt.check.receipts.files import receipt_lines
from hcfmt.check.receipts.identities import rule_set
from hcfmt.check.receipts.member_rows import member_rows
from hcfmt.container import MemberKind
from hcfmt.container.content_digests import ContentDigests, MemberDigest
from hcfmt.export import schemas
from hcfmt.export.schemas import DIALECTS
from hcfmt.receipts import MessageReference, Receipt, RoomCounts, UserCounts
from tests.support.builders import END, PASSWORD, entry, pax, record
from tests.support.canary import CANARY, DEFECTS
from tests.support.counterparts import counterpart
from tests.support.executors import InOtherOrder
from tests.support.memory import traced
from tests.support.receipts import packed, receipt_of
from tests.support.recipes import SAMPLE, cook, sample_files
from tests.support.report_checks import conforms

MAKING = Options(password=PASSWORD, receipt=True)


def lines(receipt: Receipt | None) -> list[str]:
    assert receipt
    return list(receipt_lines(receipt))


def checked(recipe: str, **options: object) -> Report:
    cooked = cook(recipe)
    limits = Budget(**cooked.limits)
    return validate(io.BytesIO(cooked.data), replace(MAKING, budget=limits, **options))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def generated(tmp: Path) -> bytes:
    path = tmp / "generated.tar.gz"
    generate(str(path), Plan(seed=3, messages=3000, rooms=7, users=9, attachments=5))
    return path.read_bytes()


def test_digests_are_those_of_other_tools() -> None:
    receipt = receipt_of(SAMPLE.read_bytes())
    decrypt = ["enc", "-d", "-aes-256-cbc", "-md", "md5", "-pass", "pass:hipchat", "-in", str(SAMPLE)]
    packed_tar = subprocess.run([counterpart("openssl"), *decrypt], capture_output=True, check=True).stdout
    unpacked = subprocess.run([counterpart("gzip"), "-dc"], input=packed_tar, capture_output=True, check=True).stdout
    assert receipt.file
    assert receipt.tar
    assert (receipt.file.sha256, receipt.file.bytes) == (sha256(SAMPLE.read_bytes()), SAMPLE.stat().st_size)
    assert (receipt.tar.sha256, receipt.tar.bytes) == (sha256(unpacked), len(unpacked))
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as tar:
        files = {info.name: file.read() for info in tar if (file := tar.extractfile(info))}
    found = {(row.path_sha256, row.sha256, row.size) for row in receipt.members}
    assert found == {(sha256(path.encode()), sha256(content), len(content)) for path, content in files.items()}


def test_the_digest_of_all_members_is_the_one_that_its_schema_describes() -> None:
    receipt = receipt_of(SAMPLE.read_bytes())
    rows = sorted(receipt.members, key=lambda row: row.path_sha256)
    text = "".join(f"{row.path_sha256} {row.kind} {row.size} {row.sha256 or '-'}\n" for row in rows)
    assert receipt.contents.sha256 == sha256(text.encode())
    assert receipt.contents.bytes == sum(map(len, sample_files().values()))


def _ends(messages: list[dict[str, Any]]) -> tuple[MessageReference | None, MessageReference | None]:
    """Return the first and the last of messages by their texts, of several at one time the least index and the last."""
    if not messages:
        return None, None
    moments = [(message["timestamp"], number) for number, message in enumerate(messages)]
    ends = (min(moments), max(moments))
    first, last = (MessageReference(messages[number]["id"], f"{stamp[:19]}.{stamp[21:]}Z") for stamp, number in ends)
    return first, last


@pytest.mark.parametrize("shuffled", [False, True])
def test_counts_and_the_first_and_last_message_are_those_of_the_histories(
    shuffled: bool,  # noqa: FBT001 - a row
    tmp_path: Path,
) -> None:
    with tarfile.open(fileobj=io.BytesIO(generated(tmp_path))) as tar:
        files = {info.name: file.read() for info in tar if (file := tar.extractfile(info))}
    histories = {path: json.loads(text) for path, text in files.items() if path.endswith("history.json")}
    if shuffled:
        histories = {path: sorted(history, key=json.dumps) for path, history in histories.items()}
        files |= {path: json.dumps(history).encode() for path, history in histories.items()}
    receipt = receipt_of(packed(tuple(files.items()), "tar"))
    messages = {path: [next(iter(row.values())) for row in history] for path, history in histories.items()}
    sent = Counter(row["sender"].get("id") for path in messages if path.startswith("rooms/") for row in messages[path])
    for room in receipt.rooms:
        stored = [content for path, content in files.items() if path.startswith(f"rooms/{room.room}/files/")]
        history = messages.get(f"rooms/{room.room}/history.json", [])
        assert (room.messages, room.files, room.file_bytes) == (len(history), len(stored), sum(map(len, stored)))
        assert (room.first, room.last) == _ends(history)
    for user in receipt.users:
        history = messages.get(f"users/{user.user}/history.json", [])
        own = sum(row["sender"]["id"] == user.user for row in history)
        assert (user.history, user.private_messages) == (len(history), own)
        assert (user.first, user.last) == _ends(history)
        assert user.room_messages == sent[user.user]
    rooms = [room["Room"]["id"] for room in json.loads(files["rooms.json"])]
    assert [room.room for room in receipt.rooms] == sorted(rooms)
    assert any(room.messages for room in receipt.rooms)
    rows: list[RoomCounts | UserCounts] = [*receipt.rooms, *receipt.users]
    times = [stamp.time for row in rows for stamp in (row.first, row.last) if stamp]
    assert receipt.first
    assert receipt.last
    assert (receipt.first.time, receipt.last.time) == (min(times), max(times))


@pytest.mark.parametrize("recipe", DEFECTS.values(), ids=DEFECTS)
@pytest.mark.parametrize("show_values", [False, True])
def test_no_text_of_the_archive_is_in_a_receipt_whatever_reports_show(
    recipe: str,
    show_values: bool,  # noqa: FBT001 - a row
) -> None:
    report = checked(recipe, show_values=show_values)
    text = "\n".join(lines(report.receipt))
    assert CANARY.casefold() not in text.casefold()
    assert "Beeblebrox".casefold() not in text.casefold()
    conforms("receipt.json", json.loads(text))


@pytest.mark.parametrize("recipe", DEFECTS.values(), ids=DEFECTS)
def test_a_report_is_the_same_with_a_receipt_and_without(recipe: str) -> None:
    with_receipt = checked(recipe)
    assert replace(with_receipt, receipt=None, sha256=None) == checked(recipe, receipt=False)


class Trickle(io.BytesIO):
    """A file that returns a few bytes at a time."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        """Take the data and the sizes of the first reads, which are repeated."""
        super().__init__(data)
        self._sizes = sizes
        self._number = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes."""
        self._number += 1
        return super().read(min(size or 1, self._sizes[self._number % len(self._sizes)]))

    read1 = read


@given(st.lists(st.sampled_from([1, 2, 15, 16, 17, 511, 513, 5000, 70_000]), min_size=1, max_size=3), st.integers(0, 9))
@settings(max_examples=15)
def test_the_bytes_of_a_receipt_depend_on_no_chunk_and_no_order_of_work(sizes: list[int], seed: int) -> None:
    data = SAMPLE.read_bytes()
    slowest = [max(size, 15) for size in sizes]
    report = validate(Trickle(data, slowest), replace(MAKING, executor=InOtherOrder(seed)))
    assert lines(report.receipt) == lines(receipt_of(data))


def test_other_processes_make_the_same_receipt(tmp_path: Path) -> None:
    data = generated(tmp_path)
    with ProcessPoolExecutor(2) as executor:
        report = validate(io.BytesIO(data), replace(MAKING, executor=executor))
    assert lines(report.receipt) == lines(receipt_of(data))


def test_the_name_of_the_archive_is_not_in_its_receipt(tmp_path: Path) -> None:
    receipts = []
    for name in ("one.tar.gz.aes", "elsewhere/another.tar.gz.aes"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(SAMPLE.read_bytes())
        receipts.append(lines(validate(str(tmp_path / name), MAKING).receipt))
    assert receipts[0] == receipts[1]


def test_what_cannot_be_opened_has_no_receipt(tmp_path: Path) -> None:
    report = validate(str(tmp_path / "missing"), replace(MAKING, report_unreadable=True))
    assert (report.unreadable, report.receipt) == (True, None)


def test_the_whole_file_has_a_digest_even_if_it_cannot_be_read_on() -> None:
    data = SAMPLE.read_bytes()
    for damaged in (data[:40_000] + bytes(20_000), b"no archive" * 1000, data + b"x" * 5000):
        receipt = receipt_of(damaged)
        assert receipt.file
        assert (receipt.file.sha256, receipt.file.bytes) == (sha256(damaged), len(damaged))
        assert receipt.complete == (receipt.tar is not None)
    wrong = validate(io.BytesIO(data), replace(MAKING, password="wrong")).receipt
    assert wrong
    assert wrong.file
    assert (wrong.file.sha256, wrong.complete, wrong.members) == (sha256(data), False, [])


def test_a_directory_has_members_and_no_file(tmp_path: Path) -> None:
    for path, content in sample_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    receipt = validate(str(tmp_path), MAKING).receipt
    assert receipt
    assert (receipt.file, receipt.tar, receipt.layers, receipt.complete) == (None, None, ("directory",), True)
    assert receipt.contents == receipt_of(SAMPLE.read_bytes()).contents


def test_a_long_path_is_shown_in_part_and_hashed_as_a_whole() -> None:
    path = "/".join("ab" for _ in range(1000))
    (row,) = receipt_of(pax(record(b"path", path.encode())) + entry(b"x", b"1") + END).members
    assert len(row.path) == 203
    assert row.path_sha256 == sha256(path.encode())


NEUTRAL: tuple[dict[str, object], ...] = (
    {"keep": 3},
    {"show_values": True},
    {"in_flight": 3},
    {"inline": 5},
    {"sha256": True},
    {"password": [b"x", PASSWORD]},
    {"choices": Choices()},
    {"baseline": None},
    {"executor": InOtherOrder()},
    {"watch": lambda _: len},
    {"digests": ("md5",)},
    {"report_unreadable": True},
)
DECISIVE: tuple[dict[str, object], ...] = (
    {"fail_on": Severity.INFO},
    {"dialect": "hc-migrate"},
    {"choices": Choices(ignore=["HC303"])},
    {"choices": Choices(select=["HC303"])},
    {"choices": Choices(tolerate={"HC501": 3})},
    {"choices": Choices(per_path_ignores={"*.txt": ["HC106"]})},
    {"baseline": Baseline({BaselineEntry("HC303", "users.json", "0" * 32): 1})},
    {"importers": ["zulip"]},
    {"budget": Budget(depth=100)},
    {"accept_all": True},
    {"expected": ExpectedContents(people=["@x\udcff", 1])},
    {"log": ExportLog(("a\udcff",), completed=True)},
)


def test_the_digest_of_the_configuration_depends_on_what_decides_a_verdict_and_on_nothing_else() -> None:
    def digest(**options: object) -> str:
        receipt = validate(io.BytesIO(SAMPLE.read_bytes()), replace(MAKING, **options)).receipt
        assert receipt
        return receipt.configuration.sha256

    named = {name for options in (*NEUTRAL, *DECISIVE) for name in options}
    assert named == {*Options.__struct_fields__} - {"receipt"}, "say of a new option whether it decides a verdict"
    default = digest()
    assert {digest(**options) for options in NEUTRAL} == {default}
    others = [digest(**options) for options in DECISIVE]
    assert len({default, *others}) == 1 + len(DECISIVE)
    one, other = Choices(ignore=["HC303", "HC501"]), Choices(ignore=["HC501", "HC303"])
    assert digest(choices=one) == digest(choices=other)


def test_the_digest_of_the_rules_changes_with_version_catalogue_and_schemas(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = [rule_set().sha256]
    with monkeypatch.context() as patch:
        patch.setattr(identities, "__version__", "99")
        digests.append(rule_set().sha256)
    with monkeypatch.context() as patch:
        patch.setitem(RULES, "HC303", replace(RULES["HC303"], severity=Severity.ERROR))
        digests.append(rule_set().sha256)
    with monkeypatch.context() as patch:
        patch.setattr(schemas, "text", lambda name: f"another {name}")
        digests.append(rule_set().sha256)
    assert len(set(digests)) == 4
    assert rule_set().sha256 == digests[0]
    assert rule_set().rules == len(RULES)


def test_importers_that_were_asked_for_are_in_the_receipt() -> None:
    receipt = checked("users.json#/0/User/links = 1", importers=["zulip", "rocketchat"]).receipt
    assert receipt
    assert [row["importer"] for row in receipt.importers] == ["zulip", "rocketchat"]
    conforms("receipt.json", json.loads("\n".join(receipt_lines(receipt))))


def test_a_tar_without_a_member_has_a_receipt() -> None:
    receipt = receipt_of(END)
    assert (receipt.contents.members, receipt.contents.bytes, receipt.complete) == (0, 0, True)


def test_a_member_takes_less_than_a_kilobyte_of_memory() -> None:
    count = 5000
    digests = ContentDigests(Budget())
    with traced() as peak:
        for number in range(count):
            path = f"rooms/{number % 50}/files/{number:015d}/some name of a file {number}.pdf"
            digests.members.append(MemberDigest(path, MemberKind.FILE, number, sha256(path.encode())))
        assert len(member_rows(digests, Redaction())) == count
        assert peak() / count < 1000


@pytest.mark.parametrize("show_values", [False, True])
def test_no_text_of_other_sources_is_in_a_receipt(show_values: bool) -> None:  # noqa: FBT001 - a row
    expected = ExpectedContents(people=[f"@{CANARY}"], rooms=[CANARY], at_least={"users": 10**6})
    log = ExportLog((f"rooms/1/files/{CANARY}.pdf", f"{CANARY}.txt"))
    report = checked(DEFECTS["every text"], show_values=show_values, expected=expected, log=log)
    assert report.totals.keys() >= {"HC807", "HC808"}
    assert CANARY.casefold() not in "\n".join(lines(report.receipt)).casefold()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_export_of_another_dialect_has_the_same_counts(dialect: str, tmp_path: Path) -> None:
    receipts = []
    for name in (None, dialect):
        path = str(tmp_path / f"{name}.tar.gz")
        generate(path, Plan(seed=5, messages=200, rooms=3, users=5, attachments=2, dialect=name or "hc-migrate"))
        receipts.append(receipt_of(Path(path).read_bytes()))
    one, other = receipts
    assert other.dialect == dialect
    assert (one.rooms, one.users, one.first, one.last) == (other.rooms, other.users, other.first, other.last)


PROSE = frozenset(
    ["name", "mention_name", "email", "title", "message", "topic", "shortcut", "guest_access_url", "card"]
)


def prose(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the texts that people wrote in a JSON value."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key in PROSE and isinstance(inner, str):
            yield inner
        yield from prose(inner)
    for inner in value if isinstance(value, list) else ():
        yield from prose(inner)


def test_no_text_and_no_file_name_of_a_nasty_generated_archive_is_in_its_receipt(tmp_path: Path) -> None:
    path = tmp_path / "nasty.tar.gz"
    generate(str(path), Plan(seed=11, messages=400, rooms=5, users=8, attachments=6, emoticons=3, nasty=True))
    with tarfile.open(path) as tar:
        files = {info.name: file.read() for info in tar if (file := tar.extractfile(info))}
    texts = {name.rpartition("/")[2] for name in files if not name.endswith(".json")}
    for name, content in files.items():
        if name.endswith(".json"):
            texts |= set(prose(json.loads(content)))
    receipt = json.loads("\n".join(lines(receipt_of(path.read_bytes()))))
    shown = json.dumps(receipt, ensure_ascii=False)
    assert len(texts) > 100
    assert [text for text in texts if len(text) > 5 and text in shown] == []
