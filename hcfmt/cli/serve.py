"""``hcfmt serve``: serves an archive as HipChat's REST API v2 did."""

import re
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hcfmt.cli.app import app
from hcfmt.cli.jobs import MAX_JOBS
from hcfmt.cli.limits import limited, seconds, size
from hcfmt.cli.options import Digest, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import standard_output, write_err
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.cli.ready_lines import ready_lines
from hcfmt.container import Budget
from hcfmt.container.distinct_files import require_not_input
from hcfmt.errors import UsageError
from hcfmt.extras import require_extra
from hcfmt.report.visible_text import visible

if TYPE_CHECKING:
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
    store: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Keep the data in FILE, locked by FILE.lock; the next run opens it at once.",
        ),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", metavar="N", help="Processes that read a large archive.", min=1, max=MAX_JOBS),
    ] = 2,
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
    # Other commands do not need these imports.
    from hcfmt.server.settings import MIN_PUBLIC_TOKEN, Settings  # noqa: PLC0415 - as above
    from hcfmt.server.store import open_store  # noqa: PLC0415 - as above

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
    if store is not None:
        require_not_input(store, named_inputs(password_file))
    read = partial(
        open_store,
        archive,
        store_path=store,
        password=password_source(password, password_file),
        digests=digests_to_try(digest),
        budget=budget,
        stdin=sys.stdin.buffer,
        jobs=jobs,
    )
    _run(read, settings, (host, port), tls=tls, log=log, is_public=len(token or "") >= MIN_PUBLIC_TOKEN)


def _run(
    read: "Callable[..., Store]",
    settings: "Settings",
    address: tuple[str, int],
    *,
    tls: bool,
    log: bool,
    is_public: bool,
) -> None:
    """Read the archive, serve it and print its address, until a signal arrives."""
    from hcfmt.server import running as servers  # noqa: PLC0415 - other commands do not need it
    from hcfmt.server.http.log import Log  # noqa: PLC0415 - as above
    from hcfmt.server.settings import MIN_PUBLIC_TOKEN  # noqa: PLC0415 - as above

    if not servers.is_local(address[0]) and not is_public:
        raise UsageError(
            f"Other machines can reach {address[0]}, so --token must have at least {MIN_PUBLIC_TOKEN} characters."
        )
    lines = Log(access=_log, error=_log) if log else Log(error=_log)
    with servers.listening(*address) as bound, _read(read) as served:
        _report_omissions(served.omissions)
        with (
            servers.serve(served, settings, time.time, bound=bound, tls=tls, log=lines) as running,
            suppress(KeyboardInterrupt),  # the intended way to end it
        ):
            is_printed = False
            with standard_output() as stream:
                stream.writelines(f"{line}\n" for line in ready_lines(running, is_terminal=stream.isatty()))
                stream.flush()
                is_printed = True
            if is_printed:  # else nobody can learn its address
                running.wait()


def _read(read: "Callable[..., Store]") -> "Store":
    """Read the archive with a progress bar."""
    with progress_bar() as watch:
        return read(watch=watch) if watch else read()


def _report_omissions(counts: Mapping[str, int]) -> None:
    write_err(f"hcfmt: not served: {visible(kind)}: {count:,}" for kind, count in counts.items())


def _log(line: str) -> None:
    write_err([visible(line)])
