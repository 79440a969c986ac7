"""Rules of references: ids in the records that lead to users and rooms, as the schemas declare them."""

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Severity


@rule("HC401", "unknown-sender", Severity.ERROR, "reference", looks_at="sender", ought=True)
def unknown_sender(noted: Noted) -> Flaws:
    """sender.id is no user of users.json. 0 marks an integration and is allowed in room histories.

    Why it matters: The message has no author. migratemost stops with a KeyError, Rocket.Chat drops the message,
    and Zulip makes up a user for it. For an integration, whose 0 is as it should be, they do the same.

    Bad::

        rooms/1/history.json#/0/UserMessage/sender/id = 3

    Good::

        rooms/1/history.json#/0/UserMessage/sender/id = 0

    Common causes: A users.json from another export than the histories, or one from which users were taken out.

    What to do: Before the old server is gone: look the user up there, and export again. Afterwards: add a
    deleted user of that id to users.json; sender.name tells the name, except in private messages.

    Evidence: seed 000, "Room History" and "User History"; facts 1.5; facts 5.5 (M5).
    """
    return noted.of("HC401")


@rule("HC402", "unknown-receiver", Severity.ERROR, "reference", looks_at="receiver")
def unknown_receiver(noted: Noted) -> Flaws:
    """receiver.id of a private message is no user of users.json.

    Why it matters: Nobody is there to receive the message. migratemost stops, Zulip stops or drops the message,
    and Rocket.Chat drops it.

    Bad::

        users/1/history.json#/0 -
        users/2/history.json#/0/PrivateUserMessage/receiver/id = 3

    Good::

        (the documented sample as it is)

    Common causes: A users.json from another export than the histories, or one from which users were taken out.

    What to do: Before the old server is gone: look the user up there, and export again. Afterwards: add a
    deleted user of that id to users.json, so that the conversation can be kept.

    Evidence: seed 000, "User History"; facts 5.5 (M16).
    """
    return noted.of("HC402")


@rule("HC403", "unknown-room-member", Severity.ERROR, "reference", looks_at="room member")
def unknown_room_member(noted: Noted) -> Flaws:
    """A room member is no user of users.json.

    Why it matters: The members say who may read a private room, and here one of them cannot be found. No
    importer is known to stop on it; Rocket.Chat matches no member at all, because it looks for ids that are
    text.

    Bad::

        rooms.json#/0/Room/members = [3]

    Good::

        rooms.json#/0/Room/members = [2]

    What to do: Before the old server is gone: look at the room's members there, and export again. Afterwards:
    take the id out of the list, or add a deleted user of that id to users.json.

    Evidence: seed 000, "Rooms"; facts 5.4 (R10).
    """
    return noted.of("HC403")


@rule("HC404", "unknown-owner", Severity.ERROR, "reference", looks_at="room owner")
def unknown_owner(noted: Noted) -> Flaws:
    """A room's owner is no user of users.json.

    Why it matters: The owner is the room's creator. A creator who was deleted still stands in users.json, so an
    id that is not there means that users are missing. Three importers accept a room without any owner.

    Bad::

        rooms.json#/0/Room/owner = 3

    Good::

        rooms.json#/0/Room/owner = 2

    What to do: Before the old server is gone: look at the room's owner there, and export again. Afterwards: add
    a deleted user of that id to users.json, or name one of the room's admins as owner.

    Evidence: seed 000, "Rooms"; facts 1.1; facts 1.2; facts 5.4 (R10).
    """
    return noted.of("HC404")


@rule("HC405", "unknown-room-admin", Severity.ERROR, "reference", looks_at="room admin")
def unknown_room_admin(noted: Noted) -> Flaws:
    """A room admin is no user of users.json.

    Why it matters: The right to run the room goes to nobody, or to whoever gets that id later. No importer is
    known to stop on it; migratemost does when the whole list is missing.

    Bad::

        rooms.json#/0/Room/room_admins = [3]

    Good::

        rooms.json#/0/Room/room_admins = [2]

    What to do: Before the old server is gone: look at the room's admins there, and export again. Afterwards:
    take the id out of the list.

    Evidence: seed 000, "Rooms"; facts 1.2.
    """
    return noted.of("HC405")


@rule("HC406", "unknown-participant", Severity.WARNING, "reference", looks_at="participant")
def unknown_participant(noted: Noted) -> Flaws:
    """A legacy participant is no user of users.json.

    Why it matters: Most likely not at all: the list is a legacy, and it is empty in every sample that is known.
    But an id in it that leads nowhere says that users are missing or that the list is stale.

    Bad::

        rooms.json#/0/Room/participants = [3]

    Good::

        rooms.json#/0/Room/participants = [2]

    What to do: Before the old server is gone: see whether the server still knows that user. Afterwards: empty
    the list, but keep it: migratemost stops when there is none.

    Evidence: seed 000, "Rooms"; facts 1.2.
    """
    return noted.of("HC406")


