"""Comparison of an archive with its receipt, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins

from hcfmt.json_values import plain
from hcfmt.receipts import MemberChange, ReceiptMember, Sameness, Verification
from hcfmt.report.text_style import TextStyle, count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import TOOL

FORMAT_VERSION = 1
MOST = 100  # changes of each kind that text lists
CHANGES = ("changed", "renamed", "removed", "added")
_SENTENCES = {
    Sameness.FILE: ("unchanged", "The file is that of the receipt, byte for byte."),
    Sameness.TAR: (
        "unchanged",
        "Another file, as if compressed again; the tar inside is that of the receipt, byte for byte.",
    ),
    Sameness.MEMBERS: ("unchanged", "All members are those of the receipt, byte for byte, in another tar or in none."),
    Sameness.CHANGED: ("changed", "Not all members are those of the receipt."),
    Sameness.UNKNOWN: ("incomplete", "Not everything could be compared."),
}


def text(verification: Verification, name: str, style: TextStyle) -> Iterator[str]:
    """Yield lines for people about the archive of a name: what is the same, and each change."""
    verdict, sentence = _SENTENCES[verification.same]
    yield style.strong(visible(f"{name}: {verdict}"))
    yield from style.wrapped(" ".join(filter(None, [sentence, verification.reason])), "  ")
    if verification.bare:
        bare = count_of(verification.bare, "member")
        yield from style.wrapped(f"Links and devices have no bytes: of {bare} only path and kind were compared.", "  ")
    for kind in CHANGES:
        changes = [change for change in verification.changes if change.change == kind]
        for change in changes[:MOST]:
            yield f"  {kind:<8} {_described(change)}"
        if len(changes) > MOST:
            yield f"  {kind:<8} {len(changes) - MOST:,} more; --format json lists all"
    counts = Counter[str](change.change for change in verification.changes)
    numbers = [f"{name} {counts[name]:,}" for name in CHANGES if counts[name]]
    yield f"  Members: {', '.join([*numbers, f'unchanged {verification.unchanged:,}'])}."


def document(verification: Verification, name: str) -> dict[str, Any]:
    """Return the comparison as plain JSON values (schemas/report/verification.json)."""
    values = {
        "format_version": FORMAT_VERSION,
        "tool": TOOL,
        "input": name,
        "exit_status": int(verification.exit),
        **to_builtins(verification),
    }
    return {key: plain(value) for key, value in values.items()}


def _described(change: MemberChange) -> str:
    """Return the path of a changed member, and what is another."""
    match change.before, change.after:
        case ReceiptMember() as before, ReceiptMember() as after if change.change == "renamed":
            return f"{visible(before.path)}, now {visible(after.path)}"
        case ReceiptMember() as before, ReceiptMember() as after:
            return f"{visible(after.path)}  {_size(before)}, now {_size(after)}"
        case _:
            row = change.before or change.after
            return f"{visible(row.path)}  {_size(row)}" if row else ""


def _size(row: ReceiptMember) -> str:
    return count_of(row.size, "byte") if row.kind == "file" else row.kind
