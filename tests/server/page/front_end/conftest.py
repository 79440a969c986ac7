"""A browser, and pages of made-up archives in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.archive_page import ArchivePage, MadeUpArchive, Opened
from tests.support.browsers import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Return a function that opens the page of an archive; afterwards nothing may have gone wrong on any page.

    The browser complains about each missing file, and about what the policy stops: such a page is not quiet.
    """
    pages: dict[ArchivePage, bool] = {}

    def opens(
        archive: MadeUpArchive,
        place: str = "",
        *,
        is_quiet: bool = True,
        **options: Any,  # noqa: ANN401 - as Playwright takes them
    ) -> ArchivePage:
        page = ArchivePage(browser, archive, place, **options)
        pages[page] = is_quiet
        return page

    yield opens
    complaints = [complaint for page, is_quiet in pages.items() if is_quiet for complaint in page.complaints]
    elsewhere = [url for page, is_quiet in pages.items() if is_quiet for url in page.elsewhere]
    for page in pages:
        page.close()
    assert (complaints, elsewhere) == ([], [])
