"""Archives with several flaws at once: they are fixed together, or refused with the reason; nothing raises."""

import io
import sys
from collections import Counter
from pathlib import Path

import pytest

from hcfmt.check.engine import Options, validate
from hcfmt.container import open_archive
from hcfmt.errors import UsageError
from hcfmt.export.editing import read_export, save_export
from hcfmt.export.writer import ArchiveForm
from hcfmt.fixes import FIXES, fix
from hcfmt.fixes.table import LEFT
from hcfmt.rng import random_for
from hcfmt.verdict import Verdict
from tests.support.breaking import WAYS, secret
from tests.support.recipes import SAMPLE

OPTIONS = Options(password=secret)
FIXABLE = [way for way, damage in WAYS.items() if damage.code in FIXES and way not in LEFT]


def damaged(directory: Path, seed: int) -> tuple[Path, list[str]]:
    """Write the documented sample with two to four damages, and return its path and the ways."""
    random = random_for(seed, "several")
    path = directory / "broken.tar.gz.aes"
    with open_archive(str(SAMPLE), password=secret) as archive:
        export = read_export(archive, ArchiveForm.ENCRYPTED, path.name, io.BytesIO())
    done = []
    for way in random.sample(FIXABLE, random.randrange(2, 5)):
        try:
            WAYS[way].apply(export, random, 1)
        except (UsageError, LookupError, TypeError, AttributeError, ValueError, AssertionError):
            continue  # a damage before it left nothing of the form that it changes
        done.append(way)
    save_export(export, path, secret, b"somesalt")
    return path, done


def outcome(directory: Path, seed: int) -> str:
    """Damage and fix an archive; return what came of it: fixed, partly, refused, unread or nothing."""
    archive, _ = damaged(directory, seed)
    output = directory / "fixed.tar.gz.aes"
    try:
        result = fix(archive, output, OPTIONS, unsafe=True, salt=bytes(8))
    except UsageError:
        assert not output.exists()
        return "refused"
    assert output.exists() == result.written
    if not result.written:
        return "nothing" if result.is_read else "unread"
    assert validate(str(output), OPTIONS).totals == result.after.totals
    again = fix(output, directory / "again.tar", OPTIONS, unsafe=True)
    assert again.changes.keys() <= {"HC510"}  # of a damaged archive they are left
    return "fixed" if result.after.verdict is Verdict.VALID else "partly"


@pytest.mark.parametrize("seed", range(12))
def test_several_flaws_are_fixed_together_or_refused(tmp_path: Path, seed: int) -> None:
    assert outcome(tmp_path, seed) in {"fixed", "partly", "refused", "unread", "nothing"}


if __name__ == "__main__":  # many archives: python -m tests.fixes.test_several DIRECTORY NUMBER
    counts = Counter[str]()
    for number in range(int(sys.argv[2])):
        place = Path(sys.argv[1]) / str(number)
        place.mkdir(parents=True)
        try:
            counts[outcome(place, number)] += 1
        except Exception as error:  # noqa: BLE001 - the others are tried too
            counts["error"] += 1
            print(number, type(error).__name__, str(error)[:200], damaged(place, number)[1])  # noqa: T201 - run by hand
    print(dict(counts))  # noqa: T201 - run by hand
