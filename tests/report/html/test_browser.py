"""The page in Chromium: without errors, network or script, by keyboard, in print, and without accessibility errors."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from hcfmt.check.catalogue import RULES
from hcfmt.report.formats import rendered
from hcfmt.report.run import Run
from hcfmt.verdict import Report
from tests.support.browsers import OpenPage, chromium
from tests.support.report_samples import FOR, HOSTILE, REPORTS, hostile_everywhere, many

pytestmark = pytest.mark.slow

ALL = (*REPORTS, FOR)
MARKUP = f"</script></style><script>document.title = 'run'</script><img src=x onerror=alert(1)>{HOSTILE}"
Opened = Callable[..., OpenPage]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Return a function that opens the page of reports."""
    pages: list[OpenPage] = []

    def opens(reports: Sequence[Report], **options: Any) -> OpenPage:  # noqa: ANN401 - as Playwright takes them
        file = tmp_path / "report.html"
        file.write_text("\n".join(rendered("html", reports, Run(RULES))), encoding="utf-8")
        pages.append(OpenPage(browser, file, **options))
        return pages[-1]

    yield opens
    for page in pages:
        page.close()


VIEWS: Mapping[str, Mapping[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_opens_without_errors_loads_nothing_and_is_accessible(view: str, opened: Opened) -> None:
    page = opened(ALL, **VIEWS[view])
    assert page.accessibility_errors() == []
    assert page.complaints == []
    assert [url.partition(":")[0] for url in page.requests] == ["file"]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_only_tables_scroll_sideways(width: int, opened: Opened) -> None:
    page = opened(ALL, viewport={"width": width, "height": 800})
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_of_an_archive_runs_nothing(opened: Opened) -> None:
    page = opened(hostile_everywhere(MARKUP))
    assert page.page.title() != "run"
    assert page.page.locator("img").count() == 0
    assert (page.complaints, len(page.requests)) == ([], 1)


def test_the_policy_stops_a_script_and_a_picture_that_are_not_of_the_page(opened: Opened) -> None:
    page = opened(REPORTS[:1])
    page.page.evaluate(
        "const script = document.createElement('script'); script.textContent = 'document.title = `run`';"
        "document.body.append(script);"
        "const image = document.createElement('img'); image.src = 'x.png'; document.body.append(image);"
    )
    expect(page.page).not_to_have_title("run")
    assert len([text for text in page.complaints if "Content Security Policy" in text]) == 2


def test_without_scripts_everything_is_there_and_unfolds(opened: Opened) -> None:
    page = opened(REPORTS[1:2], java_script_enabled=False).page
    assert page.locator("form.filter").is_hidden()
    group = page.locator("details.group").filter(has_text="HC301")
    assert group.locator("dd").first.is_hidden()
    group.locator("summary").click()
    assert group.locator("dd").first.is_visible()
    assert page.locator("article[id^=rule-] h3").first.is_visible()


def test_search_and_severities_filter_the_findings(opened: Opened) -> None:
    page = opened(REPORTS[1:2]).page
    output = page.locator("form.filter output")
    shown = page.locator("details.group:visible")
    everything = shown.count()
    page.get_by_label("Search").fill("hc301 history.json")
    expect(output).to_have_text(re.compile(r"2 of \d+ listed findings"))
    assert shown.count() == 1
    assert shown.locator("dd:visible").count() == 2
    page.get_by_label("Search").fill("")
    expect(output).to_have_text("")
    assert shown.count() == everything
    page.get_by_label("error", exact=True).uncheck()
    expect(output).not_to_have_text("")
    assert page.locator("details.group[data-severity=error]:visible").count() == 0


def test_the_keyboard_reaches_the_verdict_and_unfolds_findings(opened: Opened) -> None:
    page = opened(REPORTS[1:2]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    summary = page.locator("details.group summary").last
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.group dd").last.is_visible()


def test_a_link_to_a_rule_of_the_table_unfolds_its_findings(opened: Opened) -> None:
    page = opened(REPORTS[1:2]).page
    page.locator(".overview a").last.click()
    assert page.locator("details.group dd").last.is_visible()


def test_print_shows_what_is_folded_and_leaves_out_what_is_operated(opened: Opened) -> None:
    page = opened(REPORTS[1:2]).page
    folded = page.locator("details.group dd").last
    assert folded.is_hidden()
    page.emulate_media(media="print")
    assert folded.bounding_box()
    assert page.locator("form.filter").is_hidden()
    assert page.locator(".signature").is_visible()
    assert page.pdf().startswith(b"%PDF-")


def test_a_hundred_thousand_findings_open(opened: Opened) -> None:
    page = opened([many(100_000)])
    assert page.page.locator("h2").first.is_visible()
    assert page.complaints == []
