"""``hcfmt rules`` lists the catalogue, ``hcfmt rule`` prints one rule's page."""

import json
import sys
from typing import Annotated

import typer

from hcfmt.check.catalogue import RULES, find_rule
from hcfmt.cli.app import app
from hcfmt.cli.choices import choice, complete_rule
from hcfmt.cli.output import write_out
from hcfmt.cli.terminal import style_of
from hcfmt.report.pages import page_text


@app.command()
def rules(
    *,
    output: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="Output format: text or json, which includes the pages.",
            **choice("format", lambda: ("text", "json")),
        ),
    ] = "text",
) -> None:
    """List all rules: code, severity, whether 'hcfmt fix' has a safe fix, an unsafe one or none, and name.

    'hcfmt rule CODE' explains one.

    Examples:
      hcfmt rules --format json
    """
    if output == "json":
        write_out([json.dumps(catalogue(), indent=2)])
        return
    style = style_of(sys.stdout)
    write_out(
        f"{rule.code}  {style.severity(rule.severity, f'{rule.severity:<8}')}  {rule.remedy.safety:<6}  {rule.name}"
        for rule in RULES.values()
    )


def catalogue() -> list[dict[str, object]]:
    """Return the catalogue as JSON values, in the order of codes.

    ``fault``: a finding means that a part of the archive was not checked. ``fix`` is what ``hcfmt fix`` does about it.
    ``means`` is the first paragraph of ``page``, which is Markdown, as plain text.
    """
    return [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity,
            "fault": rule.unchecked,
            "fix": {"safety": rule.remedy.safety, "means": rule.remedy.sentence},
            "means": rule.summary,
            "page": rule.page,
        }
        for rule in RULES.values()
    ]


@app.command()
def rule(
    code: Annotated[str, typer.Argument(help="A rule's code or name.", autocompletion=complete_rule, metavar="CODE")],
) -> None:
    """Explain one rule: what it reports, why it matters, examples, and what to do.

    The examples change the documented sample archive; docs/recipes.md explains their language.

    Examples:
      hcfmt rule HC201
      hcfmt rule invalid-json
    """
    found = find_rule(code)
    style = style_of(sys.stdout)
    heading = f"{found.code} {found.name} ({found.severity})"
    write_out([style.strong(heading), "", *page_text(found.page, style)])
