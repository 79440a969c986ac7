"""``hcfmt schema``: prints the JSON Schemas of the format."""

from pathlib import Path
from typing import Annotated

import typer

from hcfmt.cli.app import app
from hcfmt.cli.output import write_out
from hcfmt.errors import UsageError
from hcfmt.export import schemas
from hcfmt.report.visible_text import visible


def _names(incomplete: str) -> list[str]:
    return [name for name in schemas.names() if name.startswith(incomplete)]


@app.command()
def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            help="The schema's name; without it, all names are listed.", autocompletion=_names, metavar="NAME"
        ),
    ] = None,
    *,
    output_dir: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the schema, or all schemas, as files into this directory."),
    ] = None,
) -> None:
    """Print a JSON Schema of the export format, list them, or write them as files.

    The schemas are JSON Schema 2020-12 and refer to each other by relative paths, so any validator can use the files.

    Examples:
      hcfmt schema messages/UserMessage
      hcfmt schema --output-dir schemas
    """
    selected = schemas.names() if name is None else (name.removesuffix(schemas.SUFFIX),)
    texts = {name: schemas.text(name) for name in selected}
    if output_dir:
        write_out([_write(output_dir, name, text) for name, text in texts.items()])
    else:
        write_out(texts if name is None else [text.rstrip("\n") for text in texts.values()])


def _write(directory: Path, name: str, text: str) -> str:
    path = directory / f"{name}{schemas.SUFFIX}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}.") from error
    return visible(str(path))
