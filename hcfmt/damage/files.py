"""Damage to stored files, and to the paths that lead to them."""

import re
from itertools import chain
from random import Random

from hcfmt.damage.kind import damage, enough, shuffled
from hcfmt.damage.parts import ROOMS, USERS, copies, history_of, slug
from hcfmt.damage.uploads import (
    PATH,
    PRIVATE_FILES,
    THUMBNAIL,
    Upload,
    avatar_files,
    avatars,
    emoticons,
    uploads,
)
from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport
from hcfmt.export.file_signatures import image_size
from hcfmt.export.layout import Kind

_PAGE = b"<!DOCTYPE html><title>Sign in</title>"
_KNOWN_CONTENT = (".png", ".jpg", ".jpeg", ".gif", ".pdf")
_DIRECTORY_AND_FILE = re.compile(r"[^/]+/[^/]+")
_ALL_AVATARS, _ALL_SCALES = 3, 4
_FILES = "uploaded files"
_AVATARS, _EMOTICONS = "users with a picture", "emoticons with an image"


@damage("HC501")
def missing_attachment(export: EditableExport, random: Random, count: int) -> None:
    """Take an uploaded file away."""
    export.remove(*(one.member for one in enough(uploads(export, random, PATH), count, _FILES)))


@damage("HC502")
def missing_thumbnail(export: EditableExport, random: Random, count: int) -> None:
    """Take the preview of an uploaded file away, or name one that was never there."""
    bare = (one for one in uploads(export, random, PATH) if not one.records[0].value["attachment"].get(THUMBNAIL))
    for upload in enough(chain(uploads(export, random, THUMBNAIL), bare), count, _FILES):
        if upload.key == THUMBNAIL:
            export.remove(upload.member)
            continue
        preview = f"{slug(random)}/preview.png"
        for record in upload.records:
            record.set("attachment", THUMBNAIL, preview)


@damage("HC503")
def missing_avatar(export: EditableExport, random: Random, count: int) -> None:
    """Take a user's picture away; its other sizes stay."""
    export.remove(*(paths[0] for _, paths in enough(avatars(export, random), count, _AVATARS)))


@damage("HC504")
def missing_avatar_size(export: EditableExport, random: Random, count: int) -> None:
    """Take one of the sizes of a user's picture away."""
    fitting = (paths for _, paths in avatars(export, random) if len(paths) == _ALL_AVATARS)
    for paths in enough(fitting, count, f"{_AVATARS} in all sizes"):
        export.remove(random.choice(paths[1:]))


@damage("HC505")
def missing_emoticon(export: EditableExport, random: Random, count: int) -> None:
    """Take the image of an emoticon away; its larger versions stay."""
    export.remove(*(paths[0] for _, paths in enough(emoticons(export, random), count, _EMOTICONS)))


@damage("HC506")
def missing_emoticon_scale(export: EditableExport, random: Random, count: int) -> None:
    """Take a larger version of the image of an emoticon away."""
    fitting = (paths for _, paths in emoticons(export, random) if len(paths) == _ALL_SCALES)
    for paths in enough(fitting, count, f"{_EMOTICONS} in all versions"):
        export.remove(random.choice(paths[1:]))


@damage("HC507")
def attachment_size_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Tell another size of an uploaded file than it has."""
    for upload in enough(uploads(export, random, PATH), count, _FILES):
        upload.resize(upload.records[0].value["attachment"]["size"] + random.randrange(1, 1000))


@damage("HC508")
def empty_file(export: EditableExport, random: Random, count: int) -> None:
    """Empty a picture or a preview; where there are none, an uploaded file."""
    pictures = [path for _, paths in chain(avatars(export, random), emoticons(export, random)) for path in paths]
    previews = [one.member for one in uploads(export, random, THUMBNAIL)]
    plain = [path for path in shuffled(random, pictures + previews) if _has_bytes(export, path)]
    for path in plain[:count]:
        export.replace_content(path, b"")
    others = (one for one in uploads(export, random, PATH) if _has_bytes(export, one.member))
    for upload in enough(others, max(0, count - len(plain)), f"{_FILES}, after all pictures and previews"):
        upload.replace_content(b"")


@damage("HC509")
def content_type_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Put a page of HTML in the place of an uploaded image or PDF file, or of another file that is called an image."""
    known = (one for one in uploads(export, random, PATH, THUMBNAIL) if _is_known(one))
    others = (one for one in uploads(export, random, PATH, THUMBNAIL) if not _is_known(one))
    for upload in enough(chain(known, others), count, _FILES):
        upload.replace_content(_PAGE)
        if not _is_known(upload):
            upload.move(f"{upload.value}.png")


