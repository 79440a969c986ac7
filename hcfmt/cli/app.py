"""The typer application; each command's module adds its command to it."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hcfmt.cli.commands import COMMANDS, GROUPS
from hcfmt.cli.version import OPTIONS, print_version
from hcfmt.report.visible_text import visible

EPILOG = (
    "Exit status: 0 valid, 1 invalid, 2 wrong usage, 3 incomplete (not everything could be checked), 4 internal error, "
    "130 interrupted."
)


@contextmanager
def _visible_errors() -> Iterator[None]:
    """Escape control characters in typer's usage errors: they repeat the arguments, and CI logs show them."""
    try:
        yield
    except Exception as error:
        message = getattr(error, "message", None)  # typer's exceptions have no public base class
        if isinstance(message, str):
            vars(error)["message"] = visible(message)
        raise


class CommandGroup(TyperGroup):
    """A group of commands whose help is wrapped at the width of the terminal."""

    def get_command(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as in typer
        """Return a command, each paragraph of whose help is one line: typer keeps the line breaks of the source."""
        command = super().get_command(*args, **kwargs)
        if command and command.help:
            paragraphs = inspect.cleandoc(command.help).split("\n\n")
            command.help = "\n\n".join(text if ":\n" in text else text.replace("\n", " ") for text in paragraphs)
        return command


class _Commands(CommandGroup):
    """The group of the commands that are imported."""

    def list_commands(self, _: Any) -> list[str]:  # noqa: ANN401 - as in typer
        """Return the names in the order of the help, whatever the order of the imports."""
        return [name for name in COMMANDS if name in self.commands]

    def format_help(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as in typer
        """Print the help, with a panel for each group of commands."""
        for group, names in GROUPS.items():
            for name in names.keys() & self.commands.keys():
                vars(self.commands[name])["rich_help_panel"] = group
        super().format_help(*args, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as in typer
        with _visible_errors():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as in typer
        with _visible_errors():
            return super().invoke(ctx)


app = typer.Typer(
    name="hcfmt",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)


def _version(requested: bool) -> None:  # noqa: FBT001 - typer calls it
    if requested:
        print_version()


@app.callback()
def hcfmt(
    *,
    _: Annotated[bool, typer.Option(*OPTIONS, callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Validate, read, repair, compare, generate and serve HipChat export archives."""
