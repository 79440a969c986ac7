"""``hcfmt compare``: compares what an importer imported with what an archive holds."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from hcfmt.check.comparison import LARGEST_RESULT, Comparison, parse_counts
from hcfmt.check.comparison import compare as compare_counts
from hcfmt.check.engine import Options
from hcfmt.cli.app import app
from hcfmt.cli.jobs import process_options
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Jobs, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.cli.terminal import style_of
from hcfmt.container import STDIN, Budget
from hcfmt.errors import UsageError
from hcfmt.exits import Exit
from hcfmt.report.tables import ASCII, Table, aligned
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Verdict


@app.command(
    epilog="Exit status: 0 equal, 1 different, 2 wrong usage, 3 incomplete (the archive could not be read to its end, "
    "so that nothing is compared), 4 internal error, 130 interrupted."
)
@limited
def compare(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    result: Annotated[
        str,
        typer.Argument(help="The importer's counts as JSON, or - for standard input.", metavar="RESULT"),
    ],
    *,
    jobs: Jobs = None,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Compare what an importer says that it imported with what the archive holds.

    RESULT is a JSON object of counts, such as {"users": 10, "messages": 240}. 'hcfmt schema report/imported' names
    them. A count that is absent is not compared; one at least must be there. 'hcfmt diff' compares two archives.

    Examples:
      hcfmt compare export.tar.gz.aes imported.json
      importer export.tar.gz | hcfmt compare export.tar.gz -
    """
    if archive == result == STDIN:
        raise UsageError("The archive and the result cannot both be standard input: name one of the files.")
    counts = parse_counts(_text(result))
    options = Options(
        password=password_source(password, password_file), digests=digests_to_try(digest), budget=budget, keep=1
    )
    with process_options(options, jobs, archives=1) as shared, progress_bar() as watch:
        found = compare_counts(archive, counts, replace(shared, watch=watch), stdin=sys.stdin.buffer)
    if found.report.verdict is Verdict.INCOMPLETE:
        write_err([visible(f"Nothing is compared: the archive could not be read to its end. {found.report.why}")])
        raise typer.Exit(Exit.INCOMPLETE)
    write_out(_lines(found))
    raise typer.Exit(Exit.INVALID if found.differing else Exit.VALID)


def _lines(found: Comparison) -> Iterator[str]:
    """Yield a table of the counts, the marked ones of which differ."""
    rows = [
        (name, f"{found.expected[name]:,}", f"{number:,}", "differs" if name in found.differing else "")
        for name, number in found.imported.items()
    ]
    yield from aligned(Table("lrrl", ("Count", "expected", "imported", ""), rows), style_of(sys.stdout), ASCII)
    differing = len(found.differing)
    yield f"{differing:,} of {len(rows):,} counts differ." if differing else f"Counts that are equal: {len(rows):,}."


def _text(result: str) -> bytes:
    """Return the result, or as much of it as shows that it is too large."""
    if result == STDIN:
        return sys.stdin.buffer.read(LARGEST_RESULT + 1)
    try:
        with Path(result).open("rb") as file:
            return file.read(LARGEST_RESULT + 1)
    except OSError as error:
        raise UsageError(f"{result}: the result cannot be read: {error.strerror}.") from None
