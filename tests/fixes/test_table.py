"""The table of fixes: what rules declare, and what each fix does to an archive in which its rule is broken."""

import sys
from pathlib import Path

import pytest

from hcfmt.check.catalogue import RULES
from hcfmt.check.engine import Options
from hcfmt.check.remedies import REMEDIES, Remedy, Safety
from hcfmt.damage import NO_PLACE
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.editing import Answer
from hcfmt.export.schemas import DIALECTS
from hcfmt.export.writer import ArchiveForm
from hcfmt.fixes import FIXES, fix
from hcfmt.fixes.table import LEFT, NOT_KEPT
from hcfmt.verdict import Verdict
from tests.support.breaking import WAYS, broken_in_a_way, report, secret, totals
from tests.support.dialects import in_dialect, packed
from tests.support.generated_exports import company
from tests.support.recipes import SAMPLE

MANY = frozenset({"HC301", "HC317", "HC318"})  # rules with a variant for each property
WITH_FIX = [way for way, damage in WAYS.items() if damage.code in FIXES]
CASES = [
    pytest.param(way, marks=pytest.mark.slow) if WAYS[way].code in MANY and ":" in way else way for way in WITH_FIX
]


def test_every_rule_declares_its_remedy() -> None:
    assert list(REMEDIES) == list(RULES)


def test_the_rules_with_a_fix_are_those_that_declare_one() -> None:
    assert list(FIXES) == [code for code, remedy in REMEDIES.items() if remedy.safety is not Safety.NONE]


def test_what_a_new_archive_cannot_keep_has_a_fix() -> None:
    assert FIXES.keys() >= NOT_KEPT


def test_what_is_left_are_ways_to_break_a_rule_with_a_fix() -> None:
    assert LEFT.keys() <= set(WITH_FIX)


@pytest.mark.parametrize("remedy", REMEDIES.values(), ids=REMEDIES)
def test_a_remedy_is_told_in_sentences(remedy: Remedy) -> None:
    assert remedy.sentence.endswith(".")
    assert remedy.sentence[0].isupper()


@pytest.mark.parametrize("way", CASES)
def test_a_broken_archive_is_fixed(tmp_path: Path, way: str) -> None:
    check_way(SAMPLE, tmp_path, way)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("way", ["HC107", "HC310", "HC401", "HC501", "HC517"])
def test_a_broken_export_of_another_dialect_is_fixed(tmp_path: Path, way: str, dialect: str) -> None:
    check_way(of_dialect(tmp_path, dialect, people=5, rooms=3, messages=8), tmp_path, way)


def of_dialect(directory: Path, dialect: str, *, people: int, rooms: int, messages: int) -> Path:
    """Write a sound export of a dialect and return its path."""
    path = company(directory / "company.tar", ArchiveForm.TAR, people, rooms, messages)
    if dialect != HC_MIGRATE:
        path.write_bytes(packed(in_dialect(path.read_bytes(), dialect)))
    return path


def check_way(archive: Path, directory: Path, way: str) -> None:
    """Break an archive in a way and fix it: the result is valid, and no rule reports it that did not report before."""
    damage, answers = WAYS[way], list[Answer]()
    broken, output, unchanged = (directory / f"{name}.tar.gz.aes" for name in ("broken", "fixed", "unchanged"))
    broken_in_a_way(archive, broken, damage, seed=3)
    options = Options(password=secret)
    fixed = fix(broken, output, options, unsafe=True, tell=answers.append, salt=bytes(8))
    if way in LEFT:
        assert (fixed.written, output.exists()) == (False, False)
        assert fixed.after.totals[damage.code]
        return
    assert fixed.after.verdict is Verdict.VALID
    assert set(fixed.after.totals) <= {*totals(archive), *damage.companions, *FIXES[damage.code].companions}
    assert report(output).totals == fixed.after.totals
    assert {answer.rule for answer in answers} == fixed.changes.keys()
    assert fixed.changes[damage.code]
    if not FIXES[damage.code].is_safe:
        safe = fix(broken, unchanged, options, select=[damage.code])
        assert (safe.written, list(safe.unsafe), unchanged.exists()) == (False, [damage.code], False)


if __name__ == "__main__":  # every way in every dialect: python -m tests.fixes.test_table DIRECTORY
    count = 0
    for name in (HC_MIGRATE, *DIALECTS):
        place = Path(sys.argv[1]) / name
        place.mkdir(parents=True)
        sound = of_dialect(place, name, people=12, rooms=6, messages=20)
        for each in WITH_FIX:
            if (name, each) in NO_PLACE or (name, WAYS[each].code) in NO_PLACE:
                continue
            folder = place / each.replace(":", "-")
            folder.mkdir()
            try:
                check_way(sound, folder, each)
                count += 1
            except Exception as error:  # noqa: BLE001 - the others are tried too
                print(name, each, type(error).__name__, *str(error).splitlines()[:1])  # noqa: T201 - run by hand
    print(f"{count:,} broken archives were fixed, or left as declared.")  # noqa: T201 - as above
