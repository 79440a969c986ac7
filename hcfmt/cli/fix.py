"""``hcfmt fix``: fixes what rules report where the remedy is mechanical, and checks the result."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

import hcfmt
from hcfmt.check.context import Redaction
from hcfmt.cli.answer_file import answer_file
from hcfmt.cli.app import app
from hcfmt.cli.choices import complete_rule
from hcfmt.cli.jobs import process_options
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Force, Jobs, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.cli.terminal import style_of
from hcfmt.container import Budget
from hcfmt.container.distinct_files import require_different, require_not_input
from hcfmt.errors import UsageError
from hcfmt.export.editing import Answer
from hcfmt.fixes.changes_text import ChangeList
from hcfmt.report.formats import rendered
from hcfmt.report.run import Run
from hcfmt.report.visible_text import visible

_Codes = list[str] | None


@app.command(
    epilog="Exit status: that of 'hcfmt validate' on the result: 0 valid, 1 invalid, 3 incomplete; if there is nothing "
    "to fix, on the archive. 2 wrong usage or not fixed, 4 internal error, 130 interrupted."
)
@limited
def fix(
    archive: Annotated[str, typer.Argument(help="An archive or a directory.", metavar="ARCHIVE")],
    *,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The archive to write. Its suffix .tar.gz.aes, .tar.gz or .tar decides the form, otherwise ARCHIVE "
            "does; a slash at its end asks for a directory.",
        ),
    ] = None,
    select: Annotated[
        _Codes,
        typer.Option(
            metavar="CODE,...",
            help="Rules by code, name or the beginning of codes (HC4) to fix, in place of all.",
            autocompletion=complete_rule,
        ),
    ] = None,
    ignore: Annotated[
        _Codes, typer.Option(metavar="CODE,...", help="Rules not to fix.", autocompletion=complete_rule)
    ] = None,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Make unsafe fixes too: they drop or invent something.")] = (
        False
    ),
    diff: Annotated[bool, typer.Option("--diff", help="Show what would change, and write nothing.")] = False,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show text of the archive in place of its length.")
    ] = False,
    answers: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write all changes as JSON, with the values before and after: this holds text of the archive.",
        ),
    ] = None,
    force: Force = False,
    jobs: Jobs = None,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Fix what rules report, where the remedy is mechanical, and check the result.

    Safe fixes neither drop nor invent anything. 'hcfmt rule CODE' says what the fix of a rule does.

    The result is checked before it appears: no rule may report what it had not reported before.

    The report shows what is left. If there is nothing to fix, nothing is written.

    Examples:
      hcfmt fix export.tar.gz.aes -o fixed.tar.gz.aes
      hcfmt fix export.tar.gz --diff --unsafe
      hcfmt fix export.tar.gz --unsafe --select HC4 -o fixed.tar.gz
    """
    if (output is None) is not diff:
        raise UsageError("Give --output to write the result, or --diff to see what would change.")
    inputs = named_inputs(archive, password_file)
    for path in filter(None, (output, answers)):
        require_not_input(path, inputs)
    if output and answers:
        require_different(answers, output)
    options = hcfmt.Options(
        password=password_source(password, password_file),
        digests=digests_to_try(digest),
        budget=budget,
        show_values=show_values,
    )
    changes = ChangeList(Redaction(show_values))
    with (
        answer_file(answers, inputs, force=force) as write,
        process_options(options, jobs, archives=1) as shared,
        progress_bar() as watch,
    ):
        fixed = hcfmt.fix(
            archive,
            output,
            replace(shared, watch=watch),
            select=_codes(select),
            ignore=_codes(ignore),
            unsafe=unsafe,
            tell=_both(changes.add, write),
            force=force,
        )
    _show(fixed, changes if diff else None, output)
    raise typer.Exit(fixed.after.exit)


def _codes(values: _Codes) -> list[str]:
    return [code.strip() for value in values or () for code in value.split(",") if code.strip()]


def _both(first: Callable[[Answer], None], second: Callable[[Answer], None]) -> Callable[[Answer], None]:
    def tell(answer: Answer) -> None:
        first(answer)
        second(answer)

    return tell


def _show(fixed: "hcfmt.Fixed", changes: ChangeList | None, output: str | None) -> None:
    """Print what would change, the report on the result, and what was done."""
    if changes:
        write_out(changes.lines())
    after = fixed.after if output or not fixed.changes else replace(fixed.after, input=f"{fixed.after.input}, fixed")
    style = style_of(sys.stdout)
    write_out(rendered("text", [after], Run(hcfmt.RULES, fixed.after.exit, style=style)))
    write_err(_said(fixed, output))


def _said(fixed: "hcfmt.Fixed", output: str | None) -> Iterator[str]:
    """Yield a sentence on what was done, and one on fixes that were not made."""
    done = ", ".join(f"{code} {hcfmt.RULES[code].name} ({count:,})" for code, count in fixed.changes.items())
    if not fixed.is_read:
        remedy = hcfmt.RULES[fixed.after.decided_by].remedy.sentence if fixed.after.decided_by else ""
        yield f"Nothing is fixed, as the archive was not read to its end. {remedy}".replace("`", "'").rstrip()
    elif not done:
        yield "Nothing to fix; nothing was written."
    elif output is None:
        yield f"Nothing was written. Changes to make: {done}."
    else:
        yield f"{visible(str(Path(output)))} written. Changes made: {done}."
    if fixed.unsafe:
        yield f"Not fixed without --unsafe: {', '.join(f'{code} {hcfmt.RULES[code].name}' for code in fixed.unsafe)}."
