"""What every output format says of findings that do not count."""

from hcfmt.verdict import Report


def suppressed_sentence(report: Report) -> str:
    """Return how many findings are suppressed, by what and of which rules; "" if none is."""
    reasons = [
        f"{sum(counts.values()):,} by {why} ({', '.join(f'{count:,} {code}' for code, count in counts.items())})"
        for why, counts in report.suppressed.items()
    ]
    return f"suppressed: {'; '.join(reasons)}" if reasons else ""
