"""The options of ``hcfmt validate`` for baselines: which file is read or written, and what is said of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.check.baseline_files import read_baseline, write_baseline
from hcfmt.check.baselines import Baseline, baseline_of
from hcfmt.check.engine import Options
from hcfmt.cli.output import write_err
from hcfmt.cli.report_files import require_writable
from hcfmt.container.distinct_files import FileName
from hcfmt.errors import UsageError
from hcfmt.findings import BaselineEntry
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report, Verdict

_MOST_LISTED = 100


class BaselineFile(Struct, frozen=True):
    """A baseline, its path, and what is done with it besides reading it.

    ``baseline`` is None where one is to be ``written``; ``pruned``: entries that match nothing any more are removed.
    """

    path: str
    baseline: Baseline | None = None
    pruned: bool = False

    def options(self, options: Options) -> Options:
        """Return the options of a check with this baseline, or with which one is made."""
        return replace(options, baseline=self.baseline, accept_all=self.baseline is None)

    def unmatched(self, reports: Sequence[Report]) -> dict[BaselineEntry, int]:
        """Return the entries that fail the run, as fewer findings match them; none if an archive is incomplete."""
        if self.baseline is None or self.pruned or not _are_complete(reports):
            return {}
        return dict(self.baseline.unmatched(reports))

    def finish(self, reports: Sequence[Report]) -> None:
        """Write the file, if it is to be written, and say what was done. Raises UsageError."""
        write_err(map(visible, self._finish(reports)))

    def _finish(self, reports: Sequence[Report]) -> Iterator[str]:
        if self.baseline is not None and not self.pruned:
            yield from _gone(self.path, self.unmatched(reports))
        elif not _are_complete(reports):
            yield f"{self.path}: not written, as not every archive could be checked completely."
        elif self.baseline is None:
            made = baseline_of(reports)
            write_baseline(self.path, made)
            yield f"{self.path}: written; accepted findings: {sum(made.entries.values()):,}"
        else:
            matched = self.baseline.matched(reports)
            gone = sum(self.baseline.entries.values()) - sum(matched.entries.values())
            if gone:
                write_baseline(self.path, matched)
            yield f"{self.path}: removed findings: {gone:,}; accepted ones: {sum(matched.entries.values()):,}"


def _are_complete(reports: Sequence[Report]) -> bool:
    return not any(report.failed or report.verdict is Verdict.INCOMPLETE for report in reports)


def _gone(path: str, unmatched: dict[BaselineEntry, int]) -> Iterator[str]:
    if not unmatched:
        return
    yield f"{path}: accepted findings that are gone: {sum(unmatched.values()):,}. --prune-baseline removes them:"
    for entry, count in sorted(unmatched.items())[:_MOST_LISTED]:
        yield "  ".join(("", entry.code, entry.fingerprint, entry.member, *([f"{count:,} times"] if count > 1 else [])))
    if len(unmatched) > _MOST_LISTED:
        yield f"  and {len(unmatched) - _MOST_LISTED:,} more"


def baseline_file(
    read: str | None, written: str | None, inputs: Sequence[FileName], *, pruned: bool
) -> BaselineFile | None:
    """Return the baseline that is read or written, None without one.

    Raises UsageError for options that contradict each other, a file that is no baseline, and a file that would not be
    written: an input, or one that is no baseline.
    """
    if written is not None:
        require_writable("--write-baseline", written, inputs)
        if Path(written).exists():
            read_baseline(written)
        return BaselineFile(written)
    if read is None:
        if pruned:
            raise UsageError("--prune-baseline needs a baseline: give --baseline FILE.")
        return None
    if pruned:
        require_writable("--prune-baseline", read, inputs)
    return BaselineFile(read, read_baseline(read), pruned)
