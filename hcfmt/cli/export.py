"""``hcfmt export``: writes an export as an SQLite database."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

import hcfmt
from hcfmt.check.catalogue import RULES
from hcfmt.cli.app import app
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Force, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.cli.reading_status import reading_status
from hcfmt.container import Budget
from hcfmt.container.distinct_files import require_not_input
from hcfmt.report.text_style import count_of
from hcfmt.report.visible_text import visible

_SUMMARY = (("users", "user"), ("rooms", "room"), ("messages", "message"), ("files", "file"))


@app.command(
    epilog="Exit status: 0 everything was read, 1 some records were skipped or refer to nothing, 2 wrong usage, "
    "3 incomplete (a part of the archive could not be read), 4 internal error, 130 interrupted."
)
@limited
def export(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    output: Annotated[
        str, typer.Argument(help="The database to write: a name that ends in .sqlite, .sqlite3 or .db.", metavar="OUT")
    ],
    *,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Write an export as an SQLite database: users, rooms, messages and the paths of files, with full-text search.

    docs/sqlite.md describes the tables. The database holds names and texts, and only its owner can read it. It appears
    complete or not at all.

    What cannot be read is skipped, and the table "problems" says what and where.

    Examples:
      hcfmt export export.tar.gz.aes export.sqlite
      hcfmt export --force - export.sqlite < export.tar.gz
    """
    require_not_input(output, named_inputs(archive, password_file))
    with progress_bar() as watch:
        done = hcfmt.export_sqlite(
            archive,
            output,
            password=password_source(password, password_file),
            digests=digests_to_try(digest),
            budget=budget,
            stdin=sys.stdin.buffer,
            force=force,
            watch=watch,
        )
    summary = ", ".join(count_of(done.rows[table], noun) for table, noun in _SUMMARY)
    write_err([f"{visible(output)} written: {summary}.", *_problem_lines(done)])
    raise typer.Exit(reading_status(done.problem_counts))


def _problem_lines(done: "hcfmt.SqliteExport") -> Iterator[str]:
    """Yield a line for each rule that found something, with the number of places."""
    for code, count in sorted(done.problem_counts.items()):
        yield f"{code} {RULES[code].name}: {count_of(count, 'problem')}"
    if done.problem_counts:
        yield 'The table "problems" has them.'
