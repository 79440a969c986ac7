"""Whatever an archive holds, reading it ends in records, problems or an error, as ``validate`` would have it.

``python -m tests.reader.test_reading 10000`` reads so many random archives; a second argument is the first number to
draw from.
"""

import io
import sys
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Fault, HcfmtError, Options, Report, StoredFile, Verdict, validate
from hcfmt.export import slices
from hcfmt.reader.opening import open_export
from tests.support.export_mutations import random_export, random_export_in_dialect
from tests.support.mutations import mutated
from tests.support.recipes import PASSWORD

Reading = tuple[list[Any], Counter[str]]
_KINDS = {"users": "User", "rooms": "Room", "emoticons": "Emoticon", "autojoins": "AutoJoin"}


def read(data: bytes, *, strict: bool = False) -> Reading | str:
    """Return the records and the numbers of problems by code, or the type of the error."""
    try:
        with open_export(io.BytesIO(data), password=PASSWORD, strict=strict) as export:
            things = [*export.users, *export.rooms, *export.emoticons, *export.autojoins]
            records = [*things, *export.messages(), *export.private_messages()]
            files = [(file.path, _length(file)) for file in export.files()]
            return [*records, *files], export.problem_counts
    except HcfmtError as error:
        return type(error).__name__


def _length(file: StoredFile) -> int | None:
    """Return the number of bytes of a file, None of one that is cut."""
    try:
        return sum(map(len, file.chunks))
    except Fault:
        return None


def counted(report: Report) -> Counter[str]:
    """Return the numbers of records that a report counts, by kind."""
    inventory = report.to_dict()["reports"][0]["inventory"]
    messages = {kind: count for kind, count in inventory["messages"].items() if kind.endswith("Message")}
    things = {kind: inventory[name] for name, kind in _KINDS.items()}
    totals = {kind: value["total"] if isinstance(value, dict) else value for kind, value in things.items()}
    return +Counter(messages | totals)


def differences(number: int) -> list[str]:
    """Return the ways in which a random archive is read otherwise than it should be."""
    random = Random(number)  # noqa: S311 - a test
    data = random.choice([_in_dialect, mutated, random_export, random_export])(random)
    report = validate(io.BytesIO(data), Options(password=PASSWORD))
    reading, strict = read(data), read(data, strict=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", random.choice([30, 200, 1_000, 8_000]))
        found = ["in other slices"] if _without_cut(read(data)) != _without_cut(reading) else []
    if isinstance(reading, str):
        return found + (["refused"] if report.verdict is Verdict.VALID or strict != reading else [])
    records, problems = reading
    kinds = Counter(type(record).__name__ for record in records if not isinstance(record, tuple))
    codes = {finding.code for finding in report.findings}
    missing = counted(report) - kinds
    if report.verdict is Verdict.VALID and (missing.total() > problems.total() or not codes.issuperset(problems)):
        found.append("not all of a valid archive")
    # Of 10,000 flaws in a file, validate stops the search; the reader needs none of them.
    if report.verdict is Verdict.INCOMPLETE and not problems and "HCX01" not in codes:
        found.append("silently")
    if bool(problems) != isinstance(strict, str) or (not problems and strict != reading):
        found.append("strictly")
    return found


def _without_cut(reading: Reading | str) -> Reading | str:
    """Return a reading without the number of places where text is no JSON: a slice that ends there may have two."""
    if isinstance(reading, str):
        return reading
    return reading[0], Counter({code: count for code, count in reading[1].items() if code != "HC201"})


def _in_dialect(random: Random) -> bytes:
    return random_export_in_dialect(random, random.choice(["server", "cloud"]))


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_any_archive_is_read_as_it_is_validated(number: int) -> None:
    assert differences(number) == []


def main(arguments: Sequence[str]) -> None:
    """Read random archives, and print the number and the differences of each that is read otherwise."""
    count, first = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0
    bad = 0
    for number in range(first, first + count):
        if different := differences(number):
            bad += 1
            sys.stdout.write(f"{number}: {', '.join(different)}\n")
    sys.stdout.write(f"{count:,} archives, {bad:,} read otherwise.\n")


if __name__ == "__main__":
    main(sys.argv[1:])
