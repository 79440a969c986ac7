"""The public face: all names are there, each from where it lives, and only what is asked for is brought in."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import hcfmt
from hcfmt.corpus import breaking
from hcfmt.generation import generate
from tests.support.serving import get

ROOT = Path(__file__).parents[1]
LIGHT = {"hcfmt", "hcfmt.version"}


@pytest.mark.parametrize("name", hcfmt.__all__)
def test_a_public_name_exists_and_has_a_docstring(name: str) -> None:
    thing = getattr(hcfmt, name)
    assert thing.__doc__


def test_the_public_names_are_those_that_dir_lists_in_order() -> None:
    assert dir(hcfmt) == sorted(hcfmt.__all__)


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module 'hcfmt' has no attribute 'nothing'"):
        hcfmt.nothing  # noqa: B018 - asking is the test


def test_the_commands_call_generate_and_break_archive() -> None:
    assert hcfmt.generate is generate.generate
    assert hcfmt.break_archive is breaking.break_archive


def test_importing_hcfmt_brings_in_nothing_else() -> None:
    code = "import sys, hcfmt; print(*sorted(name for name in sys.modules if name.split('.')[0] == 'hcfmt'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == LIGHT


def test_public_names_suffice_to_generate_break_and_validate(tmp_path: Path) -> None:
    sound, broken = str(tmp_path / "sound.tar"), str(tmp_path / "broken.tar")
    manifest = hcfmt.generate(sound, hcfmt.PROFILES["tiny"])
    assert manifest["plan"]["messages"] == manifest["expected"]["messages"]["distinct"] == 60
    assert hcfmt.validate(sound).verdict is hcfmt.Verdict.VALID
    broken_archive = hcfmt.break_archive(sound, broken, "HC401")
    assert [answer.rule for answer in broken_archive.answers] == ["HC401"]
    assert hcfmt.validate(broken).totals["HC401"] == 1


def test_public_names_suffice_to_serve(tmp_path: Path) -> None:
    hcfmt.generate(tmp_path / "sound.tar", hcfmt.PROFILES["tiny"])
    with (
        hcfmt.open_store(tmp_path / "sound.tar", store_path=tmp_path / "store") as store,
        hcfmt.serve(store, hcfmt.Settings("a-token"), lambda: 0.0) as server,
    ):
        assert get(f"{server.api}/room?auth_token=a-token").json()["items"]


def test_without_the_extra_nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(hcfmt.UsageError, match=r"pip install 'hcfmt\[serve\]'"):
        hcfmt.serve  # noqa: B018 - asking is the test


def test_paths_may_be_objects(tmp_path: Path) -> None:
    hcfmt.generate(tmp_path / "sound.tar", hcfmt.PROFILES["tiny"])
    hcfmt.break_archive(tmp_path / "sound.tar", tmp_path / "broken.tar", "HC401")
    assert hcfmt.validate(tmp_path / "broken.tar").totals["HC401"] == 1


@pytest.mark.parametrize("locales", [["de_DE"], "de_DE"])
def test_locales_other_than_a_tuple_are_refused(locales: Any) -> None:  # noqa: ANN401 - of a wrong type
    with pytest.raises(hcfmt.UsageError, match="locales must be a tuple of names"):
        hcfmt.Plan(locales=locales)


def test_without_the_extra_the_error_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(hcfmt.UsageError, match=r"pip install 'hcfmt\[generate\]'"):
        hcfmt.generate(tmp_path / "demo.tar", hcfmt.PROFILES["tiny"])
    assert list(tmp_path.iterdir()) == []
