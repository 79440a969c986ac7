"""What every output format says of findings that do not count."""

from collections import Counter

from hcfmt.report.run import Run
from hcfmt.verdict import Report


def suppressed_sentence(report: Report) -> str:
    """Return how many findings are suppressed, by what and of which rules; "" if none is."""
    reasons = [
        f"{sum(counts.values()):,} by {why} ({', '.join(f'{count:,} {code}' for code, count in counts.items())})"
        for why, counts in report.suppressed.items()
    ]
    return f"suppressed: {'; '.join(reasons)}" if reasons else ""


def gone_sentence(run: Run) -> str:
    """Return how many accepted findings of the baseline are gone, and of which rules; "" if none is."""
    counts = Counter[str]()
    for entry, count in run.gone.items():
        counts[entry.code] += count
    codes = ", ".join(f"{count:,} {code}" for code, count in sorted(counts.items()))
    gone = f"accepted findings that are gone: {counts.total():,} ({codes}); --prune-baseline removes them"
    return gone if codes else ""
