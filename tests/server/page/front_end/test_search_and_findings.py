"""The search and the findings: marked hits, and links to the places."""

import pytest
from playwright.sync_api import Locator, expect

from tests.support.archive_page import ArchivePage, Document, MadeUpArchive, Opened, message, room
from tests.support.page_samples import FINDINGS, HITS, hit

pytestmark = pytest.mark.slow

ARCHIVE = MadeUpArchive([room(1, "Engineering", 1_000), room(2, "Design", 20)], hits=HITS, findings=FINDINGS)


@pytest.fixture
def page(opened: Opened) -> ArchivePage:
    page = opened(ARCHIVE, "#room-1", viewport={"width": 1440, "height": 900})
    page.rest()
    return page


def panel(page: ArchivePage) -> Locator:
    return page.page.locator("#panel")


def found(page: ArchivePage) -> Locator:
    return panel(page).get_by_role("status")


def test_a_search_marks_what_it_found_and_leads_there(page: ArchivePage) -> None:
    page.page.keyboard.press("/")
    page.page.keyboard.type("mailer")
    expect(found(page)).to_have_text("122 messages, the newest first")
    hits = panel(page).locator(".hit")
    expect(hits).to_have_count(50)
    assert hits.nth(1).locator("mark").all_inner_texts() == ["mailer", "mailer"]
    expect(hits.nth(1).locator(".hit-text")).to_have_text("😀 mailer and mailer")
    hits.nth(1).click()
    page.rest()
    expect(page.page).to_have_url("http://archive.test/#room-2/id-3")
    expect(page.page.locator(".row.target")).to_have_attribute("data-i", "3")
    expect(hits).to_have_count(50)


def test_what_was_found_is_marked_in_its_message(opened: Opened) -> None:
    def said(_: str, i: int) -> Document:
        return message(
            i, "The mailer, ", {"text": "mailer", "bold": True}, {"text": " again", "link": "https://x.example"}
        )

    page = opened(MadeUpArchive(ARCHIVE.chats, said, hits=[hit("room-2", 3, "The mailer", [4, 10])]), "#search=mailer")
    marks = """() => [...CSS.highlights.get("found") ?? []].map(
      ({ startContainer, startOffset, endOffset }) => startContainer.data.slice(startOffset, endOffset))"""
    panel(page).locator(".hit").click()
    page.rest()
    assert page.page.evaluate(marks) == ["mailer", "mailer"]
    page.go_to("#room-2/id-5")
    assert page.page.evaluate(marks) == []


def test_a_hit_leads_to_its_message_as_often_as_it_is_chosen(page: ArchivePage) -> None:
    page.go_to("#search=down")
    for _ in range(2):
        panel(page).locator(".hit").click()
        expect(page.page.locator(".row.target")).to_be_in_viewport()
        page.page.keyboard.press("Home")
        expect(page.page.locator(".row.target")).to_have_count(0)


def test_a_closed_panel_opens_again(page: ArchivePage) -> None:
    for _ in range(2):
        page.page.get_by_role("link", name="7 findings").click()
        expect(panel(page)).to_be_visible()
        panel(page).get_by_role("button", name="Close").click()
        expect(panel(page)).to_be_hidden()
        expect(page.page).to_have_url("http://archive.test/#room-1")


def test_more_hits_follow_on_demand(page: ArchivePage) -> None:
    page.go_to("#search=mailer")
    more = panel(page).get_by_role("button", name="Show more")
    for count in (100, 122):
        more.click()
        expect(panel(page).locator(".hit")).to_have_count(count)
    expect(more).to_be_hidden()


def test_a_search_within_a_chat_finds_its_messages_alone(page: ArchivePage) -> None:
    page.go_to("#room-2")
    page.page.get_by_role("button", name="Search in this chat").click()
    page.page.keyboard.type("mailer")
    expect(found(page)).to_have_text("1 message, the newest first")
    expect(page.page).to_have_url("http://archive.test/#search=mailer&in=room-2")
    panel(page).get_by_label("Only in Design").uncheck()
    expect(found(page)).to_have_text("122 messages, the newest first")


def test_a_search_without_a_hit_says_so(page: ArchivePage) -> None:
    page.go_to("#search=nothing%20here")
    expect(found(page)).to_have_text("Nothing found.")
    expect(page.page.get_by_placeholder("Words, or")).to_have_value("nothing here")


def test_letters_of_a_search_are_one_step_back(page: ArchivePage) -> None:
    page.page.keyboard.press("/")
    page.page.keyboard.type("mailer")
    expect(found(page)).to_contain_text("122")
    page.page.go_back()
    expect(page.page).to_have_url("http://archive.test/#room-1")


def test_a_finding_is_shown_at_its_message_and_in_the_list(page: ArchivePage) -> None:
    state = page.page.get_by_role("link", name="7 findings")
    state.click()
    assert panel(page).locator(".hit small").all_inner_texts() == ["Engineering /42/x"] * 5 + ["rooms.json /2"]
    expect(panel(page).locator(".found")).to_have_text("invalid 7 findings, of which 6 are listed")
    panel(page).get_by_role("link").first.click()
    page.rest()
    expect(page.page).to_have_url("http://archive.test/#room-1/id-42")
    shown = page.page.locator(".row.target .findings li")
    expect(shown.first).to_have_attribute("title", "/42/x")
    assert shown.all_inner_texts() == [*(f"error HC303 Sentence {i}." for i in range(3)), "2 more"]


def test_an_archive_that_was_not_checked_has_a_reason(opened: Opened) -> None:
    page = opened(MadeUpArchive([room(1, "Room", 1)], findings={"state": "not checked", "reason": "It is served."}))
    page.page.get_by_role("link", name="Not checked").click()
    expect(panel(page).get_by_text("The archive was not checked. It is served.")).to_be_visible()
