"""Rules of paths to stored files: what records name, as the schemas declare it, and whether it is there."""

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Severity


@rule("HC501", "missing-attachment", Severity.ERROR, "reference", looks_at="attachment")
def missing_attachment(noted: Noted) -> Flaws:
    """An attachment's path is no member: rooms/<room>/files/<path> for a room, users/files/<path> for a private
    message. (The documentation's prose says users/files for both; its tree, and five of six importers, say
    otherwise.)

    Why it matters: What somebody sent is gone. Varna and migratemost then skip the whole message, Zulip only
    the file.

    Bad::

        rooms/1/files/BcudLU14VxUEeUK/img.JPG -

    Good::

        rename rooms/1/files/BcudLU14VxUEeUK/img.JPG rooms/1/files/BcudLU14VxUEeUK/photo.JPG
        rooms/1/history.json#/2/UserMessage/attachment/path = "BcudLU14VxUEeUK/photo.JPG"

    Common causes: An export without its files, which HipChat Server's own interface offers; a file that the
    server itself had lost; an archive that was packed again from a part of its files.

    What to do: Before the old server is gone: look for the file in its file store, and export again.
    Afterwards: take it from another export or a backup; otherwise tell its users that it is lost.

    Evidence: seed 000, "User History" and "UserMessage - Room History"; facts 1.5; facts 5.5 (M7).
    """
    return noted.of("HC501")


@rule("HC502", "missing-thumbnail", Severity.WARNING, "reference", looks_at="thumbnail")
def missing_thumbnail(noted: Noted) -> Flaws:
    """An attachment's thumbnail is no member.

    Why it matters: Little is lost, for a thumbnail can be made again, and Zulip, migratemost and Rocket.Chat
    were not harmed by its absence. But the record says that it exists, so files may be missing elsewhere too.

    Bad::

        rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg -

    Good::

        rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg -
        rooms/1/history.json#/2/UserMessage/attachment/thumbnail -

    Common causes: An archive that was packed again from a part of its files. Which attachments have a thumbnail
    at all is not documented; the samples show it for images.

    What to do: Before the old server is gone: see whether the attachments themselves are all there; if so, go
    on. Afterwards: nothing; importers make their own previews or none.

    Evidence: seed 000, "User History" and "UserMessage - Room History"; facts 1.5.
    """
    return noted.of("HC502")


@rule("HC503", "missing-avatar", Severity.ERROR, "reference", looks_at="avatar")
def missing_avatar(noted: Noted) -> Flaws:
    """A user's avatar files/photos/<id>/<file> has no users/<id>/avatars/<file>.

    Why it matters: The picture is lost. hc-migrate alone stores pictures as files; where users.json holds
    something else than such a path, most likely the picture itself, the archive has another producer.

    Bad::

        users/1/avatars/PrypXtu4rN8sEFL.jpg -

    Good::

        rename users/1/avatars/PrypXtu4rN8sEFL.jpg users/1/avatars/me.jpg
        rename users/1/avatars/PrypXtu4rN8sEFL_36.jpg users/1/avatars/me_36.jpg
        rename users/1/avatars/PrypXtu4rN8sEFL_125.jpg users/1/avatars/me_125.jpg
        users.json#/0/User/avatar = "files/photos/1/me.jpg"

    Common causes: An export of HipChat Server or Cloud, which write the picture as base64 into users.json; or
    an archive that was packed again without it.

    What to do: Before the old server is gone: export with hc-migrate again. Afterwards: where it was base64,
    nothing is lost, and Zulip, migratemost and Rocket.Chat even expect it so; otherwise the user has to choose
    a new picture.

    Evidence: seed 000, "Users" and "Export contents and file system"; facts 1.1; facts 5.3 (U1).
    """
    return noted.of("HC503")


