"""The files of the page itself, changed so that it reads its data from files instead of a server."""

from collections.abc import Iterator

from hcfmt.container.new_tree import Parts
from hcfmt.server.page.page import INDEX, front_end

_SOURCE = "source_http.js"
_SCRIPTS = ("data_files.js", "search_words.js", "source_files.js")
# By the letter of the standard, a page from file: has no 'self'.
_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self' file:; "
    "style-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'\">"
)
_README = """\
A HipChat archive to read in a browser: open index.html.

index.html, page/  the page; it needs no server and no network
data/              its data as scripts: each calls hcfmtData("NAME", VALUE) with one JSON value
files/             the files of the archive; ".bin" was added to the names of those that a browser might run

data/overview.js   people, chats with the number of their messages, emoticons
data/messages/     the messages of each chat, the oldest first, in files of the number "chunk" of the overview
data/findings.js   what a validation of the archive found
data/index.js, data/search/, data/times/   the index of the search, which can be made again of the messages

Written by hcfmt, whose docs/view.md describes all files.
"""


def page_files() -> Iterator[tuple[Parts, bytes]]:
    """Yield the path and the content of each file of the page."""
    yield ("README.txt",), _README.encode()
    for name, (content, _) in sorted(front_end().items()):
        if name == INDEX:
            yield (INDEX,), static_page(content.decode()).encode()
        elif name != _SOURCE:
            yield ("page", name), content


def static_page(html: str) -> str:
    """Return the page with its policy inside, and with the scripts that read files instead of the one that asks."""
    (line,) = (line for line in html.splitlines(keepends=True) if f"page/{_SOURCE}" in line)
    scripts = "".join(line.replace(_SOURCE, script) for script in _SCRIPTS)
    return html.replace(line, scripts).replace("<head>\n", f"<head>\n{_POLICY}\n", 1)
