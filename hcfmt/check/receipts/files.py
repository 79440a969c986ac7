"""Reads and writes receipts as JSON files (schemas/report/receipt.json)."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from hcfmt.check.small_files import read_small_file
from hcfmt.container.atomic_write import atomic_file
from hcfmt.errors import UsageError
from hcfmt.receipts import RECEIPT_VERSION, Receipt

_LARGEST = 512 << 20  # bytes of a file; the members allowed by default take less
_ROWS = frozenset({"ledger", "members", "rooms", "users"})  # lists with a line for each element


class _Version(Struct):
    """The part of the document that every version has."""

    format_version: int


def receipt_lines(receipt: Receipt) -> Iterator[str]:
    """Yield the lines of a receipt's JSON text: keys are sorted, and each member, room, user and rule has a line."""
    encode = msgspec.json.Encoder(order="sorted").encode
    names = sorted(receipt.__struct_fields__)
    yield "{"
    for name in names:
        value, end = getattr(receipt, name), "" if name == names[-1] else ","
        if name not in _ROWS or not value:
            yield f'  "{name}": {encode(value).decode()}{end}'
            continue
        yield f'  "{name}": ['
        for number, row in enumerate(value, 1):
            yield f"    {encode(row).decode()}{'' if number == len(value) else ','}"
        yield f"  ]{end}"
    yield "}"


def write_receipt(path: str, receipt: Receipt) -> None:
    """Write a receipt to a new file, for its owner alone; raise UsageError where that fails or the file exists."""
    require_new(path)
    with atomic_file(path, force=False) as file:
        file.writelines(f"{line}\n".encode() for line in receipt_lines(receipt))


def require_new(path: str) -> None:
    """Raise UsageError if a file of this name exists: a receipt is never overwritten."""
    if Path(path).exists():
        raise UsageError(
            f"{path}: exists, and a receipt is never overwritten. Choose another name, or compare the archive with it: "
            "hcfmt receipt verify."
        )


def read_receipt(path: str) -> Receipt:
    """Read a receipt; raises UsageError for a file that cannot be read, or is none that this version understands."""
    text = read_small_file(path, _LARGEST)
    if len(text) > _LARGEST:
        raise UsageError(f"{path}: is no receipt: it has more than {_LARGEST:,} bytes.")
    try:
        return parse_receipt(text)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def parse_receipt(text: bytes) -> Receipt:
    """Return the receipt of a JSON text; raises UsageError, which says what is wrong."""
    try:
        version = msgspec.json.decode(text, type=_Version).format_version
        if version > RECEIPT_VERSION:
            raise UsageError(f"Its format_version is {version}, of a later hcfmt: this one reads {RECEIPT_VERSION}.")
        return msgspec.json.decode(text, type=Receipt)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"It is no receipt: {str(error).rstrip('.')}. 'hcfmt validate --receipt' makes one.") from None
