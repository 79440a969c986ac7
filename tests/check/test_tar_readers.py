"""An archive that is valid is the same archive for GNU tar, bsdtar, Python's tarfile and Go's archive/tar.

``python -m tests.check.test_tar_readers 20000`` tries as many odd tars as it is told, and says what it found.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, Report, Verdict, validate
from hcfmt.container import open_archive
from tests.support.builders import END
from tests.support.recipes import cook
from tests.support.tar_mutations import mutated_member
from tests.support.tar_readers import Reading, by_bsdtar, by_gnu_tar, by_python, go_reader, of_archive

Readers = Mapping[str, Callable[[bytes], Reading]]


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    with go_reader(tmp_path_factory.mktemp("go")) as by_go:
        yield _readers(by_go)


def _readers(by_go: Callable[[bytes], Reading]) -> Readers:
    return {"GNU tar": by_gnu_tar, "bsdtar": by_bsdtar, "Python": by_python, "Go": by_go}


@cache
def _sound() -> bytes:
    """Return the sample's tar without its end."""
    return cook("layers tar").data[: -len(END)]


def _odd_tar(random: Random) -> bytes:
    """Return the sample's tar with an odd member before or behind all others."""
    odd = mutated_member(random)
    return odd + _sound() + END if random.random() < 0.5 else _sound() + odd + END


def _judged(data: bytes, folder: Path) -> tuple[Report, Reading]:
    """Return the report on a tar, and what hcfmt read of it."""
    path = folder / "odd.tar"
    path.write_bytes(data)
    with open_archive(str(path), password=None) as archive:
        reading = of_archive(archive)
    return validate(path, Options()), reading


@settings(max_examples=400)
@given(seed=st.integers(0, 2**64))
@pytest.mark.slow
def test_all_readers_agree_on_an_odd_tar_that_is_valid(
    readers: Readers, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    data = _odd_tar(Random(seed))  # noqa: S311 - a test
    report, reading = _judged(data, tmp_path_factory.getbasetemp())
    if report.verdict is Verdict.VALID:
        assert reading is not None
        assert {name: read(data) == reading for name, read in readers.items()} == dict.fromkeys(readers, True)


def main(count: int, first: int) -> None:
    """Try odd tars, one for each number from ``first`` on; print how many are valid and where readers disagree."""
    verdicts: Counter[str] = Counter()
    refused_alone: Counter[str] = Counter()
    disagreements = 0
    with tempfile.TemporaryDirectory() as folder, go_reader(Path(folder)) as by_go:
        readers = _readers(by_go)
        for seed in range(first, first + count):
            data = _odd_tar(Random(seed))  # noqa: S311 - a test
            report, reading = _judged(data, Path(folder))
            verdicts[report.verdict] += 1
            if report.verdict is Verdict.VALID:
                wrong = [name for name, read in readers.items() if read(data) != reading]
                if wrong:
                    disagreements += 1
                    sys.stdout.write(f"{seed}: valid, and {', '.join(wrong)} read something else\n")
            elif report.totals.keys() & {"HC014"} and reading is not None and seed % 10 == 0:
                alike = all(read(data) == reading for read in readers.values())
                refused_alone.update(
                    f"{finding.message} {'(all readers agree)' if alike else ''}"
                    for finding in report.findings
                    if finding.code == "HC014"
                )
    sys.stdout.write(f"{dict(verdicts)}, disagreements: {disagreements}\n")
    for sentence, times in sorted(refused_alone.items()):
        sys.stdout.write(f"{times:6} {sentence}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
