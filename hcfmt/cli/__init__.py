"""The command line: parses, calls one public function, writes, exits."""

import gc
import io
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from hcfmt.cli.app import app
from hcfmt.cli.jobs import SELDOM
from hcfmt.cli.output import write_err
from hcfmt.errors import Fault, HcfmtError, WorkerLostError
from hcfmt.report.look import visible
from hcfmt.verdict import Exit

# Each command's module adds its command to the app, in this order.
from hcfmt.cli import validate, stats, catalogue, schema, seal, generate, break_, corpus, serve  # isort: skip

__all__ = ["app", "break_", "catalogue", "corpus", "generate", "main", "schema", "seal", "serve", "stats", "validate"]


def main() -> NoReturn:
    """Run the command; every way out has the exit status that the documentation gives it, and none is a traceback."""
    try:
        gc.set_threshold(*SELDOM)
        _prepare()
        app(prog_name="hcfmt")
    except WorkerLostError as error:
        write_err([f"hcfmt: {error}"])
    except HcfmtError as error:
        kind = f"{error.trouble.kind}: " if isinstance(error, Fault) else ""
        write_err([f"hcfmt: {kind}{visible(str(error))}"])
        sys.exit(Exit.INCOMPLETE if isinstance(error, Fault) else Exit.USAGE)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of hcfmt's own is never a traceback with exit 1
        # The error's own text may hold words of an archive.
        name = type(error).__name__
        write_err([f"hcfmt: an internal error, {name}; this is a fault of hcfmt, please report it."])
    sys.exit(Exit.INTERNAL)


def _prepare() -> None:
    """Make what the caller's environment may lack: open streams, text that any encoding takes, time to clean up."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - open as long as the program runs
            setattr(sys, name, nothing)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup and signal.getsignal(hangup) is signal.SIG_DFL:  # nohup has it ignored
        signal.signal(hangup, signal.default_int_handler)
