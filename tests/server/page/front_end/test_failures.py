"""A page whose server refuses, fails or has ended says so in a sentence."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Route, expect

from tests.support.archive_page import MadeUpArchive, Opened, room

pytestmark = pytest.mark.slow

ROOMS = [room(1, "Engineering", 1_000), room(2, "Design", 5)]
REFUSED = "The page may not read the archive any more. Open the address that the server printed."
ENDED = "The server does not answer. Has it ended?"


@dataclass
class FailingArchive(MadeUpArchive):
    """An archive whose documents with a word in their address are answered with a status, or not at all."""

    word: str = ""
    status: int = 0

    def respond(self, route: Route) -> None:
        if self.word and self.word in route.request.url:
            route.fulfill(status=self.status) if self.status else route.abort()
        else:
            super().respond(route)


@pytest.mark.parametrize(
    ("status", "says"), [(401, REFUSED), (500, "The server answered with status 500."), (0, ENDED)]
)
def test_an_archive_that_cannot_be_read_has_a_reason(status: int, says: str, opened: Opened) -> None:
    page = opened(FailingArchive(ROOMS, word="overview.json", status=status), is_quiet=False)
    expect(page.page.get_by_role("heading", name="The archive cannot be shown")).to_be_visible()
    expect(page.page.get_by_text(says)).to_be_visible()


@pytest.mark.parametrize(("status", "says"), [(401, REFUSED), (0, ENDED)])
def test_messages_that_cannot_be_read_have_a_reason_and_are_read_later(status: int, says: str, opened: Opened) -> None:
    archive = FailingArchive(ROOMS, word="messages.json", status=status)
    page = opened(archive, "#room-1", is_quiet=False)
    expect(page.page.get_by_text(f"Messages could not be read. {says}").first).to_be_visible()
    archive.word = ""
    page.go_to("#room-1/id-3")
    expect(page.page.locator(".row.target")).to_have_attribute("data-i", "3")


def test_a_search_that_fails_says_so(opened: Opened) -> None:
    page = opened(FailingArchive(ROOMS, word="search.json", status=500), "#search=x", is_quiet=False)
    expect(page.page.get_by_text("The search failed. The server answered with status 500.")).to_be_visible()


def test_findings_that_cannot_be_read_have_a_reason(opened: Opened) -> None:
    page = opened(FailingArchive(ROOMS, word="findings.json", status=500), "#findings", is_quiet=False)
    says = "The archive was not checked. The server answered with status 500."
    expect(page.page.get_by_text(says)).to_be_visible()


def test_an_archive_without_an_index_has_no_search(opened: Opened) -> None:
    archive = MadeUpArchive(ROOMS, is_searchable=False)
    page = opened(archive, "#room-2")
    page.rest()
    expect(page.page.get_by_role("button", name="Search")).to_have_count(0)
    page.page.keyboard.press("/")
    expect(page.page.locator("#panel")).to_be_hidden()
