"""The page of an archive in a browser, with documents that a test makes up, without a server."""

import io
import json
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from PIL import Image
from playwright.sync_api import Browser, Locator, Route, expect

import hcfmt.server.page
from tests.support.browsers import OpenPage

ORIGIN: Final = "http://archive.test"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
FRONT_END: Final = Path(hcfmt.server.page.__path__[0]) / "front_end"
START: Final = 1_490_000_000_000  # 2017-03-20T08:53:20Z
MINUTE: Final = 60_000

Document = dict[str, Any]


def _picture() -> bytes:
    data = io.BytesIO()
    Image.linear_gradient("L").resize((64, 64)).save(data, "PNG")
    return data.getvalue()


_PICTURE = _picture()


def person(number: int, name: str, **properties: object) -> Document:
    """Return a person of an overview."""
    mention_name = "".join(name.split())
    return {"id": number, "name": name, "mention_name": mention_name, "title": "", "avatar": None, **properties}


def room(number: int, name: str, count: int, **properties: object) -> Document:
    """Return a room of an overview, with a message each minute."""
    last = START + max(count - 1, 0) * MINUTE
    times = {"first": START, "last": last} if count else {"first": None, "last": None}
    return {
        "key": f"room-{number}",
        "room": number,
        "name": name,
        "topic": "",
        "privacy": "public",
        "is_archived": False,
    } | {
        "is_deleted": False,
        "members": [1, 2],
        "count": count,
        **times,
        **properties,
    }


def message(i: int, *parts: object, **properties: object) -> Document:
    """Return a message, sent a minute after the one before."""
    return {
        "i": i,
        "id": f"id-{i}",
        "time": START + i * MINUTE,
        "kind": "message",
        "from": 1,
        "name": "Ada Lovelace",
    } | {
        "parts": list(parts),
        **properties,
    }


