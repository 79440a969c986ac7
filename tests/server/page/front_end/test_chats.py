"""The list of rooms and people, links, and the panel about a chat."""

import pytest
from playwright.sync_api import Locator, expect

from tests.support.archive_page import ArchivePage, MadeUpArchive, Opened, person, room

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
ARCHIVE = MadeUpArchive(
    [
        room(1, "Zebra", 5, topic="Stripes"),
        room(2, "apple", 0),
        room(3, "Secret", 5, privacy="private"),
        room(4, "Old", 5, is_archived=True),
        room(5, "Gone", 5, is_deleted=True),
        {"key": "private-1-2", "people": [1, 2], "count": 4, "first": None, "last": None},
        {"key": "private-1-9", "people": [1, 9], "count": 4, "first": None, "last": None},
    ],
    people=(
        person(1, "Ada Lovelace", title="Engineer"),
        person(2, "Alan Turing", mention_name="Enigma", is_deleted=True),
    ),
    name="acme.tar.gz.aes",
)


def labels(part: Locator) -> list[str]:
    return part.locator(".chat-label").all_text_contents()


def listed(page: ArchivePage) -> list[str]:
    return labels(page.page.locator("nav"))


def test_rooms_and_people_are_listed_by_name_in_groups(opened: Opened) -> None:
    page = opened(ARCHIVE)
    expect(page.page.get_by_role("heading", level=1)).to_have_text("acme.tar.gz.aes")
    groups = page.page.locator("nav details")
    shown = {group.locator("summary").inner_text(): labels(group) for group in groups.all()}
    assert shown == {
        "Rooms\n3": ["apple", "Secret", "Zebra"],
        "Private conversations\n2": ["Ada Lovelace & Alan Turing", "Ada Lovelace & Unknown (id 9)"],
        "Archived rooms\n1": ["Old"],
        "Deleted rooms\n1": ["Gone"],
    }


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Secret", "private"),
        ("Old", "archived"),
        ("Gone", "deleted"),
        ("Ada Lovelace & Alan Turing", "with a deleted user"),
    ],
)
def test_what_is_special_is_said_in_words(name: str, says: str, opened: Opened) -> None:
    page = opened(ARCHIVE)
    expect(page.page.locator("nav a").filter(has_text=name)).to_contain_text(says)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("ZEB", ["Zebra"]),
        ("ada tur", ["Ada Lovelace & Alan Turing"]),
        ("enigma", ["Ada Lovelace & Alan Turing"]),
        ("old", ["Old"]),
        ("x", []),
        (
            "",
            [
                "apple",
                "Secret",
                "Zebra",
                "Ada Lovelace & Alan Turing",
                "Ada Lovelace & Unknown (id 9)",
                "Old",
                "Gone",
            ],
        ),
    ],
)
def test_the_filter_finds_names_by_their_words(words: str, names: list[str], opened: Opened) -> None:
    page = opened(ARCHIVE)
    page.page.get_by_label("Filter rooms and people").fill(words)
    assert listed(page) == names
    assert page.page.get_by_text("Nothing has this name.").is_visible() == (not names)


def test_a_group_of_thousands_is_listed_on_demand(opened: Opened) -> None:
    page = opened(MadeUpArchive([room(i, f"Room {i}", 1) for i in range(5_000)]))
    names = page.page.locator("nav .chat-label")
    expect(names).to_have_count(300)
    assert names.all_text_contents()[9:11] == ["Room 9", "Room 10"]
    page.page.get_by_role("button", name="Show 4,700 more").click()
    expect(names).to_have_count(5_000)


def test_a_choice_shows_the_chat_and_the_way_back(opened: Opened) -> None:
    page = opened(ARCHIVE)
    page.page.get_by_role("link", name="Zebra").click()
    page.rest()
    expect(page.page.locator("#chat-name")).to_have_text("Zebra")
    expect(page.page.locator("#chat-topic")).to_have_text("Stripes")
    expect(page.page.locator("nav [aria-current=page]")).to_contain_text("Zebra")
    page.page.get_by_role("link", name="Secret").click()
    expect(page.page.locator("#chat-name")).to_have_text("Secretprivate")
    page.page.go_back()
    expect(page.page.locator("#chat-name")).to_have_text("Zebra")


def test_what_the_archive_holds_is_said_before_a_choice(opened: Opened) -> None:
    page = opened(ARCHIVE)
    expect(page.page.locator("#empty")).to_contain_text("28 messages · 5 rooms · 2 private conversations · 2 people")
    expect(page.page.locator("#empty")).to_contain_text("20 Mar 2017 to 20 Mar 2017")


def test_an_empty_room_says_so(opened: Opened) -> None:
    page = opened(ARCHIVE, "#room-2")
    expect(page.page.get_by_text("There are no messages here.")).to_be_visible()
    expect(page.page.get_by_label("Go to a day")).to_be_disabled()


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("#room-99", "The archive has no such room or conversation."),
        ("#%E0%A4%A", "The archive has no such room or conversation."),
        ("#room-1/id-99", "This chat has no such message."),
        ("#room-1/@99", "This chat has no such message."),
        ("#room-1/__proto__", "This chat has no such message."),
    ],
)
def test_a_link_to_nothing_says_so(place: str, says: str, opened: Opened) -> None:
    page = opened(ARCHIVE, place, is_quiet=False)  # the browser notes the status 404
    expect(page.page.get_by_text(says)).to_be_visible()


def test_the_link_of_an_index_becomes_that_of_the_message(opened: Opened) -> None:
    page = opened(ARCHIVE, "#room-1/@3")
    expect(page.page).to_have_url("http://archive.test/#room-1/id-3")


def test_the_panel_about_a_room_names_its_members(opened: Opened) -> None:
    page = opened(ARCHIVE, "#room-3")
    page.page.get_by_role("button", name="About this chat").click()
    panel = page.page.locator("#panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text("Secret")
    expect(panel.locator("dd").last).to_have_text("private")
    assert panel.locator(".people .name").all_inner_texts() == ["Ada Lovelace", "Alan Turing"]
    page.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_phone_shows_the_list_or_the_conversation(opened: Opened) -> None:
    page = opened(ARCHIVE, viewport=PHONE)
    expect(page.page.get_by_role("navigation")).to_be_visible()
    expect(page.page.locator("#conversation")).to_be_hidden()
    page.page.get_by_role("link", name="Zebra").click()
    expect(page.page.get_by_role("navigation")).to_be_hidden()
    expect(page.messages.last).to_be_visible()
    page.page.get_by_label("Go to a day").fill("2017-03-20")
    expect(page.page.locator('.row[data-i="0"]')).to_be_in_viewport()
    page.page.get_by_role("link", name="Back to rooms and people").click()
    expect(page.page.get_by_role("navigation")).to_be_visible()
