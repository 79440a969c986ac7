"""The options of ``hcfmt validate`` that name other sources on an archive: expectations, and the log of hc-migrate."""

from collections.abc import Sequence
from typing import Annotated

import typer
from msgspec.structs import replace

from hcfmt.check.engine import Options
from hcfmt.container import ArchiveInput
from hcfmt.errors import UsageError

_PANEL = "Other sources"

Expect = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        rich_help_panel=_PANEL,
        help="What the archive must hold, in TOML: counts, rooms, people, dates. docs/second-sources.md describes it.",
    ),
]
Log = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        rich_help_panel=_PANEL,
        help="The log of hc-migrate: it must have finished, and the archive must hold what it wrote.",
    ),
]


def with_second_sources(
    options: Options, expect: str | None, log: str | None, archives: Sequence[ArchiveInput]
) -> Options:
    """Return options with the sources in files; raises UsageError for several archives, and for a wrong file."""
    if expect is None and log is None:
        return options
    if len(archives) > 1:
        raise UsageError("--expect and --log are about one archive: validate each archive with its own.")
    from hcfmt.check.expected_contents import read_expectations  # noqa: PLC0415 - most runs have no other source
    from hcfmt.check.export_log import read_log  # noqa: PLC0415

    return replace(
        options,
        expected=None if expect is None else read_expectations(expect),
        log=None if log is None else read_log(log),
    )
