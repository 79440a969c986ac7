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
