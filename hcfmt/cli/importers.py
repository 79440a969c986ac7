"""``hcfmt importers`` lists the importers that hcfmt knows, ``hcfmt importer`` prints what one of them does."""

import sys
from typing import Annotated

import typer

from hcfmt.cli.app import app
from hcfmt.cli.output import write_out
from hcfmt.cli.terminal import style_of
from hcfmt.errors import UsageError
from hcfmt.profiles.loading import builtin_names, profile, profile_sources
from hcfmt.profiles.pages import condition_page, profile_page
from hcfmt.report.pages import page_text
from hcfmt.suggestions import unknown_name


@app.command()
def importers() -> None:
    """List the importers for which 'hcfmt validate --for' has a verdict.

    'hcfmt importer NAME' says what one does.

    Examples:
      hcfmt importers
    """
    read = [profile(source) for source in profile_sources(builtin_names())]
    width = max(len(importer.name) for importer in read)
    write_out(f"{importer.name:<{width}}  {importer.title}" for importer in read)


@app.command()
def importer(
    name: Annotated[
        str,
        typer.Argument(
            help="An importer's name, or a file with a profile in TOML.", metavar="NAME", autocompletion=builtin_names
        ),
    ],
    condition: Annotated[str | None, typer.Argument(help="The id of a condition.", metavar="[ID]")] = None,
) -> None:
    """Say what an importer does with archives: each condition, what happens, the evidence, and what to do.

    The report of 'hcfmt validate --for NAME' names the conditions that an archive meets by their ids.

    Examples:
      hcfmt importer zulip
      hcfmt importer rocketchat R60
    """
    (source,) = profile_sources([name])
    found, style = profile(source), style_of(sys.stdout)
    if condition is None:
        write_out([style.strong(f"{found.name}: {found.title}"), "", *page_text(profile_page(found), style)])
        return
    conditions = {one.id: one for one in found.condition}
    if condition not in conditions:
        raise UsageError(unknown_name("condition", condition, conditions, listed_by=f"hcfmt importer {name}"))
    page = condition_page(found, conditions[condition])
    write_out([style.strong(f"{found.name} {condition}"), "", *page_text(page, style)])
