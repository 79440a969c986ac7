"""Reports as one self-contained page of HTML, for the person who decides whether the old server is switched off.

The page loads nothing: style, script and charts are in it, and its policy forbids everything else. It reads without
the script, which only filters findings.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from hcfmt.report.run import Run
from hcfmt.report.suppressed import gone_sentence
from hcfmt.report.visible_text import visible
from hcfmt.verdict import TOOL, Report

if TYPE_CHECKING:
    from jinja2 import Environment


def render(reports: Sequence[Report], run: Run) -> Iterator[str]:
    """Yield the lines of the page."""
    from hcfmt.report.html.rule_pages import page_html  # noqa: PLC0415 - as the extra may be missing
    from hcfmt.report.html.views import rows_and_views  # noqa: PLC0415

    rows, views = rows_and_views(reports, run)
    found = sorted({code for report in reports for code in report.totals} & run.rules.keys())
    page = (
        _environment()
        .get_template("page.html")
        .render(
            tool=TOOL,
            rows=rows,
            views=views,
            gone=gone_sentence(run),
            rules=[run.rules[code] for code in found],
            here=frozenset(found),
            page_html=page_html,
            style=_text("page.css"),
            script=_text("page.js"),
            policy=_policy(),
        )
    )
    yield from page.strip("\n").split("\n")


@cache
def _policy() -> str:
    """Return the content security policy: only the page's own style and script are applied, and nothing is loaded."""
    style, script = (b64encode(sha256(_text(name).encode()).digest()).decode() for name in ("page.css", "page.js"))
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - as the extra may be missing
    from markupsafe import Markup, escape  # noqa: PLC0415

    def shown(value: object) -> object:
        """Return what an expression of the template shows: a text with escapes for what is not printable."""
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def breakable(place: str) -> Markup:
        """Return a place that lines may break behind a slash."""
        return escape(visible(place)).replace("/", Markup("/<wbr>"))

    environment = Environment(
        loader=PackageLoader("hcfmt.report.html", ""),
        autoescape=True,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"number": "{:,}".format, "breakable": breakable}
    return environment


@cache
def _text(name: str) -> str:
    return files("hcfmt.report.html").joinpath(name).read_text("utf-8")