def _is_known(upload: Upload) -> bool:
    """Whether a file's name says what it should begin with."""
    return upload.member.lower().endswith(_KNOWN_CONTENT)


def _has_bytes(export: EditableExport, path: str) -> bool:
    item = export.find(path)
    return item is not None and item.size > 0


@damage("HC510")
def orphan_file(export: EditableExport, random: Random, count: int) -> None:
    """Add a stored file that no record names."""
    rooms = [one.value["id"] for one in export.records(ROOMS) if export.find(history_of("rooms", one.value["id"]))]
    places = [f"rooms/{number}/files/" for number in rooms]
    places += [PRIVATE_FILES] if export.paths(Kind.USER_HISTORY) else []
    if not places:
        raise UsageError("The export has no history whose messages could name a file.")
    for _ in range(count):
        export.add(f"{random.choice(places)}{slug(random)}/notes.txt", b"Nobody speaks of this file.\n")


@damage("HC511")
def attachment_path_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Name the file of a private message once in place of twice."""
    fitting = (mine for mine, _ in copies(export, random) if mine.value["attachment_path"])
    for message in enough(fitting, count, "private messages with a file"):
        message.set("attachment_path", None)


@damage("HC512")
def misplaced_attachment(export: EditableExport, random: Random, count: int) -> None:
    """Put an uploaded file where those of the other kind of messages are."""
    rooms = [one.value["id"] for one in export.records(ROOMS)]
    fitting = (one for one in uploads(export, random, PATH) if rooms or not one.is_private)
    for upload in enough(fitting, count, f"{_FILES}, and a room to put private ones in"):
        other = f"rooms/{random.choice(rooms)}/files/" if upload.is_private else PRIVATE_FILES
        export.rename(upload.member, other + upload.value)


@damage("HC513")
def odd_attachment_path(export: EditableExport, random: Random, count: int) -> None:
    """Put an uploaded file into no directory of its own."""
    fitting = (one for one in uploads(export, random, PATH) if _DIRECTORY_AND_FILE.fullmatch(one.value))
    for upload in enough(fitting, count, "uploaded files in a directory of their own"):
        upload.move(upload.value.replace("/", "-"))


@damage("HC514")
def unsafe_reference(export: EditableExport, random: Random, count: int) -> None:
    """Let the path of an uploaded file or its preview climb out of the archive."""
    for number, upload in enumerate(enough(uploads(export, random, PATH, THUMBNAIL), count, _FILES)):
        export.remove(upload.member)
        upload.name(f"{'../' * (3 + number)}{random.choice(['users.json', 'etc/passwd', 'rooms.json'])}")


@damage("HC515")
def foreign_avatar(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the picture of another."""
    users = shuffled(random, export.records(USERS))
    used: set[str] = set()
    for user in enough(users if len(users) > 1 else [], count, "users who are not alone"):
        others = [one for one in users if one.value["id"] != user.value["id"]]
        free = [one.value["avatar"] for one in others if one.value["avatar"] and one.value["avatar"] not in used]
        # Where nobody has one left, a picture that is not there.
        avatar = random.choice(free) if free else f"files/photos/{others[0].value['id']}/{slug(random)}.jpg"
        used.add(avatar)
        gone = avatar_files(export, user)
        user.set("avatar", avatar)
        export.remove(*gone)


@damage("HC516")
def emoticon_size_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Tell another width or height of an emoticon than its image has."""
    fitting = (
        one for one, paths in emoticons(export, random) if (item := export.find(paths[0])) and image_size(item.read())
    )
    for emoticon in enough(fitting, count, "emoticons with an image whose size can be read"):
        side = random.choice(["width", "height"])
        emoticon.set(side, emoticon.value[side] + random.randrange(1, 60))
