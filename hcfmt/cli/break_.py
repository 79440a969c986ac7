"""``hcfmt break``: a sound archive damaged in exactly one known way."""

import json
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.limits import limited
from hcfmt.cli.options import Digest
from hcfmt.cli.output import write_err
from hcfmt.cli.output_paths import require_distinct
from hcfmt.cli.password import Password, PasswordFile, password_source
from hcfmt.container import DIGESTS, Budget, atomic_file
from hcfmt.report.text_style import visible

_TIMES = {1: "once", 2: "twice"}


@app.command("break")
@limited
def break_(
    archive: Annotated[str, typer.Argument(help="A sound archive or directory.", metavar="ARCHIVE")],
    *,
    rule: Annotated[str, typer.Option(metavar="RULE", help="The rule to break, by code or name.")],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="What to write; .tar.gz.aes, .tar.gz or .tar at its end decides the form, else ARCHIVE does.",
        ),
    ],
    count: Annotated[int, typer.Option(metavar="N", help="How many times to break it.", min=1)] = 1,
    seed: Annotated[int, typer.Option(metavar="S", help="Another seed damages other places.", min=0)] = 1,
    answers: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write as JSON what was done, with the values before and after: this holds text of the archive.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there already.")] = False,
    password: Password = None,
    password_file: PasswordFile = None,
    digest: Digest = None,
    budget: Budget,
) -> None:
    """Damage a sound archive so that one rule speaks and no other.

    The result is validated before it is written, and refused where anything else would be found.

    It has the password of the archive. The same seed does the same damage.

    Examples:
      hcfmt break export.tar.gz.aes --rule HC401 -o broken.tar.gz.aes
      hcfmt break export.tar.gz --rule orphan-file --count 3 -o broken.tar
    """
    require_distinct("--answers", answers, archive, output)
    secret = password_source(password, password_file)
    with atomic_file(answers, force=force) if answers else nullcontext() as file:
        broken = hcfmt.break_archive(
            archive,
            output,
            rule,
            count=count,
            seed=seed,
            password=secret,
            digests=(digest,) if digest else DIGESTS,
            budget=budget,
            force=force,
        )
        if file:
            told = {"rule": broken.rule.code, "seed": seed, "answers": [asdict(answer) for answer in broken.answers]}
            file.write(json.dumps(told, indent=2).encode() + b"\n")
    times = _TIMES.get(count, f"{count:,} times")
    write_err([f"{visible(str(Path(output)))} written: {broken.rule.code} {broken.rule.name}, {times}."])
