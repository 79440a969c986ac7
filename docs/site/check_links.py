"""Checks that every link within the built site leads to a page and an anchor: ``python check_links.py DIRECTORY``."""

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The anchors and links of a page."""

    def __init__(self, text: str) -> None:
        """Parse the HTML of a page."""
        super().__init__()
        self.anchors: set[str] = {""}
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the id, the target of a link, the source of a script or an image."""
        values = dict(attrs)
        self.anchors.add(values.get("id") or "")
        self.links += [value for name in ("href", "src") if tag != "base" and (value := values.get(name))]


def broken_links(root: Path) -> Iterator[str]:
    """Yield a line for each link that leads nowhere; links to other hosts are not followed."""
    pages = {path.resolve(): Page(path.read_text("utf-8")) for path in root.rglob("*.html")}
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file() or (target in pages and unquote(parts.fragment) not in pages[target].anchors):
                yield f"{path.relative_to(root.resolve())}: {link}"


if __name__ == "__main__":
    found = sorted(set(broken_links(Path(sys.argv[1]))))
    sys.exit("\n".join(found) or 0)
