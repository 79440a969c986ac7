"""Hostile text in each field: nothing runs, nothing is loaded from elsewhere, and the page stays usable."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.archive_page import ArchivePage, Document, MadeUpArchive, Opened, message, person, room
from tests.support.page_samples import TEXTS

pytestmark = pytest.mark.slow

CONTENT = {"parts", "file", "card", "previews"}


def everywhere(text: str) -> MadeUpArchive:
    """Return an archive with a text in each field that holds text."""
    file = {"name": text, "url": text, "size": text, "type": text, "thumbnail": text, "width": text, "height": text}
    picture = {**file, "url": "files/x.png", "type": "image/png"}
    card = {
        "style": text,
        "title": text,
        "url": text,
        "icon": text,
        "description": [text],
        "activity": [{"text": text, "link": text}],
    }
    card["attributes"] = [{"label": text, "value": text, "style": text, "url": text}]
    parts = [
        text,
        {"text": text, "link": text},
        {"text": text, "bold": True, "code": True},
        {"image": text, "text": text},
    ]
    properties: Document = {
        "name": text,
        "color": text,
        "card": card,
        "previews": [{"url": text, "type": text, "name": text, "image": text}],
    }
    messages = [
        message(0, *parts, **{**properties, "file": file}),
        message(1, *parts, **{**properties, "file": picture, "kind": "notification"}),
        message(2, text, kind="topic", name=text),
        message(3, f"@{text} ({text}) https://x.example/{text}", name=text, me=True),
        message(4, text, code=True, name=text),
        message(5, text, quote=True, name=text, time=text, id=text, **{"from": text}),
    ]
    finding = {"code": text, "name": text, "severity": text, "sentence": text, "member": text, "pointer": text}
    return MadeUpArchive(
        [
            room(1, text, 6, topic=text, privacy=text),
            {"key": text, "people": [text, 1], "count": 0, "first": text, "last": text},
        ],
        lambda _, i: messages[i],
        [person(1, text, title=text, avatar=text, mention_name=text)],
        {text: {"url": text, "width": text, "height": text}},
        {"state": "checked", "verdict": text, "total": 2, "shown": 2}
        | {"findings": [{**finding, "chat": "room-1", "i": 0}, {**finding, "chat": text}]},
        [
            {
                "chat": "room-1",
                "i": 0,
                "time": text,
                "from": 1,
                "name": text,
                "text": text,
                "marks": [[0, 2], [1, 10_000], [-5, 3]],
            }
        ],
        name=text,
    )


def opened_at(opened: Opened, text: str, **options: Any) -> ArchivePage:  # noqa: ANN401 - as Playwright takes them
    page = opened(everywhere(text), "#room-1", viewport={"width": 1440, "height": 2_000}, **options)
    page.page.on("dialog", lambda dialog: page.complaints.append(f"dialog: {dialog.message}"))
    page.rest()
    return page


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_of_an_archive_runs_nothing_and_loads_nothing(text: str, opened: Opened) -> None:
    page = opened_at(opened, text)
    for i in range(6):
        page.go_to(f"#room-1/@{i}")
        expect(page.page.locator(".row.target")).to_have_attribute("data-i", str(i))
    for place in ("#findings", "#search=", "#room-1/@5"):
        page.page.evaluate("place => { location.hash = place }", place)
    page.page.keyboard.press("i")
    page.page.get_by_label("Filter rooms and people").fill(text[:50])
    assert page.page.title() != "run"
    addresses = page.page.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert [address for address in addresses if not address.startswith(("http://", "https://", "mailto:"))] == []
    pictures = page.page.locator("img").evaluate_all("images => images.map(image => image.getAttribute('src'))")
    assert all(picture.startswith("files/") for picture in pictures)


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
@pytest.mark.parametrize("text", ["one word", "markup", "marks"])
def test_nothing_scrolls_sideways(text: str, width: int, opened: Opened) -> None:
    page = opened_at(opened, TEXTS[text])
    page.page.set_viewport_size({"width": width, "height": 900})
    page.rest()
    for part in ("html", "#messages", "#chats", "#panel-body"):
        widths = page.page.locator(part).evaluate("part => [part.scrollWidth, part.clientWidth]")
        assert widths[0] <= widths[1], part


def test_the_policy_stops_a_script_and_a_picture_that_are_not_of_the_page(opened: Opened) -> None:
    page = opened(everywhere("x"), "#room-1", is_quiet=False)
    page.page.evaluate(
        "const script = document.createElement('script'); script.textContent = 'document.title = `run`';"
        "document.body.append(script);"
        "const image = document.createElement('img'); image.src = 'http://elsewhere.invalid/x.png';"
        "document.body.append(image);"
    )
    assert page.page.title() != "run"
    assert len([text for text in page.complaints if "Content Security Policy" in text]) == 2


@pytest.mark.parametrize(
    "text", ["(", "@" * 30_000, "(" * 30_000, "https://" * 5_000, "a@b" * 10_000, ":)" * 15_000, "\n" * 30_000]
)
def test_a_text_made_for_slow_patterns_is_shown_at_once(text: str, opened: Opened) -> None:
    page = opened(MadeUpArchive([room(1, "Room", 1)], lambda *_: message(0, text)), "#room-1")
    page.rest()
    expect(page.messages).to_have_count(1)
