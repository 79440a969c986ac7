"""Messages as the page shows them, kind by kind."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.support.archive_page import START, ArchivePage, Document, MadeUpArchive, message, person, room

from .conftest import Opened

pytestmark = pytest.mark.slow

PEOPLE = (
    person(1, "Ada Lovelace"),
    person(2, "Alan Turing", avatar="files/2.png"),
    person(3, "No", avatar="files/missing"),
)
EMOTICONS = {"jira": {"url": "files/jira.png", "width": 25, "height": 25}}
LONG = "word " * 2_000
LINES = "\n".join(f"line {i}" for i in range(100))
FILE = {"name": "plan.pdf", "url": "files/plan.pdf", "size": 1_234_567, "type": "application/pdf"}
PICTURE = {"name": "board.png", "url": "files/b.png", "size": 999, "type": "image/png", "width": 1280, "height": 640}
CARD = {
    "style": "application",
    "title": "WEB-1",
    "url": "https://x.example/1",
    "description": ["It ", {"text": "failed", "bold": True}],
    "attributes": [{"label": "State", "value": "open", "style": "lozenge-current", "url": "https://x.example/2"}],
}


def has(selector: str, text: str | None = None, **attributes: str) -> Callable[[Locator], None]:
    """Return a check of a message: it has one such element, with this text and these attributes."""

    def check(shown: Locator) -> None:
        found = shown.locator(selector)
        expect(found).to_have_count(1)
        if text is not None:
            expect(found).to_have_text(text)
        for name, value in attributes.items():
            expect(found).to_have_attribute(name.rstrip("_"), value)

    return check


def has_no(selector: str) -> Callable[[Locator], None]:
    return lambda shown: expect(shown.locator(selector)).to_have_count(0)


Case = tuple[Document, tuple[Callable[[Locator], None], ...]]

CASES: dict[str, Case] = {
    "sender": (
        message(0, "hi"),
        (has(".head .name", "Ada Lovelace"), has(".head .time", "08:53", href="#room-1/id-0")),
    ),
    "initials": (message(0, "hi"), (has(".avatar", "AL"), has_no(".avatar img"))),
    "avatar": (message(0, "hi", **{"from": 2}), (has(".avatar img", src="files/2.png"),)),
    "avatar that is missing": (message(0, "hi", **{"from": 3}), (has_no(".avatar img"), has(".avatar", "AL"))),
    "purged sender": (message(0, "hi", name=None, **{"from": 9}), (has(".head .name", "Unknown (id 9)"),)),
    "nobody": (message(0, "hi", name=None, **{"from": None}), (has(".head .name", "Unknown"),)),
    "no date": (message(0, "hi", time=None), (has(".head .time", "--:--"), has(".time", title="No date"))),
    "address": (
        message(0, "see https://x.example/a_(b)?c=1&d, or (https://y.example)."),
        (
            has('a[href="https://x.example/a_(b)?c=1&d"]', rel="noopener noreferrer nofollow"),
            has('a[href="https://y.example"]'),
        ),
    ),
    "no address": (message(0, "javascript:alert(1) ftp://x data:text/html,x"), (has_no(".text a"),)),
    "mention": (
        message(0, "@adalovelace."),
        (has(".mention", "@adalovelace", title="Ada Lovelace"), has(".text", "@adalovelace.")),
    ),
    "mention of everybody": (message(0, "@here and @all"), (has(".everybody >> nth=1", "@all"),)),
    "no mention": (message(0, "@nobody x@AlanTuring"), (has_no(".mention"), has(".text", "@nobody x@AlanTuring"))),
    "emoticon": (message(0, "an (jira) issue"), (has(".emoticon", src="files/jira.png", alt="(jira)", height="25"),)),
    "emoji": (message(0, "fine (thumbsup)"), (has(".emoji", "👍", title="(thumbsup)"), has_no(".large"))),
    "emoji alone": (message(0, "(thumbsup) :)"), (has(".large"), has(".emoji >> nth=1", "🙂"))),
    "no emoticon": (message(0, "f(x) (nothing) a:) http://x:/8)"), (has_no(".emoji"), has_no(".emoticon"))),
    "format": (
        message(
            0,
            {"text": "b", "bold": True},
            {"break": True},
            {"text": "<i>", "italic": True, "link": "https://x.example"},
        ),
        (has("strong", "b"), has('a[href="https://x.example"] em', "<i>"), has("br")),
    ),
    "code": (
        message(0, "if a < b:\n\t(jira) @all", code=True),
        (has("pre.code", "if a < b:\n\t(jira) @all"), has_no(".mention")),
    ),
    "quote": (message(0, "to be", quote=True), (has("blockquote", "to be"),)),
    "me": (message(0, "waves", me=True), (has(".me", "Ada Lovelace waves"), has_no(".avatar"))),
    "deleted": (message(0, deleted=True), (has(".gone", "This message was deleted."), has(".tag.deleted", "deleted"))),
    "empty": (message(0), (has(".gone", "Empty message"),)),
    "topic": (message(0, "New plans", kind="topic"), (has(".event", "Ada Lovelace changed the topic to New plans"),)),
    "no topic": (message(0, kind="topic"), (has(".event", "Ada Lovelace removed the topic"),)),
    "archived": (message(0, kind="archive", archived=True), (has(".event", "Ada Lovelace archived the room"),)),
    "guests": (
        message(0, "https://x.example/g", kind="guest_access", enabled=True),
        (has(".event p", "Ada Lovelace turned guest access on https://x.example/g"),),
    ),
    "notification": (
        message(0, "Build failed", kind="notification", name="Build", color="red", **{"from": None}),
        (has(".content .head .name", "Build"), has_no(".avatar")),
    ),
    "card": (
        message(0, kind="notification", name="Jira", color="green", card=CARD),
        (
            has(".card-title a", "WEB-1", href="https://x.example/1"),
            has(".card-text", "It failed"),
            has(".card dt", "State"),
            has(".card dd.lozenge a", "open", href="https://x.example/2"),
        ),
    ),
    "file": (
        message(0, file=FILE),
        (has("a.file", href="files/plan.pdf", download="plan.pdf"), has(".file small", "1.2 MB")),
    ),
    "missing file": (
        message(0, file={**FILE, "url": None}),
        (has("p.file.missing small", "1.2 MB · not in the archive"), has_no("a.file")),
    ),
    "picture": (
        message(0, file={**PICTURE, "thumbnail": "files/t.png"}),
        (
            has(".thumbnail img", src="files/t.png", width="360", height="180"),
            has("figcaption", "board.png · 999 bytes"),
        ),
    ),
    "picture that is missing": (
        message(0, file={**PICTURE, "url": "files/missing"}),
        (has(".thumbnail .missing", "This picture cannot be shown."),),
    ),
    "preview": (
        message(0, "look", previews=[{"url": "https://x.example", "type": "link", "name": "Handbook"}]),
        (has(".preview a", "Handbook", href="https://x.example"), has_no(".preview img")),
    ),
    "preview without a name": (
        message(
            0, "https://x.example/a.png", previews=[{"url": "https://x.example/a.png", "type": "image", "name": ""}]
        ),
        (has_no(".preview"),),
    ),
    "right to left": (message(0, "שלום"), (has(".text", dir="auto"),)),
}


def only(archive_message: Document, **properties: Any) -> MadeUpArchive:  # noqa: ANN401 - the fields of an archive
    """Return an archive of one message."""
    return MadeUpArchive([room(1, "Room", 1)], lambda *_: archive_message, PEOPLE, EMOTICONS, **properties)


def opened_at(page: ArchivePage) -> Locator:
    page.rest()
    return page.messages.first


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
