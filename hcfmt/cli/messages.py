"""``hcfmt messages``: writes the messages of an archive as lines of JSON or CSV."""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from hcfmt.cli.app import app
from hcfmt.cli.archive_reading import progress_beside_output
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Force, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import standard_output, write_err
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.reading_status import reading_status
from hcfmt.container import Budget
from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.distinct_files import FileName
from hcfmt.errors import UsageError
from hcfmt.exits import Exit
from hcfmt.export.safe_regex import is_supported, matches
from hcfmt.reader.export import Export
from hcfmt.reader.message_lines import FORMATS, text_of
from hcfmt.reader.opening import open_export
from hcfmt.reader.people import REFERENCE_RULES
from hcfmt.reader.records import Message
from hcfmt.report.visible_text import visible

_STDOUT = "-"


def _instant(text: str | datetime) -> datetime:
    """Return a date or a time in ISO 8601, in UTC where it has no time zone."""
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        examples = "2018-01-31 or 2018-01-31T09:00+01:00"
        raise typer.BadParameter(f"{text!r} is not a date or a time in ISO 8601, such as {examples}.") from None
    return time if time.utcoffset() is not None else time.replace(tzinfo=UTC)


def _time_option(help_text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar="TIME", help=help_text, parser=_instant)
    return option


@app.command(
    epilog="Exit status: 0 everything was read, 1 some records were skipped, 2 wrong usage, 3 incomplete (a part could "
    "not be read), 4 internal error, 130 interrupted."
)
@limited
def messages(
    archive: Annotated[
        str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")
    ],
    *,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"Output format: {listed(FORMATS)}.",
            **choice("format", lambda: FORMATS),
        ),
    ] = "jsonl",
    room: Annotated[str | None, typer.Option(metavar="ROOM", help="Only of this room: its id or its name.")] = None,
    user: Annotated[
        str | None,
        typer.Option(metavar="USER", help="Only of this sender: the id, mention name, name or e-mail address."),
    ] = None,
    private: Annotated[
        bool,
        typer.Option(
            "--private",
            help="Private messages instead: the history of --user, or all histories, where each message is twice.",
        ),
    ] = False,
    since: Annotated[datetime | None, _time_option("Only from this time on (UTC unless it has an offset).")] = None,
    until: Annotated[datetime | None, _time_option("Only before this time.")] = None,
    grep: Annotated[str | None, typer.Option(metavar="TEXT", help="Only with this text, in any letter case.")] = None,
    regex: Annotated[
        str | None,
        typer.Option(metavar="PATTERN", help="Only with a match of this regular expression, without backreferences."),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="A new file, or - for standard output.")
    ] = _STDOUT,
    force: Force = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Write the messages of an archive, a line of JSON or a row of CSV each.

    This prints what people wrote. In JSON, all characters beyond ASCII are escaped. In CSV, control characters are
    escaped, and a text that a spreadsheet would compute gets an apostrophe in front.

    Users and rooms are read first, so the archive is read twice; standard input is copied to a temporary file.

    Examples:
      hcfmt messages export.tar.gz.aes | jq -r '.sender.name + ": " + .message'
      hcfmt messages --room Ops --format csv -o ops.csv export.tar.gz.aes
      hcfmt messages --private --user anna --grep invoice export.tar.gz.aes
    """
    has_text = _text_test(grep, regex)
    inputs = named_inputs(archive, password_file)
    secret, digests = password_source(password, password_file), digests_to_try(digest)
    with (
        progress_beside_output() as watch,
        open_export(
            archive, password=secret, digests=digests, budget=budget, stdin=sys.stdin.buffer, watch=watch
        ) as export,
    ):
        chosen = _chosen(export, room, user, since, until, private=private)
        lines = FORMATS[output_format](message for message in chosen if has_text(message))
        _write(lines, output, inputs, force=force)
        status = _report(export)
    raise typer.Exit(status)


def _text_test(grep: str | None, regex: str | None) -> Callable[[Message], bool]:
    """Return whether the text of a message has what is looked for. Raises UsageError for an unsupported pattern."""
    if regex is not None and not is_supported(regex):
        raise UsageError("--regex is invalid, too long, or has a backreference or lookaround, which are not supported.")
    wanted = (grep or "").casefold()

    def has_text(message: Message) -> bool:
        text = text_of(message)
        return wanted in text.casefold() and (regex is None or matches(regex, text))

    return has_text


def _chosen(
    export: Export, room: str | None, user: str | None, since: datetime | None, until: datetime | None, *, private: bool
) -> Iterator[Message]:
    """Return the messages of a room, a sender and a time. Raises UsageError for an unknown room or user."""
    person = None if user is None else export.find_user(user)
    if not private:
        place = None if room is None else export.find_room(room)
        return export.messages(room=place, user=person, since=since, until=until)
    if room is not None:
        raise UsageError("Private messages are in no room: leave out --room or --private.")
    return export.private_messages(person, since=since, until=until)


def _write(lines: Iterator[str], output: str, inputs: Sequence[FileName], *, force: bool) -> None:
    if output != _STDOUT:
        with atomic_file(output, force=force, inputs=inputs) as file:
            file.writelines(f"{line}\n".encode() for line in lines)
        return
    with standard_output() as stream:
        if stream.isatty():
            stream.writelines(f"{line}\n" for line in lines)
        else:
            stream.buffer.writelines(f"{line}\n".encode() for line in lines)


def _report(export: Export) -> Exit:
    """Print how much was skipped, and return the exit status; unknown users are no loss."""
    skipped = {code: count for code, count in export.problem_counts.items() if code not in REFERENCE_RULES}
    if not skipped:
        return Exit.VALID
    codes = ", ".join(f"{code} ({count:,})" for code, count in sorted(skipped.items()))
    write_err([f"hcfmt: skipped what cannot be read: {codes}. 'hcfmt validate' says more. The first:"])
    first = next(problem for problem in export.problems if problem.code in skipped)
    write_err([f"hcfmt: {visible(str(first.location) or 'the archive')}: {visible(first.message)}"])
    return reading_status(skipped)
