"""A browser without a screen, for tests of pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.support.counterparts import counterpart

_FLAGS = (
    "--no-sandbox",  # as root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_AXE = "axe.run(document, {resultTypes: ['violations']})"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield Chromium; skip the calling tests, loudly, where it is not installed."""
    path = counterpart("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class OpenPage:
    """A page in a browser: ``complaints`` are errors and warnings of its console, ``requests`` all that it loads."""

    def __init__(
        self,
        browser: Browser,
        address: Path | str,
        respond: Callable[[Route], None] | None = None,
        **options: Any,  # noqa: ANN401 - as Playwright takes them
    ) -> None:
        """Open a file or a URL.

        ``respond`` answers each request; ``options`` are those of Playwright's ``new_context``.
        """
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page: Page = browser.new_context(**options).new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        if respond:
            self.page.route("**/*", respond)
        self.page.goto(address if isinstance(address, str) else address.as_uri())

    def accessibility_errors(self) -> list[str]:
        """Return what axe finds wrong on the page, everything on it unfolded."""
        self.page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        self.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
        violations = self.page.evaluate(_AXE)["violations"]
        return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in violations]

    def close(self) -> None:
        """Close the page."""
        self.page.context.close()
