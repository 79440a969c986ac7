"""Breaking exports of Server and Cloud: exactly the rule is found, or the refusal says why it has no place there."""

import json
from pathlib import Path
from typing import Any

import pytest

from hcfmt.corpus import break_archive
from hcfmt.damage import NO_PLACE
from hcfmt.errors import UsageError
from hcfmt.export.schemas import DIALECTS
from hcfmt.export.writer import ArchiveForm
from hcfmt.verdict import Verdict
from tests.support.breaking import WAYS, broken_in_a_way, members, more, report
from tests.support.dialects import in_dialect, packed
from tests.support.generated_exports import company

CASES = [(dialect, way) for dialect in DIALECTS for way in WAYS]

each_dialect = pytest.mark.parametrize("dialect", DIALECTS)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give a company's export in each dialect."""
    directory = tmp_path_factory.mktemp("archives")
    data = company(directory / "company.tar", ArchiveForm.TAR, people=12, rooms=6, messages=20).read_bytes()
    paths = {dialect: directory / f"{dialect}.tar" for dialect in DIALECTS}
    for dialect, path in paths.items():
        path.write_bytes(packed(in_dialect(data, dialect)))
    return paths


def reason(dialect: str, way: str) -> str | None:
    return NO_PLACE.get((dialect, WAYS[way].code)) or NO_PLACE.get((dialect, way))


@each_dialect
def test_the_archives_are_sound_and_of_their_dialect(archives: dict[str, Path], dialect: str) -> None:
    found = report(archives[dialect])
    assert (found.verdict, set(found.totals)) == (Verdict.VALID, {"HC019", "HC114"})
    inventory: Any = found.inventory
    assert inventory["dialect"]["name"] == dialect


def test_every_reason_is_of_a_dialect_and_of_a_way_to_break_a_rule() -> None:
    assert {dialect for dialect, _ in NO_PLACE} == set(DIALECTS)
    assert {way for _, way in NO_PLACE} <= WAYS.keys()


@pytest.mark.parametrize(("dialect", "way"), [case for case in CASES if not reason(*case)])
@pytest.mark.slow
def test_the_validator_finds_the_broken_rule_and_no_other(
    tmp_path: Path, archives: dict[str, Path], dialect: str, way: str
) -> None:
    output = tmp_path / "broken.tar.gz.aes"
    broken_in_a_way(archives[dialect], output, WAYS[way])
    found = more(archives[dialect], output)
    assert found.pop(WAYS[way].code) == 1
    assert set(found) <= set(WAYS[way].companions)


@pytest.mark.parametrize(("dialect", "way"), [case for case in CASES if reason(*case)])
def test_a_rule_without_a_place_is_refused_with_the_reason(
    tmp_path: Path, archives: dict[str, Path], dialect: str, way: str
) -> None:
    with pytest.raises(UsageError, match=f"^{way} cannot be broken in exports of HipChat .*: {reason(dialect, way)}"):
        broken_in_a_way(archives[dialect], tmp_path / "broken.tar", WAYS[way])
    assert list(tmp_path.iterdir()) == []


@each_dialect
def test_a_changed_file_is_written_as_the_dialect_writes_it(
    tmp_path: Path, archives: dict[str, Path], dialect: str
) -> None:
    broken = broken_in_a_way(archives[dialect], tmp_path / "broken.tar", WAYS["HC404"])
    (answer,) = broken.answers
    before, after = (members(path)["rooms.json"] for path in (archives[dialect], tmp_path / "broken.tar"))
    assert after.startswith(b'[\n  {\n    "Room": {\n      "created"')
    differing = [one for one, other in zip(before.split(b"\n"), after.split(b"\n"), strict=True) if one != other]
    assert differing == [b'      "owner": %d,' % answer.before]
    assert json.loads(after) != json.loads(before)


@each_dialect
def test_a_recipe_changes_an_export_of_any_dialect(tmp_path: Path, archives: dict[str, Path], dialect: str) -> None:
    output = tmp_path / "broken.tar"
    broken = break_archive(archives[dialect], output, recipe="rooms.json#/0/Room/owner = 4321")
    assert broken.report.totals["HC404"] == 1
