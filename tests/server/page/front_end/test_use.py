"""Use of the page by keyboard, by those who do not see it, and without motion."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.archive_page import ArchivePage, MadeUpArchive, Opened, room
from tests.support.page_samples import CASES, EMOTICONS, FINDINGS, HITS, PEOPLE

pytestmark = pytest.mark.slow

KINDS = [shown for name, (shown, _) in CASES.items() if "missing" not in name]
ARCHIVE = MadeUpArchive(
    [room(1, "Everything", len(KINDS), topic="All kinds"), room(2, "Old", 1, is_archived=True)],
    lambda _, i: {**KINDS[i], "i": i, "id": f"id-{i}"},
    PEOPLE[:2],
    EMOTICONS,
    FINDINGS | {"findings": [{**FINDINGS["findings"][0], "i": 3}]},
    HITS,
)
SIZES = {
    "phone": {"width": 390, "height": 844},
    "tablet": {"width": 820, "height": 1_100},
    "desktop": {"width": 1_440, "height": 900},
}
STILL: Mapping[str, Any] = {"reduced_motion": "reduce"}  # what fades has less contrast for a moment
PLACES = ("#", "#room-1", "#room-1/id-3", "#search=mailer", "#findings")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(size: str, scheme: str, opened: Opened) -> None:
    page = opened(ARCHIVE, "#room-1", viewport=SIZES[size], color_scheme=scheme, **STILL)
    page.rest()
    for place in PLACES:
        page.page.evaluate("place => { location.hash = place }", place)
        page.page.wait_for_load_state("networkidle")
        assert page.accessibility_errors() == [], place
    page.page.evaluate("document.getElementById('help').showModal()")
    assert page.accessibility_errors() == []


def test_axe_finds_nothing_in_each_part_of_a_conversation(opened: Opened) -> None:
    page = opened(ARCHIVE, "#room-1", viewport={"width": 1_440, "height": 900}, **STILL)
    for i in range(0, len(KINDS), 5):
        page.go_to(f"#room-1/id-{i}")
        assert page.accessibility_errors() == []


@pytest.fixture
def page(opened: Opened) -> ArchivePage:
    page = opened(ARCHIVE, "#room-1", viewport=SIZES["desktop"])
    page.rest()
    return page


def chosen(page: ArchivePage) -> str:
    return str(page.page.evaluate("document.activeElement.getAttribute('aria-posinset')"))


def test_j_and_k_choose_the_next_and_the_previous_message(page: ArchivePage) -> None:
    page.go_to("#room-1/id-5")
    for key, number in (("j", 7), ("j", 8), ("k", 7), ("k", 6), ("k", 5)):
        page.page.keyboard.press(key)
        expect(page.page.locator(".row.chosen")).to_have_attribute("data-i", str(number - 1))
        assert chosen(page) == str(number)


def test_the_first_and_the_last_message_have_no_neighbour(page: ArchivePage) -> None:
    for i, key in ((0, "k"), (len(KINDS) - 1, "j")):
        page.go_to(f"#room-1/id-{i}")
        page.page.keyboard.press(key)
        assert chosen(page) == str(i + 1)


def test_keys_lead_to_the_parts_of_the_page(page: ArchivePage) -> None:
    focused = "document.activeElement.id"
    for key, part in {"f": "filter", "/": "query", "g": "day", "s": "query", "i": "close-panel"}.items():
        page.page.locator("#messages").focus()
        page.page.keyboard.press(key)
        assert page.page.evaluate(focused) == part
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#panel")).to_be_hidden()
    assert page.page.evaluate(focused) == "messages"


def test_letters_in_a_field_are_text(page: ArchivePage) -> None:
    page.page.get_by_label("Filter rooms and people").press_sequentially("j?/n")
    expect(page.page.get_by_label("Filter rooms and people")).to_have_value("j?/n")
    expect(page.page.get_by_role("dialog")).to_be_hidden()


def test_n_and_p_show_the_next_and_the_previous_chat(page: ArchivePage) -> None:
    for key, name in (("n", "Oldarchived"), ("n", "Oldarchived"), ("p", "Everything"), ("p", "Everything")):
        page.page.keyboard.press(key)
        expect(page.page.locator("#chat-name")).to_have_text(name)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_the_messages_have_the_focus_after_a_choice(by: str, page: ArchivePage) -> None:
    page.go_to("#room-2")
    link = page.page.locator("nav").get_by_role("link", name="Everything")
    link.click() if by == "mouse" else link.press("Enter")
    expect(page.page.locator("#messages")).to_be_focused()
    expect(page.page.locator("#chat-name")).to_have_text("Everything")


def test_the_list_of_keys_opens_and_closes(page: ArchivePage) -> None:
    page.page.keyboard.press("?")
    dialog = page.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_tabulator_passes_a_few_stops_to_the_conversation_and_past_it(page: ArchivePage) -> None:
    page.page.evaluate("document.activeElement.blur()")
    page.page.keyboard.press("Tab")
    expect(page.page.locator("#skip")).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(page.page.locator("#messages")).to_be_focused()


MOTION: Mapping[str, Any] = {"reduce": 0, "no-preference": 1}


@pytest.mark.parametrize("motion", MOTION)
def test_nothing_moves_for_those_who_want_no_motion(motion: str, opened: Opened) -> None:
    page = opened(ARCHIVE, "#room-1/id-3", reduced_motion=motion)
    page.rest()
    animated = page.page.locator(".target > article").evaluate(
        "part => getComputedStyle(part).animationName !== 'none'"
    )
    assert animated == bool(MOTION[motion])
    assert (
        page.page.locator("#open-help").evaluate("part => getComputedStyle(part).transitionDuration") != "0s"
    ) == animated
