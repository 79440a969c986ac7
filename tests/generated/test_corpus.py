"""The part of the suite for importers in ``generated/``: sound in itself, and what the code makes."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from hcfmt.check.engine import Options, validate
from hcfmt.corpus.suite import write_suite
from tests.generated.render import BESIDE, CASES, CORPUS
from tests.recipes import PASSWORD

MOST = 300_000  # bytes; the suite is made by whoever wants it, and what lies here is to be looked at


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the same cases anew."""
    directory = tmp_path_factory.mktemp("suite") / "corpus"
    write_suite(str(directory), only=CASES)
    return directory


@pytest.fixture(scope="module")
def committed(request: pytest.FixtureRequest) -> Path:
    """Return the cases that lie in ``generated/``; written anew when that is asked for."""
    if request.config.getoption("--rewrite"):
        shutil.rmtree(CORPUS, ignore_errors=True)
        shutil.copytree(request.getfixturevalue("made"), CORPUS)
    assert CORPUS.is_dir(), "the corpus is missing; --rewrite writes it"
    return CORPUS


def manifest(directory: Path) -> dict[str, dict[str, Any]]:
    cases = json.loads((directory / "manifest.json").read_bytes())["cases"]
    return {case["path"]: case for case in cases}


@pytest.mark.parametrize("path", CASES)
def test_a_committed_case_is_what_its_manifest_says(committed: Path, path: str) -> None:
    told, data = manifest(committed)[path], (committed / path).read_bytes()
    assert (told["bytes"], told["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    report = validate(str(committed / path), Options(password=PASSWORD.encode))
    assert (told["verdict"], told["codes"]) == (report.verdict, report.totals)


def test_the_committed_cases_are_those_that_the_code_makes(committed: Path, made: Path) -> None:
    """Names and pictures, and so the bytes, differ between versions of Faker and Pillow; what is in them does not."""
    assert _settled(committed) == _settled(made)
    for name in BESIDE:
        if name != "manifest.json":
            assert (committed / name).read_bytes() == (made / name).read_bytes()
    assert os.access(committed / "run.sh", os.X_OK)


def _settled(directory: Path) -> list[dict[str, Any]]:
    """Return what a manifest tells of its cases, but for their bytes."""
    return [{key: case[key] for key in case.keys() - {"bytes", "sha256"}} for case in manifest(directory).values()]


def test_there_are_a_few_small_cases_of_every_folder(committed: Path) -> None:
    folders = {path.partition("/")[0] for path in manifest(committed)}
    assert folders == {"valid", "warning", "invalid", "hostile"}
    assert sum(path.stat().st_size for path in committed.rglob("*") if path.is_file()) < MOST
