"""The command line: parses, calls one public function, writes, exits."""

# This first: it imports next to nothing, and from then on Ctrl-C ends in order.
from hcfmt.cli.starting import LINE, EndingAtOnce

with EndingAtOnce():
    import gc
    import io
    import os
    import sys
    from pathlib import Path
    from typing import NoReturn

    from hcfmt.cli.app import app
    from hcfmt.cli.interrupts import Listener
    from hcfmt.cli.jobs import SELDOM
    from hcfmt.cli.output import write_err
    from hcfmt.errors import Fault, HcfmtError, WorkerLostError
    from hcfmt.report.text_style import visible
    from hcfmt.verdict import Exit

    # Each command's module adds its command to the app, in this order.
    from hcfmt.cli import validate, stats, catalogue, schema, seal, generate, break_, corpus, serve  # isort: skip

__all__ = ["app", "break_", "catalogue", "corpus", "generate", "main", "schema", "seal", "serve", "stats", "validate"]


def main() -> NoReturn:
    """Run the command; every way out has the exit status that the documentation gives it, and none is a traceback."""
    listener = Listener(main.__code__)
    try:
        listener.start()
        status = _status(listener)
        listener.stop()
        if listener.is_due:
            status = Exit.INTERRUPTED
    except KeyboardInterrupt:
        status = Exit.INTERRUPTED
    listener.stop()
    if status == Exit.INTERRUPTED:
        write_err([LINE])
    sys.exit(status)


def _status(listener: Listener) -> int:
    """Run the command and return its exit status; an interrupt may be raised."""
    try:
        gc.set_threshold(*SELDOM)
        _prepare()
        app(prog_name="hcfmt")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.VALID
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of hcfmt's own is never a traceback with exit 1
        if listener.heard:  # which made something else fail
            return Exit.INTERRUPTED
        return _reported(error)
    return Exit.INTERNAL


def _reported(error: Exception) -> Exit:
    """Say what went wrong in one line, and return the exit status for it."""
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
    # The error's own text may hold words of an archive.
    name = type(error).__name__
    write_err([f"hcfmt: an internal error, {name}; this is a fault of hcfmt, please report it."])
    return Exit.INTERNAL


def _prepare() -> None:
    """Make what the caller's environment may lack: open streams, and text that any encoding takes."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - open as long as the program runs
            setattr(sys, name, nothing)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
