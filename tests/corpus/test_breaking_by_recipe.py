"""Breaking archives by a recipe: the result is written, whatever is found in it, and nothing outside of it changes."""

import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcfmt.container import open_archive
from hcfmt.corpus import Answer, Broken, break_archive
from hcfmt.errors import UsageError
from hcfmt.export.writer import ArchiveForm
from hcfmt.verdict import Verdict
from tests.support.breaking import members, report, secret
from tests.support.generated_exports import company
from tests.support.recipes import SAMPLE, UNCHANGED, cook


def changed(archive: Path, output: Path, recipe: str) -> Broken:
    return break_archive(str(archive), str(output), recipe=recipe, password=secret)


def found(broken: Broken) -> dict[str, int]:
    return {code: times for code, times in broken.report.totals.items() if times}


def test_the_verdict_and_the_rules_found_are_in_the_report(tmp_path: Path) -> None:
    output = tmp_path / "broken.tar.gz.aes"
    broken = changed(SAMPLE, output, "rooms.json#/0/Room/owner = 3\nusers.json#/1/User/email = null")
    assert broken.rule is None
    assert broken.answers == (
        Answer(None, "rooms.json", "/0/Room/owner", 1, 3),
        Answer(None, "users.json", "/1/User/email", "other@example.com", None),
    )
    assert (broken.report.verdict, found(broken)) == (Verdict.INVALID, {"HC404": 1, "HC705": 1})
    assert broken.report.totals == report(output).totals


def test_members_that_a_recipe_does_not_name_stay_byte_for_byte(tmp_path: Path) -> None:
    changed(SAMPLE, tmp_path / "broken.tar", "rooms.json#/0/Room/owner = 3")
    before, after = members(SAMPLE), members(tmp_path / "broken.tar")
    assert [*before] == [*after]
    assert {path for path in before if before[path] != after[path]} == {"rooms.json"}


def test_no_change_leaves_a_sound_archive(tmp_path: Path) -> None:
    broken = changed(SAMPLE, tmp_path / "same.tar.gz.aes", UNCHANGED)
    assert (broken.report.verdict, found(broken), broken.answers) == (Verdict.VALID, {}, ())


def test_an_archive_may_be_broken_before(tmp_path: Path) -> None:
    changed(SAMPLE, tmp_path / "1.tar", "rooms.json#/0/Room/owner = 3")
    assert found(changed(tmp_path / "1.tar", tmp_path / "2.tar", "preferences.json -")) == {"HC105": 1, "HC404": 1}


@pytest.mark.parametrize(
    ("recipe", "verdict", "code"),
    [
        ("password wrong", Verdict.INCOMPLETE, "HC002"),
        ("layers zip", Verdict.INCOMPLETE, "HC005"),
        ("layers aes tar", Verdict.VALID, "HC001"),
        ("layers aes aes gzip tar", Verdict.VALID, "HC016"),
        ("gzip cut -20", Verdict.INCOMPLETE, "HC007"),
        ("digest pbkdf2", Verdict.VALID, "HC013"),
        ("option --max-members 5", Verdict.INCOMPLETE, "HCX01"),
        ("layers tar", Verdict.VALID, "HC001"),
    ],
)
def test_layers_and_settings_are_changed(tmp_path: Path, recipe: str, verdict: Verdict, code: str) -> None:
    broken = changed(SAMPLE, tmp_path / "broken.tar.gz.aes", recipe)
    assert broken.report.verdict is verdict
    assert code in found(broken)


