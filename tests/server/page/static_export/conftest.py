"""Pages with the scripts and the data of an export, in Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser

from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from hcfmt.server.page import documents
from hcfmt.server.page.static_export import export_static, message_index, search_index
from hcfmt.server.store import Store, open_store
from tests.support.browsers import OpenPage, chromium
from tests.support.store_exports import members, room, room_message, store_of, user

SCRIPTS = "".join(f'<script src="page/{name}.js"></script>' for name in ("data_files", "search_words", "source_files"))
PAGE = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Test</title>{SCRIPTS}</head></html>'
SMALL: list[tuple[ModuleType, str, int]] = [
    (documents, "CHUNK", 7),
    (message_index, "_TIMES", 16),
    (search_index, "_MEMORY", 20_000),
    (search_index, "_ROW", 4),
    (search_index, "_LIST", 8),
    (search_index, "_SHARD", 100),
]
TEXTS = [
    "</script><script>document.title = 'ran'</script>",
    "line\u2028separator\u2029<!-- __proto__",
    "Crème brûlée in the STRASSE, e-mail to Παύλος",
    "東京へ行く。 안녕하세요",
    "one two three two one",
    "one three two",
    "x" * 40 + "a",
    "x" * 40 + "b",
    "हिन्दी में 12,5 \U0001f600\U0001f600 and then the end",
    "https://example.com/deploy/now?x=1",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@dataclass
class Exported:
    """A store, and a page with the scripts and data of its export."""

    store: Store
    opened: OpenPage

    def call(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON value
        """Return the result of a method of the source."""
        script = "([method, ...parameters]) => hcfmt.source[method](...parameters)"
        return self.opened.page.evaluate(script, [method, *arguments])

    def chats(self) -> list[dict[str, Any]]:
        """Return the chats with messages."""
        chats: list[dict[str, Any]] = documents.overview(self.store, "")["chats"]
        return [chat for chat in chats if chat["count"]]

    def messages(self, key: str) -> list[dict[str, Any]]:
        """Return the messages of a chat, as a server has them."""
        return documents.messages(self.store, key, 0, 500)

    def require_quiet(self) -> None:
        """Require that nothing went wrong in the browser, and that no request left the directory."""
        assert self.opened.complaints == []
        assert all(request.startswith("file:") for request in self.opened.requests)


def opened_data(browser: Browser, store: Store, directory: Path) -> Exported:
    export_static(store, "a.tar", directory, {"state": "not checked", "reason": "for a test"})
    (directory / "test.html").write_text(PAGE, "utf-8")
    return Exported(store, OpenPage(browser, directory / "test.html"))


@pytest.fixture(scope="module")
def company(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """Give a generated archive, in many small files."""
    folder = tmp_path_factory.mktemp("static")
    generate(str(folder / "a.tar"), planned("tiny", messages=400, locales=("de_DE", "ja_JP")))
    with open_store(str(folder / "a.tar")) as store:
        with pytest.MonkeyPatch.context() as patch:
            for module, name, size in SMALL:
                patch.setattr(module, name, size)
            exported = opened_data(browser, store, folder / "out")
        yield exported
        exported.require_quiet()


@pytest.fixture(scope="module")
def hard(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """Give texts that are hard to write as a script, and to search."""
    history = [("UserMessage", room_message(at, at, message=text)) for at, text in enumerate(TEXTS)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        exported = opened_data(browser, store, tmp_path_factory.mktemp("static") / "out")
        yield exported
        exported.require_quiet()
