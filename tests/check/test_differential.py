"""The accepting path agrees with the explanation record by record, in any slices, tasks, order and processes.

``python -m tests.check.test_differential 3600`` goes on for so many seconds; more arguments are the first number to
draw from and a directory for the inputs on which two reports differ.
"""

import io
import sys
import time
from collections import Counter
from concurrent.futures import Executor
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, validate
from hcfmt.check import pipeline, slice_check
from hcfmt.export import schema_errors, schema_walk, slices
from tests.support.checking import processes
from tests.support.executors import InOtherOrder
from tests.support.export_mutations import random_export, random_export_in_dialect
from tests.support.mutations import mutated
from tests.support.recipes import PASSWORD

PROCESSES_EVERY = 25  # inputs of one that other processes check too


def _report(data: bytes, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of Options
    """Return the report on an input, without the bytes of its layers: an early end leaves different ones unread."""
    report = validate(io.BytesIO(data), Options(password=PASSWORD.encode, **options))
    document: dict[str, Any] = report.to_dict()["reports"][0]
    del document["inventory"]["layers"]
    return document


def _input(random: Random) -> bytes:
    """Return a random input, one in four of another dialect than hc-migrate's."""
    if random.random() < 0.25:
        return random_export_in_dialect(random, random.choice(["server", "cloud"]))
    return mutated(random) if random.random() < 0.3 else random_export(random)


def _differences(number: int, executor: Executor | None) -> tuple[bytes, list[str], str]:
    """Return an input, the ways in which its report differs, and its verdict."""
    random = Random(number)  # noqa: S311 - a test
    data = _input(random)
    keep, show_values = random.choice([1, 3, 100]), random.random() < 0.5
    expected = _report(data, keep=keep, show_values=show_values)
    different = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "TASK", random.choice([1, 1_000, 10_000]))
        with InOtherOrder(number) as shuffled:
            if _report(data, keep=keep, show_values=show_values, executor=shuffled) != expected:
                different.append("in another order")
        patch.setattr(slices, "SLICE", random.choice([30, 200, 1_000, 8_000]))
        cut = _report(data, keep=keep, show_values=show_values)
        # Where the archive cannot be read on, the slices decide how much of its last file was checked.
        compared = ["verdict"] if expected["verdict"] == "incomplete" else list(expected)
        if any(cut[name] != expected[name] for name in compared):
            different.append("in other slices")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slice_check, "_accepted", lambda *_: None)
        patch.setattr(schema_errors, "has_no_flaw", lambda *_: False)
        patch.setattr(schema_walk, "is_accepted", lambda *_: False)
        if _report(data, keep=keep, show_values=show_values) != expected:
            different.append("record by record")
    if executor and _report(data, keep=keep, show_values=show_values, executor=executor) != expected:
        different.append("in other processes")
    return data, different, expected["verdict"]


@settings(max_examples=150, deadline=None)
@given(number=st.integers(0, 2**64))
@pytest.mark.slow
def test_every_way_of_checking_an_input_gives_the_same_report(number: int) -> None:
    _, different, _ = _differences(number, None)
    assert different == []


def main(seconds: float, first: int, directory: Path) -> None:
    """Check random inputs for some seconds; write those with different reports to a directory, and print the counts."""
    end, number, failed, shared = time.monotonic() + seconds, first, 0, 0
    verdicts: Counter[str] = Counter()
    with processes(2) as executor:
        while time.monotonic() < end:
            others = executor if number % PROCESSES_EVERY == 0 else None
            data, different, verdict = _differences(number, others)
            verdicts[verdict] += 1
            shared += others is not None
            if different:
                failed += 1
                (directory / f"{number}.bin").write_bytes(data)
                sys.stdout.write(f"{number}: {', '.join(different)}\n")
            number += 1
    sys.stdout.write(f"{number - first:,} inputs, {shared:,} in other processes, {failed} differ; {dict(verdicts)}\n")


if __name__ == "__main__":
    numbers = [float(argument) for argument in sys.argv[1:3]]
    main(numbers[0], int(numbers[1]) if len(numbers) > 1 else 0, Path(sys.argv[3] if len(sys.argv) > 3 else "."))
