"""The exported page in Chromium, opened as a file: chats, search, links, days, files and findings, without a server."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from hcfmt.server.page.static_export import export_static
from hcfmt.server.store import Record
from tests.support.browsers import OpenPage
from tests.support.store_exports import members, private_message, room, room_message, store_of, user, uuid

pytestmark = pytest.mark.slow

COUNT = 900
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")
FOLDER = "rooms/7/files/d"
SCRIPT = b"<!DOCTYPE html><html><body><script>document.title = 'ran'</script></body></html>"
FILES = {
    "evil.html": SCRIPT,
    "evil.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "plan.pdf": b"%PDF-1.4",
    "p.png": PICTURE,
}
FINDINGS = {
    "state": "checked",
    "verdict": "invalid",
    "total": 1,
    "shown": 1,
    "findings": [
        {
            "code": "HC303",
            "name": "time-order",
            "severity": "error",
            "sentence": "The message is older than the one before.",
            "member": "rooms/7/history.json",
            "pointer": "/450",
            "chat": "room-7",
            "i": 450,
        }
    ],
}

Opened = Callable[[str], OpenPage]


def _message(number: int, text: str, file: str | None) -> Record:
    """Return the message of a number; every 300 messages have a day of their own."""
    attachment = {"name": f"d/{file}", "path": f"d/{file}", "size": 1, "url": "", "thumbnail": None} if file else None
    time = f"2018-01-{4 + number // 300:02}T10:{number % 300 // 60:02}:{number % 60:02}Z 000000"
    return room_message(number, message=text, attachment=attachment, timestamp=time)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of an export, whose name has characters with a meaning in addresses."""
    directory = tmp_path_factory.mktemp("static") / "100% of #HipChat?"
    texts = [(f"number {at}", None) for at in range(COUNT)] + [(f"see {name}", name) for name in FILES]
    history = [("UserMessage", _message(at, text, file)) for at, (text, file) in enumerate(texts)]
    private = [("PrivateUserMessage", private_message(5_000, 1, 2, 3_000))]
    more = {f"{FOLDER}/{name}": data for name, data in FILES.items()}
    people = [user(1, name="Ada Lovelace"), user(2, name="Bob")]
    histories = {"rooms/7": history, "users/1": private, "users/2": private}
    with store_of(members(people, [room(7, name="Engineering"), room(8)], histories, more)) as store:
        export_static(store, "export.tar", directory, FINDINGS)
    return directory


@pytest.fixture
def opened(browser: Browser, directory: Path) -> Iterator[Opened]:
    """Return a function that opens the page at a place; nothing may go wrong, and no request leave the directory."""
    pages: list[OpenPage] = []

    def opens(place: str) -> OpenPage:
        pages.append(OpenPage(browser, f"{(directory / 'index.html').as_uri()}{place}", timezone_id="UTC"))
        return pages[-1]

    yield opens
    root = directory.as_uri()
    for page in pages:
        page.close()
    assert [page.complaints for page in pages if page.complaints] == []
    assert [url for page in pages for url in page.requests if not url.startswith((root, "data:,"))] == []


def test_a_chat_is_opened_at_its_newest_message(opened: Opened) -> None:
    page = opened("").page
    page.get_by_role("link", name="Engineering").click()
    expect(page.locator(".row", has_text="see p.png")).to_be_visible()
    expect(page.get_by_role("heading", name="Engineering")).to_be_visible()
    assert (
        page.locator("img.shown-picture").evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1
    )


def test_a_search_leads_to_its_hit(opened: Opened) -> None:
    page = opened("#room-7").page
    expect(page.locator("#messages")).to_have_attribute("aria-busy", "false")
    page.keyboard.press("/")
    page.keyboard.type("number 123")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".hit mark").first).to_have_text("number")
    page.locator(".hit").click()
    expect(page.locator(".row.target")).to_have_attribute("data-i", "123")


def test_a_search_shows_fifty_hits_and_more(opened: Opened) -> None:
    page = opened("#search=number").page
    expect(page.locator("#found")).to_have_text("900 messages, the newest first")
    expect(page.locator(".hit")).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".hit")).to_have_count(100)


@pytest.mark.parametrize("place", ["#room-7/00000000-0000-0000-0000-00000000012C", "#room-7/@300"])
def test_a_link_leads_to_its_message(opened: Opened, place: str) -> None:
    assert uuid(300).upper().endswith("12C")
    expect(opened(place).page.locator(".row.target")).to_have_attribute("data-i", "300")


def test_a_link_leads_to_the_messages_of_two_people(opened: Opened) -> None:
    expect(opened("#private-1-2").page.locator(".row", has_text="<5000>")).to_be_visible()


def test_findings_are_shown_at_their_messages(opened: Opened) -> None:
    page = opened("#room-7/@450").page
    expect(page.locator('.row[data-i="450"]')).to_contain_text("HC303")
    page.get_by_role("link", name="1 finding").click()
    expect(page.locator("#panel")).to_contain_text("The message is older than the one before.")


def test_a_day_leads_to_its_first_message(opened: Opened) -> None:
    page = opened("#room-7").page
    page.get_by_label("Go to a day").fill("2018-01-05")
    expect(page.locator('.row[data-i="300"]')).to_be_in_viewport()


@pytest.mark.parametrize("name", [name for name in FILES if name != "p.png"])
def test_a_file_is_saved_and_never_opened_as_a_page(opened: Opened, directory: Path, name: str) -> None:
    page = opened("#room-7").page
    link = page.locator("a.file", has_text=name)
    address = urlsplit(link.evaluate("link => link.href"))
    file = Path(unquote(address.path))
    assert file.read_bytes() == FILES[name]
    assert file.is_relative_to(directory / "files")
    if name.startswith("evil"):
        with page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == f"{name}.bin"
        assert page.title() != "ran"


def test_a_page_among_the_files_would_run_if_it_had_its_own_name(
    browser: Browser, directory: Path, tmp_path: Path
) -> None:
    """Show that the suffix is needed: Chromium opens such a page, although the link says "download"."""
    (file,) = directory.glob("files/**/evil.html.bin")
    (tmp_path / "evil.html").write_bytes(file.read_bytes())
    (tmp_path / "page.html").write_text('<!DOCTYPE html><title>Page</title><a href="evil.html" download>File</a>')
    opened = OpenPage(browser, tmp_path / "page.html")
    opened.page.get_by_role("link").click()
    opened.page.wait_for_url("**/evil.html")
    assert opened.page.title() == "ran"
    opened.close()


def test_the_policy_of_the_page_stops_scripts_in_its_text(browser: Browser, directory: Path) -> None:
    opened = OpenPage(browser, directory / "index.html")
    opened.page.evaluate(
        "() => { const script = document.createElement('script'); script.textContent = 'document.title = `ran`';"
        "document.body.append(script); }"
    )
    opened.page.evaluate("() => fetch('data/overview.js').catch(() => null)")
    assert opened.page.title() != "ran"
    assert len([text for text in opened.complaints if "Content Security Policy" in text]) >= 2
    opened.close()
