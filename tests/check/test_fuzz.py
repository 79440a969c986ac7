"""Fuzzing: no input makes hcfmt itself fail, whatever was changed in any layer.

``python -m tests.check.test_fuzz 3600`` goes on for so many seconds, in one process; more arguments are the first
number to draw from and a directory for the inputs that failed.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, Report, validate
from hcfmt.check.catalogue import RULES
from hcfmt.report.formats import FORMATS, rendered
from hcfmt.report.run import Run
from tests.support.mutations import mutated
from tests.support.recipes import PASSWORD


def _check(data: bytes, path: Path, random: Random) -> Report:
    """Judge an input and render the report in every format."""
    path.write_bytes(data)
    report = validate(
        path, Options(password=PASSWORD.encode, keep=random.choice([1, 100]), show_values=random.random() < 0.5)
    )
    for name in FORMATS:
        for _ in rendered(name, [report], Run(RULES)):
            pass
    return report


@settings(max_examples=500)
@given(seed=st.integers(0, 2**64))
@pytest.mark.slow
def test_no_mutation_of_any_layer_is_a_failure_of_hcfmt(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test
    report = _check(mutated(random), tmp_path_factory.getbasetemp() / "mutated", random)
    assert not report.failed


def main(seconds: float, first: int, directory: Path) -> None:
    """Check random inputs for some seconds; write those that fail to a directory, and print the counts."""
    end, number, failed = time.monotonic() + seconds, first, 0
    verdicts: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutated")
        while time.monotonic() < end:
            random = Random(number)  # noqa: S311 - a test
            data = mutated(random)
            try:
                report = _check(data, path, random)
                verdicts[report.verdict] += 1
                codes.update(report.totals.keys())
                fault = "HCX02" if report.failed else ""
            except Exception as error:  # noqa: BLE001 - every one is kept and counted
                fault = f"{type(error).__name__}: {error}"
            if fault:
                failed += 1
                (directory / f"{number}.bin").write_bytes(data)
                sys.stdout.write(f"{number}: {fault}\n")
            number += 1
    sys.stdout.write(f"{number - first:,} inputs, {failed} failed; {dict(verdicts)}; {len(codes)} rules reported\n")


if __name__ == "__main__":
    numbers = [float(argument) for argument in sys.argv[1:3]]
    main(numbers[0], int(numbers[1]) if len(numbers) > 1 else 0, Path(sys.argv[3] if len(sys.argv) > 3 else "."))
