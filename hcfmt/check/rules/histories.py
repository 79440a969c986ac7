"""Rules of histories: private ones against each other, and a room's against what rooms.json says of the room."""

from hcfmt.check.export_index import FOREIGN
from hcfmt.check.export_view import ROOMS, USERS, ExportView
from hcfmt.check.rule import Flaws, rule
from hcfmt.findings import Flaw, MemberPath, Severity


@rule(
    "HC430",
    "unmirrored-private-messages",
    Severity.WARNING,
    "export",
    looks_at="PrivateUserMessage",
    needs=("users.json",),
)
def unmirrored_private_messages(whole: ExportView) -> Flaws:
    """The private messages between two users differ between their two histories; hc-migrate writes each one into
    both. One finding per pair, with both counts. Zulip and migratemost keep only the sender's copy.

    Why it matters: In those two importers a message is lost, without a word, when only the receiver's history
    has it. And where one copy is missing, others may be missing twice, which nothing can tell.

    Bad::

        users/2/history.json#/0 -

    Good::

        users/1/history.json#/0 -
        users/2/history.json#/0 -

    Common causes: Histories of exports from different times in one archive; a history that was cut or edited.
    Of a deleted user who has no history at all, this rule does not speak.

    What to do: Before the old server is gone: export again. Afterwards: copy the missing messages from one
    history into the other, before importing into Zulip or migratemost.

    Evidence: facts 1.6; facts 5.5 (M15); facts 2.
    """
    for one, other, here, there in whole.conversations():
        if here != there:
            counts = "{count:,} in the history of {user}, {other_count:,} in that of {other}"
            which = "" if here[0] != there[0] else ", and not all of them are the same"
            sentence = f"Private messages between the users {{user}} and {{other}}: {counts}{which}."
            values = {"user": one, "other": other, "count": here[0], "other_count": there[0]}
            yield Flaw(sentence, values, member=whole.history_of(USERS, one))


@rule(
    "HC431", "foreign-private-message", Severity.ERROR, "export", looks_at="PrivateUserMessage", needs=("users.json",)
)
def foreign_private_message(whole: ExportView) -> Flaws:
    """users/<id>/history.json holds a message of which <id> is neither sender nor receiver.

    Why it matters: A history holds one person's conversations. Whoever may read that person's reads here what
    others wrote to each other. And Zulip and migratemost keep the copy in the sender's history: if this one is
    the only copy, they lose the message.

    Bad::

        users/1/history.json#/0/PrivateUserMessage/sender/id = 1
        users/2/history.json#/0/PrivateUserMessage/sender/id = 1

    Good::

        users/1/history.json#/0/PrivateUserMessage/sender/id = 1
        users/2/history.json#/0 -

    Common causes: Histories that were moved or joined under another id, such as when two accounts were made
    one.

    What to do: Before the old server is gone: export again. Afterwards: take the message out of this history,
    after looking whether those of its sender and receiver have it.

    Evidence: seed 000, "User History"; facts 1.6; facts 5.5 (M15).
    """
    for owner, (count, places) in whole.occurrences.get(FOREIGN, {}).items():
        if owner not in whole.names["user"]:
            continue  # HC112 speaks of the whole directory
        member, index, _ = places[0]
        sentence = "User {user} neither sent nor received {count:,} of the messages here; this is the first."
        yield Flaw(sentence, {"user": owner, "count": count}, path=("PrivateUserMessage",), member=member, index=index)


@rule(
    "HC432",
    "archived-state-disagrees",
    Severity.SUSPECT,
    "export",
    looks_at="ArchiveRoomMessage",
    needs=("rooms.json",),
)
def archived_state_disagrees(whole: ExportView) -> Flaws:
    """rooms.json is_archived contradicts the room's last ArchiveRoomMessage, which is documented to dictate it.

    Why it matters: Importers go by rooms.json and ignore these messages, so a room may arrive archived that was
    in use, or the other way round. The last message is the one with the latest timestamp, wherever it stands.

    Bad::

        rooms.json#/0/Room/is_archived = true

    Good::

        rooms.json#/0/Room/is_archived = true
        rooms/1/history.json#/4/ArchiveRoomMessage/is_archived = true

    Common causes: A rooms.json that is newer or older than the history; messages at the history's end that are
    missing.

    What to do: Before the old server is gone: look at the room there, and export again if messages are missing.
    Afterwards: decide which of the two is right, and set is_archived in rooms.json before importing.

    Evidence: seed 000, "ArchiveRoomMessage"; facts 1.5.
    """
    return _contradicted(whole, "ArchiveRoomMessage", "is_archived")


