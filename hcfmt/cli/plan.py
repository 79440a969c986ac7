"""``hcfmt plan``: reckons the memory that hc-migrate needs to export a server."""

import math
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

import typer
from msgspec.structs import asdict

import hcfmt
from hcfmt.cli.app import app
from hcfmt.cli.choices import choice, listed
from hcfmt.cli.output import write_out
from hcfmt.cli.terminal import style_of
from hcfmt.report.inventory_tables import size
from hcfmt.report.tables import ASCII, Table, aligned
from hcfmt.report.text_style import json_text

_SIZE = r"(?i)([0-9]{1,18}(?:\.[0-9]{1,6})?) ?([KMGTP]?)(i?)(B?)"
_POWERS = " KMGTP"
_NOTE = (
    "This is beside the memory that the server uses. It is Atlassian's rule of thumb, which takes no account of the "
    "lengths of messages, and says nothing of the space on the disk."
)


def byte_count(text: str | int) -> int:
    """Parse a number of bytes, rounded up: 80GB in powers of 1000; 80GiB and, as ``du -h`` writes it, 80G of 1024.

    Raises typer.BadParameter for anything else.
    """
    match = re.fullmatch(_SIZE, str(text))
    if match is None or (match[3] and not match[2]):
        raise typer.BadParameter(f"{text!r} is not a size. Give bytes, or a number with a unit, such as 80GB or 75GiB.")
    unit = 1000 if match[2] and match[4] and not match[3] else 1024
    factor: int = unit ** _POWERS.index(match[2].upper() or " ")
    return math.ceil(Decimal(match[1]) * factor)


@app.command()
def plan(
    *,
    messages: Annotated[int, typer.Option(metavar="N", help="Messages on the server.", min=0)],
    file_store: Annotated[
        int,
        typer.Option(
            metavar="BYTES",
            help="Size of the server's files: 80GB, 75GiB, or 75G as du -h writes it.",
            parser=byte_count,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"Output format: {listed(('text', 'json'))}.",
            **choice("format", lambda: ("text", "json")),
        ),
    ] = "text",
) -> None:
    """Reckon the memory that hc-migrate needs to export a server.

    docs/before-shutdown.md says how to count messages and files on the server.

    Examples:
      hcfmt plan --messages 12000000 --file-store 80GB
    """
    memory = hcfmt.export_memory(messages, file_store)
    write_out(_text(memory) if output == "text" else json_text(asdict(memory), 2).split("\n"))


def _text(memory: "hcfmt.ExportMemory") -> Iterator[str]:
    rows = [
        (f"{memory.messages:,} messages", size(memory.for_messages)),
        (f"{size(memory.file_store)} of files", size(memory.for_files)),
        ("together", size(memory.total)),
    ]
    yield from aligned(Table("lr", ("Memory of hc-migrate", ""), rows, note=_NOTE), style_of(sys.stdout), ASCII)
