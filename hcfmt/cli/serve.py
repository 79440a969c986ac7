"""``hcfmt serve``: serves an archive as HipChat's REST API v2 did."""

import re
import secrets
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hcfmt.cli.app import app
from hcfmt.cli.limits import limited, seconds, size
from hcfmt.cli.options import Digest, Password, PasswordFile
from hcfmt.cli.output import write_err
from hcfmt.cli.ready_lines import ready_lines
from hcfmt.cli.served_archive import ReadingJobs, ServedArchive, StoreFile, run_until_interrupted
from hcfmt.container import Budget
from hcfmt.errors import UsageError
from hcfmt.extras import require_extra
from hcfmt.report.visible_text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from hcfmt.server.settings import Settings
    from hcfmt.server.store import Store

VARIABLE = "HCFMT_TOKEN"
HIPCHAT_RATE = "hipchat"  # the value of --rate-limit for HipChat's own limits
_RATE = re.compile(r"([0-9]{1,9})(?:/([0-9]{1,9}(?:\.[0-9]{1,6})?))?")
_FAILURE = re.compile(r"([0-9]{3}):([01](?:\.[0-9]{1,9})?|\.[0-9]{1,9})")
_TOKEN_BYTES = 20  # random bytes of a generated token
_PANEL = "Fault injection, for the tests of clients"


def rate(text: str | tuple[int, float]) -> Any:  # noqa: ANN401 - typer calls it with its own result, too
    """Parse "100" or "100/60", requests and seconds, or "hipchat"; raise typer.BadParameter for anything else."""
    if isinstance(text, tuple):
        return text
    from hcfmt.server.http.rates import WINDOW_SECONDS  # noqa: PLC0415 - other commands do not need it

    if text == HIPCHAT_RATE:
        return None, WINDOW_SECONDS
    match = _RATE.fullmatch(text)
    if match is None:
        raise typer.BadParameter(
            f"{text!r} is not a rate. Give requests, optionally with /SECONDS, such as 100/60, or {HIPCHAT_RATE}."
        )
    return int(match[1]), float(match[2] or WINDOW_SECONDS)


def failure(text: str | tuple[int, float]) -> Any:  # noqa: ANN401 - the same
    """Parse "503:0.1", a status and its share of requests; raise typer.BadParameter for anything else."""
    if isinstance(text, tuple):
        return text
    match = _FAILURE.fullmatch(text)
    if match is None:
        raise typer.BadParameter(f"{text!r} is not a failure. Give a status and a share of requests, such as 503:0.1.")
    return int(match[1]), float(match[2])


