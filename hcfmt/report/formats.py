"""The table of output formats of reports: one module renders each, and is imported when it is chosen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module

from hcfmt.report.input_names import with_short_names
from hcfmt.report.run import Run
from hcfmt.verdict import Report

Format = Callable[[Sequence[Report], Run], Iterator[str]]
"""The function ``render`` of a format's module: yields the lines, without line ends, of all reports of a run."""

FORMATS: Mapping[str, str] = {
    "text": "hcfmt.report.text",
    "json": "hcfmt.report.document",
    "jsonl": "hcfmt.report.lines",
    "sarif": "hcfmt.report.sarif",
    "github": "hcfmt.report.github",
    "gitlab": "hcfmt.report.gitlab",
    "junit": "hcfmt.report.junit",
    "markdown": "hcfmt.report.markdown",
    "html": "hcfmt.report.html",
}


_WHOLE_NAMES = frozenset({"json", "jsonl"})  # formats in which inputs keep the names that they were given

HASHED = frozenset({"sarif", "html"})
"""Formats that name the SHA-256 of an input."""

EXTRAS = {"html": "html"}
"""The extras that formats need, by their names."""


def require_modules(names: Iterable[str]) -> None:
    """Raise UsageError unless the extras that formats need are installed."""
    for extra in {EXTRAS[name] for name in names if name in EXTRAS}:
        from hcfmt.extras import require_extra  # noqa: PLC0415 - most formats need none

        require_extra(extra)


def rendered(name: str, reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the lines of reports in the format of a name."""
    render: Format = import_module(FORMATS[name]).render
    return render(reports if name in _WHOLE_NAMES else with_short_names(reports), run)
