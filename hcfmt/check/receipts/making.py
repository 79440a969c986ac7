"""Makes the receipt of an archive that was checked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from msgspec.structs import asdict

from hcfmt.check.context import Redaction
from hcfmt.check.export_index import ExportIndex
from hcfmt.check.history_facts import HistoryFacts
from hcfmt.check.inventory import histories_by_owner, senders
from hcfmt.check.layout_view import Layout
from hcfmt.check.receipts.identities import configuration, rule_set
from hcfmt.check.receipts.member_rows import contents_digest, member_rows
from hcfmt.container import Archive
from hcfmt.export.layout import Kind
from hcfmt.receipts import RECEIPT_VERSION, MessageReference, Receipt, RoomCounts, StreamDigest, UserCounts
from hcfmt.verdict import TOOL, Report

_COUNTS = ("users", "rooms", "emoticons", "autojoins", "messages", "private_pairs", "histories", "files")
_MOMENTS = frozenset({"first", "last"})  # of the inventory's messages, to the second; a receipt has more of them
_IMPORTER = ("importer", "outcome", "lost", "messages", "certain")
_SECONDS = len("2018-04-02T15:40:44")
_NO_HISTORY = HistoryFacts()


def receipt_of(
    report: Report, archive: Archive, index: ExportIndex, layout: Layout, settings: Mapping[str, object]
) -> Receipt:
    """Return the receipt of a report on an archive, which was opened with digests and read.

    ``settings`` are those that the verdict depends on; only their digest, and ``fail_on``, become part of the receipt.
    """
    contents = archive.contents
    assert contents  # noqa: S101 - it was opened with them
    members = member_rows(contents, Redaction())
    first, last = _ends(index.histories.values())
    return Receipt(
        format_version=RECEIPT_VERSION,
        tool=dict(TOOL),
        rules=rule_set(),
        configuration=configuration(settings),
        verdict=report.verdict.value,
        decided_by=report.decided_by,
        totals=report.totals,
        suppressed=report.suppressed,
        ledger=[asdict(entry) for entry in report.ledger],
        importers=[{key: getattr(verdict, key) for key in _IMPORTER} for verdict in report.importers],
        file=_stream(archive.hashed_bytes, archive.sha256),
        layers=archive.layers,
        tar=_stream(contents.tar_bytes, contents.tar_sha256),
        complete=contents.complete,
        dialect=layout.dialect.name,
        counts=_counts(report.inventory),
        first=first,
        last=last,
        rooms=_rooms(index, layout),
        users=_users(index, layout),
        contents=contents_digest(members),
        members=members,
    )


def _stream(size: int | None, digest: str | None) -> StreamDigest | None:
    return None if size is None or digest is None else StreamDigest(size, digest)


def _counts(inventory: Mapping[str, object]) -> Mapping[str, object]:
    """Return the numbers of the inventory that are there whatever the archive's texts are."""
    counts = {name: inventory[name] for name in _COUNTS}
    messages = cast("Mapping[str, object]", inventory["messages"])
    return counts | {"messages": {name: number for name, number in messages.items() if name not in _MOMENTS}}


def _rooms(index: ExportIndex, layout: Layout) -> Sequence[RoomCounts]:
    """Return the counts of every room that has a record, a history or a file."""
    histories = histories_by_owner(index, layout, Kind.ROOM_HISTORY)
    files, sizes = Counter[int](), Counter[int]()
    for path, entry in layout.stored():
        row = layout.places[path]
        if row and row.kind is Kind.ROOM_FILE:
            room = int(path.removeprefix(layout.extra).split("/")[1])
            files[room] += 1
            sizes[room] += entry.size
    rooms = sorted({*map(int, index.rooms), *histories, *files})
    return [
        RoomCounts(room, history.messages, files[room], sizes[room], *_ends([history]))
        for room, history in ((room, histories.get(room, _NO_HISTORY)) for room in rooms)
    ]


def _users(index: ExportIndex, layout: Layout) -> Sequence[UserCounts]:
    """Return the counts of every user who has a record or a history, or sent a message."""
    histories = histories_by_owner(index, layout, Kind.USER_HISTORY)
    to_rooms, to_people = senders(index, layout)
    users = sorted({*map(int, index.users), *histories, *to_rooms})
    return [
        UserCounts(user, to_rooms[user], to_people[user], history.messages, *_ends([history]))
        for user, history in ((user, histories.get(user, _NO_HISTORY)) for user in users)
    ]


def _ends(histories: Iterable[HistoryFacts]) -> tuple[MessageReference | None, MessageReference | None]:
    """Return the first and the last message of histories; of several at one time the one with the least id."""
    dated = [history for history in histories if history.first]
    if not dated:
        return None, None
    first = min((history.first[0], history.first_id or "") for history in dated if history.first)
    latest = max(history.last for history in dated)
    last = min((history.last, history.last_id or "") for history in dated if history.last == latest)
    return _reference(*first), _reference(*last)


def _reference(stamp: str, id_: str) -> MessageReference:
    """Return the reference to a message of a timestamp (``2018-04-02T15:40:44Z 942827``) and an id."""
    return MessageReference(id_ or None, f"{stamp[:_SECONDS]}.{stamp[_SECONDS:].lstrip('Z ')}Z")
