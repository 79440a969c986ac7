"""The committed part of the suite for importers matches its manifest and the code that writes it."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from hcfmt.check.engine import Options, validate
from hcfmt.corpus.suite import write_suite
from tests.support.recipes import PASSWORD
from tests.support.render import CASES, CORPUS, SUITE_FILES

LARGEST = 300_000  # bytes; only a part that one can read is committed


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the same cases to a temporary directory; return it."""
    directory = tmp_path_factory.mktemp("suite") / "corpus"
    write_suite(str(directory), only=CASES)
    return directory


@pytest.fixture(scope="module")
def committed(request: pytest.FixtureRequest) -> Path:
    """Return the directory of the committed cases; ``--rewrite`` writes them again."""
    if request.config.getoption("--rewrite"):
        shutil.rmtree(CORPUS, ignore_errors=True)
        shutil.copytree(request.getfixturevalue("written"), CORPUS)
    assert CORPUS.is_dir(), "the corpus is missing; --rewrite writes it"
    return CORPUS


def manifest(directory: Path) -> dict[str, dict[str, Any]]:
    cases = json.loads((directory / "manifest.json").read_bytes())["cases"]
    return {case["path"]: case for case in cases}


@pytest.mark.parametrize("path", CASES)
def test_a_committed_case_matches_its_manifest(committed: Path, path: str) -> None:
    case, data = manifest(committed)[path], (committed / path).read_bytes()
    assert (case["bytes"], case["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    report = validate(str(committed / path), Options(password=PASSWORD.encode))
    assert (case["verdict"], case["codes"]) == (report.verdict, report.totals)


def test_the_committed_cases_are_those_that_the_code_writes(committed: Path, written: Path) -> None:
    """Bytes are not compared: names and pictures depend on the versions of Faker and Pillow."""
    assert _without_bytes(committed) == _without_bytes(written)
    for name in SUITE_FILES:
        if name != "manifest.json":
            assert (committed / name).read_bytes() == (written / name).read_bytes()
    assert os.access(committed / "run.sh", os.X_OK)


def _without_bytes(directory: Path) -> list[dict[str, Any]]:
    """Return the cases of a manifest without their sizes and checksums."""
    return [{key: case[key] for key in case.keys() - {"bytes", "sha256"}} for case in manifest(directory).values()]


def test_there_are_a_few_small_cases_of_every_folder(committed: Path) -> None:
    folders = {path.partition("/")[0] for path in manifest(committed)}
    assert folders == {"valid", "warning", "invalid", "hostile"}
    assert sum(path.stat().st_size for path in committed.rglob("*") if path.is_file()) < LARGEST
