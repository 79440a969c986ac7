"""The page of a real server: archives of all kinds and hostile ones, read chat by chat in Chromium."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from hcfmt.check.engine import Options, validate
from hcfmt.pytest_plugin import HipchatArchives
from hcfmt.server.page import documents
from hcfmt.server.page.findings import ArchiveFindings
from hcfmt.server.page.page import Page
from hcfmt.server.running import serve
from hcfmt.server.settings import Settings
from hcfmt.server.store import Store, open_store
from tests.support.browsers import OpenPage
from tests.support.page_samples import TEXTS
from tests.support.serving import TOKEN
from tests.support.store_exports import members, participant, room, room_message, user, uuid, write_tar

pytestmark = pytest.mark.slow

Served = Callable[[str], tuple[Store, OpenPage]]

# Properties without which a record has no place: ids, dates, paths and kinds.
KEPT = {
    "id",
    "type",
    "timestamp",
    "created",
    "path",
    "canonical_name",
    "avatar",
    "format",
    "privacy",
    "account_type",
    "data",
}
KEPT |= {"thumbnail", "attachment_path", "roles", "style"}


@pytest.fixture
def served(browser: Browser) -> Iterator[Served]:
    """Return a function that serves an archive and opens its page; nothing may go wrong or leave the server."""
    pages: list[tuple[str, OpenPage]] = []
    with ExitStack() as closing:

        def opens(archive: str) -> tuple[Store, OpenPage]:
            store = closing.enter_context(open_store(archive, password="hipchat"))
            findings = ArchiveFindings(store, lambda _: validate(archive, Options(password=b"hipchat")))
            page_of_store = Page("archive", findings, is_alone=True)
            running = closing.enter_context(serve(store, Settings(TOKEN), page=page_of_store))
            page = OpenPage(browser, running.page, viewport={"width": 1_200, "height": 900})
            page.page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
            closing.callback(page.close)
            pages.append((running.url, page))
            return store, page

        yield opens
        complaints = [complaint for _, page in pages for complaint in page.complaints]
        elsewhere = [url for own, page in pages for url in page.requests if not url.startswith(f"{own}/")]
    assert (complaints, elsewhere) == ([], [])


def read_all(store: Store, page: OpenPage) -> int:
    """Show each chat from its end to its beginning; return how many messages were seen."""
    seen = 0
    for chat in documents.overview(store, "")["chats"]:
        if chat["count"]:
            seen += read_chat(page, chat["key"], chat["count"])
    return seen


def read_chat(page: OpenPage, key: str, count: int) -> int:
    messages = page.page.locator("#messages")
    numbers: set[str] = set()
    page.page.evaluate("key => { location.hash = key }", f"#{key}")
    expect(page.page.locator(f'.row[data-i="{count - 1}"]')).to_be_attached()
    while "0" not in numbers:
        numbers.update(page.page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.i)"))
        first = min(map(int, numbers))
        assert messages.evaluate("part => part.scrollWidth <= part.clientWidth"), key
        if first:
            page.page.evaluate("place => { location.hash = place }", f"#{key}/@{first}")
            expect(page.page.locator(f'.row[data-i="{first - 1}"]')).to_be_attached()
    assert numbers == set(map(str, range(count)))
    return count


@pytest.mark.parametrize("dialect", ["hc-migrate", "server", "cloud"])
def test_each_message_of_an_archive_can_be_read(dialect: str, served: Served, tmp_path: Path) -> None:
    archive = HipchatArchives(tmp_path)("small", messages=400, attachments=20, emoticons=5, dialect=dialect)
    store, page = served(str(archive.path))
    shown = read_all(store, page)
    assert shown == sum(chat["count"] for chat in documents.overview(store, "")["chats"]) >= 300


@pytest.mark.parametrize("seed", [1, 2])
def test_each_message_that_is_hard_to_handle_can_be_read(seed: int, served: Served, tmp_path: Path) -> None:
    archive = HipchatArchives(tmp_path, seed)("small", messages=400, attachments=20, emoticons=5, nasty=True)
    assert read_all(*served(str(archive.path))) >= 300


def test_a_search_finds_messages_of_the_archive(served: Served, tmp_path: Path) -> None:
    archive = HipchatArchives(tmp_path)("small", messages=400)
    _, page = served(str(archive.path))
    page.page.evaluate("() => { location.hash = '#search=th' }")
    hits = page.page.locator(".hit")
    expect(hits.first).to_be_visible()
    marks = page.page.locator(".hit mark").all_inner_texts()
    assert {mark[:2].lower() for mark in marks} == {"th"}
    text = hits.nth(3).locator("mark").first.inner_text()
    hits.nth(3).click()
    expect(page.page.locator(".row.target .content")).to_contain_text(text)


def test_a_search_reads_on_until_it_has_found_something_or_all_is_read(served: Served, tmp_path: Path) -> None:
    archive = HipchatArchives(tmp_path)("small", messages=400)
    _, page = served(str(archive.path))
    page.page.evaluate("() => { location.hash = '#search=xyzzy' }")
    expect(page.page.locator(".found")).to_have_text("Nothing found.")


def planted(value: Any, text: str, key: str = "") -> Any:  # noqa: ANN401 - a JSON value
    """Return a JSON value with a text in each place that holds text."""
    if isinstance(value, dict):
        return {name: planted(part, text, name) for name, part in value.items()}
    if isinstance(value, list):
        return [planted(part, text, key) for part in value]
    if key == "card" and value:
        return json.dumps(planted(json.loads(value), text))
    return text if isinstance(value, str) and key not in KEPT else value


HOSTILE = {
    **{name: text for name, text in TEXTS.items() if name != "lone surrogate"},
    "notification": "<a href='javascript:alert(1)'>x</a><img src='//elsewhere.invalid/x'><style>*{color:red}</style><b",
    "command": "/code <script>alert(1)</script>",
    "action": "/me <img src=x onerror=alert(1)> @all (thumbsup) http://elsewhere.invalid/",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_in_each_property_does_nothing(text: str, served: Served, tmp_path: Path) -> None:
    archive = HipchatArchives(tmp_path)("tiny", messages=120, attachments=6, emoticons=3, form="directory")
    for file in Path(str(archive.path)).rglob("*.json"):
        if "files" not in file.parts:
            file.write_text(json.dumps(planted(json.loads(file.read_text("utf-8")), text)), encoding="utf-8")
    store, page = served(str(archive.path))
    assert read_all(store, page) >= 50
    assert page.page.locator("script:not([src]), iframe, object, embed, [onerror], [onload]").count() == 0
    links = page.page.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}


@pytest.mark.parametrize("code", ["HC301", "HC303", "HC305", "HC402", "HC601", "HC604"])
def test_a_broken_archive_can_be_read_and_has_its_finding(code: str, served: Served, tmp_path: Path) -> None:
    archive = HipchatArchives(tmp_path)("small", messages=300, damage=code)
    store, page = served(str(archive.path))
    assert read_all(store, page) >= 200
    page.page.evaluate("() => { location.hash = '#findings' }")
    expect(page.page.locator("#panel .finding code").filter(has_text=code).first).to_be_visible()


def test_a_finding_stands_at_the_message_that_it_is_about(served: Served, tmp_path: Path) -> None:
    history = [("UserMessage", room_message(i, i * 1_000)) for i in range(400)]
    history[57][1]["sender"] = participant(99)  # whom users.json does not define
    export = members([user(1)], [room(7)], {"rooms/7": history})
    _, page = served(write_tar(tmp_path / "a.tar", export))
    page.page.evaluate("() => { location.hash = '#findings' }")
    page.page.locator("#panel a.hit", has_text="Room 7").first.click()
    expect(page.page.locator(".row.target")).to_have_attribute("data-i", "57")
    expect(page.page.locator(".row.target .finding").first).to_be_visible()
    assert page.page.url.endswith(f"#room-7/{uuid(57)}")
