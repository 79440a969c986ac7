"""Messages as the page shows them, kind by kind."""

import pytest
from playwright.sync_api import expect

from tests.support.archive_page import START, Document, MadeUpArchive, Opened, message, room
from tests.support.page_samples import CASES, LINES, LONG, PEOPLE, PICTURE, only, opened_at

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("case", CASES)
def test_a_message_is_shown(case: str, opened: Opened) -> None:
    shown, checks = CASES[case]
    page = opened(only(shown), "#room-1", is_quiet="missing" not in case)
    for check in checks:
        check(opened_at(page))


@pytest.mark.parametrize("color", ["yellow", "green", "red", "purple", "gray", None, "x y"])
def test_a_notification_has_its_color(color: str | None, opened: Opened) -> None:
    page = opened(only(message(0, "x", kind="notification", color=color)), "#room-1")
    box = opened_at(page).locator(".content")
    borders = [box.evaluate("(box, name) => getComputedStyle(box).borderLeftColor", color)]
    expected = color if color in {"yellow", "green", "red", "purple"} else "gray"
    wanted = page.page.evaluate(
        """(name) => {
          const probe = document.createElement("p");
          probe.style.color = `var(--${name})`;
          document.body.append(probe);
          return getComputedStyle(probe).color;
        }""",
        expected,
    )
    assert borders == [wanted]


@pytest.mark.parametrize("text", [LONG, LINES])
def test_a_long_text_is_unfolded_on_demand(text: str, opened: Opened) -> None:
    shown = opened_at(opened(only(message(0, text)), "#room-1"))
    assert len(shown.locator(".text").inner_text()) < len(text) / 2
    shown.get_by_role("button", name=f"Show all {len(text):,} characters").click()
    expect(shown.locator(".text")).to_have_text(text.strip())


def test_messages_of_one_person_stand_below_one_name_within_five_minutes_of_a_day(opened: Opened) -> None:
    minutes = (0, 4, 9, 10, 15 * 60 + 5, 15 * 60 + 8, 15 * 60 + 9)
    senders = (1, 1, 1, 2, 2, 2, 2)

    def one(_: str, i: int) -> Document:
        return message(i, str(i), time=START + minutes[i] * 60_000, name=None, **{"from": senders[i]})

    page = opened(MadeUpArchive([room(1, "Room", 7)], one, PEOPLE), "#room-1", viewport={"width": 1200, "height": 1200})
    page.rest()
    assert [number for number in range(7) if page.messages.nth(number).locator(".head").count()] == [0, 2, 3, 4, 5]
    assert page.page.locator(".day").all_inner_texts() == ["Monday, 20 March 2017", "Tuesday, 21 March 2017"]


def test_days_are_separated_in_the_time_zone_of_the_reader(opened: Opened) -> None:
    archive = MadeUpArchive([room(1, "Room", 2)], lambda _, i: message(i, "x", time=START + i * 10 * 3_600_000))
    for zone, days in (
        ("UTC", ["Monday, 20 March 2017"]),
        ("Asia/Tokyo", ["Monday, 20 March 2017", "Tuesday, 21 March 2017"]),
    ):
        page = opened(archive, "#room-1", timezone_id=zone)
        page.rest()
        assert page.page.locator(".day").all_inner_texts() == days


def test_a_picture_opens_above_the_conversation_and_closes_by_escape(opened: Opened) -> None:
    page = opened(only(message(0, file=PICTURE)), "#room-1")
    opened_at(page).get_by_role("button", name="Show board.png").click()
    dialog = page.page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="board.png")).to_be_visible()
    expect(dialog.get_by_role("link", name="Save")).to_have_attribute("download", "board.png")
    page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_link_to_a_message_is_copied(opened: Opened) -> None:
    page = opened(only(message(0, "x")), "#room-1", permissions=["clipboard-read", "clipboard-write"])
    page.page.evaluate("navigator.clipboard ??= { writeText: async (text) => { window.copied = text } }")
    opened_at(page).hover()
    page.page.get_by_role("button", name="Copy the link to this message").click()
    expect(page.page.get_by_role("status").filter(has_text="The link is copied.")).to_be_visible()
    assert page.page.evaluate("window.copied") == "http://archive.test/#room-1/id-0"