@rule(
    "HC433", "guest-access-disagrees", Severity.SUSPECT, "export", looks_at="GuestAccessMessage", needs=("rooms.json",)
)
def guest_access_disagrees(whole: ExportView) -> Flaws:
    """rooms.json guest_access_url contradicts the room's last GuestAccessMessage.

    Why it matters: The last message is documented to dictate whether guests are allowed in. That rooms.json
    says otherwise may mean that one of the two is stale, or that the end of the history is missing.

    Bad::

        rooms.json#/0/Room/guest_access_url = null

    Good::

        rooms.json#/0/Room/guest_access_url = null
        rooms/1/history.json#/5/GuestAccessMessage/enable_guest_access = false
        rooms/1/history.json#/5/GuestAccessMessage/url = ""

    Common causes: A rooms.json that is newer or older than the history; messages at the history's end that are
    missing.

    What to do: Before the old server is gone: look at the room there, and export again if messages are missing.
    Afterwards: nothing for an import, since the address dies with the server.

    Evidence: seed 000, "Rooms" and "GuestAccessMessage"; facts 1.5.
    """
    return _contradicted(whole, "GuestAccessMessage", "guest_access_url")


@rule("HC434", "topic-disagrees", Severity.SUSPECT, "export", looks_at="TopicRoomMessage", needs=("rooms.json",))
def topic_disagrees(whole: ExportView) -> Flaws:
    """rooms.json topic contradicts the room's last TopicRoomMessage.

    Why it matters: The last message is documented to show the current topic. That rooms.json has another one
    may mean that one of the two is stale, or that the end of the history is missing.

    Bad::

        rooms.json#/0/Room/topic = "another topic"

    Good::

        rooms.json#/0/Room/topic = "another topic"
        rooms/1/history.json#/6/TopicRoomMessage/topic = "another topic"

    Common causes: A rooms.json that is newer or older than the history; messages at the history's end that are
    missing.

    What to do: Before the old server is gone: look at the room there, and export again if messages are missing.
    Afterwards: decide which of the two is right, and set it in rooms.json before importing.

    Evidence: seed 000, "Rooms" and "TopicRoomMessage".
    """
    return _contradicted(whole, "TopicRoomMessage", "topic")


@rule("HC603", "before-creation", Severity.SUSPECT, "export", looks_at="room message", needs=("rooms.json",))
def before_creation(whole: ExportView) -> Flaws:
    """A room message is older than its room.

    Why it matters: Nobody can have written it there then. Either one of the two dates is wrong, or the message
    comes from another room. No importer is known to notice.

    Bad::

        rooms/1/history.json#/0/UserMessage/timestamp = "2018-04-02T15:31:33Z 942827"

    Good::

        rooms/1/history.json#/0/UserMessage/timestamp = "2018-04-02T15:31:34Z 000000"

    Common causes: The history of another room of the same id; a server whose clock was set back; dates that a
    script wrote in local time.

    What to do: Before the old server is gone: look at the room and the message there. Afterwards: if the
    messages are the room's own, nothing, or an earlier date of creation in rooms.json.

    Evidence: none; it follows from what the two dates are documented to say.
    """
    for number, room in whole.index.rooms.items():
        first = whole.history(ROOMS, number).first
        if first and room.created and first[0][:20] < room.created and not whole.is_doubled("room", number):
            sentence = "This message is older than the room, which was made at {created}."
            yield Flaw(
                sentence, {"created": room.created}, path=(), member=whole.history_of(ROOMS, number), index=first[1]
            )


def _contradicted(whole: ExportView, kind: str, name: str) -> Flaws:
    """Compare a property of every room with what the last message of a kind dictates; a tie agrees with either."""
    for path, room, state in whole.states(kind):
        if not state.agrees(room.states[kind]):
            last = f"The last {kind}, {{member}}#/{{index}}, says otherwise."
            values = {"member": MemberPath(path), "index": state.index}
            yield Flaw(last, values, path=("Room", name), member=f"{whole.layout.extra}rooms.json", index=room.index)
