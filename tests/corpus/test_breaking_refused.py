"""Refused damages: of unsound archives, of archives that lack something, and with other results than asked for."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hcfmt.corpus import break_archive, breaking
from hcfmt.damage import DAMAGES
from hcfmt.damage.damage import DamageFunction
from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport
from hcfmt.export.writer import ArchiveForm
from tests.support.breaking import broken, report
from tests.support.generated_exports import company
from tests.support.recipes import SAMPLE, cook


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """Give a directory in which nothing may be left."""
    directory = tmp_path / "empty"
    directory.mkdir()
    yield directory
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        ("users.json -", "is invalid: HC104"),
        ("gzip cut -20", "is incomplete: HC007"),
        ("password wrong", "is incomplete: HC002"),
        ("prefix data/", "is invalid: HC107"),
        ("prefix ./", "without it first"),
    ],
)
def test_only_a_sound_archive_is_broken(tmp_path: Path, empty: Path, recipe: str, says: str) -> None:
    cooked = cook(recipe)
    (tmp_path / cooked.name).write_bytes(cooked.data)
    with pytest.raises(UsageError, match=says):
        broken(tmp_path / cooked.name, empty / "broken.tar", "HC401")


def test_findings_from_before_the_damage_are_not_counted(tmp_path: Path) -> None:
    cooked = cook('rooms.json#/0/Room/name = "The Lounge"\nmetadata.json = {"nested": {"group": 9007199254740993}}')
    path = tmp_path / cooked.name
    path.write_bytes(cooked.data)
    assert report(path).totals == {"HC207": 1, "HC710": 1}
    assert broken(path, tmp_path / "1.tar", "HC207").report.totals == {"HC207": 2, "HC710": 1}
    assert broken(path, tmp_path / "2.tar", "HC401").report.totals == {"HC207": 1, "HC401": 1, "HC710": 1}


@pytest.mark.parametrize(
    ("rule", "how", "says"),
    [
        ("HC999", {}, "There is no rule 'HC999'"),
        ("HC401", {"count": 0}, r"count must be 1 or more, not 0"),
        ("HC401", {"count": -1}, r"count must be 1 or more, not -1"),
        ("HC503", {"count": 2}, r"^The export has too few users with a picture: 1, and 2 are needed\.$"),
        ("HC407", {"count": 9}, r"^The export has too few emoticons: 1, and 9 are needed\.$"),
    ],
)
def test_an_impossible_damage_is_refused(empty: Path, rule: str, how: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        broken(SAMPLE, empty / "broken.tar", rule, **how)


def test_standard_input_is_refused(empty: Path) -> None:
    with pytest.raises(UsageError, match="read twice"):
        break_archive("-", str(empty / "broken.tar"), "HC401")


def test_an_encrypted_output_needs_a_password(tmp_path: Path, empty: Path) -> None:
    company(tmp_path / "plain.tar", ArchiveForm.TAR, people=3, rooms=1, messages=3)
    with pytest.raises(UsageError, match="needs a password"):
        break_archive(str(tmp_path / "plain.tar"), str(empty / "broken.tar.gz.aes"), "HC401")


def _nothing(_: EditableExport, __: Random, ___: int) -> None:
    """Do no damage."""


def _too_much(export: EditableExport, _: Random, __: int) -> None:
    """Do what is asked, and more."""
    export.records("users.json")[1].set("name", None)
    export.replace_content("metadata.json", b"{")


def _twice(export: EditableExport, _: Random, __: int) -> None:
    """Do what is asked two times."""
    for user in export.records("users.json"):
        user.set("name", None)


@pytest.mark.parametrize(
    ("do", "says"),
    [
        (_nothing, "the damage gave 0 new findings of HC301, and not 1"),
        (_twice, "the damage gave 2 new findings of HC301, and not 1|the damage also breaks"),
        (_too_much, "the damage also breaks HC201"),
    ],
)
def test_a_damage_with_another_result_is_not_written(
    empty: Path, monkeypatch: pytest.MonkeyPatch, do: DamageFunction, says: str
) -> None:
    changed = {**DAMAGES, "HC301": dataclasses.replace(DAMAGES["HC301"], apply=do)}
    monkeypatch.setattr(breaking, "DAMAGES", changed)
    with pytest.raises(UsageError, match=says):
        broken(SAMPLE, empty / "broken.tar", "HC301")


def test_a_declared_companion_may_be_found_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = dataclasses.replace(DAMAGES["HC301"], apply=_too_much, companions=("HC201",))
    monkeypatch.setattr(breaking, "DAMAGES", {"HC301": changed})
    assert broken(SAMPLE, tmp_path / "broken.tar", "HC301").report.totals == {"HC201": 1, "HC301": 1}


def test_an_existing_file_is_replaced_only_with_force(tmp_path: Path) -> None:
    output = tmp_path / "broken.tar"
    output.write_bytes(b"precious")
    with pytest.raises(UsageError, match="exists; --force overwrites it"):
        broken(SAMPLE, output, "HC401")
    assert output.read_bytes() == b"precious"
    broken(SAMPLE, output, "HC401", force=True)
    assert report(output).totals == {"HC401": 1}


def test_an_archive_is_not_replaced_by_its_broken_form(tmp_path: Path) -> None:
    path = tmp_path / "export.tar.gz.aes"
    path.write_bytes(SAMPLE.read_bytes())
    with pytest.raises(UsageError, match="overwrite"):
        broken(path, path, "HC401", force=True)
    assert path.read_bytes() == SAMPLE.read_bytes()


def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file or directory"):
        broken(SAMPLE, tmp_path / "no" / "broken.tar", "HC401")
