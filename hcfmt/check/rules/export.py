"""Rules of the export as a whole: directories against records, histories against each other and against rooms.json."""

from collections.abc import Iterator

from hcfmt.check.export_index import FOREIGN
from hcfmt.check.export_view import ROOMS, USERS, ExportView, flaw_at
from hcfmt.check.occurrences import Occurrences
from hcfmt.export.annotations import FILE, Annotation
from hcfmt.export.references import comparable
from hcfmt.findings import Flaw, MemberPath

_THINGS = {ROOMS: "room", USERS: "user"}
_SECONDS = len("2018-04-02T15:31:34Z")  # of a timestamp, without its microseconds


def history_of_unknown_room(export: ExportView) -> Iterator[Flaw]:
    """Report directories below rooms/ whose id is no room's, unless all that they hold is an empty history."""
    for number in _unknown(export, ROOMS):
        if not export.is_empty(ROOMS, number):
            member = f"{export.layout.extra}rooms/{number}/"
            yield Flaw("rooms.json has no room {room}.", {"room": number}, member=member, subject=(number,))


def history_of_unknown_user(export: ExportView) -> Iterator[Flaw]:
    """Report directories below users/ whose id is no user's, unless all that they hold is an empty history."""
    for number in _unknown(export, USERS):
        if not export.is_empty(USERS, number):
            member = f"{export.layout.extra}users/{number}/"
            yield Flaw("users.json has no user {user}.", {"user": number}, member=member, subject=(number,))


def empty_history_of_unknown(export: ExportView) -> Iterator[Flaw]:
    """Report empty histories of rooms and users that do not exist, where nothing else is stored of them."""
    for tree, thing in _THINGS.items():
        for number in _unknown(export, tree):
            if export.is_empty(tree, number):
                sentence = f"The history is empty, and {tree}.json has no {thing} {{{thing}}}: most likely purged."
                yield Flaw(sentence, {thing: number}, member=export.history_of(tree, number))


def _unknown(export: ExportView, tree: str) -> list[int]:
    """Return the ids of the directories below rooms/ or users/ that no record has."""
    known = export.names[_THINGS[tree]]
    return [number for number in export.directories(tree) if comparable(number) not in known]


def room_without_history(export: ExportView) -> Iterator[Flaw]:
    """Report rooms that have no history."""
    for number, annotation, place in export.defined("room"):
        if export.history_of(ROOMS, number) not in export.layout.members:
            yield flaw_at("There is no rooms/{room}/history.json.", {"room": number}, annotation, place, (number,))


def user_without_history(export: ExportView) -> Iterator[Flaw]:
    """Report users who have no history."""
    for number, annotation, place in export.defined("user"):
        if export.history_of(USERS, number) not in export.layout.members:
            yield flaw_at("There is no users/{user}/history.json.", {"user": number}, annotation, place, (number,))


def unmirrored_private_messages(export: ExportView) -> Iterator[Flaw]:
    """Report pairs of users whose private messages to each other differ between their two histories.

    Messages that only their receiver has are left to HC435.
    """
    for pair in export.conversations():
        only_sent = any(own > theirs for own, theirs in (pair.sent, pair.answered))
        only_received = any(own < theirs for own, theirs in (pair.sent, pair.answered))
        own, theirs = pair.copies
        if only_sent or (own != theirs and not only_received):
            counts = "{count:,} in the history of {user}, {other_count:,} in that of {other}"
            which = "" if own[0] != theirs[0] else ", and not all of them are the same"
            sentence = f"Private messages between the users {{user}} and {{other}}: {counts}{which}."
            values = {"user": pair.user, "other": pair.other, "count": own[0], "other_count": theirs[0]}
            yield Flaw(sentence, values, member=export.history_of(USERS, pair.user), subject=(pair.user, pair.other))


