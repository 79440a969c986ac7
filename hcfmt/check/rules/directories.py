"""Rules of directories: rooms and users that rooms.json and users.json list, against those that have a directory."""

from hcfmt.check.export_view import ROOMS, USERS, ExportView, flaw_at
from hcfmt.check.rule import Flaws, rule
from hcfmt.export.references import comparable
from hcfmt.findings import Flaw, Severity


@rule("HC111", "history-of-unknown-room", Severity.ERROR, "export", looks_at="room directory", needs=("rooms.json",))
def history_of_unknown_room(whole: ExportView) -> Flaws:
    """rooms/<id>/ holds a history or files, but rooms.json has no room <id>.

    Why it matters: Its messages belong to no room: Rocket.Chat drops them, and Zulip passes over them. Neither
    the name of the room nor its members are known.

    Bad::

        rooms/2/history.json = []

    Good::

        (the documented sample as it is)

    Common causes: A rooms.json from another export than the histories, as when exports of several times are
    joined; rooms that were taken out of rooms.json by hand.

    What to do: Before the old server is gone: look the room up there, and export again. Afterwards: take the
    room's record from an older or newer export of the same server, or write one.

    Evidence: facts 5.4 (R8); facts 2.
    """
    for number in whole.directories(ROOMS):
        if comparable(number) not in whole.names["room"]:
            yield Flaw(
                "rooms.json has no room {room}.", {"room": number}, member=f"{whole.layout.extra}rooms/{number}/"
            )


@rule("HC112", "history-of-unknown-user", Severity.ERROR, "export", looks_at="user directory", needs=("users.json",))
def history_of_unknown_user(whole: ExportView) -> Flaws:
    """users/<id>/ holds a history or avatars, but users.json has no user <id>.

    Why it matters: It is not known whose private messages or picture these are. Deleted users stay in
    users.json, so the record was lost. What importers make of the directory is not known; what they do with
    the messages of such a user, HC401 and HC402 tell.

    Bad::

        users/3/history.json = []

    Good::

        (the documented sample as it is)

    Common causes: A users.json from another export than the histories; users that were taken out of users.json
    by hand.

    What to do: Before the old server is gone: look the user up there, and export again. Afterwards: take the
    user's record from an older or newer export of the same server, or write one of a deleted user.

    Evidence: seed 000, "User History"; facts 1.1.
    """
    for number in whole.directories(USERS):
        if comparable(number) not in whole.names["user"]:
            yield Flaw(
                "users.json has no user {user}.", {"user": number}, member=f"{whole.layout.extra}users/{number}/"
            )


@rule("HC113", "room-without-history", Severity.WARNING, "export", looks_at="Room", needs=("rooms.json",))
def room_without_history(whole: ExportView) -> Flaws:
    """rooms.json lists a room that has no rooms/<id>/history.json. Migratemost stops on it.

    Why it matters: One Mattermost converter stops too. And if anything was ever written in the room, it is not
    in this archive.

    Bad::

        rooms/1/history.json -
        rooms/1/files/BcudLU14VxUEeUK/img.JPG -
        rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg -

    Good::

        rooms/1/history.json = []
        rooms/1/files/BcudLU14VxUEeUK/img.JPG -
        rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg -

    Common causes: An export that was broken off, since hc-migrate's log shows the histories of rooms being
    written last; a part of the export that was packed again.

    What to do: Before the old server is gone: see that hc-migrate's log names the file, and export again.
    Afterwards: look for the file in another export; for a room without messages, write [].

    Evidence: facts 5.4 (R7); facts 4; seed 000, "Export from Hipchat Server or HipChat Data Center".
    """
    for number, mark, place in whole.defined("room"):
        if whole.history_of(ROOMS, number) not in whole.layout.members:
            yield flaw_at("There is no rooms/{room}/history.json.", {"room": number}, mark, place)


@rule("HC114", "user-without-history", Severity.INFO, "export", looks_at="User", needs=("users.json",))
def user_without_history(whole: ExportView) -> Flaws:
    """users.json lists a user that has no users/<id>/history.json; seen for deleted users.

    Why it matters: One Mattermost converter stops; migratemost has learnt to go on without the file. The
    messages may still stand in the histories of the people at the other end.

    Bad::

        users.json#/1/User/is_deleted = true
        users/2/history.json -

    Good::

        users.json#/1/User/is_deleted = true

    Common causes: The user was deleted.

    What to do: Before the old server is gone: for a user who is not deleted, see whether there are private
    messages, and export again. Afterwards: where an importer stops, write [] as that user's history.

    Evidence: facts 1.6; facts 5.5 (M17).
    """
    for number, mark, place in whole.defined("user"):
        if whole.history_of(USERS, number) not in whole.layout.members:
            yield flaw_at("There is no users/{user}/history.json.", {"user": number}, mark, place)


@rule("HC801", "no-messages", Severity.SUSPECT, "export", looks_at="message")
def no_messages(whole: ExportView) -> Flaws:
    """Users and rooms, but not one message.

    Why it matters: A server that people used has messages. An archive without any imports without an error, and
    that the histories are missing is noticed when the old server is gone.

    Bad::

        rooms/1/history.json = []
        rooms/1/files/BcudLU14VxUEeUK/img.JPG -
        rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg -
        users/1/history.json = []
        users/2/history.json = []
        users/files/0Lp9rkaHfzLpPow/img.JPG -
        users/files/0Lp9rkaHfzLpPow/img_thumb.jpg -

    Good::

        users/1/history.json = []
        users/2/history.json = []
        users/files/0Lp9rkaHfzLpPow/img.JPG -
        users/files/0Lp9rkaHfzLpPow/img_thumb.jpg -

    Common causes: A server that was set up and never used, or one that keeps messages for a short time only; an
    export that could not reach the store of the messages.

    What to do: Before the old server is gone: count the messages there, for which the documentation of
    hc-migrate has a script, and export again. Afterwards: look for another export.

    Evidence: none from an importer; seed 000, "Check your Hipchat utilization", has the script.
    """
    people_and_rooms = whole.kinds["User"] and whole.kinds["Room"]
    if people_and_rooms and not whole.examined["message"] and not whole.lost_histories:
        yield Flaw("There are users and rooms, but not one message.")
