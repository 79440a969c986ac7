"""Reducing archives: the finding stays, nothing new is found, and few messages are left.

``python -m tests.reduction.test_reduce ARCHIVE [WAY...]`` breaks an archive in each way, or in those named, reduces it,
and prints the seconds, and what is left.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import hcfmt
from hcfmt.damage import Damage
from hcfmt.errors import UsageError
from hcfmt.export.schemas import DIALECTS
from hcfmt.export.writer import ArchiveForm
from tests.support.breaking import WAYS, broken, members, report, secret
from tests.support.dialects import in_dialect, packed
from tests.support.generated_exports import company
from tests.support.recipes import SAMPLE
from tests.support.reducing import REFUSED, differences, reduced_way

KEPT = [way for way, damage in WAYS.items() if damage.code not in REFUSED]
USUAL = [way for way in KEPT if ":" not in way]
QUICK = ["HC012", "HC201", "HC301:timestamp-short", "HC435", "HC801"]
MOST = 5  # messages that are left, of any rule but those in LONG
LONG = {"HC805": 30}  # messages on 15 days before a pause, and on 15 after it


def changed(directory: Path, recipe: str) -> Path:
    """Return the documented sample as a tar, changed by a recipe."""
    output = directory / "changed.tar"
    hcfmt.break_archive(SAMPLE, output, recipe=recipe, password=secret)
    return output


@pytest.mark.parametrize("way", QUICK)
def test_the_finding_stays_and_few_messages_are_left(tmp_path: Path, way: str) -> None:
    reduced = reduced_way(SAMPLE, tmp_path, WAYS[way])
    assert differences(reduced, WAYS[way]) == []
    assert reduced.result.after.messages <= MOST
    assert reduced.result.report.totals == report(reduced.output).totals


@pytest.mark.slow
@pytest.mark.parametrize("way", USUAL[::4])
def test_a_finding_of_any_rule_can_be_kept(tmp_path: Path, way: str) -> None:
    reduced = reduced_way(SAMPLE, tmp_path, WAYS[way])
    assert differences(reduced, WAYS[way]) == []
    assert reduced.result.after.messages <= LONG.get(way, MOST)


def test_what_the_finding_needs_stays_and_nothing_of_that_can_be_removed(tmp_path: Path) -> None:
    reduced = reduced_way(SAMPLE, tmp_path, WAYS["HC401"])
    assert reduced.result.after == hcfmt.Amounts(members=8, records=3, messages=1)
    assert {"rooms.json", "users.json", "rooms/1/history.json"} < members(reduced.output).keys()
    again = hcfmt.reduce(reduced.output, tmp_path / "again.tar", "HC401", password=secret)
    assert again.before == again.after
    assert members(tmp_path / "again.tar") == members(reduced.output)


def test_the_same_archive_is_reduced_to_the_same_bytes(tmp_path: Path) -> None:
    broken(SAMPLE, tmp_path / "broken.tar", "HC705")
    for name in ("one.tar", "other.tar"):
        hcfmt.reduce(tmp_path / "broken.tar", tmp_path / name, "HC705")
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "other.tar").read_bytes()


def test_findings_of_several_rules_stay(tmp_path: Path) -> None:
    archive = changed(tmp_path, "rooms.json#/0/Room/owner = 3\nusers.json#/1/User/email = null")
    both = hcfmt.reduce(archive, tmp_path / "both.tar", ["HC705", "HC404"])
    assert (both.kept, dict(both.report.totals)) == (("HC404", "HC705"), {"HC404": 1, "HC705": 1})
    one = hcfmt.reduce(archive, tmp_path / "one.tar", "unknown-owner")
    assert (one.kept, dict(one.report.totals)) == (("HC404",), {"HC404": 1})


def test_the_beginning_of_a_file_is_written_under_a_name_that_fits(tmp_path: Path) -> None:
    archive = company(tmp_path / "company.tar.gz", ArchiveForm.GZIP, people=5, rooms=2, messages=10)
    hcfmt.break_archive(archive, tmp_path / "broken.tar.gz", "HC007")
    with pytest.raises(hcfmt.UsageError, match="needs the same suffix"):
        hcfmt.reduce(tmp_path / "broken.tar.gz", tmp_path / "small.tar", "HC007")
    assert not (tmp_path / "small.tar").exists()


@pytest.mark.parametrize("way", ["HC001", "HC002", "HC003", "HC005", "HC007", "HC013", "HC016", "HC021"])
def test_a_finding_about_layers_stays_in_a_file_of_some_hundred_bytes(tmp_path: Path, way: str) -> None:
    reduced = reduced_way(SAMPLE, tmp_path, WAYS[way])
    assert differences(reduced, WAYS[way]) == []
    assert reduced.result.after.records == 0
    assert reduced.output.stat().st_size < 300


@pytest.mark.parametrize("way", sorted(REFUSED))
def test_a_finding_in_other_bytes_of_a_layer_cannot_be_kept(tmp_path: Path, way: str) -> None:
    with pytest.raises(UsageError, match=f"{way} [a-z-]+ is about the bytes of a layer"):
        reduced_way(SAMPLE, tmp_path, WAYS[way])
    assert [path.name for path in tmp_path.iterdir()] == ["broken.tar.gz.aes"]


def test_a_finding_that_the_archive_lacks_cannot_be_kept(tmp_path: Path) -> None:
    broken(SAMPLE, tmp_path / "broken.tar", "HC401")
    with pytest.raises(UsageError, match="has no finding of HC402 unknown-receiver, but of: HC401"):
        hcfmt.reduce(tmp_path / "broken.tar", tmp_path / "small.tar", "HC402")
    with pytest.raises(UsageError, match="has no finding of HC402 unknown-receiver; it has no findings at all"):
        hcfmt.reduce(SAMPLE, tmp_path / "small.tar", "HC402", password="hipchat")
    with pytest.raises(UsageError, match="name a rule"):
        hcfmt.reduce(tmp_path / "broken.tar", tmp_path / "small.tar", ())


def test_what_could_be_read_of_a_cut_archive_is_reduced(tmp_path: Path) -> None:
    archive = changed(tmp_path, "rooms.json#/0/Room/owner = 3\ntar cut -1600")
    with pytest.raises(UsageError, match=r"HC602 no-microseconds, but of: HC104.* only in part: The tar ends inside"):
        hcfmt.reduce(archive, tmp_path / "small.tar", "HC602")


def test_what_is_written_is_what_was_judged(tmp_path: Path) -> None:
    archive = changed(tmp_path, 'users.json = [{"Users": {"id": 1}}, {"User": {"id": 1}}]')
    reduced = hcfmt.reduce(archive, tmp_path / "small.tar", "HC302")
    assert reduced.report.totals["HC302"] == 1


@pytest.mark.parametrize("checks", [0, 20])
def test_when_the_time_is_up_the_last_archive_that_was_found_is_written(tmp_path: Path, checks: int) -> None:
    broken(SAMPLE, tmp_path / "broken.tar", "HC401")
    found: list[int] = []

    def watch(left: int, _: int) -> None:
        found.append(left)

    budget = hcfmt.Budget(expired=lambda: len(found) > checks)
    reduced = hcfmt.reduce(tmp_path / "broken.tar", tmp_path / "small.tar", "HC401", budget=budget, watch=watch)
    assert len(found) == checks + 1
    assert report(tmp_path / "small.tar").totals["HC401"] == 1
    assert reduced.after.messages == found[-1]


def test_an_archive_that_could_not_be_checked_in_time_is_told_so(tmp_path: Path) -> None:
    broken(SAMPLE, tmp_path / "broken.tar", "HC401")
    with pytest.raises(hcfmt.Fault, match="time"):
        hcfmt.reduce(
            tmp_path / "broken.tar", tmp_path / "small.tar", "HC401", budget=hcfmt.Budget(expired=lambda: True)
        )
    assert not (tmp_path / "small.tar").exists()


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("way", ["HC401", "HC412"])
def test_exports_of_other_dialects_are_reduced(tmp_path: Path, dialect: str, way: str) -> None:
    data = company(tmp_path / "company.tar", ArchiveForm.TAR, people=5, rooms=2, messages=10).read_bytes()
    archive = tmp_path / f"{dialect}.tar"
    archive.write_bytes(packed(in_dialect(data, dialect)))
    reduced = reduced_way(archive, tmp_path, WAYS[way])
    assert differences(reduced, WAYS[way]) == []
    assert reduced.result.after.messages <= MOST


def main(archive: str, ways: Sequence[str]) -> None:
    """Break an archive in each way, reduce it, and print what is left."""
    results = []
    for way in ways:
        with tempfile.TemporaryDirectory() as directory:
            try:
                seconds, found, size = _measured(archive, WAYS[way], Path(directory))
            except UsageError as error:
                sys.stdout.write(f"{way}: {error}\n")
                continue
        results.append((seconds, found.after.messages))
        sys.stdout.write(f"{way}: {seconds:.1f} s, {found.after}, {size:,} bytes, {dict(found.report.totals)}\n")
        sys.stdout.flush()
    spent, left = zip(*results, strict=True)
    sys.stdout.write(
        f"{len(left)} ways: at most {max(left)} messages (median {statistics.median(left)}), "
        f"{max(spent):.1f} seconds of CPU (median {statistics.median(spent):.1f})\n"
    )


def _measured(archive: str, way: Damage, directory: Path) -> tuple[float, hcfmt.Reduction, int]:
    """Return the seconds of CPU that a reduction takes, its result, and the size of the tar."""
    path, output = directory / "broken.tar.gz", directory / "reduced.tar.gz"
    hcfmt.break_archive(archive, path, way.code, variant=way.variant or None)
    begin = time.process_time()
    found = hcfmt.reduce(path, output, way.code)
    seconds = time.process_time() - begin
    assert way.code in found.report.totals
    assert not found.report.totals.keys() - hcfmt.validate(path).totals.keys()
    return seconds, found, output.stat().st_size


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] or USUAL)
