"""Rules of identity: ids and names that stand for one thing only, as the schemas declare them."""

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Severity


@rule("HC420", "duplicate-user-id", Severity.ERROR, "reference", looks_at="user", ought=True)
def duplicate_user_id(noted: Noted) -> Flaws:
    """Two users have the same id.

    Why it matters: What one of them wrote is attributed to the other. No importer that was tried notices:
    migratemost doubles the direct messages, and Rocket.Chat gets a user too many.

    Bad::

        users.json#/- = {"User": {"id": 2, "name": "Guest", "email": null, "title": "", "rooms": []}}
        users.json#/2/User/mention_name = "Guest"
        users.json#/2/User/avatar = ""
        users.json#/2/User/created = "2018-04-02T15:35:00+00:00"
        users.json#/2/User/is_deleted = false
        users.json#/2/User/timezone = "UTC"
        users.json#/2/User/account_type = "guest"
        users.json#/2/User/roles = ["user"]
        users.json#/2/User/metadata = "{}"

    Good::

        users.json#/- = {"User": {"id": 3, "name": "Guest", "email": null, "title": "", "rooms": []}}
        users.json#/2/User/mention_name = "Guest"
        users.json#/2/User/avatar = ""
        users.json#/2/User/created = "2018-04-02T15:35:00+00:00"
        users.json#/2/User/is_deleted = false
        users.json#/2/User/timezone = "UTC"
        users.json#/2/User/account_type = "guest"
        users.json#/2/User/roles = ["user"]
        users.json#/2/User/metadata = "{}"

    Common causes: Two exports that were joined, of two servers or of one server at two times.

    What to do: Before the old server is gone: export again, and do not join exports. Afterwards: if both are
    the same person, keep the newer record; if not, the exports have to be taken apart.

    Evidence: facts 5.3 (U7); facts 1.1.
    """
    return noted.of("HC420")


@rule("HC421", "duplicate-room-id", Severity.ERROR, "reference", looks_at="room")
def duplicate_room_id(noted: Noted) -> Flaws:
    """Two rooms have the same id: readers drop or double one room's messages.

    Why it matters: There is one rooms/<id>/ for both. migratemost imports its history twice; Rocket.Chat and
    Zulip lose the messages of one room, and none of the three says so.

    Bad::

        rooms.json#/- = {"Room": {"id": 1, "name": "Lobby", "canonical_name": "lobby", "owner": 1}}
        rooms.json#/1/Room/created = "2018-04-02T15:31:34+00:00"
        rooms.json#/1/Room/guest_access_url = "https://hipchat.example.com/gQ82tnQz5"
        rooms.json#/1/Room/is_archived = false
        rooms.json#/1/Room/members = []
        rooms.json#/1/Room/participants = []
        rooms.json#/1/Room/privacy = "public"
        rooms.json#/1/Room/room_admins = []
        rooms.json#/1/Room/topic = "this is the purpose of the room"
        rooms.json#/1/Room/is_deleted = false

    Good::

        rooms.json#/- = {"Room": {"id": 2, "name": "Lobby", "canonical_name": "lobby", "owner": 1}}
        rooms.json#/1/Room/created = "2018-04-02T15:31:34+00:00"
        rooms.json#/1/Room/guest_access_url = null
        rooms.json#/1/Room/is_archived = false
        rooms.json#/1/Room/members = []
        rooms.json#/1/Room/participants = []
        rooms.json#/1/Room/privacy = "public"
        rooms.json#/1/Room/room_admins = []
        rooms.json#/1/Room/topic = ""
        rooms.json#/1/Room/is_deleted = false
        rooms/2/history.json = []

    Common causes: Two exports that were joined, of two servers or of one server at two times.

    What to do: Before the old server is gone: export again, and do not join exports. Afterwards: if both are
    the same room, keep the newer record; if not, the exports have to be taken apart.

    Evidence: facts 5.4 (R9); facts 1.2.
    """
    return noted.of("HC421")


@rule("HC422", "duplicate-emoticon", Severity.ERROR, "reference", looks_at="emoticon")
def duplicate_emoticon(noted: Noted) -> Flaws:
    """Two emoticons have the same ID or the same shortcut.

    Why it matters: What (hcdc) shows in a message then depends on the reader. What importers make of two is not
    known.

    Bad::

        emoticons.json#/Emoticons/- = {"ID": 218, "user_id": 1, "group_id": 1, "width": 28, "height": 28}
        emoticons.json#/Emoticons/1/path = "1/hcdc-1522683674.jpg"
        emoticons.json#/Emoticons/1/shortcut = "hcdc"
        emoticons.json#/Emoticons/1/audio_path = ""

    Good::

        emoticons.json#/Emoticons/- = {"ID": 218, "user_id": 1, "group_id": 1, "width": 28, "height": 28}
        emoticons.json#/Emoticons/1/path = "1/hcdc-1522683674.jpg"
        emoticons.json#/Emoticons/1/shortcut = "logo"
        emoticons.json#/Emoticons/1/audio_path = ""

    Common causes: Two exports that were joined.

    What to do: Before the old server is gone: look at which image the server shows, and export again.
    Afterwards: keep one of the two; the number at the end of the file's name is a time, in seconds since 1970.

    Evidence: seed 000, "Emoticons"; facts 1.3.
    """
    return noted.of("HC422")


