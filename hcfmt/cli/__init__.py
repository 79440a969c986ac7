"""The command line: each command parses its options, calls one public function, writes the result and exits."""

# First of all: it imports next to nothing, and from then on Ctrl-C exits cleanly.
from hcfmt.cli.early_interrupt import LINE, EarlyInterrupt

with EarlyInterrupt():
    import gc
    import io
    import os
    import sys
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from hcfmt.cli import garbage, version
    from hcfmt.cli.failures import report_error
    from hcfmt.cli.interrupts import InterruptHandler
    from hcfmt.cli.output import write_err
    from hcfmt.exits import Exit

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command; every exit has a documented status, and none prints a traceback."""
    gc.set_threshold(*garbage.THRESHOLDS)
    with EarlyInterrupt():
        command = command_of(sys.argv[1:])
    handler = InterruptHandler(main.__code__)
    try:
        handler.start()
        status = _status(command, handler)
        handler.stop()
        if handler.is_pending:
            status = Exit.INTERRUPTED
    except KeyboardInterrupt:
        status = Exit.INTERRUPTED
    handler.stop()
    if status == Exit.INTERRUPTED:
        write_err([LINE])
    gc.freeze()  # or Python, as it ends, searches all objects for garbage: a fifth of the time of a small archive
    sys.exit(status)


def command_of(arguments: Sequence[str]) -> Callable[[], object]:
    """Import what the arguments ask for, and nothing else, and return a function that parses them and does it."""
    if len(arguments) == 1 and arguments[0] in version.OPTIONS:
        return version.print_version
    if _are_inputs_to_validate(arguments):
        from hcfmt.cli.validation import validate_inputs  # noqa: PLC0415 - as above

        return lambda: validate_inputs(arguments[1:])
    from hcfmt.cli.app import app  # noqa: PLC0415 - as above
    from hcfmt.cli.commands import load_commands  # noqa: PLC0415 - as above

    load_commands(arguments)
    return lambda: app(prog_name="hcfmt")


def _are_inputs_to_validate(arguments: Sequence[str]) -> bool:
    """Whether the arguments are ``validate`` and inputs alone.

    They need no parser of options, whose import takes a fifth of the time of a small archive. It is needed on Windows,
    where the parser expands the names of files, and where a shell asks for completions.
    """
    needs_parser = os.name == "nt" or "_HCFMT_COMPLETE" in os.environ
    is_plain = not needs_parser and not any(argument.startswith("-") for argument in arguments)
    return is_plain and len(arguments) > 1 and arguments[0] == "validate"


def _status(command: Callable[[], object], handler: InterruptHandler) -> int:
    """Run the command and return its exit status; may raise KeyboardInterrupt."""
    try:
        _prepare()
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.VALID
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of hcfmt's own is never a traceback with exit 1
        if handler.was_raised:  # the interrupt made something else fail
            return Exit.INTERRUPTED
        return report_error(error)
    return Exit.INTERNAL


def _prepare() -> None:
    """Open the standard streams that are closed, and make standard output accept any character."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Open as long as the program runs; and pathlib takes long to import.
            null = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 - see above
            setattr(sys, name, null)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
