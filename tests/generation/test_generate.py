"""Generated exports are valid for any plan, and equal for equal plans on any machine."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, Verdict, validate
from hcfmt.errors import UsageError
from hcfmt.export.dialects import CHECKED, HC_MIGRATE
from hcfmt.generation.dialogue.repertoire import repertoire
from hcfmt.generation.generate import generate
from hcfmt.generation.making import PAIR, Made, prepare
from hcfmt.generation.manifest import ExportStats
from hcfmt.generation.members import members
from hcfmt.generation.plan import PROFILES, Plan, planned
from hcfmt.generation.scenarios import CODE, LARGE_IDS, SCENARIOS
from hcfmt.generation.world_building import build_world, write_world
from hcfmt.strategies import worlds
from tests.support.checking import in_manifest, processes
from tests.support.counterparts import counterpart
from tests.support.memory import traced
from tests.support.recipes import PASSWORD

ROOT = Path(__file__).parents[2]
LOCALES = ("en_US", "de_DE", "pt_BR", "ja_JP", "pl_PL:en_US", "ar_AA")


# Valid scenarios of any plan.
FREE = sorted(name for name, row in SCENARIOS.items() if not row.needs and row.verdict == Verdict.VALID)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@settings(max_examples=25)
@given(
    worlds(users=9, rooms=6, messages=300, seeds=(0, 1, 2, 3), locales=LOCALES, dialects=CHECKED),
    st.lists(st.sampled_from(FREE), max_size=3, unique=True),
)
@pytest.mark.slow
def test_every_plan_gives_a_valid_export_with_the_statistics_of_its_manifest(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, scenarios: list[str]
) -> None:
    plan = replace(plan, scenarios=tuple(scenarios))
    path = tmp_path_factory.mktemp("made") / "export.tar"
    manifest = generate(str(path), plan)
    report = validate(str(path), Options(show_values=True))
    noted = {"HC019": int(plan.dialect != HC_MIGRATE)}
    if plan.dialect == HC_MIGRATE and any(room.canonical_name_differs for room in build_world(plan).rooms):
        noted["HC710"] = plan.renamed_rooms
    if LARGE_IDS in plan.scenarios:
        noted["HC716"] = plan.users + plan.rooms
    if CODE in plan.scenarios:
        noted["HC718"] = 2 * plan.messages
    if plan.nasty:
        noted |= {"HC436": plan.users, "HC437": 2 * plan.rooms, "HC717": plan.rooms}
    assert [finding for finding in report.findings if finding.code not in noted] == []
    assert report.verdict is Verdict.VALID
    assert all(count <= noted[code] for code, count in report.totals.items())
    expected = {**in_manifest(report.inventory), "busiest_rooms": manifest["expected"]["busiest_rooms"]}
    assert manifest["expected"] == expected
    assert manifest["expected"]["messages"]["distinct"] == plan.messages


def test_every_message_may_have_an_attachment(tmp_path: Path) -> None:
    everything = {"messages": 40, "attachments": 40, "private_share": 0.25, "notification_share": 0.0}
    manifest = generate(str(tmp_path / "export.tar"), planned("tiny", **everything, archived_rooms=2))
    assert sum(kind["count"] for kind in manifest["expected"]["attachments"]) == 40
    assert validate(str(tmp_path / "export.tar"), Options()).totals == {}


@pytest.mark.parametrize("profile", ["tiny", "small"])
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.slow
def test_exports_of_small_profiles_are_valid(profile: str, seed: int, tmp_path: Path) -> None:
    path = tmp_path / "export.tar.gz"
    manifest = generate(str(path), planned(profile, seed=seed))
    report = validate(str(path), Options())
    assert (report.verdict, report.totals) == (Verdict.VALID, {})
    assert manifest["expected"] == in_manifest(report.inventory)


@pytest.mark.parametrize("profile", PROFILES)
def test_users_rooms_and_emoticons_never_share_an_id(profile: str) -> None:
    plan = planned(
        profile, users=30, guests=2, deleted_users=3, rooms=9, private_rooms=2, archived_rooms=1, deleted_rooms=1,
        messages=400, attachments=3, emoticons=3,
    )  # fmt: skip
    world = build_world(plan)
    ids = [
        *(person.id for person in world.people),
        *(person.id for person in world.rooms),
        *(person.id for person in world.emoticons),
    ]
    assert len(ids) == len(set(ids)) == 42


MAKE = (
    "import sys\nfrom hcfmt.generation.generate import generate\nfrom hcfmt.generation.plan import planned\n"
    "generate(sys.argv[1], planned('tiny', seed=4, nasty=True, locales=('de_DE', 'ja_JP')))"
)


@pytest.mark.slow
def test_the_same_plan_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    digests = set()
    for number, (zone, seed) in enumerate([("UTC", "0"), ("America/St_Johns", "1"), ("Pacific/Kiritimati", "99")]):
        path = tmp_path / f"{number}.tar"
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", MAKE, str(path)], check=True, env=environment)
        digests.add(digest(path))
    assert len(digests) == 1


@pytest.mark.slow
def test_worker_processes_write_the_same_bytes(tmp_path: Path) -> None:
    plan = planned("tiny", seed=3)
    generate(str(tmp_path / "one.tar"), plan)
    with processes(2) as executor:
        generate(str(tmp_path / "two.tar"), plan, executor=executor)
    assert digest(tmp_path / "one.tar") == digest(tmp_path / "two.tar")


def test_another_seed_gives_another_company() -> None:
    users = [
        json.loads(
            b"".join(next(entry for entry in members(planned("tiny", seed=seed)) if entry.path == "users.json").chunks)
        )
        for seed in (1, 2)
    ]
    names = [{message["User"]["name"] for message in wrappers} for wrappers in users]
    assert names[0].isdisjoint(names[1])


@pytest.mark.parametrize("option", ["md5", "sha256", "pbkdf2"])
def test_openssl_and_tar_read_an_encrypted_archive(option: str, tmp_path: Path) -> None:
    path = tmp_path / "export.tar.gz.aes"
    generate(str(path), planned("tiny"), password=PASSWORD.encode, digest=option)
    key = ["-pbkdf2"] if option == "pbkdf2" else ["-md", option]
    command = [counterpart("openssl"), "enc", "-d", "-aes-256-cbc", *key, "-k", PASSWORD, "-in", str(path)]
    packed = subprocess.run(command, check=True, capture_output=True).stdout
    for tar in ("tar", "bsdtar"):
        listed = subprocess.run([counterpart(tar), "tzf", "-"], input=packed, check=True, capture_output=True).stdout
        assert {b"users.json", b"rooms.json"} <= set(listed.split())


def test_the_salt_follows_from_the_seed_unless_given(tmp_path: Path) -> None:
    for name, salt in (("a", None), ("b", None), ("c", b"8 bytes!")):
        generate(str(tmp_path / f"{name}.tar.gz.aes"), planned("tiny"), password=PASSWORD.encode, salt=salt)
    first, second, third = (digest(tmp_path / f"{name}.tar.gz.aes") for name in "abc")
    assert first == second != third


@pytest.mark.slow
def test_memory_does_not_grow_with_messages() -> None:
    def peak(messages: int) -> int:
        plan = planned("tiny", messages=messages, attachments=0, emoticons=0, seed=8)
        for entry in members(plan, ExportStats()):  # the pools are filled
            assert sum(map(len, entry.chunks)) == entry.size
        with traced() as highest:
            for entry in members(plan, ExportStats()):
                assert sum(map(len, entry.chunks)) == entry.size
            return highest()

    assert peak(6_000) < peak(1_500) + 3_000_000


class _Running(Future[Made]):
    """A history that is being written."""

    def __init__(self, file: str, waited: list[bool]) -> None:
        super().__init__()
        self._file, self._waited = Path(file), waited

    def cancel(self) -> bool:
        return False

    def exception(self, timeout: float | None = None) -> None:
        self._waited.append(self._file.parent.is_dir() and timeout is None)


class _Writing(Executor):
    """Other processes, which write private conversations and the first history, and are not done with others."""

    def __init__(self) -> None:
        self.waited: list[bool] = []
        self.running = self.done = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:  # noqa: ANN401 - an executor's
        if fn in {prepare, write_world}:
            done = Future[Any]()
            done.set_result(fn(*args))
            return done
        _, task, file, _ = args
        future = _Running(file, self.waited)
        if task.kind == PAIR or not self.done:
            future.set_result(fn(*args))
            self.done += task.kind != PAIR
        else:
            self.running += 1
        return future


def test_a_process_prepares_what_its_people_talk_with() -> None:
    prepare(planned("tiny", locales=("de_DE",)))
    compiled = repertoire.cache_info().misses
    repertoire("de")
    assert repertoire.cache_info().misses == compiled


def test_an_error_of_the_world_is_that_of_its_process(tmp_path: Path) -> None:
    with processes(2) as executor, pytest.raises(UsageError, match="no locale 'xx_XX'"):
        generate(str(tmp_path / "two.tar"), planned("tiny", locales=("xx_XX",)), executor=executor)
    assert not [*tmp_path.iterdir()]


def test_running_jobs_end_before_their_directory_is_deleted() -> None:
    writing = _Writing()
    entries = members(planned("tiny", emoticons=0), executor=writing)
    next(entry for entry in entries if entry.path.endswith("/history.json"))
    assert isinstance(entries, Generator)
    entries.close()
    assert writing.waited == [True] * writing.running
    assert writing.running > 0
