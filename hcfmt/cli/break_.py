"""``hcfmt break``: damages an archive for one rule, or by a recipe."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.choices import complete_rule, complete_variant
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest, Force, NewArchive, Password, PasswordFile, digests_to_try
from hcfmt.cli.output import write_err, write_out
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import password_source
from hcfmt.container import Budget
from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.distinct_files import require_different, require_not_input
from hcfmt.errors import UsageError
from hcfmt.report.visible_text import visible

_TIMES = {1: "once", 2: "twice"}
_LONGEST_RECIPE = 1 << 22  # bytes of a file: more than any recipe of the characters that are allowed


def _list(requested: bool) -> None:  # noqa: FBT001 - typer calls it
    """Print every way to break a rule: the code, the variant (a dash for the usual way) and what it does; then exit."""
    if requested:
        from hcfmt.damage import DAMAGES, VARIANTS  # noqa: PLC0415 - only the list needs them here

        damages = [way for code, usual in DAMAGES.items() for way in (usual, *VARIANTS.get(code, {}).values())]
        width = max(len(damage.variant) for damage in damages)
        write_out(f"{damage.code}  {damage.variant or '-':<{width}}  {damage.summary}" for damage in damages)
        raise typer.Exit


@app.command("break")
@limited
def break_(
    archive: Annotated[
        str,
        typer.Argument(help="An archive or a directory; for --rule a sound one.", metavar="ARCHIVE"),
    ],
    *,
    rule: Annotated[
        str | None,
        typer.Option(metavar="RULE", help="The rule to break, by code or name.", autocompletion=complete_rule),
    ] = None,
    variant: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Another than the usual way to break the rule.", autocompletion=complete_variant
        ),
    ] = None,
    recipe: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RECIPE",
            help="Changes to make in place of a rule, or @FILE with them; may be given several times. docs/recipes.md"
            " describes them.",
        ),
    ] = None,
    output: NewArchive,
    count: Annotated[int, typer.Option(metavar="N", help="How many times to break the rule.", min=1)] = 1,
    seed: Annotated[int, typer.Option(metavar="S", help="Another seed damages other places.", min=0)] = 1,
    answers: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write all changes as JSON, with the values before and after: this holds text of the archive.",
        ),
    ] = None,
    force: Force = False,
    _: Annotated[
        bool,
        typer.Option("--list", callback=_list, is_eager=True, help="List the ways to break each rule, and exit."),
    ] = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Damage an archive: break exactly one rule, or apply a recipe.

    With --rule, the result is validated first, and nothing is written if validation finds anything else.

    A rule may be broken in several ways: --list shows its variants.

    With --recipe, the result is written in any case, and its verdict and the rules found are printed.

    The result has the password of the archive. The same seed does the same damage.

    Examples:
      hcfmt break export.tar.gz.aes --rule HC401 -o broken.tar.gz.aes
      hcfmt break export.tar.gz --rule orphan-file --count 3 -o broken.tar
      hcfmt break export.tar.gz --rule HC601 --variant february-30 -o broken.tar
      hcfmt break a.tar.gz --recipe 'rooms.json#/0/Room/owner = 3' -o broken.tar
    """
    if bool(rule) == bool(recipe):
        raise UsageError("Give --rule or --recipe, not both.")
    text = _recipe_text(recipe) if recipe else None
    inputs = named_inputs(archive, password_file, *(value[1:] for value in recipe or () if value.startswith("@")))
    require_not_input(output, inputs)
    if answers:
        require_different(answers, output)
    secret = password_source(password, password_file)
    with atomic_file(answers, force=force, inputs=inputs) if answers else nullcontext() as file:
        broken = hcfmt.break_archive(
            archive,
            output,
            rule,
            variant=variant,
            recipe=text,
            count=count,
            seed=seed,
            password=secret,
            digests=digests_to_try(digest),
            budget=budget,
            force=force,
        )
        if file:
            cause = {"rule": broken.rule.code} if broken.rule else {"recipe": text}
            if broken.variant:
                cause["variant"] = broken.variant
            document = {**cause, "seed": seed, "answers": [asdict(answer) for answer in broken.answers]}
            file.write(json.dumps(document, indent=2).encode() + b"\n")
    write_err([f"{visible(str(Path(output)))} written: {_outcome(broken, count)}."])


def _outcome(broken: "hcfmt.Broken", count: int) -> str:
    """Return the broken rule, or what validation says of the result of a recipe."""
    if broken.rule:
        variant = f" ({broken.variant})" if broken.variant else ""
        return f"{broken.rule.code} {broken.rule.name}{variant}, {_TIMES.get(count, f'{count:,} times')}"
    found = [f"{code} {hcfmt.RULES[code].name} ({times:,})" for code, times in broken.report.totals.items() if times]
    return f"{broken.report.verdict}; findings: {', '.join(found) or 'none'}"


def _recipe_text(values: Sequence[str]) -> str:
    """Return one recipe of all that were given; those that begin with @ are files."""
    return "\n".join(_file_text(value[1:]) if value.startswith("@") else value for value in values)


def _file_text(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LONGEST_RECIPE + 1)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: the recipe cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if len(data) > _LONGEST_RECIPE:
        raise UsageError(f"{path}: the file is too large for a recipe.")
    try:
        return data.decode().removesuffix("\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: the recipe is not UTF-8 at byte {error.start:,}.") from None
