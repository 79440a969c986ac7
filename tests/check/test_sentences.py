"""Sentences, values and reasons of the reports on every rule's example and on every broken export, as golden files."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hcfmt import Budget, Options, Report, validate
from hcfmt.check.catalogue import RULES
from tests.support.recipes import PASSWORD, UNCHANGED
from tests.support.rule_cases import DEFECTS, ODD_FILES, OMITTED, UNREADABLE
from tests.support.rule_pages import NO_RECIPE, example, sections

GOLDEN = Path(__file__).parent / "golden"
# Compressed bytes, and findings on them, depend on the build of zlib.
_PACKED = re.compile(r"^(?:gzip|aes) ", re.MULTILINE)

EXAMPLES = {f"{rule.code} {rule.name}": dict(sections(rule))["Bad"] for rule in RULES.values()}
BROKEN = {name: recipe or UNCHANGED for name, recipe, _ in DEFECTS} | {
    recipe: recipe
    for recipe in (
        *[recipe for recipe, _, _ in OMITTED],
        *[recipe for recipe, _, _ in UNREADABLE],
        *[recipe for recipe, _ in ODD_FILES],
    )
}

HISTORY = "rooms/1/history.json"
AVATAR = "users/1/avatars/PrypXtu4rN8sEFL"
# Recipes for sentences that no example and no broken export has.
MORE = [
    'users.json#/0/User/avatar = "nonsense"',
    'users.json#/0/User/avatar = "iVBORw0KGgoAAAANSUhEUgAA\\nAAEAAAABCAYAAAAfFcSJ"',
    'users.json#/0/User/avatar = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAA=="',
    'users.json#/0/User/avatar = "/9j/a.jpg"',
    f"{AVATAR}_36.jpg -\n{AVATAR}_125.jpg -",
    "users.json#/- = 7\nusers.json#/- = 8",
    f"{HISTORY}#/0/UserMessage/sender/id = 7\n{HISTORY}#/1/UserMessage/sender/id = 7",
    "\n".join(f"{HISTORY}#/{index}/UserMessage/sender/id = 7" for index in range(3)),
    f"{HISTORY} = [NaN, [NaN], 1, {{}}, NaN]",
    f'{HISTORY} = ["\\xff", 1, "\\xff"]',
    "metadata.json = \\xff\\xfe{\\x00}\\x00",
    "metadata.json = {\\x00}\\x00",
    "prefix data/",
    "prefix ./",
    "/x = x",
    "C:x = x",
    "emoticons.json#/Emoticons/0/width = 1\nemoticons.json#/Emoticons/0/height = 2",
    "option --max-names 60",
    "option --max-references 9",
    "option --max-depth 16\nmetadata.json = [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
]


def findings_of(recipes: Mapping[str, str], directory: Path, **options: Any) -> Iterator[str]:  # noqa: ANN401 - fields of Options
    """Yield, for each recipe, its name, its findings, and the rules that were not fully checked, by reason."""
    for name, recipe in recipes.items():
        if recipe == NO_RECIPE or _PACKED.search(recipe):
            continue
        report = checked(recipe, directory, **options)
        yield f"{name}: {report.verdict.value}"
        for finding in report.findings:
            location = finding.location
            place = " ".join(str(part) for part in (location.member, location.pointer, location.line, location.byte))
            yield f"  {finding.code} {finding.subcode or '-'} {place}: {finding.message}"
            if finding.values:
                yield f"    {json.dumps(finding.values)}"
        reasons: dict[tuple[str, str], list[str]] = {}
        for entry in report.ledger:
            if entry.reason:
                reasons.setdefault((entry.status.value, entry.reason), []).append(entry.code)
        yield from (f"  {status}, {reason}: {' '.join(codes)}" for (status, reason), codes in reasons.items())


def checked(recipe: str, directory: Path, **options: Any) -> Report:  # noqa: ANN401 - fields of Options
    cooked = example(recipe)
    path = directory / cooked.name
    path.write_bytes(cooked.data)
    budget = replace(Budget(), **cooked.limits)
    return validate(str(path), Options(password=PASSWORD.encode, budget=budget, **options))


def escaped(lines: Iterator[str]) -> str:
    """Return lines as text of printable ASCII characters."""
    return "".join(line.encode("unicode_escape").decode() + "\n" for line in lines)


@pytest.mark.parametrize(
    ("name", "recipes", "show_values"),
    [("examples", EXAMPLES, False), ("broken", BROKEN, True), ("more", {recipe: recipe for recipe in MORE}, True)],
    ids=["examples", "broken", "more"],
)
@pytest.mark.slow
def test_sentences_values_and_reasons_match_their_golden_file(
    name: str,
    recipes: Mapping[str, str],
    show_values: bool,  # noqa: FBT001 - a column of the table
    tmp_path: Path,
    golden: Callable[[Path, str], None],
) -> None:
    golden(GOLDEN / f"{name}.txt", escaped(findings_of(recipes, tmp_path, show_values=show_values)))


def test_the_ledger_of_the_sample_counts_examined_objects(tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    report = checked(UNCHANGED, tmp_path)
    lines = [f"{entry.code} {entry.status.value} {entry.examined}" for entry in report.ledger]
    golden(GOLDEN / "ledger.txt", escaped(iter(lines)))
