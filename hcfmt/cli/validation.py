"""What ``hcfmt validate`` does once its options are known; without options, nothing imports their parser."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NoReturn, TextIO

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.check.archive_queue import validate_all
from hcfmt.check.catalogue import RULES
from hcfmt.check.engine import Options, unchecked
from hcfmt.cli.configuration import configured, found_settings
from hcfmt.cli.deadline import SIX_HOURS, deadline
from hcfmt.cli.failures import exit_of
from hcfmt.cli.input_paths import name_from_here
from hcfmt.cli.jobs import process_options
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import input_lines
from hcfmt.cli.terminal import style_of
from hcfmt.container import ArchiveInput, Budget, Password, expand_inputs
from hcfmt.exits import Exit
from hcfmt.findings import Severity
from hcfmt.report.formats import rendered
from hcfmt.report.input_names import with_short_names
from hcfmt.report.run import Run
from hcfmt.report.summary import summary
from hcfmt.report.text_style import SENTENCES, Detail, TextStyle
from hcfmt.verdict import Report, exit_status

if TYPE_CHECKING:
    from hcfmt.check.configuration import Settings
    from hcfmt.cli.baseline import BaselineFile


class Output(Struct, frozen=True):
    """How reports are printed, and which of them fail a run: the options of ``hcfmt validate``.

    ``files`` are formats and paths of reports that are written besides the printed one, ``receipt`` is the path of the
    receipt of a single input. ``baseline`` is the file of
    accepted findings that is read or written. ``sentences`` is the number of different sentences of each rule in text.
    """

    format: str = "text"
    files: Sequence[tuple[str, str]] = ()
    receipt: str | None = None
    fail_on: Severity = Severity.ERROR
    exit_zero: bool = False
    fail_on_loss: bool = False
    baseline: "BaselineFile | None" = None
    detail: Detail = Detail.NORMAL
    sentences: int = SENTENCES

    def style(self, stream: TextIO) -> TextStyle:
        """Return the style of text on a stream."""
        return replace(style_of(stream), detail=self.detail, sentences=self.sentences)


_DEFAULT = Output()


def validate_inputs(inputs: Sequence[str]) -> NoReturn:
    """Check inputs with the configuration, or else the default, of every option, print their reports and exit."""
    secret = password_source(None, None)
    options = Options(password=secret, budget=Budget(expired=deadline(SIX_HOURS)), report_unreadable=True)
    output = _DEFAULT
    _, settings = found_settings()
    expanded = expand_inputs(inputs)
    if settings:
        baseline = None
        if settings.baseline is not None:
            from hcfmt.cli.baseline import baseline_file  # noqa: PLC0415 - most runs have none

            baseline = baseline_file(settings.baseline, None, expanded, pruned=False)
        options, output = with_settings(settings, options, output, baseline)
    sys.exit(print_reports(expanded, process_options(options, None, archives=len(expanded)), secret, output))


def with_settings(
    settings: "Settings", options: Options, output: Output, baseline: "BaselineFile | None"
) -> tuple[Options, Output]:
    """Return options and output with settings in place of defaults, and with the baseline."""
    options = configured(options, settings)
    output = replace(
        output,
        fail_on=options.fail_on,
        sentences=settings.max_findings or output.sentences,
        baseline=baseline,
    )
    return baseline.options(options) if baseline else options, output


def print_reports(
    inputs: Sequence[ArchiveInput],
    sharing: AbstractContextManager[Options],
    password: Password,
    output: Output = _DEFAULT,
) -> Exit:
    """Check inputs, print their reports and return the exit status; ``sharing`` gives the options of the check."""
    reports: list[Report] = []
    ended = Exit.VALID
    try:
        with sharing as shared, input_lines(len(inputs)) as lines:
            shown = replace(shared, password=lines.asking(password), watch=lines.read) if lines else shared
            begun = lines.begin if lines else None
            checked = validate_all(inputs, shown, stdin=sys.stdin.buffer, begun=begun)
            for archive, report in zip(inputs, checked, strict=False):
                reports.append(replace(report, input=name_from_here(archive)))
                if lines:
                    lines.finish(report)
    except BaseException as error:
        ended = exit_of(error)
        raise
    finally:  # finished reports are printed even if Ctrl-C or an error ends the run, and the other inputs are named
        gone = output.baseline.unmatched(reports) if output.baseline and not ended else {}
        status = ended or exit_status(
            reports, exit_zero=output.exit_zero, fail_on_loss=output.fail_on_loss, is_outdated=bool(gone)
        )
        if reports:
            missing = inputs[len(reports) :]
            pairs = zip(missing, unchecked(missing), strict=True)
            reports += [replace(report, input=name_from_here(archive)) for archive, report in pairs]
            _write(reports, output, Run(RULES, status, output.fail_on, output.fail_on_loss, gone))
    if output.receipt is not None:
        _write_receipts(output.receipt, reports)
    if output.baseline:
        output.baseline.finish(reports)
    return status


def _write_receipts(path: str, reports: Sequence[Report]) -> None:
    """Write the receipt of an input that could be opened."""
    from hcfmt.check.receipts.files import write_receipt  # noqa: PLC0415 - most runs write none

    for receipt in (report.receipt for report in reports if report.receipt):
        write_receipt(path, receipt)


def _write(reports: Sequence[Report], output: Output, run: Run) -> None:
    for name, path in output.files:
        from hcfmt.cli.report_files import write_report  # noqa: PLC0415 - most runs write none

        write_report(path, rendered(name, reports, run))
    write_out(rendered(output.format, reports, replace(run, style=output.style(sys.stdout))))
    if output.format != "text":
        write_err(summary(with_short_names(reports), output.style(sys.stderr)))
