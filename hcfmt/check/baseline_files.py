"""Reads and writes baselines as JSON files (schemas/config/baseline.json)."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from hcfmt.check.baselines import Baseline
from hcfmt.check.facts import MOST_ENTRIES, require_room
from hcfmt.check.small_files import read_small_file
from hcfmt.container.atomic_write import atomic_file
from hcfmt.errors import UsageError
from hcfmt.findings import BaselineEntry

_LARGEST = 64 << 20  # bytes of a file
_VERSION = 1


class _Row(Struct, forbid_unknown_fields=True):
    """One entry of the file."""

    code: Annotated[str, Meta(pattern="^HC[0-9X][0-9]{2}$")]
    member: str | None
    fingerprint: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    count: Annotated[int, Meta(ge=1)]


class _Document(Struct, forbid_unknown_fields=True):
    """The whole file."""

    format_version: Literal[1]
    findings: list[_Row]


def parse_baseline(text: bytes) -> Baseline:
    """Return the baseline of a JSON text; raises UsageError, which says what is wrong."""
    try:
        document = msgspec.json.decode(text, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"It is no baseline: {str(error).rstrip('.')}. 'hcfmt validate --write-baseline' makes one."
        ) from None
    if len(document.findings) > MOST_ENTRIES:
        raise UsageError(f"It has more than {MOST_ENTRIES:,} entries.")
    entries = {BaselineEntry(row.code, row.member or "", row.fingerprint): row.count for row in document.findings}
    if len({entry.fingerprint for entry in entries}) < len(document.findings):
        raise UsageError("A fingerprint is there twice: two baselines were merged by hand. Write the baseline anew.")
    return Baseline(entries)


def read_baseline(path: str) -> Baseline:
    """Read a baseline; raises UsageError for a file that cannot be read or is none."""
    text = read_small_file(path, _LARGEST)
    if len(text) > _LARGEST:
        raise UsageError(f"{path}: is no baseline: it has more than {_LARGEST:,} bytes.")
    try:
        return parse_baseline(text)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def baseline_lines(baseline: Baseline) -> Sequence[str]:
    """Return the JSON text of a baseline, a line for each entry, in the order of code, member and fingerprint."""
    rows = []
    for entry, number in sorted(baseline.entries.items()):
        values = {"code": entry.code, "member": entry.member or None, "fingerprint": entry.fingerprint, "count": number}
        rows.append(msgspec.json.encode(values).decode())
    ends = [","] * (len(rows) - 1) + [""]
    listed = [f"    {row}{end}" for row, end in zip(rows, ends, strict=True)] if rows else []
    return ["{", f'  "format_version": {_VERSION},', '  "findings": [', *listed, "  ]", "}"]


def write_baseline(path: str, baseline: Baseline) -> None:
    """Write a baseline to a file, which it replaces.

    Raises UsageError for a file that cannot be written, and for a baseline of too many findings.
    """
    require_room(baseline.entries)
    with atomic_file(path, force=True) as file:
        file.writelines(f"{line}\n".encode() for line in baseline_lines(baseline))