@app.command(
    epilog="Exit status: 0 ended by Ctrl-C or SIGTERM, 2 wrong usage, 3 the archive cannot be read, 4 internal error, "
    "130 interrupted before it answered."
)
@limited
def serve(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    *,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="The address to listen on; any but this machine's own requires --token.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", help="The port to listen on.", min=0, max=65535, show_default="a free one")
    ] = 0,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN",
            envvar=VARIABLE,
            show_envvar=False,
            show_default="a random one",
            help=f"The token with all scopes. Other users of this machine can see it; {VARIABLE} is safer.",
        ),
    ] = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Accept TLS on the same port too, with a certificate made for this run.")
    ] = False,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="The URL that links begin with.", show_default="as the client reached the server"
        ),
    ] = None,
    store: StoreFile = None,
    jobs: ReadingJobs = 2,
    read_only: Annotated[bool, typer.Option("--read-only", help="Refuse requests that would change the data.")] = False,
    server_version: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Where answers of HipChat's cloud and of HipChat Server differ: cloud or server."
        ),
    ] = "cloud",
    deleted_rooms: Annotated[
        bool, typer.Option("--deleted-rooms", help="Find deleted rooms, which HipChat did not.")
    ] = False,
    allow_webhooks: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="Deliver webhooks to this host, too; without it only to this machine."),
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Write a line for each request to standard error.")] = False,
    rate_limit: Annotated[  # noqa: ANN401 - its parser's own
        Any,
        typer.Option(
            metavar="N[/SECONDS]",
            parser=rate,
            rich_help_panel=_PANEL,
            help=f"Requests a token may make in 300 seconds; {HIPCHAT_RATE} allows users 100 and add-ons 500.",
        ),
    ] = None,
    flood_limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, rich_help_panel=_PANEL, help="Messages a minute to one room or user."),
    ] = None,
    latency: Annotated[
        float,
        typer.Option(metavar="SECONDS", parser=seconds, rich_help_panel=_PANEL, help="Delay each response."),
    ] = 0.0,
    fail: Annotated[
        list[Any] | None,
        typer.Option(
            metavar="STATUS:SHARE", parser=failure, rich_help_panel=_PANEL, help="Fail this share of requests."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="S", rich_help_panel=_PANEL, help="Selects the requests that fail.", min=0)
    ] = 1,
    max_body: Annotated[
        int, typer.Option(metavar="SIZE", parser=size, help="Bytes of a request body.", show_default="1M")
    ] = 1 << 20,
    max_upload: Annotated[
        int, typer.Option(metavar="SIZE", parser=size, help="Bytes of a request with a file.", show_default="50M")
    ] = 50 << 20,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Serve an archive as HipChat's REST API v2 did. Writes change only the server's own copy of the data.

    When it is ready it prints one line of JSON: url, api (which clients call endpoint), token; tls_url and certificate.
    In a terminal it prints them as text, with the addresses of the page and of the docs.

    As a proxy it also serves clients that are fixed to api.hipchat.com; it forwards nothing to other hosts.

    /docs describes all operations, /_hcfmt serves tests of clients (docs/api.md). Ctrl-C ends the server.

    Examples:
      hcfmt serve export.tar.gz.aes --port 8080
      hcfmt serve demo.tar.gz --tls --rate-limit 100/60 --fail 503:0.05
    """
    require_extra("serve")
    from hcfmt.server.settings import Settings  # noqa: PLC0415 - other commands do not need it

    settings = Settings(
        token=secrets.token_hex(_TOKEN_BYTES) if token is None else token,
        base_url=base_url,
        read_only=read_only,
        rate_limit=rate_limit,
        flood_limit=flood_limit,
        latency=latency,
        failures=tuple(fail or ()),
        seed=seed,
        webhook_hosts=frozenset(allow_webhooks or ()),
        server_version=server_version,
        deleted_rooms=deleted_rooms,
        max_body=max_body,
        max_upload=max_upload,
    )
    _require_long_token(host, token)
    served = ServedArchive(archive, password, password_file, digest, budget)
    _run(served, partial(served.open, store, jobs), settings, (host, port), tls=tls, log=log)


def _require_long_token(host: str, token: str | None) -> None:
    """Raise UsageError if other machines can reach the host, and could guess the token."""
    from hcfmt.server.running import is_local  # noqa: PLC0415 - other commands do not need it
    from hcfmt.server.settings import MIN_PUBLIC_TOKEN  # noqa: PLC0415 - as above

    if not is_local(host) and len(token or "") < MIN_PUBLIC_TOKEN:
        raise UsageError(
            f"Other machines can reach {host}, so --token must have at least {MIN_PUBLIC_TOKEN} characters."
        )


def _run(
    archive: ServedArchive,
    read: "Callable[[], Store]",
    settings: "Settings",
    address: tuple[str, int],
    *,
    tls: bool,
    log: bool,
) -> None:
    """Read the archive, serve it and print its address, until a signal arrives."""
    from hcfmt.server import running as servers  # noqa: PLC0415 - other commands do not need it
    from hcfmt.server.http.log import Log  # noqa: PLC0415 - as above
    from hcfmt.server.page.page import Page  # noqa: PLC0415 - as above

    lines = Log(access=_log, error=_log) if log else Log(error=_log)
    with servers.listening(*address) as bound, read() as store, archive.findings(store) as findings:
        page = Page(archive.name, findings)
        with (
            servers.serve(store, settings, time.time, bound=bound, tls=tls, log=lines, page=page) as running,
            suppress(KeyboardInterrupt),  # the intended way to end it
        ):
            run_until_interrupted(running, lambda is_terminal: ready_lines(running, is_terminal=is_terminal))


def _log(line: str) -> None:
    write_err([visible(line)])
