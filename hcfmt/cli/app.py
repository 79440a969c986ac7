"""The typer application that the commands are added to."""

from typing import Annotated

import typer

from hcfmt.cli.output import write_out
from hcfmt.version import __version__

EPILOG = (
    "Exit status: 0 valid, 1 invalid, 2 wrong usage, 3 incomplete (not everything could be checked), 4 internal error, "
    "130 interrupted."
)

app = typer.Typer(
    name="hcfmt",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
    if wanted:
        write_out([f"hcfmt {__version__}"])
        raise typer.Exit


@app.callback()
def hcfmt(
    *,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Say of HipChat export archives whether they are whole, readable and what they claim to be."""
