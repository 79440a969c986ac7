"""The table of damages: one for every rule, and what each does to an export."""

import ast
import importlib
import io
import re
from pathlib import Path

import pytest

from hcfmt import damage as package
from hcfmt.check.catalogue import RULES
from hcfmt.container import open_archive
from hcfmt.damage import DAMAGES, EXCUSED, VARIANTS, Damage
from hcfmt.damage.record_edits import PLACES
from hcfmt.damage.selection import pairs, take, unused_name
from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport, read_export
from hcfmt.export.writer import ArchiveForm
from hcfmt.rng import random_for
from tests.support.breaking import WAYS
from tests.support.export_contents import COUNTS
from tests.support.recipes import PASSWORD, SAMPLE

EVERY = pytest.mark.parametrize("damage", WAYS.values(), ids=WAYS)
MODULES = sorted(Path(package.__file__).parent.rglob("*.py"))
LAYERS = {*(f"HC{number:03}" for number in range(2, 12)), "HC014", "HC015", "HC018"}
EDIT_LAYERS = {way for way, damage in WAYS.items() if damage.code in LAYERS} | {"HC012:empty"}


MODULES_OF_VARIANTS = [
    importlib.import_module(f"hcfmt.damage.variants.{path.stem}")
    for path in MODULES
    if path.parent.name == "variants" and path.stem != "__init__"
]


def sample(form: ArchiveForm = ArchiveForm.ENCRYPTED, name: str = "out.tar.gz.aes") -> EditableExport:
    with open_archive(str(SAMPLE), password=PASSWORD.encode) as archive:
        return read_export(archive, form, name, io.BytesIO())


def test_every_rule_has_a_damage_or_an_excuse() -> None:
    missing, unknown = RULES.keys() - DAMAGES.keys() - EXCUSED.keys(), (DAMAGES.keys() | EXCUSED.keys()) - RULES.keys()
    assert not missing, f"{sorted(missing)} lack a row in DAMAGES of hcfmt/damage/table.py"
    assert not unknown, f"{sorted(unknown)} of hcfmt/damage/table.py are no rules of the catalogue"
    assert DAMAGES.keys() & EXCUSED.keys() == set()


def test_damages_are_in_the_order_of_codes() -> None:
    assert list(DAMAGES) == sorted(DAMAGES)


def test_variants_are_in_the_order_of_codes_and_have_no_name_twice() -> None:
    assert list(VARIANTS) == sorted(VARIANTS)
    rows = [row for module in MODULES_OF_VARIANTS for row in module.ROWS]
    assert sum(map(len, VARIANTS.values())) == len(rows)


@pytest.mark.parametrize("code", VARIANTS)
def test_no_two_ways_to_break_a_rule_do_the_same(code: str) -> None:
    summaries = [damage.summary for damage in (DAMAGES[code], *VARIANTS[code].values())]
    assert len(set(summaries)) == len(summaries)


@EVERY
def test_a_variant_has_a_name_of_small_letters(damage: Damage) -> None:
    assert damage.variant == "" or re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", damage.variant)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_nouns_of_things_that_an_export_can_lack_are_counted(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    taking = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "take"]
    nouns = {call.args[2].value for call in taking if isinstance(call.args[2], ast.Constant)}
    nouns |= {place.noun for place in PLACES.values()} if path.name == "record_edits.py" else set()
    assert nouns - COUNTS.keys() == set(), "these lack a row in COUNTS of tests/support/export_contents.py"


@pytest.mark.parametrize("code", EXCUSED)
def test_an_excuse_is_a_reason(code: str) -> None:
    assert len(EXCUSED[code].split()) > 3


@EVERY
def test_the_summary_of_a_damage_is_one_sentence(damage: Damage) -> None:
    assert damage.summary.endswith(".")
    assert damage.summary[0].isupper()


@EVERY
def test_companions_are_other_rules_of_the_catalogue(damage: Damage) -> None:
    assert set(damage.companions) <= set(RULES) - {damage.code}


@pytest.mark.parametrize("way", WAYS)
def test_a_damage_logs_its_changes_or_edits_a_layer(way: str) -> None:
    export = sample()
    WAYS[way].apply(export, random_for(5, way), 1)
    assert bool(export.log) != bool(export.edits)
    assert (way in EDIT_LAYERS) == bool(export.edits)


@EVERY
def test_the_same_seed_does_the_same_damage(damage: Damage) -> None:
    logs = []
    for _ in range(2):
        export = sample()
        damage.apply(export, random_for(6, damage.code), 1)
        logs.append([repr(change) for change in export.log])
    assert logs[0] == logs[1]


@EVERY
def test_an_empty_export_is_damaged_or_refused_with_the_reason(damage: Damage) -> None:
    export = EditableExport([], ArchiveForm.DIRECTORY, "out")
    said = "."
    try:
        damage.apply(export, random_for(1), 1)
    except UsageError as error:
        said = str(error)
    assert said.endswith(".")


@pytest.mark.parametrize("code", sorted(LAYERS | {"HC001", "HC013", "HC016"}))
def test_a_directory_has_no_layers_to_damage(code: str) -> None:
    with pytest.raises(UsageError, match="name it"):
        DAMAGES[code].apply(sample(ArchiveForm.DIRECTORY, "out"), random_for(1), 1)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (ArchiveForm.TAR, "HC006"),
        (ArchiveForm.TAR, "HC007"),
        (ArchiveForm.TAR, "HC013"),
        (ArchiveForm.GZIP, "HC002"),
        (ArchiveForm.GZIP, "HC004"),
    ],
)
def test_a_missing_layer_is_not_damaged(form: ArchiveForm, code: str) -> None:
    with pytest.raises(UsageError, match="which the output does not have"):
        DAMAGES[code].apply(sample(form, f"out{form}"), random_for(1), 1)


def test_a_refusal_has_the_number_found_and_the_number_needed() -> None:
    with pytest.raises(UsageError, match=r"^The export has too few rooms: 2, and 3 are needed\.$"):
        take(iter("ab"), 3, "rooms")


def test_take_reads_no_more_values_than_needed() -> None:
    things = iter("abc")
    assert take(things, 2, "letters") == ["a", "b"]
    assert list(things) == ["c"]


def test_a_name_taken_in_any_letter_case_gets_a_number() -> None:
    assert unused_name(["a"], "b") == "b"
    assert unused_name(["B", "b2"], "b") == "b3"


def test_pairs_leave_out_an_odd_last_value() -> None:
    assert pairs("abcde") == [("a", "b"), ("c", "d")]