def chatter(_: str, i: int) -> Document:
    """Return a message of made-up chatter, of one to eight lines."""
    lines = (f"Message {i:,} of many",) * (1 + i * 7919 % 8 // 3)
    return message(i, "\n".join(lines), **{"from": 1 + i // 3 % 2, "name": ("Ada Lovelace", "Alan Turing")[i // 3 % 2]})


@dataclass
class MadeUpArchive:
    """Documents of the page: chats, and the function that returns a message of a chat by its rank."""

    chats: Sequence[Document]
    message: Callable[[str, int], Document] = chatter
    people: Sequence[Document] = (person(1, "Ada Lovelace"), person(2, "Alan Turing"))
    emoticons: Mapping[str, Document] = field(default_factory=dict)
    findings: Document = field(default_factory=lambda: {"state": "not checked", "reason": "It was not asked for."})
    hits: Sequence[Document] = ()
    name: str = "export.tar.gz.aes"
    is_searchable: bool = True
    asked: list[str] = field(default_factory=list)

    def respond(self, route: Route) -> None:
        """Answer a request of the page: a document, a file of the front end, a picture; everything else is aborted."""
        url = urlsplit(route.request.url)
        path = unquote(url.path).lstrip("/")
        self.asked.append(f"{path}?{url.query}" if url.query else path)
        document = path.removeprefix("page/").removesuffix(".json")
        if f"{url.scheme}://{url.netloc}" != ORIGIN:
            route.abort()
        elif path.endswith(".json"):
            parameters = {name: values[0] for name, values in parse_qs(url.query).items()}
            content = getattr(self, f"_{document}")(parameters)
            status = 404 if content is None else 200
            route.fulfill(status=status, content_type="application/json", body=json.dumps(content))
        elif path.startswith("files/"):
            is_missing = "missing" in path
            route.fulfill(status=404) if is_missing else route.fulfill(content_type="image/png", body=_PICTURE)
        else:
            file = FRONT_END / (path.removeprefix("page/") or "index.html")
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            route.fulfill(
                content_type=f"{kind}; charset=utf-8",
                body=file.read_bytes(),
                headers={"Content-Security-Policy": POLICY},
            )

    def _overview(self, _: Mapping[str, str]) -> Document:
        return {
            "name": self.name,
            "people": list(self.people),
            "chats": list(self.chats),
            "chunk": 200,
            "searchable": self.is_searchable,
        } | {
            "emoticons": dict(self.emoticons),
            "omissions": {},
        }

    def _count(self, key: str) -> int:
        return next(int(chat["count"]) for chat in self.chats if chat["key"] == key)

    def _messages(self, asked: Mapping[str, str]) -> list[Document]:
        first = int(asked["first"])
        end = min(first + int(asked["count"]), self._count(asked["chat"]))
        return [self.message(asked["chat"], i) for i in range(first, end)]

    def _at(self, asked: Mapping[str, str]) -> Document:
        rank = -((START - int(asked["time"])) // MINUTE)
        return {"i": max(0, min(rank, self._count(asked["chat"]) - 1))}

    def _place(self, asked: Mapping[str, str]) -> Document | None:
        number = asked["id"].removeprefix("id-")
        return {"i": int(number)} if number.isdecimal() and int(number) < self._count(asked["chat"]) else None

    def _search(self, asked: Mapping[str, str]) -> Document:
        found = [
            hit for hit in self.hits if asked["q"] in hit["text"] and asked.get("chat", hit["chat"]) == hit["chat"]
        ]
        start, count = int(asked.get("before", 0)), int(asked["count"])
        following = start + count if start + count < len(found) else None
        return {"hits": found[start : start + count], "next": following, "total": len(found), "is_total_exact": True}

    def _findings(self, _: Mapping[str, str]) -> Document:
        return self.findings


class ArchivePage(OpenPage):
    """The page of an archive in a browser."""

    def __init__(self, browser: Browser, archive: MadeUpArchive, place: str = "", **options: Any) -> None:  # noqa: ANN401 - as Playwright takes them
        """Open the page at a place, such as "#room-1"."""
        super().__init__(
            browser, f"{ORIGIN}/{place}", archive.respond, **{"timezone_id": "UTC", "locale": "en-GB", **options}
        )

    @property
    def messages(self) -> Locator:
        """The messages that exist."""
        return self.page.locator("article.message")

    @property
    def visible(self) -> list[int]:
        """The numbers of the messages that can be seen, in order."""
        return [int(number) for number in self.page.evaluate(_VISIBLE)]

    @property
    def elsewhere(self) -> list[str]:
        """The addresses of other origins that the page asked for."""
        return [url for url in self.requests if not url.startswith(f"{ORIGIN}/")]

    def go_to(self, place: str) -> None:
        """Follow a link of the page, and wait for what it shows."""
        self.page.evaluate(_FOLLOW, place)
        self.rest()

    def rest(self) -> None:
        """Wait until the conversation is shown and no longer moves."""
        self.page.evaluate(_TWO_FRAMES)
        expect(self.page.locator("#messages")).to_have_attribute("aria-busy", "false")

    def scroll_to(self, share: float) -> None:
        """Draw the scrollbar of the conversation to a share of its length."""
        self.page.evaluate(_SCROLL, share)
        self.rest()


Opened = Callable[..., ArchivePage]
"""A function that opens the page of an archive."""

_TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_FOLLOW = """(place) => location.hash === place ? null : new Promise((done) => {
  addEventListener("hashchange", () => done(), { once: true });
  location.hash = place;
})"""
_SCROLL = """(share) => {
  const messages = document.getElementById("messages");
  messages.scrollTop = share * (messages.scrollHeight - messages.clientHeight);
}"""
_VISIBLE = """() => {
  const view = document.getElementById("messages").getBoundingClientRect();
  const isVisible = (row) => {
    const box = row.getBoundingClientRect();
    return box.bottom > view.top + 1 && box.top < view.bottom - 1;
  };
  return [...document.querySelectorAll(".row")].filter(isVisible).map((row) => row.dataset.i);
}"""
