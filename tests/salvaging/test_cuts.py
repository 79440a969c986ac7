"""An archive that is cut anywhere: what is saved is sound, and holds every member that was whole before the cut.

``python -m tests.salvaging.test_cuts 10000 1`` cuts so many times, at places that the second number, a seed, chooses.
"""

import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Fault, Verdict, salvage
from tests.support.builders import PASSWORD
from tests.support.damaged_archives import (
    DIALECTS,
    SUFFIXES,
    Sample,
    members_of,
    sample,
    whole_members,
    whole_records,
)

SEEDS = range(1, 5)


def problems(archive: Sample, at: int, directory: Path) -> list[str]:
    """Cut an archive at a byte, salvage it, and return what is wrong with the result."""
    cut, output = directory / f"cut{archive.suffix}", directory / f"saved{archive.suffix}"
    cut.write_bytes(archive.data[:at])
    before = whole_members(archive.data[:at], archive.suffix)
    parts = {path[:-1]: whole_records(text) for path, text in before.items() if is_data_file(path[:-1])}
    whole = {path: content for path, content in before.items() if not path.endswith("/")}
    try:
        salvaged = salvage(cut, output, password=PASSWORD, force=True)
    except Fault:
        return ["nothing saved"] if whole or any(parts.values()) else []
    report, saved = salvaged.report, members_of(output)
    wrong = [] if report.verdict is Verdict.VALID else [f"{report.verdict}: {dict(report.totals)}"]
    wrong += [f"{path} is not saved" for path, content in whole.items() if saved.get(path) != content]
    for path, records in parts.items():
        kept = whole_records(saved.get(path, b""))
        if kept[: len(records)] != records:
            wrong.append(f"{path}: {len(records)} records before the cut, {len(kept)} saved")
    return wrong


def is_data_file(path: str) -> bool:
    """Whether a path is that of a data file."""
    return path.endswith("/history.json") or (path.endswith(".json") and "/" not in path)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_is_saved_of_a_cut_archive_is_sound_and_holds_all_that_was_whole(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    archive = sample(
        data.draw(st.sampled_from(SEEDS[:2])),
        data.draw(st.sampled_from(DIALECTS)),
        data.draw(st.sampled_from(SUFFIXES)),
    )
    at = data.draw(st.integers(0, len(archive.data)))
    assert problems(archive, at, tmp_path_factory.mktemp("cut")) == []


def main(count: int, seed: int) -> None:
    """Cut archives at random places, and print what is wrong and the counts."""
    random, found, start = Random(seed), Counter[str](), time.monotonic()  # noqa: S311 - a test
    with TemporaryDirectory() as directory:
        for number in range(count):
            choice = random.choice(SEEDS), random.choice(DIALECTS), random.choice(SUFFIXES)
            archive = sample(*choice)
            at = random.randrange(len(archive.data) + 1)
            wrong = problems(archive, at, Path(directory))
            found["failed" if wrong else "sound"] += 1
            if wrong:
                sys.stdout.write(f"{number}: {choice} cut at {at:,}: {'; '.join(wrong)}\n")
    seconds = time.monotonic() - start
    sys.stdout.write(f"{count:,} cuts, {found['failed']:,} failed, in {seconds:,.0f} seconds\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