@rule("HC423", "duplicate-message-id", Severity.ERROR, "reference", looks_at="message", ought=True)
def duplicate_message_id(noted: Noted) -> Flaws:
    """Two messages of one history have the same id: importers add both.

    Why it matters: The message arrives twice in Zulip and migratemost. Rocket.Chat adds both under one id in a
    room, and keeps one of them in a private conversation. In two histories the same id is no fault: a private
    message stands in those of both people.

    Bad::

        rooms/1/history.json#/1/UserMessage/id = "2088ec9e-dd0d-4214-8f74-45e2fb85109c"

    Good::

        rooms/1/history.json#/1/UserMessage/id = "2088ec9e-dd0d-4214-8f74-45e2fb85109d"

    Common causes: Exports of overlapping times whose histories were joined. The documentation's own sample of a
    room's history prints one message twice, which is a slip.

    What to do: Before the old server is gone: export again, everything at once. Afterwards: if the two are
    alike in all, remove one; if not, give one of them an id of its own.

    Evidence: facts 5.5 (M11); facts 1.5; facts 1.8.
    """
    return noted.of("HC423")


@rule("HC424", "mention-name-clash", Severity.WARNING, "reference", looks_at="mention name")
def mention_name_clash(noted: Noted) -> Flaws:
    """Two users' mention names are equal but for case.

    Why it matters: HipChat kept them apart without regard to case. Importers turn them to lower case for names
    of accounts, where the two collide; Rocket.Chat is known to have skipped users without a word.

    Bad::

        users.json#/1/User/mention_name = "hcdcuser"

    Good::

        users.json#/1/User/mention_name = "hcdcuser2"

    Common causes: Two exports that were joined.

    What to do: Before the old server is gone: change one of the names there, and export again. Afterwards:
    change one of them in users.json; messages that mention it keep the old name.

    Evidence: facts 5.3 (U5); facts 1.1.
    """
    return noted.of("HC424")


@rule("HC425", "email-clash", Severity.WARNING, "reference", looks_at="e-mail address")
def email_clash(noted: Noted) -> Flaws:
    """Two users have the same e-mail address (case-insensitively).

    Why it matters: Importers do not notice, but the new server does: it refuses the second user, or merges the
    two into one. Rocket.Chat has met such exports.

    Bad::

        users.json#/1/User/email = "User@Example.com"

    Good::

        users.json#/1/User/email = "user2@example.com"

    Common causes: A person who was deleted and came back with a new account; a mailbox that several people
    share.

    What to do: Before the old server is gone: find out who the two are, and give one another address.
    Afterwards: the same in users.json, before importing.

    Evidence: facts 5.3 (U3).
    """
    return noted.of("HC425")


@rule("HC426", "room-name-clash", Severity.WARNING, "reference", looks_at="room name")
def room_name_clash(noted: Noted) -> Flaws:
    """Two rooms have the same name or canonical_name (case-insensitively).

    Why it matters: Three importers make a channel's name out of the room's, and then two rooms collide in one.
    The canonical name is the room's address, by which autojoins refer to it.

    Bad::

        rooms.json#/- = {"Room": {"id": 2, "name": "DEFAULT", "canonical_name": "default_2", "owner": 1}}
        rooms.json#/1/Room/created = "2018-04-02T15:31:34+00:00"
        rooms.json#/1/Room/guest_access_url = null
        rooms.json#/1/Room/is_archived = false
        rooms.json#/1/Room/members = []
        rooms.json#/1/Room/participants = []
        rooms.json#/1/Room/privacy = "public"
        rooms.json#/1/Room/room_admins = []
        rooms.json#/1/Room/topic = ""
        rooms.json#/1/Room/is_deleted = false
        rooms/2/history.json = []

    Good::

        rooms.json#/- = {"Room": {"id": 2, "name": "Default 2", "canonical_name": "default_2", "owner": 1}}
        rooms.json#/1/Room/created = "2018-04-02T15:31:34+00:00"
        rooms.json#/1/Room/guest_access_url = null
        rooms.json#/1/Room/is_archived = false
        rooms.json#/1/Room/members = []
        rooms.json#/1/Room/participants = []
        rooms.json#/1/Room/privacy = "public"
        rooms.json#/1/Room/room_admins = []
        rooms.json#/1/Room/topic = ""
        rooms.json#/1/Room/is_deleted = false
        rooms/2/history.json = []

    Common causes: A room that was deleted and made anew, since deleted rooms are exported too; two exports that
    were joined.

    What to do: Before the old server is gone: rename one of the rooms there, and export again. Afterwards:
    rename one in rooms.json before importing, or leave out the deleted one with its directory.

    Evidence: facts 5.4 (R6, R12); facts 1.2; facts 1.4.
    """
    return noted.of("HC426")
