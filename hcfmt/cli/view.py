"""``hcfmt view``: a page in the browser to read an archive in."""

import os
import secrets
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from hcfmt.cli.app import app
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Password, PasswordFile
from hcfmt.cli.output import write_err
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.page_export import write_page
from hcfmt.cli.served_archive import ReadingJobs, ServedArchive, StoreFile, run_until_interrupted
from hcfmt.container import Budget
from hcfmt.errors import UsageError
from hcfmt.extras import require_extra
from hcfmt.report.text_style import json_text
from hcfmt.report.visible_text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from hcfmt.server.running import Running
    from hcfmt.server.store import Store

_TOKEN_BYTES = 20
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")  # without any, a browser would be one of text, on this terminal


@app.command(
    epilog="Exit status: 0 ended by Ctrl-C or SIGTERM, or written by --export, 2 wrong usage, "
    "3 the archive cannot be read, 4 internal error, 130 interrupted before the page was there."
)
@limited
def view(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    *,
    no_browser: Annotated[
        bool,
        typer.Option(
            "--no-browser",
            help="Only print the page's address. A browser gets it as an argument, which other users of this machine"
            " can see while the browser starts.",
        ),
    ] = False,
    port: Annotated[
        int, typer.Option(metavar="PORT", help="The port of the page.", min=0, max=65535, show_default="a free one")
    ] = 0,
    store: StoreFile = None,
    jobs: ReadingJobs = 2,
    export: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="Write the page as files below a new or an empty directory, which browsers open without a server.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier page of --export.")] = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Open a page to read an archive in: rooms and people, conversations, search, and what a validation finds.

    The page is on this machine alone and changes nothing. In a terminal it opens in the browser; elsewhere one line of
    JSON has its address as url, which lets a browser in. Ctrl-C ends it.

    Examples:
      hcfmt view export.tar.gz.aes
      hcfmt view export.tar.gz --no-browser --port 8080
      hcfmt view export.tar.gz.aes --export page
    """
    require_extra("serve")
    served = ServedArchive(archive, password, password_file, digest, budget)
    read = partial(served.open, store, jobs)
    if export is None:
        _show(served, read, port, opens=not no_browser)
        return
    if port or no_browser:
        raise UsageError("--export serves nothing: leave out --port and --no-browser.")
    write_page(served, read, export, named_inputs(archive, password_file, store), budget, force=force)


def _show(archive: ServedArchive, read: "Callable[[], Store]", port: int, *, opens: bool) -> None:
    """Read an archive, serve its page, open it and print its address, until a signal arrives."""
    from hcfmt.server import running as servers  # noqa: PLC0415 - other commands do not need it
    from hcfmt.server.http.log import Log  # noqa: PLC0415 - as above
    from hcfmt.server.page.page import Page  # noqa: PLC0415 - as above
    from hcfmt.server.settings import Settings  # noqa: PLC0415 - as above

    settings = Settings(token=secrets.token_hex(_TOKEN_BYTES))
    log = Log(error=lambda line: write_err([visible(line)]))
    with servers.listening("127.0.0.1", port) as bound, read() as store, archive.findings(store) as findings:
        findings.start()
        page = Page(archive.name, findings, is_alone=True)
        with (
            servers.serve(store, settings, time.time, bound=bound, log=log, page=page) as running,
            suppress(KeyboardInterrupt),  # the intended way to end it
        ):
            run_until_interrupted(running, lambda is_terminal: _lines(running, is_terminal=is_terminal, opens=opens))


def _lines(running: "Running", *, is_terminal: bool, opens: bool) -> Iterator[str]:
    """Yield the lines that tell where the page is; in a terminal, open it."""
    if not is_terminal:
        yield json_text({"url": running.page})
        return
    yield f"Page:   {running.page}"
    yield "Ctrl-C ends it."
    if opens and _has_screen():
        threading.Thread(target=_open, args=[running.page], daemon=True).start()  # some browsers return at their end


def _open(url: str) -> None:
    with suppress(OSError, webbrowser.Error):  # the address is printed, too
        webbrowser.open(url)


def _has_screen() -> bool:
    """Whether a browser with windows can open."""
    return sys.platform in {"darwin", "win32"} or any(map(os.environ.get, _SCREENS))