@rule("HC504", "missing-avatar-size", Severity.WARNING, "reference", looks_at="avatar")
def missing_avatar_size(noted: Noted) -> Flaws:
    """An avatar lacks its _36 or _125 version.

    Why it matters: The sizes can be made again from the picture itself, and no importer is known to read them.
    But hc-migrate writes three versions, so a file got lost on the way.

    Bad::

        users/1/avatars/PrypXtu4rN8sEFL_36.jpg -

    Good::

        users.json#/0/User/avatar = ""
        users/1/avatars/PrypXtu4rN8sEFL.jpg -
        users/1/avatars/PrypXtu4rN8sEFL_36.jpg -
        users/1/avatars/PrypXtu4rN8sEFL_125.jpg -

    Common causes: An archive that was packed again; a server that had never made that size. The documentation
    speaks of several versions, and its tree shows these.

    What to do: Before the old server is gone: see whether other files are missing too, and export again if so.
    Afterwards: make the size from the picture, where a reader asks for it.

    Evidence: seed 000, "Users" and "Export contents and file system"; facts 1.7.
    """
    return noted.of("HC504")


@rule("HC505", "missing-emoticon", Severity.ERROR, "reference", looks_at="emoticon")
def missing_emoticon(noted: Noted) -> Flaws:
    """An emoticon's path has no files/img/emoticons/<path>.

    Why it matters: The image is lost, and messages that use the emoticon have only its shortcut left. Zulip
    stops on an emoticon that it does not find; but it looks in another directory, and so stops on sound ones
    too.

    Bad::

        files/img/emoticons/1/hcdc-1522683674.jpg -

    Good::

        rename files/img/emoticons/1/hcdc-1522683674.jpg files/img/emoticons/1/sun.jpg
        rename files/img/emoticons/1/hcdc-1522683674@2x.jpg files/img/emoticons/1/sun@2x.jpg
        rename files/img/emoticons/1/hcdc-1522683674@3x.jpg files/img/emoticons/1/sun@3x.jpg
        rename files/img/emoticons/1/hcdc-1522683674@4x.jpg files/img/emoticons/1/sun@4x.jpg
        emoticons.json#/Emoticons/0/path = "1/sun.jpg"

    Common causes: An archive that was packed again without its images, or with them moved to where another
    reader looks.

    What to do: Before the old server is gone: save the image from the chat, and export again. Afterwards: a
    larger version, such as @2x, can take its place.

    Evidence: seed 000, "Emoticons" and "Export contents and file system"; facts 1.3.
    """
    return noted.of("HC505")


@rule("HC506", "missing-emoticon-scale", Severity.WARNING, "reference", looks_at="emoticon")
def missing_emoticon_scale(noted: Noted) -> Flaws:
    r"""An emoticon lacks its @2x, @3x or @4x version.

    Why it matters: The larger versions look better on dense screens, and no importer is known to read them. But
    hc-migrate writes all four, so a file got lost on the way.

    Bad::

        files/img/emoticons/1/hcdc-1522683674@4x.jpg -

    Good::

        files/img/emoticons/1/hcdc-1522683674@4x.jpg = \xff\xd8\xff\xe0

    Common causes: An archive that was packed again; a server that had never made that version. The tree of the
    documentation and the one real archive that was described have all four.

    What to do: Before the old server is gone: see whether other files are missing too, and export again if so.
    Afterwards: nothing; the emoticon itself is there.

    Evidence: seed 000, "Emoticons" and "Export contents and file system"; facts 1.3; facts 1.7.
    """
    return noted.of("HC506")


@rule("HC512", "misplaced-attachment", Severity.WARNING, "reference", looks_at="attachment")
def misplaced_attachment(noted: Noted) -> Flaws:
    """An attachment exists only in the other tree: a room's under users/files, or a private one under
    rooms/<id>/files or users/<id>/files.

    Why it matters: The file is there, yet most importers do not find it. Zulip, migratemost, Varna, Lombiq's
    utility and hipmost look for a room's files below the room; one Mattermost converter looks under
    users/files, as the documentation's prose says. For private messages hipmost is the one that looks
    elsewhere, in users/<id>/files.

    Bad::

        rename rooms/1/files/BcudLU14VxUEeUK/img.JPG users/files/BcudLU14VxUEeUK/img.JPG
        rename rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg users/files/BcudLU14VxUEeUK/img_thumb.jpg

    Good::

        rename rooms/1/files/BcudLU14VxUEeUK/img.JPG rooms/1/files/ABCDEFGHIJKLMNO/img.JPG
        rooms/1/history.json#/2/UserMessage/attachment/path = "ABCDEFGHIJKLMNO/img.JPG"

    Common causes: A script that made the archive fit for one importer, or that followed the documentation's
    prose.

    What to do: Before the old server is gone: keep an archive as hc-migrate wrote it. Afterwards: move the
    file, in a copy, to where your importer looks.

    Evidence: facts 1.5; facts 1.6; facts 5.5 (M9).
    """
    return noted.of("HC512")


