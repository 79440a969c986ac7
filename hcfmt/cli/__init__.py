"""The command line: each command parses its options, calls one public function, writes the result and exits."""

# First of all: it imports next to nothing, and from then on Ctrl-C exits cleanly.
from hcfmt.cli.early_interrupt import LINE, EarlyInterrupt

with EarlyInterrupt():
    import gc
    import io
    import os
    import sys
    from pathlib import Path
    from typing import NoReturn

    from hcfmt.cli.app import app
    from hcfmt.cli.interrupts import InterruptHandler
    from hcfmt.cli.jobs import GC_THRESHOLDS
    from hcfmt.cli.output import write_err
    from hcfmt.errors import Fault, HcfmtError, WorkerLostError
    from hcfmt.report.text_style import visible
    from hcfmt.verdict import Exit

    # Each module adds its commands to the app, in this order.
    from hcfmt.cli import (  # noqa: F401  # isort: skip
        validate,
        stats,
        catalogue,
        schema,
        encrypt,
        generate,
        break_,
        corpus,
        serve,
    )

__all__ = ["app", "main"]


def main() -> NoReturn:
    """Run the command; every exit has a documented status, and none prints a traceback."""
    handler = InterruptHandler(main.__code__)
    try:
        handler.start()
        status = _status(handler)
        handler.stop()
        if handler.is_pending:
            status = Exit.INTERRUPTED
    except KeyboardInterrupt:
        status = Exit.INTERRUPTED
    handler.stop()
    if status == Exit.INTERRUPTED:
        write_err([LINE])
    sys.exit(status)


def _status(handler: InterruptHandler) -> int:
    """Run the command and return its exit status; may raise KeyboardInterrupt."""
    try:
        gc.set_threshold(*GC_THRESHOLDS)
        _prepare()
        app(prog_name="hcfmt")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.VALID
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of hcfmt's own is never a traceback with exit 1
        if handler.was_raised:  # the interrupt made something else fail
            return Exit.INTERRUPTED
        return _report_error(error)
    return Exit.INTERNAL


def _report_error(error: Exception) -> Exit:
    """Print an error in one line and return its exit status."""
    match error:
        case WorkerLostError():
            write_err([f"hcfmt: {error}"])
            return Exit.INTERNAL
        case Fault():
            write_err([f"hcfmt: {error.defect.kind}: {visible(str(error))}"])
            return Exit.INCOMPLETE
        case HcfmtError():
            write_err([f"hcfmt: {visible(str(error))}"])
            return Exit.USAGE
    # The error's own text may hold text of an archive.
    name = type(error).__name__
    write_err([f"hcfmt: internal error ({name}). This is a bug in hcfmt; please report it."])
    return Exit.INTERNAL


def _prepare() -> None:
    """Open the standard streams that are closed, and make standard output accept any character."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            null = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - open as long as the program runs
            setattr(sys, name, null)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
