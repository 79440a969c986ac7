"""A comparison finds exactly the changes that were made, whatever the order, the container and the slices."""

import sys
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hcfmt.differences import side_reading
from hcfmt.exits import Exit
from hcfmt.export import slices
from tests.support.dialects import in_dialect, packed
from tests.support.export_changes import CHANGES, INVERSE, ChangedExport, base, compared, found

NAMES = sorted(CHANGES)
BETWEEN_DIALECTS = [
    *(f"{section} {change}" for section in ("users", "rooms") for change in ("added", "removed", "changed")),
    *("room message added", "room message removed", "private message removed", "private copy changed"),
    *("file added", "file removed", "file changed", "file moved", "emoticons changed"),
]
"""The names of changes of what all dialects have."""
BASE = packed(base().items())


def differences(names: Sequence[str], seed: int) -> list[str]:
    """Return how the result of a comparison differs from the changes that were made, both ways."""
    random = Random(seed)  # noqa: S311 - a test
    export = ChangedExport(random)
    for name in names:
        export.change(name)
    data, wrong = export.archive(), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", random.choice([300, 1_000, 8_000, 1 << 18]))
        patch.setattr(side_reading, "LONG", random.choice([1, 500, 1 << 12]))
        there, back = compared(BASE, data), compared(data, BASE)
    if found(there) != export.differences or there.differing != len(export.differences):
        wrong.append(f"{names}: {found(there) ^ export.differences}")
    if there.exit is not (Exit.INVALID if export.differences else Exit.VALID):
        wrong.append(f"{names}: exit status {there.exit}")
    inverse = {(section, INVERSE[change], id_) for section, _, change, id_ in found(there) if change != "moved"}
    if {(section, change, id_) for section, _, change, id_ in found(back) if change != "moved"} != inverse:
        wrong.append(f"{names}: B and A, {found(back)}")
    return wrong


@settings(max_examples=15, deadline=None)
@given(names=st.lists(st.sampled_from(NAMES), max_size=8), seed=st.integers(0, 2**32))
@example(names=NAMES, seed=1)
def test_exactly_the_changes_that_were_made_are_found_both_ways(names: list[str], seed: int) -> None:
    assert differences(names, seed) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_change_is_found(name: str) -> None:
    assert differences([name], 7) == []


@pytest.mark.parametrize("dialect", ["server", "cloud"])
def test_an_export_equals_itself_in_another_dialect(dialect: str) -> None:
    result = compared(BASE, packed(in_dialect(BASE, dialect), Random(1)))  # noqa: S311 - a test
    assert (found(result), result.exit) == (set(), Exit.VALID)
    assert {result.a.dialect, result.b.dialect} == {"hc-migrate", dialect}
    assert any(sentence.startswith("Users: avatar, ") for sentence in result.not_compared)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("dialect", ["server", "cloud"])
def test_changes_are_found_between_dialects_too(dialect: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test
    export = ChangedExport(random)
    for name in random.sample(BETWEEN_DIALECTS, 6):
        export.change(name)
    assert found(compared(BASE, packed(in_dialect(export.archive(), dialect)))) == export.differences


def main(count: int) -> None:
    """Compare random changes; print what is wrong."""
    wrong = 0
    for seed in range(count):
        random = Random(seed)  # noqa: S311 - a test
        for line in differences(random.choices(NAMES, k=random.randrange(12)), seed):
            wrong += 1
            sys.stdout.write(f"{seed}: {line}\n")
    sys.stdout.write(f"{count:,} exports, {wrong:,} results that are wrong\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
