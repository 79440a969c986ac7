"""``hcfmt ls`` and ``hcfmt cat``: list the members of an archive, and write the bytes of some."""

import codecs
import itertools
import sys
from collections.abc import Callable, Iterator
from typing import Annotated, TextIO

import typer

from hcfmt.cli.app import app
from hcfmt.cli.archive_reading import EPILOG, progress_beside_output, reading_status, report_losses
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import standard_output, write_err, write_out
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import Watch
from hcfmt.cli.terminal import on_terminal, style_of
from hcfmt.container import Archive, Budget, Member, open_archive
from hcfmt.container.archive import EMPTY
from hcfmt.container.named_members import named_files
from hcfmt.container.path_patterns import Selection
from hcfmt.errors import UsageError
from hcfmt.report import member_lists
from hcfmt.report.member_lists import MemberRow
from hcfmt.report.visible_text import visible, visible_lines

FORMATS = ("text", "json", "jsonl")

_Archive = Annotated[str, typer.Argument(help="An archive, a directory, or - for standard input.", metavar="ARCHIVE")]


@app.command(epilog=EPILOG)
@limited
def ls(
    archive: _Archive,
    patterns: Annotated[
        list[str] | None,
        typer.Argument(
            help="Members to list: * and ? within a name, ** across directories.",
            metavar="PATTERN...",
            show_default="all",
        ),
    ] = None,
    *,
    long: Annotated[bool, typer.Option("--long", "-l", help="List kinds and sizes too.")] = False,
    output: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"Output format: {listed(FORMATS)}; json and jsonl always have kinds and sizes.",
            **choice("format", lambda: FORMATS),
        ),
    ] = "text",
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """List the members of an archive, in its order.

    A pattern without a slash is compared with the last part of a path, and a directory that matches stands for all that
    is below it.

    On a terminal, --long prints a table, in which a long path loses its middle. Elsewhere it prints kind, size in bytes
    and path with tabs between them. Control characters in names are escaped; json and jsonl hold names as they are.

    Examples:
      hcfmt ls export.tar.gz.aes
      hcfmt ls -l export.tar.gz.aes 'rooms/*/history.json'
      hcfmt ls --format jsonl export.tar.gz.aes | jq 'select(.size > 1000000)'
    """
    secret, digests = password_source(password, password_file), digests_to_try(digest)
    with (
        open_archive(archive, password=secret, digests=digests, budget=budget, stdin=sys.stdin.buffer) as opened,
        progress_beside_output() as watch,
    ):
        rows = _rows(opened, Selection(patterns or ()), watch)
        write_out(_lines(rows, output, lambda: reading_status(opened.fault, opened.defects), long=long))
    raise typer.Exit(report_losses(opened.fault, opened.defects))


def _rows(archive: Archive, selection: Selection, watch: Watch | None) -> Iterator[MemberRow]:
    """Yield the members that are selected. Raises UsageError for a pattern that none matches."""
    progress, is_empty = watch(archive) if watch else None, True
    for member in archive.members():
        is_empty = False
        if member.path in selection:
            yield MemberRow(member.path, member.kind, member.size)
        if progress:
            progress(member.path)
    if archive.fault:
        return
    if is_empty:
        archive.defects.append(EMPTY)
    else:
        selection.require_matches()


def _lines(rows: Iterator[MemberRow], output: str, status: Callable[[], int], *, long: bool) -> Iterator[str]:
    """Yield the lines of a format."""
    if output != "text":
        return (member_lists.document if output == "json" else member_lists.documents)(rows, status)
    if not long:
        return member_lists.paths(rows)
    return member_lists.table(rows, style_of(sys.stdout)) if on_terminal(sys.stdout) else member_lists.fields(rows)


@app.command(epilog=EPILOG)
@limited
def cat(
    archive: _Archive,
    members: Annotated[list[str], typer.Argument(help="The paths of the files in the archive.", metavar="MEMBER...")],
    *,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Write the bytes of members to standard output, in the order of the archive.

    The archive is read to its end: the exit status says whether the bytes are whole. Of files that have the same name
    the first is written, and standard error names the others.

    A terminal gets text alone, with control characters escaped; a file that is not text is refused there.

    Examples:
      hcfmt cat export.tar.gz.aes rooms.json | jq '.[].Room.name'
      hcfmt cat export.tar.gz.aes users/1/avatars/photo.png > photo.png
    """
    secret, digests = password_source(password, password_file), digests_to_try(digest)
    with (
        open_archive(archive, password=secret, digests=digests, budget=budget, stdin=sys.stdin.buffer) as opened,
        progress_beside_output() as watch,
        standard_output() as stream,
    ):
        progress = watch(opened) if watch else None
        for member in named_files(opened, members, warn=lambda sentence: write_err([visible(sentence)])):
            if progress:
                progress(member.path)
            _write(member, stream)
    raise typer.Exit(report_losses(opened.fault, opened.defects))


def _write(member: Member, stream: TextIO) -> None:
    """Write the bytes of a member, to a terminal as text. Raises Fault, UsageError for bytes that are not text."""
    if stream.isatty():
        stream.writelines(visible_lines(text) for text in _texts(member))
    else:
        stream.buffer.writelines(member.chunks)


def _texts(member: Member) -> Iterator[str]:
    """Yield the bytes of a member as text. Raises UsageError where they are not UTF-8, or have a NUL."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in itertools.chain(member.chunks, (b"",)):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise UsageError(f"{member.path}: is not text: redirect standard output to a file (> FILE).")
        yield text
