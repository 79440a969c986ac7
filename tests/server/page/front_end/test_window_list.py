"""A million messages in a room: only those around the visible ones exist, and each place can be reached."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, expect

from tests.support.archive_page import ArchivePage, Document, MadeUpArchive, room

pytestmark = pytest.mark.slow

MILLION = 1_000_000
MOST = 300  # messages that exist

ARCHIVE = MadeUpArchive([room(1, "Everything", MILLION), room(2, "Hardly anything", 3), room(3, "Something", 1_000)])


def shown(page: ArchivePage) -> list[int]:
    """Return the visible numbers, after a look at what exists: few messages, each the next one, each with its text."""
    numbers = [
        int(number) for number in page.page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.i)")
    ]
    assert len(numbers) <= MOST
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    visible = page.visible
    assert (
        page.page.locator(f'.row[data-i="{visible[0]}"] .text')
        .inner_text()
        .startswith(f"Message {visible[0]:,} of many")
    )
    box = page.page.locator("#messages").bounding_box()
    first = page.page.locator(f'.row[data-i="{visible[0]}"]').bounding_box()
    assert box
    assert first
    assert first["y"] <= box["y"] + 34  # nothing is missing above it, but for the space above the first one
    return visible


@pytest.fixture(scope="module")
def opened_once(browser: Browser) -> Iterator[ArchivePage]:
    page = ArchivePage(browser, ARCHIVE)
    yield page
    assert (page.complaints, page.elsewhere) == ([], [])
    page.close()


@pytest.fixture
def everything(opened_once: ArchivePage) -> ArchivePage:
    """Return the page at the last message of a million."""
    opened_once.page.set_viewport_size({"width": 1280, "height": 800})
    opened_once.go_to("#room-2")
    opened_once.go_to("#room-1")
    return opened_once


def test_a_room_opens_at_its_last_message(everything: ArchivePage) -> None:
    assert shown(everything)[-1] == MILLION - 1
    assert everything.page.evaluate("messages.scrollHeight - messages.clientHeight - messages.scrollTop") < 1


@pytest.mark.parametrize("share", [0, 0.1, 0.25, 0.5, 0.75, 0.9999, 1])
def test_the_scrollbar_is_over_all_messages(share: float, everything: ArchivePage) -> None:
    everything.scroll_to(share)
    visible = shown(everything)
    assert visible[0] - 100 <= share * MILLION <= visible[-1] + 100
    assert everything.page.evaluate(
        "messages.scrollTop / (messages.scrollHeight - messages.clientHeight)"
    ) == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize("number", [0, 1, 199, 200, 201, 123_456, 999_998, 999_999])
def test_a_link_leads_to_its_message(number: int, everything: ArchivePage) -> None:
    everything.go_to(f"#room-1/id-{number}")
    assert number in shown(everything)
    target = everything.page.locator(".row.target")
    expect(target).to_have_attribute("data-i", str(number))
    assert everything.page.evaluate("document.activeElement.getAttribute('aria-posinset')") == str(number + 1)


@pytest.mark.parametrize("start", [40, 300_000, 999_900])
@pytest.mark.parametrize("step", [91, -91])
def test_what_is_visible_moves_exactly_as_far_as_it_is_scrolled(start: int, step: int, everything: ArchivePage) -> None:
    everything.go_to(f"#room-1/id-{start}")
    jumps = everything.page.evaluate(
        """async (step) => {
          const frame = () => new Promise(requestAnimationFrame);
          const messages = document.getElementById("messages");
          const jumps = [];
          for (let i = 0; i < 80; i += 1) {
            const [before, middle] = [messages.scrollTop, 300];
            const rows = [...document.querySelectorAll(".row")];
            const row = rows.find((row) => row.getBoundingClientRect().bottom > middle);
            const top = row.getBoundingClientRect().top;
            messages.scrollTop += step;
            const moved = messages.scrollTop - before;
            await frame();
            await frame();
            const by = top - row.getBoundingClientRect().top;
            if (!row.isConnected || Math.abs(by - moved) > 1) jumps.push([i, by, moved]);
          }
          return jumps;
        }""",
        step,
    )
    assert jumps == []
    everything.rest()
    shown(everything)


def test_scrolling_without_a_rest_reaches_both_ends(everything: ArchivePage) -> None:
    everything.page.mouse.move(700, 400)
    for number, step, end in ((150, -400, 0), (MILLION - 150, 400, MILLION - 1)):
        everything.go_to(f"#room-1/id-{number}")
        for _ in range(60):
            everything.page.mouse.wheel(0, step)
        everything.rest()
        assert end in shown(everything)


def test_the_first_visible_message_stays_where_it_is_when_the_page_becomes_narrow(everything: ArchivePage) -> None:
    everything.go_to("#room-1/id-5000")
    everything.scroll_to(0.3)
    first = shown(everything)[0]
    everything.page.set_viewport_size({"width": 500, "height": 800})
    everything.rest()
    assert shown(everything)[0] in {first - 1, first, first + 1}


_ENDS = "() => { window.ended = new Promise((end) => messages.addEventListener('scrollend', end, { once: true })) }"
KEYS: dict[str, Callable[[list[int]], bool]] = {
    "Home": lambda visible: visible[0] == 0,
    "End": lambda visible: visible[-1] == MILLION - 1,
    "PageUp": lambda visible: visible[-1] in range(300_000 - 12, 300_000 + 3),
    "PageDown": lambda visible: visible[0] in range(300_000 - 3, 300_000 + 12),
    "ArrowUp": lambda visible: 300_000 in visible,
    "ArrowDown": lambda visible: 300_000 in visible,
}


@pytest.mark.parametrize("key", KEYS)
def test_keys_scroll(key: str, everything: ArchivePage) -> None:
    everything.go_to("#room-1/id-300000")
    before = shown(everything)
    everything.page.evaluate(_ENDS)
    everything.page.keyboard.press(key)
    everything.page.evaluate("window.ended")
    everything.rest()
    visible = shown(everything)
    assert KEYS[key](visible)
    assert visible != before or key.startswith("Arrow")


def test_a_day_is_shown_from_its_first_message(everything: ArchivePage) -> None:
    everything.page.get_by_label("Go to a day").fill("2018-03-01")
    everything.rest()
    expect(everything.page.locator(".day").first).to_be_attached()
    visible = shown(everything)
    day = everything.page.locator(f'.row[data-i="{visible[0]}"]')
    expect(day.locator(".day")).to_have_text("Thursday, 1 March 2018")


@pytest.mark.parametrize(("key", "count"), [("room-2", 3), ("room-3", 1_000)])
def test_a_smaller_room_follows_a_large_one(key: str, count: int, everything: ArchivePage) -> None:
    everything.go_to(f"#{key}")
    assert shown(everything)[-1] == count - 1
    everything.page.locator("#messages").press("Home")
    everything.rest()
    assert shown(everything)[0] == 0


def test_chunks_that_come_in_parts_are_read_on(browser: Browser) -> None:
    class Stingy(MadeUpArchive):
        def _messages(self, asked: Mapping[str, str]) -> list[Document]:
            return super()._messages({**asked, "count": str(min(int(asked["count"]), 7))})

    page = ArchivePage(browser, Stingy(ARCHIVE.chats), "#room-3/id-500")
    page.rest()
    assert 500 in shown(page)
    page.close()
