"""Breaking generated archives: in any of them a damage breaks its rule, or the refusal is true."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcfmt.errors import UsageError
from hcfmt.export.writer import ArchiveForm
from hcfmt.generation.generate import generate
from hcfmt.generation.plan import Plan, planned
from hcfmt.strategies import worlds
from hcfmt.verdict import Verdict
from tests.support.breaking import WAYS, broken_in_a_way, more, report, secret
from tests.support.export_contents import is_true

# Something of everything that damages need, and little of it: only rooms that were deleted, and renamed ones, are none.
RICH: dict[str, Any] = {"users": 6, "rooms": 3, "messages": 90, "attachments": 3, "emoticons": 1}
SEEDS: dict[int, tuple[str, dict[str, Any]]] = {
    20_261: (".tar.gz.aes", {}),
    77_003: (".tar.gz", {"nasty": True}),
    918_273: (".tar", {"nasty": True, "locales": ("ja_JP", "ar_AA")}),
}
NOTED = {"HC710", "HC436", "HC437", "HC717"}  # renamed rooms, and names of nasty plans
LOCALES = ("en_US", "de_DE", "ja_JP", "ar_AA")


def generated(path: Path, plan: Plan) -> Path:
    generate(str(path), plan, password=secret if path.suffix == ".aes" else None)
    return path


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    directory = tmp_path_factory.mktemp("archives")
    return {
        seed: generated(directory / f"{seed}{form}", planned("tiny", seed=seed, **RICH, **more_))
        for seed, (form, more_) in SEEDS.items()
    }


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.slow
def test_every_rule_can_be_broken_in_every_way_and_is_found(
    tmp_path: Path, archives: dict[int, Path], way: str
) -> None:
    damage = WAYS[way]
    for seed in list(SEEDS)[:1] if damage.variant else SEEDS:
        output = tmp_path / f"{seed}.tar.gz.aes"
        broken_in_a_way(archives[seed], output, damage, seed=seed)
        found = more(archives[seed], output)
        assert found.pop(damage.code) == 1
        assert set(found) <= set(damage.companions)


@given(
    plan=worlds(users=9, rooms=5, messages=80, attachments=6, seeds=(1, 2, 3, 4), locales=LOCALES),
    ways=st.lists(st.sampled_from(list(WAYS)), min_size=1, max_size=5, unique=True),
    count=st.integers(1, 3),
    form=st.sampled_from([ArchiveForm.ENCRYPTED, ArchiveForm.GZIP, ArchiveForm.TAR]),
    seed=st.integers(0, 1_000),
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.slow
def test_a_damage_adds_exactly_the_findings_asked_for_or_the_refusal_is_true(
    plan: Plan, ways: list[str], count: int, form: ArchiveForm, seed: int
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        archive = generated(Path(directory, f"sound{form}"), plan)
        sound = report(archive)
        assert (sound.verdict, set(sound.totals) - NOTED) == (Verdict.VALID, set())
        for number, damage in enumerate(WAYS[way] for way in ways):
            times = 1 if damage.once else count
            output = Path(directory, f"{number}.tar.gz.aes")
            refused = ""
            try:
                broken_in_a_way(archive, output, damage, count=times, seed=seed)
            except UsageError as error:
                refused = str(error)
            found = more(archive, output) if not refused else {damage.code: times}
            assert "Nothing was written" not in refused
            assert not refused or times > 1 or is_true(refused, archive)
            assert found.pop(damage.code) == times
            assert set(found) <= set(damage.companions)
