"""Times of ``hcfmt view`` in Chromium: ``python -m benchmarks.page ARCHIVE [QUERY...]``; it has no target.

Needs playwright and chromium, as the tests do. The archive opens without a password, or with that of HCFMT_PASSWORD.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.processes import HCFMT

QUERIES = ("deploy", '"never mind"', "xyzzy")
SCROLLS = 120
_FRAMES = """() => {
  window.frames_ = [];
  let last = performance.now();
  const next = (now) => { frames_.push(now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""
_OVERVIEW = "fetch('page/overview.json').then((answer) => answer.json())"
_FOUND = ".found:has-text('message'), .found:has-text('Nothing')"


def main(archive: str, queries: list[str]) -> None:
    """Serve the page of an archive, use it, and print the seconds of each step."""
    start = time.perf_counter()
    with viewed(archive) as address:
        say(f"until the page is served: {time.perf_counter() - start:.1f} s, load {os.getloadavg()[0]:.1f}")
        with sync_playwright() as playwright:
            path = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            use(page, address, queries or list(QUERIES))
            browser.close()


@contextmanager
def viewed(archive: str) -> Iterator[str]:
    """Serve the page of an archive while the block runs; give its address."""
    command = [*HCFMT, "view", archive, "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - a fixed command
        assert process.stdout  # noqa: S101 - a pipe
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def use(page: Page, address: str, queries: list[str]) -> None:
    """Open a page, its largest chat, places in it and searches; print the time of each."""
    timed("the list of chats", partial(load, page, address))
    overview = page.evaluate(_OVERVIEW)
    chats = overview["chats"]
    say(f"  {sum(chat['count'] for chat in chats):,} messages in {len(chats):,} chats")
    largest = max(chats, key=lambda chat: chat["count"])
    key, count = largest["key"], largest["count"]
    timed(f"the first message of {count:,}", partial(go, page, f"#{key}", f'.row[data-i="{count - 1}"]'))
    for number in (0, count // 2, count // 3):
        place = partial(go, page, f"#{key}/@{number}", f'.row.target[data-i="{number}"]')
        timed(f"a link to message {number:,}", place)
    scroll(page)
    for query in queries if overview["searchable"] else ():
        load(page, address)
        timed(f"a search for {query}", partial(search, page, query))
        say(f"  {page.locator('.found').inner_text()}")


def load(page: Page, address: str) -> None:
    """Open the page, and wait for the list of chats."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#chats a")


def go(page: Page, place: str, awaited: str) -> None:
    """Go to a place, and wait for an element."""
    page.evaluate("place => { location.hash = place }", place)
    page.wait_for_selector(awaited)


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def timed(name: str, step: Callable[[], Any]) -> None:
    """Print how long a step takes."""
    start = time.perf_counter()
    step()
    say(f"{name}: {(time.perf_counter() - start) * 1_000:.0f} ms")


def scroll(page: Page) -> None:
    """Turn the wheel, and print the milliseconds between two frames."""
    page.mouse.move(700, 400)
    page.evaluate(_FRAMES)
    for _ in range(SCROLLS):
        page.mouse.wheel(0, 240)
        page.wait_for_timeout(8)
    frames = sorted(page.evaluate("frames_.slice(2)"))
    middle, high = frames[len(frames) // 2], frames[len(frames) * 95 // 100]
    rows = page.locator("article.message").count()
    say(f"frames while it scrolls: median {middle:.1f} ms, 95 % within {high:.1f} ms; {rows} messages exist")


def search(page: Page, query: str) -> None:
    """Search, and wait for the first result."""
    page.evaluate("query => { location.hash = hcfmt.searchLink(query) }", query)
    page.wait_for_selector(_FOUND)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
