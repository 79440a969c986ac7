"""Pages with the scripts and the data of an export, in Chromium."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from hcfmt.server.page import documents
from hcfmt.server.page.static_export import export_static
from hcfmt.server.store import Store
from tests.support.browsers import OpenPage

SCRIPTS = "".join(f'<script src="page/{name}.js"></script>' for name in ("data_files", "search_words", "source_files"))
PAGE = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Test</title>{SCRIPTS}</head></html>'
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
