"""Compares the members of an archive with those of its receipt."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence

from hcfmt.receipts import MemberChange, ReceiptMember

_ORDER = ("changed", "renamed", "removed", "added")

_Place = tuple[str, int]  # digest of a path, and the number of a member among those of the path


def compare_members(
    before: Sequence[ReceiptMember], after: Sequence[ReceiptMember], *, complete: bool
) -> tuple[Sequence[MemberChange], Sequence[ReceiptMember]]:
    """Return the changes from the members of a receipt to those of an archive, and the members without a change.

    The changes are in the order of their kind and path. Members of one path are compared in their order. Unless the
    archive was read to its end (``complete``), no member counts as removed or renamed.
    """
    old, new = _by_place(before), _by_place(after)
    both = [(row, new[place]) for place, row in old.items() if place in new]
    removed = [row for place, row in old.items() if place not in new] if complete else []
    added = [row for place, row in new.items() if place not in old]
    renamed = list(_renamed(removed, added))
    moved = {id(row) for pair in renamed for row in pair}
    changes = [
        *(MemberChange("changed", *pair) for pair in both if _content(pair[0]) != _content(pair[1])),
        *(MemberChange("renamed", *pair) for pair in renamed),
        *(MemberChange("removed", row, None) for row in removed if id(row) not in moved),
        *(MemberChange("added", None, row) for row in added if id(row) not in moved),
    ]
    return tuple(sorted(changes, key=_order)), [row for row, now in both if _content(row) == _content(now)]


def _by_place(rows: Sequence[ReceiptMember]) -> Mapping[_Place, ReceiptMember]:
    numbers: defaultdict[str, int] = defaultdict(int)
    places: dict[_Place, ReceiptMember] = {}
    for row in rows:
        places[row.path_sha256, numbers[row.path_sha256]] = row
        numbers[row.path_sha256] += 1
    return places


def _renamed(
    removed: Sequence[ReceiptMember], added: Sequence[ReceiptMember]
) -> Iterator[tuple[ReceiptMember, ReceiptMember]]:
    """Yield each removed member of which an added one has the same bytes, with that one."""
    candidates: defaultdict[object, deque[ReceiptMember]] = defaultdict(deque)
    for row in added:
        if row.sha256:
            candidates[_content(row)].append(row)
    for row in removed:
        if same := candidates.get(_content(row)):
            yield row, same.popleft()


def _content(row: ReceiptMember) -> tuple[object, ...]:
    return row.kind, row.size, row.sha256


def _order(change: MemberChange) -> tuple[int, str, str]:
    row = change.before or change.after
    assert row  # noqa: S101 - a change has one of them
    return _ORDER.index(change.change), row.path, row.path_sha256