@pytest.mark.parametrize("layers", ["gzip tar", "tar"])
def test_an_output_without_a_suffix_has_the_layers_of_the_archive(tmp_path: Path, layers: str) -> None:
    cooked = cook(f"layers {layers}")
    (tmp_path / cooked.name).write_bytes(cooked.data)
    changed(tmp_path / cooked.name, tmp_path / "broken", "preferences.json -")
    with open_archive(str(tmp_path / "broken"), password=None) as archive:
        assert " ".join(archive.layers) == layers


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        ("gzip cut -20", "cannot be read"),
        ("password wrong", "password is most likely wrong"),
        ("a -> b", "neither file nor directory"),
        ("layers zip", "cannot be read to its end"),
    ],
)
def test_an_archive_that_cannot_be_read_to_its_end_is_refused(tmp_path: Path, recipe: str, sentence: str) -> None:
    cooked = cook(recipe)
    (tmp_path / cooked.name).write_bytes(cooked.data)
    with pytest.raises(UsageError, match=sentence):
        changed(tmp_path / cooked.name, tmp_path / "broken.tar", "users.json -")
    assert [path.name for path in tmp_path.iterdir()] == [cooked.name]


def test_no_path_of_a_recipe_leads_out_of_the_archive(tmp_path: Path) -> None:
    source, inner = tmp_path / "export", tmp_path / "inner"
    inner.mkdir()
    company(source, ArchiveForm.DIRECTORY, people=6, rooms=4, messages=12)
    for line in (
        "../../out = x",
        "/srv/out = x",
        "a -> ../../..",
        "rename users.json ../users.json",
        "prefix ../",
    ):
        with pytest.raises(UsageError, match=r"write a \.tar instead"):
            changed(source, inner / "broken", line)
        changed(source, inner / "broken.tar", line)
        (inner / "broken.tar").unlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export", "inner"]
    assert list(inner.iterdir()) == []


def test_a_directory_is_changed_into_a_directory(tmp_path: Path) -> None:
    source = tmp_path / "export"
    company(source, ArchiveForm.DIRECTORY, people=6, rooms=4, messages=12)
    broken = changed(source, tmp_path / "broken", "rooms.json#/0/Room/owner = 999999\nnew/empty/ =")
    assert found(broken)["HC404"] == 1
    assert (tmp_path / "broken" / "new" / "empty").is_dir()
    for line in ("layers tar", "tar cut 3", "gzip flip 1", "aes pad x", "header users.json 0 x"):
        with pytest.raises(UsageError, match="layer"):
            changed(source, tmp_path / "other", line)


def test_a_rule_or_a_recipe_is_given(tmp_path: Path) -> None:
    for rule, recipe in ((None, None), ("HC401", "a = b")):
        with pytest.raises(UsageError, match="give exactly one of them"):
            break_archive(str(SAMPLE), str(tmp_path / "broken.tar"), rule, recipe=recipe)


LINES = (
    *("users.json#/0/User/name = ~", "users.json#/- = ~", "users.json#/0 -", "users.json = ~", "~ = x", "~/ = x"),
    *("users.json += ~", "~ -> users.json", "rename users.json ~", "prefix ~", "header users.json 100 ~"),
    *("header users.json 124 ~", "tar cut -~", "gzip flip ~", "aes add ~", r"aes pad \x00", "digest sha256"),
    *("password ~", "layers tar", "layers zip", "layers aes tar", "option --max-depth 16"),
)
WORDS = (
    *("3", "99", "..", "../x", "/", "a", r"\xff\x00", r"a\x00b", "(a*300)", r"(\x41*5000)", "users.json", "rooms"),
    *("[]", r'"\ud800"', "NaN", "[" * 200, "~"),
)
ANY_LINE = st.builds(lambda line, word: line.replace("~", word), st.sampled_from(LINES), st.sampled_from(WORDS))


@given(st.lists(ANY_LINE, min_size=1, max_size=6).map("\n".join))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.slow
def test_any_recipe_is_written_or_refused_in_words(recipe: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory, "broken.tar.gz.aes")
        refused = False
        try:
            changed(SAMPLE, output, recipe)
        except UsageError:
            refused = True
        assert [*Path(directory).iterdir()] == ([] if refused else [output])


def test_a_tar_of_a_recipe_is_read_by_other_programs(tmp_path: Path) -> None:
    changed(SAMPLE, tmp_path / "broken.tar", "rename users.json people.json")
    with tarfile.open(tmp_path / "broken.tar") as archive:
        assert "people.json" in archive.getnames()