@rule("HC513", "odd-attachment-path", Severity.WARNING, "reference", looks_at="attachment")
def odd_attachment_path(noted: Noted) -> Flaws:
    """An attachment path is not <directory>/<file>; two importers split it in exactly two.

    Why it matters: Lombiq's utility and a Mattermost converter break on a path of one part. Zulip and
    migratemost accept it.

    Bad::

        rename rooms/1/files/BcudLU14VxUEeUK/img.JPG rooms/1/files/img.JPG
        rename rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg rooms/1/files/img_thumb.jpg
        rooms/1/history.json#/2/UserMessage/attachment/path = "img.JPG"
        rooms/1/history.json#/2/UserMessage/attachment/thumbnail = "img_thumb.jpg"

    Good::

        rename rooms/1/files/BcudLU14VxUEeUK/img.JPG rooms/1/files/2018/img.JPG
        rename rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg rooms/1/files/2018/img_thumb.jpg
        rooms/1/history.json#/2/UserMessage/attachment/path = "2018/img.JPG"
        rooms/1/history.json#/2/UserMessage/attachment/thumbnail = "2018/img_thumb.jpg"

    Common causes: A script that gathered the files of a room in one directory. hc-migrate gives each file a
    directory with a random name of 15 letters and digits.

    What to do: Before the old server is gone: keep an archive as hc-migrate wrote it. Afterwards: for those two
    importers put the file into a directory of its own, and write the path so, in a copy.

    Evidence: seed 000, "User History" and "UserMessage - Room History"; facts 1.5.
    """
    return noted.of("HC513")


@rule("HC514", "unsafe-reference", Severity.ERROR, "reference", looks_at="path")
def unsafe_reference(noted: Noted) -> Flaws:
    """A path inside the JSON (attachment, thumbnail, avatar, emoticon) is absolute or climbs with '..'. Zulip
    wrote outside its directory on one.

    Why it matters: An importer that follows the path copies a file of its own machine into the chat, or writes
    where it should not. In a test with ../../../users.json Zulip read the file and wrote a copy outside its own
    uploads, and migratemost passed the path on; neither complained.

    Bad::

        rooms/1/files/BcudLU14VxUEeUK/img.JPG -
        rooms/1/history.json#/2/UserMessage/attachment/path = "../../../users.json"

    Good::

        rename rooms/1/files/BcudLU14VxUEeUK/img.JPG rooms/1/files/BcudLU14VxUEeUK/..img.JPG
        rooms/1/history.json#/2/UserMessage/attachment/path = "BcudLU14VxUEeUK/..img.JPG"

    Common causes: In place of an avatar's path a JPEG in base64, which begins with /9j/: hc-migrate writes
    none. No other harmless one is known: ask who had the archive in hand.

    What to do: Before the old server is gone: export again, and compare. Afterwards: do not give the archive to
    an importer before the path is taken out.

    Evidence: facts 5.1 (A9).
    """
    return noted.of("HC514")


@rule("HC515", "foreign-avatar", Severity.ERROR, "reference", looks_at="avatar")
def foreign_avatar(noted: Noted) -> Flaws:
    r"""A user's avatar path carries another user's id.

    Why it matters: The documented path always holds the user's own id. Otherwise one user gets the picture of
    another.

    Bad::

        users.json#/1/User/avatar = "files/photos/1/PrypXtu4rN8sEFL.jpg"

    Good::

        users.json#/1/User/avatar = "files/photos/2/otter.jpg"
        users/2/avatars/otter.jpg = \xff\xd8\xff\xe0
        users/2/avatars/otter_36.jpg = \xff\xd8\xff\xe0
        users/2/avatars/otter_125.jpg = \xff\xd8\xff\xe0

    Common causes: Records that were put together from two servers, whose users had the same ids; a script that
    gave users new ids and forgot the paths.

    What to do: Before the old server is gone: see which picture the user has there, and export again.
    Afterwards: remove the path, so that the user can choose a picture, unless it is plain whose it is.

    Evidence: seed 000, "Users".
    """
    return noted.of("HC515")
