"""``hcfmt validate``: checks archives and exits with their verdict."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from hcfmt.check.archives_below import archives_below
from hcfmt.check.configuration import Settings
from hcfmt.check.engine import KEPT, Options
from hcfmt.cli.app import EPILOG, app
from hcfmt.cli.choices import choice, choice_of_file, listed
from hcfmt.cli.choosing import Chosen, choosing
from hcfmt.cli.configuration import settings_lines
from hcfmt.cli.importer_profiles import check_profile, importer_names, known_importers, profile_files
from hcfmt.cli.jobs import process_options
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Jobs, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_out
from hcfmt.cli.password import password_source
from hcfmt.cli.scheduler import Scheduler, cluster_options
from hcfmt.cli.second_sources import Expect, Log, with_second_sources
from hcfmt.cli.validation import Output, print_reports, with_settings
from hcfmt.container import Budget, expand_inputs
from hcfmt.errors import UsageError
from hcfmt.export.dialects import CHECKED
from hcfmt.findings import Severity
from hcfmt.report.formats import FORMATS, HASHED, require_modules
from hcfmt.report.text_style import SENTENCES, Detail

if TYPE_CHECKING:
    from hcfmt.cli.baseline import BaselineFile
    from hcfmt.container.distinct_files import FileName


@app.command(epilog=EPILOG)
@limited
@choosing
def validate(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            help="Archives, directories, URLs (s3://, https://), wildcards, or - for standard input.",
            metavar="INPUT...",
        ),
    ] = None,
    *,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"Output format: {listed(FORMATS)}.",
            **choice("format", lambda: FORMATS),
        ),
    ] = "text",
    files: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORMAT:FILE",
            help="Write a report to a file too, such as json:report.json. May be repeated.",
            **choice_of_file("format", lambda: FORMATS),
        ),
    ] = None,
    receipt: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write a receipt of the archive to a new file: digests, counts and the verdict, without names.",
        ),
    ] = None,
    fail_on: Annotated[
        Severity | None,
        typer.Option(
            metavar="SEVERITY",
            help="The lowest severity that makes an archive invalid: error, warning, suspect or info.",
            show_default="error",
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 for an invalid archive; other exit statuses stay.")
    ] = False,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show text of the archive: names, messages, paths.")
    ] = False,
    max_findings: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Findings kept for each rule; all are counted.",
            min=1,
            show_default=f"{KEPT}, of which text shows {SENTENCES} different ones",
        ),
    ] = None,
    recursive: Annotated[
        bool,
        typer.Option("--recursive", "-r", help="Check the archives below each directory that is no export itself."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the verdicts alone.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print all findings that are kept, each with its place.")
    ] = False,
    dialect: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=f"The exporter that must have written the archive: {listed(('auto', *CHECKED))}; auto takes any.",
            show_default="auto",
            **choice("dialect", lambda: ("auto", *CHECKED)),
        ),
    ] = None,
    importers: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="IMPORTER",
            help="Say what an importer does with the archives: its name, 'all', or a profile in TOML. May be repeated.",
            autocompletion=importer_names,
            callback=known_importers,
        ),
    ] = None,
    fail_on_loss: Annotated[
        bool,
        typer.Option(
            "--fail-on-loss",
            help="Exit with 1 where an importer of --for fails, loses something, or cannot be told of.",
        ),
    ] = False,
    profile_check: Annotated[  # noqa: ARG001 - its callback does the work
        str | None,
        typer.Option(
            metavar="FILE",
            help="Check a profile in TOML and run its examples, instead of archives, and exit.",
            callback=check_profile,
            is_eager=True,
        ),
    ] = None,
    expect: Expect = None,
    log: Log = None,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    chosen: Chosen,
    budget: Budget,
) -> None:
    """Check that archives are complete, readable and sound.

    An archive is a .tar.gz.aes as hc-migrate wrote it, a .tar.gz, a .tar, or a directory; its content decides which.

    The report goes to standard output. With a format for programs, the verdict goes to standard error as well.

    Reports hide text of the archive without --show-values. A receipt never holds any.

    Examples:
      hcfmt validate export.tar.gz.aes
      hcfmt validate -q exports/*.aes
      hcfmt validate --format json *.aes > report.json
      hcfmt validate --format github --output sarif:hcfmt.sarif exports/*.aes
      hcfmt validate --output html:report.html export.tar.gz.aes
      hcfmt validate --for zulip --for rocketchat --fail-on-loss export.tar.gz.aes
      hcfmt validate --receipt export.receipt.json export.tar.gz.aes
      hcfmt validate --scheduler tls://scheduler:8786 's3://bucket/exports/*.aes'
    """
    settings = chosen.settings.overridden(Settings(fail_on=fail_on, max_findings=max_findings, dialect=dialect))
    if chosen.shown:
        write_out(settings_lines(chosen.path, settings))
        raise typer.Exit
    if not inputs:
        raise typer.BadParameter("Missing argument 'INPUT...'.")
    formats = {format_, *(value.partition(":")[0] for value in files or ())}
    require_modules(formats)
    if fail_on_loss and not importers:
        raise UsageError("--fail-on-loss needs the importers whose losses count: add --for IMPORTER, or --for all.")
    secret = password_source(password, password_file)
    options = Options(
        password=secret,
        digests=digests_to_try(digest),
        budget=budget,
        show_values=show_values,
        importers=tuple(importers or ()),
        sha256=not HASHED.isdisjoint(formats),
        receipt=receipt is not None,
        report_unreadable=True,
    )
    expanded = archives_below(expand_inputs(inputs)) if recursive else expand_inputs(inputs)
    read: Sequence[FileName] = ()
    if files or chosen.written or chosen.pruned or receipt is not None:
        from hcfmt.cli.output_paths import named_inputs  # noqa: PLC0415 - most runs write no file

        read = named_inputs(*expanded, password_file, *profile_files(importers or ()), chosen.path, expect, log)
    options = with_second_sources(options, expect, log, expanded)
    others = [path for path in (chosen.written, receipt) if path is not None]
    written = _files(files, [*read, *([settings.baseline] if settings.baseline else [])], others)
    output = Output(
        format_,
        written,
        _receipt(receipt, expanded, read, settings),
        exit_zero=exit_zero,
        fail_on_loss=fail_on_loss,
        detail=_detail(quiet, verbose),
    )
    options, output = with_settings(settings, options, output, _baseline(settings, chosen, read))
    if scheduler is None:
        sharing = process_options(options, jobs, archives=len(expanded))
    else:
        sharing = cluster_options(options, scheduler)
    raise typer.Exit(print_reports(expanded, sharing, secret, output))


def _files(
    values: Sequence[str] | None, inputs: "Sequence[FileName]", others: Sequence[str]
) -> Sequence[tuple[str, str]]:
    """Return formats and paths of the reports that are to be written, besides ``others``."""
    if not values:
        return ()
    from hcfmt.cli.report_files import report_files  # noqa: PLC0415 - most runs write none

    return report_files(values, inputs, others)


def _receipt(
    path: str | None, archives: Sequence[object], inputs: "Sequence[FileName]", settings: Settings
) -> str | None:
    """Return the path of the receipt that is to be written."""
    if path is None:
        return None
    from hcfmt.check.receipts.files import require_new  # noqa: PLC0415 - most runs write none
    from hcfmt.cli.report_files import require_writable  # noqa: PLC0415 - as above

    if len(archives) != 1:
        raise UsageError(f"--receipt is that of one archive, but {len(archives):,} are given: run it once for each.")
    require_writable("--receipt", path, [*inputs, *([settings.baseline] if settings.baseline else [])])
    require_new(path)
    return path


def _baseline(settings: Settings, chosen: Chosen, inputs: "Sequence[FileName]") -> "BaselineFile | None":
    """Return the baseline that is read or made."""
    if settings.baseline is None and chosen.written is None and not chosen.pruned:
        return None
    from hcfmt.cli.baseline import baseline_file  # noqa: PLC0415 - most runs have none

    return baseline_file(settings.baseline, chosen.written, inputs, pruned=chosen.pruned)


def _detail(quiet: bool, verbose: bool) -> Detail:  # noqa: FBT001 - two options
    if quiet and verbose:
        raise UsageError("Give --quiet or --verbose, not both.")
    return Detail.QUIET if quiet else Detail.VERBOSE if verbose else Detail.NORMAL