def missing_sender_copy(export: ExportView) -> Iterator[Flaw]:
    """Report private messages that are in the history of their receiver, and not in that of their sender."""
    for pair in export.conversations():
        for (own, theirs), sender, receiver in (
            (pair.sent, pair.user, pair.other),
            (pair.answered, pair.other, pair.user),
        ):
            if own < theirs:
                sentence = (
                    "Messages of user {sender} to user {receiver}: {count:,} here, {other_count:,} in the history of "
                    "{receiver}. Those that the sender lacks are not imported."
                )
                values = {"sender": sender, "receiver": receiver, "count": own, "other_count": theirs}
                yield Flaw(sentence, values, member=export.history_of(USERS, sender), subject=(sender, receiver))


def foreign_private_message(export: ExportView) -> Iterator[Flaw]:
    """Report histories of known users with messages that they neither sent nor received."""
    for owner, (count, places) in export.occurrences.get(FOREIGN, {}).items():
        if owner not in export.names["user"]:
            continue  # HC112 reports the whole directory
        member, index, _ = places[0]
        sentence = "User {user} neither sent nor received {count:,} of the messages here; this is the first."
        yield Flaw(sentence, {"user": owner, "count": count}, path=("PrivateUserMessage",), member=member, index=index)


def shared_attachment_path(export: ExportView) -> Iterator[Flaw]:
    """Report files of messages whose path is that of a file in another room, or of a private message."""
    first: dict[str, str] = {}
    for _, path, _ in _stored_attachments(export):
        tail = path.partition("/files/")[2]
        first[tail] = min(path, first.get(tail, path))
    for annotation, path, (count, places) in _stored_attachments(export):
        tail = path.partition("/files/")[2]
        if path != first[tail]:
            sentence = "{member} has the same path: Zulip shows the file of one in both."
            other = {"member": MemberPath(export.layout.extra + first[tail])}
            yield flaw_at(sentence, other, annotation, places[0], (tail,), count)


def _stored_attachments(export: ExportView) -> Iterator[tuple[Annotation, str, Occurrences]]:
    """Yield annotation, path and occurrences of the files of messages that the archive holds."""
    for annotation, values in export.occurrences_of(FILE):
        if annotation.path == ("attachment", "path"):
            for (code, path, _), occurrences in values.items():
                if not code and export.layout.extra + path in export.layout.members:
                    yield annotation, path, occurrences


def archived_state_disagrees(export: ExportView) -> Iterator[Flaw]:
    """Report rooms whose is_archived contradicts their last ArchiveRoomMessage."""
    return _contradicted(export, "ArchiveRoomMessage", "is_archived")


def guest_access_disagrees(export: ExportView) -> Iterator[Flaw]:
    """Report rooms whose guest_access_url contradicts their last GuestAccessMessage."""
    return _contradicted(export, "GuestAccessMessage", "guest_access_url")


def topic_disagrees(export: ExportView) -> Iterator[Flaw]:
    """Report rooms whose topic contradicts their last TopicRoomMessage."""
    return _contradicted(export, "TopicRoomMessage", "topic")


def _contradicted(export: ExportView, kind: str, name: str) -> Iterator[Flaw]:
    """Compare a property of every room with the state after its last message of a kind; a tie agrees with either."""
    for path, room, state in export.states(kind):
        if not state.agrees(room.states[kind]):
            sentence = f"The last {kind}, {{member}}#/{{index}}, contradicts it."
            values = {"member": MemberPath(path), "index": state.index}
            rooms = f"{export.layout.extra}rooms.json"
            yield Flaw(sentence, values, path=("Room", name), member=rooms, index=room.index, subject=(path,))


def before_creation(export: ExportView) -> Iterator[Flaw]:
    """Report rooms whose first message is older than the room."""
    for number, room in export.index.rooms.items():
        first = export.history(ROOMS, number).first
        if first and room.created and first[0][:_SECONDS] < room.created and not export.is_doubled("room", number):
            member = export.history_of(ROOMS, number)
            sentence = "This message is older than the room, which was created at {created}."
            yield Flaw(sentence, {"created": room.created}, path=(), member=member, index=first[1])
