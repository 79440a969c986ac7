"""Messages and texts for tests of the page: one of each kind, and hostile ones."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect

from tests.support.archive_page import START, ArchivePage, Document, MadeUpArchive, message, person, room

TEXTS = {
    "markup": "</script><script>document.title='run'</script><img src=x onerror=alert(1)><svg onload=alert(1)>",
    "script address": "javascript:document.title='run'",
    "data address": "data:text/html,<script>alert(1)</script>",
    "address elsewhere": "http://elsewhere.invalid/x.png",
    "address of a host": "//elsewhere.invalid/x.png",
    "path": "files/../../page/overview.json",
    "property": "__proto__",
    "directions": "\u202eabc\u2066\u202b\u200f",
    "control characters": "\x01\x1b[31m\x7f\u2028\ufeff",
    "lone surrogate": "\ud800 x",
    "marks": "Z" + "\u0300\u0301\u0310" * 300,
    "one word": "W" * 5_000,
    "expression": "${7*7}{{7*7}}<%= 7*7 %>",
}

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


def only(archive_message: Document, **properties: Any) -> MadeUpArchive:  # noqa: ANN401 - as MadeUpArchive takes them
    """Return an archive of one message."""
    return MadeUpArchive([room(1, "Room", 1)], lambda *_: archive_message, PEOPLE, EMOTICONS, **properties)


def opened_at(page: ArchivePage) -> Locator:
    """Return the first message of a page that no longer moves."""
    page.rest()
    return page.messages.first


def hit(key: str, i: int, text: str, *marks: list[int]) -> Document:
    """Return a hit of a search, whose marks are ranges of its text."""
    return {"chat": key, "i": i, "time": START, "from": 1, "name": "Ada Lovelace", "text": text, "marks": list(marks)}


HITS = (
    hit("room-1", 700, "the mailer is down", [4, 10]),
    hit("room-2", 3, "😀 mailer and mailer", [2, 8], [13, 19]),
    *(hit("room-1", i, f"mailer {i}", [0, 6]) for i in range(120)),
)
FINDINGS: Document = {
    "state": "checked",
    "verdict": "invalid",
    "total": 7,
    "shown": 6,
    "findings": [
        {
            "code": "HC303",
            "name": "x",
            "severity": "error",
            "sentence": f"Sentence {i}.",
            "chat": "room-1",
            "i": 42,
            "pointer": "/42/x",
        }
        for i in range(5)
    ]
    + [
        {
            "code": "HC710",
            "name": "y",
            "severity": "info",
            "sentence": "Renamed.",
            "member": "rooms.json",
            "pointer": "/2",
        }
    ],
}
