"""``hcfmt validate``: checks archives and exits with their verdict."""

import sys
from typing import Annotated

import typer
from msgspec.structs import replace

from hcfmt.check.archive_queue import validate_all
from hcfmt.check.engine import Options
from hcfmt.cli.app import EPILOG, app
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.jobs import Jobs, process_options
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, digests_to_try
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.password import Password, PasswordFile, password_source
from hcfmt.cli.progress import input_lines
from hcfmt.cli.scheduler import Scheduler, cluster_options
from hcfmt.cli.terminal import style_of
from hcfmt.container import Budget, expand_inputs
from hcfmt.findings import Severity
from hcfmt.report.formats import FORMATS
from hcfmt.report.text import summary
from hcfmt.verdict import Report, exit_status


@app.command(epilog=EPILOG)
@limited
def validate(
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="Archives, directories, URLs (s3://, https://), wildcards, or - for standard input.",
            metavar="INPUT...",
        ),
    ],
    *,
    output: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"Output format: {listed(FORMATS)}.",
            **choice("format", lambda: FORMATS),
        ),
    ] = "text",
    fail_on: Annotated[
        Severity,
        typer.Option(
            metavar="SEVERITY",
            help="The lowest severity that makes an archive invalid: error, warning, suspect or info.",
        ),
    ] = Severity.ERROR,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 for an invalid archive; other exit statuses stay.")
    ] = False,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show text of the archive: names, messages, paths.")
    ] = False,
    max_findings: Annotated[
        int, typer.Option(metavar="N", help="Findings shown for each rule; all are counted.", min=1)
    ] = 100,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Check that archives are complete, readable and sound.

    An archive is a .tar.gz.aes as hc-migrate wrote it, a .tar.gz, a .tar, or a directory; its content decides which.

    Findings go to standard output, the summary to standard error. Both hide text of the archive without --show-values.

    Examples:
      hcfmt validate export.tar.gz.aes
      hcfmt validate --format json *.aes > report.json
      hcfmt validate --scheduler tls://scheduler:8786 's3://bucket/exports/*.aes'
    """
    secret = password_source(password, password_file)
    options = Options(
        password=secret,
        digests=digests_to_try(digest),
        budget=budget,
        fail_on=fail_on,
        keep=max_findings,
        show_values=show_values,
    )
    inputs = expand_inputs(inputs)
    reports: list[Report] = []
    try:
        sharing = process_options(options, jobs) if scheduler is None else cluster_options(options, scheduler)
        with sharing as shared, input_lines(len(inputs)) as lines:
            shown = replace(shared, password=lines.asking(secret), watch=lines.read) if lines else shared
            for report in validate_all(inputs, shown, stdin=sys.stdin.buffer, begun=lines.begin if lines else None):
                reports.append(report)
                if lines:
                    lines.finish(report)
    finally:  # finished reports are printed even if a later input cannot be read or Ctrl-C ends the run
        if reports:
            write_out(FORMATS[output](reports, style_of(sys.stdout)))
            write_err(line for report in reports for line in summary(report, style_of(sys.stderr)))
    raise typer.Exit(exit_status(reports, exit_zero=exit_zero))
