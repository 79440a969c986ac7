"""What the command prints when it fails, and its exit status."""

from hcfmt.cli.output import write_err
from hcfmt.errors import Fault, HcfmtError, WorkerLostError
from hcfmt.exits import Exit
from hcfmt.report.visible_text import visible


def report_error(error: Exception) -> Exit:
    """Print an error in one line and return its exit status."""
    match error:
        case WorkerLostError():
            write_err([f"hcfmt: {error}"])
        case Fault():
            write_err([f"hcfmt: {error.defect.kind}: {visible(str(error))}"])
        case HcfmtError():
            write_err([f"hcfmt: {visible(str(error))}"])
        case _:
            # The error's own text may hold text of an archive.
            name = type(error).__name__
            write_err([f"hcfmt: internal error ({name}). This is a bug in hcfmt; please report it."])
    return exit_of(error)


def exit_of(error: BaseException) -> Exit:
    """Return the exit status of a run that an error or an interrupt ends."""
    match error:
        case KeyboardInterrupt():
            return Exit.INTERRUPTED
        case Fault():
            return Exit.INCOMPLETE
        case HcfmtError() if not isinstance(error, WorkerLostError):
            return Exit.USAGE
    return Exit.INTERNAL
