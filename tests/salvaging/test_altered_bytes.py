"""An archive in which bytes are altered anywhere: what is saved of it is sound.

``python -m tests.salvaging.test_altered_bytes 10000 1`` alters so many archives, at places that the second number, a
seed, chooses, and counts what was saved.
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

from hcfmt import Fault, Salvaged, Verdict, salvage
from tests.support.builders import PASSWORD
from tests.support.damaged_archives import DIALECTS, SUFFIXES, Sample, members_of, sample

SEEDS = range(1, 5)
WIDTHS = (1, 16, 512, 4096)


def altered(archive: Sample, at: int, width: int, random: Random) -> bytes:
    """Return the bytes of an archive with so many random ones at an offset."""
    return archive.data[:at] + random.randbytes(width) + archive.data[at + width :]


def salvaged(data: bytes, suffix: str, directory: Path) -> tuple[Salvaged | None, dict[str, bytes]]:
    """Salvage an archive; return the result, None for nothing whole, and the saved members."""
    path, output = directory / f"altered{suffix}", directory / f"saved{suffix}"
    path.write_bytes(data)
    try:
        result = salvage(path, output, password=PASSWORD, force=True)
    except Fault:
        return None, {}
    return result, members_of(output)


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_what_is_saved_of_an_archive_with_altered_bytes_is_sound(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    archive = sample(
        data.draw(st.sampled_from(SEEDS[:2])),
        data.draw(st.sampled_from(DIALECTS)),
        data.draw(st.sampled_from(SUFFIXES[1:])),
    )
    at, width = data.draw(st.integers(0, len(archive.data) - 1)), data.draw(st.sampled_from(WIDTHS))
    random = Random(at)  # noqa: S311 - a test
    result, _ = salvaged(altered(archive, at, width, random), archive.suffix, tmp_path_factory.mktemp("altered"))
    assert result is None or result.report.verdict is Verdict.VALID


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_altered_bytes_of_a_plain_tar_cost_no_member_but_theirs(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    archive = sample(data.draw(st.sampled_from(SEEDS[:2])), data.draw(st.sampled_from(DIALECTS)), ".tar")
    at, width = data.draw(st.integers(0, len(archive.data) - 1)), data.draw(st.sampled_from(WIDTHS[:2]))
    random = Random(at)  # noqa: S311 - a test
    _, saved = salvaged(altered(archive, at, width, random), ".tar", tmp_path_factory.mktemp("altered"))
    missing = [path for path, content in archive.members.items() if saved.get(path) != content]
    assert len(missing) <= 3


def main(count: int, seed: int) -> None:
    """Alter archives at random places, and print which results are not valid, and the counts by container."""
    random, start = Random(seed), time.monotonic()  # noqa: S311 - a test
    found, members, all_members = Counter[str](), Counter[str](), Counter[str]()
    with TemporaryDirectory() as directory:
        for number in range(count):
            choice = random.choice(SEEDS), random.choice(DIALECTS), random.choice(SUFFIXES)
            archive = sample(*choice)
            at, width = random.randrange(len(archive.data)), random.choice(WIDTHS)
            result, saved = salvaged(altered(archive, at, width, random), archive.suffix, Path(directory))
            verdict = str(result.report.verdict) if result else "nothing"
            found[f"{archive.suffix} {verdict}"] += 1
            all_members[archive.suffix] += len(archive.members)
            members[archive.suffix] += sum(saved.get(path) == content for path, content in archive.members.items())
            if result and result.report.verdict is not Verdict.VALID:
                totals = {code: times for code, times in result.report.totals.items() if times}
                sys.stdout.write(f"{number}: {choice} {width} bytes altered at {at:,}: {verdict} {totals}\n")
    for name, times in sorted(found.items()):
        sys.stdout.write(f"{name}: {times:,}\n")
    for suffix, some in members.items():
        sys.stdout.write(f"{suffix}: {some / all_members[suffix]:.1%} of the members saved as they were\n")
    sys.stdout.write(f"{count:,} archives in {time.monotonic() - start:,.0f} seconds\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