@rule("HC407", "unknown-emoticon-owner", Severity.WARNING, "reference", looks_at="emoticon owner")
def unknown_emoticon_owner(noted: Noted) -> Flaws:
    """An emoticon's user_id is no user of users.json.

    Why it matters: It is not known who uploaded the emoticon. The image and its shortcut are not affected, and
    no importer is known to ask for the uploader.

    Bad::

        emoticons.json#/Emoticons/0/user_id = 3

    Good::

        emoticons.json#/Emoticons/0/user_id = 2

    What to do: Before the old server is gone: see whether the server still knows that user. Afterwards:
    nothing, unless a reader insists; then name any user who is there.

    Evidence: seed 000, "Emoticons".
    """
    return noted.of("HC407")


@rule("HC408", "unknown-uploader", Severity.ERROR, "reference", looks_at="uploader")
def unknown_uploader(noted: Noted) -> Flaws:
    """attachment.senderid is no user of users.json (0 allowed where the sender is an integration).

    Why it matters: The file has no owner, and readers that go by senderid attribute it to nobody. No importer
    is known to stop on it.

    Bad::

        rooms/1/history.json#/2/UserMessage/attachment/senderid = 3

    Good::

        rooms/1/history.json#/2/UserMessage/attachment/senderid = 0
        rooms/1/history.json#/2/UserMessage/sender/id = 0

    Common causes: The same as for an unknown sender, of whom HC401 speaks.

    What to do: Before the old server is gone: look the user up there, and export again. Afterwards: put the
    message's sender in its place, if the sender is known.

    Evidence: seed 000, "User History" and "UserMessage"; facts 1.5.
    """
    return noted.of("HC408")


@rule("HC409", "unknown-deleter", Severity.WARNING, "reference", looks_at="deletion")
def unknown_deleter(noted: Noted) -> Flaws:
    """deleted.user_id is no user of users.json.

    Why it matters: It is not known who deleted the message. One Mattermost converter logs the deletion; no
    other importer looks at it.

    Bad::

        rooms/1/history.json#/8/UserMessage/deleted/user_id = 3

    Good::

        rooms/1/history.json#/8/UserMessage/deleted/user_id = 2

    What to do: Before the old server is gone: see whether the server still knows that user. Afterwards: nothing
    for an import; for an archive, add a deleted user of that id to users.json.

    Evidence: seed 000, "Room History" and "User History"; facts 1.5.
    """
    return noted.of("HC409")


@rule("HC410", "unknown-autojoin-user", Severity.WARNING, "reference", looks_at="autojoin")
def unknown_autojoin_user(noted: Noted) -> Flaws:
    """An autojoins id is not pref:autoJoin:<id of a user in users.json>.

    Why it matters: Whose rooms and conversations these are cannot be told, so they open for nobody. No importer
    is known to read the autojoins of an export.

    Bad::

        autojoins.json#/AutoJoins/0/id = "pref:autoJoin:3"

    Good::

        autojoins.json#/AutoJoins/0/id = "pref:autoJoin:2"

    What to do: Before the old server is gone: see whether the server still knows that user. Afterwards: remove
    the entry.

    Evidence: seed 000, "Auto-Joins"; facts 1.4.
    """
    return noted.of("HC410")


@rule("HC411", "unknown-autojoin-target", Severity.WARNING, "reference", looks_at="autojoin target")
def unknown_autojoin_target(noted: Noted) -> Flaws:
    r"""An autojoin JID names no room (by canonical_name) and no user (by id) of the archive.

    Why it matters: A client that follows it opens nothing. No importer is known to read the autojoins of an
    export.

    Bad::

        autojoins.json#/AutoJoins/0/data = "[{\"jid\": \"1_lobby@conf.btf.hipchat.com\"}]"

    Good::

        autojoins.json#/AutoJoins/0/data = "[{\"jid\": \"1_2@chat.btf.hipchat.com\"}]"

    Common causes: An autojoin that outlived its room; an export without canonical names, as from Cloud.

    What to do: Before the old server is gone: look at what that user's client shows. Afterwards: remove the
    entry.

    Evidence: seed 000, "Auto-Joins"; facts 1.2; facts 1.4.
    """
    return noted.of("HC411")
