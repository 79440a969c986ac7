"""Damage to stored files, and to the paths that refer to them."""

import re
from itertools import chain
from random import Random

from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import ROOMS, USERS, history_path, private_copies, random_word
from hcfmt.damage.stored_files import (
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
from hcfmt.export.image_sizes import image_size
from hcfmt.export.layout import Kind

_PAGE = b"<!DOCTYPE html><title>Sign in</title>"
_TYPES_WITH_SIGNATURE = (".png", ".jpg", ".jpeg", ".gif", ".pdf")
_DIRECTORY_AND_FILE = re.compile(r"[^/]+/[^/]+")
_ALL_AVATARS, _ALL_SCALES = 3, 4
_FILES = "uploaded files"
_AVATARS, _EMOTICONS = "users with a picture", "emoticons with an image"


def missing_attachment(export: EditableExport, random: Random, count: int) -> None:
    """Remove an uploaded file."""
    export.remove(*(upload.member for upload in take(uploads(export, random, PATH), count, _FILES)))


def missing_thumbnail(export: EditableExport, random: Random, count: int) -> None:
    """Remove the preview of an uploaded file, or refer to a preview that does not exist."""
    without = (
        upload for upload in uploads(export, random, PATH) if not upload.records[0].value["attachment"].get(THUMBNAIL)
    )
    for upload in take(chain(uploads(export, random, THUMBNAIL), without), count, _FILES):
        if upload.key == THUMBNAIL:
            export.remove(upload.member)
            continue
        preview = f"{random_word(random)}/preview.png"
        for record in upload.records:
            record.set("attachment", THUMBNAIL, preview)


def missing_avatar(export: EditableExport, random: Random, count: int) -> None:
    """Remove a user's picture; its other sizes stay."""
    export.remove(*(paths[0] for _, paths in take(avatars(export, random), count, _AVATARS)))


def missing_avatar_size(export: EditableExport, random: Random, count: int) -> None:
    """Remove a size of a user's picture."""
    candidates = (paths for _, paths in avatars(export, random) if len(paths) == _ALL_AVATARS)
    for paths in take(candidates, count, f"{_AVATARS} in all sizes"):
        export.remove(random.choice(paths[1:]))


def remote_avatar(export: EditableExport, random: Random, count: int) -> None:
    """Give a user an avatar at an address on the web, and remove the stored picture."""
    for user in take(shuffled(random, export.records(USERS)), count, "users"):
        export.remove(*avatar_files(export, user))
        user.set("avatar", f"https://www.example.com/avatar/{random_word(random)}.png")


def missing_emoticon(export: EditableExport, random: Random, count: int) -> None:
    """Remove the image of an emoticon; its larger versions stay."""
    export.remove(*(paths[0] for _, paths in take(emoticons(export, random), count, _EMOTICONS)))


def missing_emoticon_scale(export: EditableExport, random: Random, count: int) -> None:
    """Remove a larger version of an emoticon's image."""
    candidates = (paths for _, paths in emoticons(export, random) if len(paths) == _ALL_SCALES)
    for paths in take(candidates, count, f"{_EMOTICONS} in all versions"):
        export.remove(random.choice(paths[1:]))


def attachment_size_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Write a wrong size for an uploaded file."""
    for upload in take(uploads(export, random, PATH), count, _FILES):
        upload.resize(upload.records[0].value["attachment"]["size"] + random.randrange(1, 1000))


def empty_file(export: EditableExport, random: Random, count: int) -> None:
    """Empty a picture or a preview; without any, an uploaded file."""
    pictures = [path for _, paths in chain(avatars(export, random), emoticons(export, random)) for path in paths]
    previews = [upload.member for upload in uploads(export, random, THUMBNAIL)]
    images = [path for path in shuffled(random, pictures + previews) if _has_bytes(export, path)]
    for path in images[:count]:
        export.replace_content(path, b"")
    candidates = (upload for upload in uploads(export, random, PATH) if _has_bytes(export, upload.member))
    for upload in take(candidates, max(0, count - len(images)), f"{_FILES}, after all pictures and previews"):
        upload.replace_content(b"")


def content_type_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Write an HTML page in place of an uploaded image or PDF, or of a file that is then renamed to an image."""
    images = (upload for upload in uploads(export, random, PATH, THUMBNAIL) if _has_signature(upload))
    candidates = (upload for upload in uploads(export, random, PATH, THUMBNAIL) if not _has_signature(upload))
    for upload in take(chain(images, candidates), count, _FILES):
        upload.replace_content(_PAGE)
        if not _has_signature(upload):
            upload.move(f"{upload.value}.png")


def _has_signature(upload: Upload) -> bool:
    """Return whether a file's extension is of a type whose first bytes are known."""
    return upload.member.lower().endswith(_TYPES_WITH_SIGNATURE)


def _has_bytes(export: EditableExport, path: str) -> bool:
    item = export.find(path)
    return item is not None and item.size > 0


def orphan_file(export: EditableExport, random: Random, count: int) -> None:
    """Add a stored file that no record refers to."""
    ids = (room.value["id"] for room in export.records(ROOMS))
    rooms = [number for number in ids if export.find(history_path("rooms", number))]
    directories = [f"rooms/{number}/files/" for number in rooms]
    directories += [PRIVATE_FILES] if export.paths(Kind.USER_HISTORY) else []
    if not directories:
        raise UsageError("The export has no history whose messages could refer to a file.")
    for _ in range(count):
        export.add(f"{random.choice(directories)}{random_word(random)}/notes.txt", b"Nobody speaks of this file.\n")


def attachment_path_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Remove one of the two references of a private message to its file."""
    candidates = (sent for sent, _ in private_copies(export, random) if sent.value["attachment_path"])
    for message in take(candidates, count, "private messages with a file"):
        message.set("attachment_path", None)


def misplaced_attachment(export: EditableExport, random: Random, count: int) -> None:
    """Move an uploaded file to the directory for the other kind of messages."""
    rooms = [room.value["id"] for room in export.records(ROOMS)]
    candidates = (upload for upload in uploads(export, random, PATH) if rooms or not upload.is_private)
    for upload in take(candidates, count, f"{_FILES}, and a room to put private ones in"):
        other = f"rooms/{random.choice(rooms)}/files/" if upload.is_private else PRIVATE_FILES
        export.rename(upload.member, other + upload.value)


def odd_attachment_path(export: EditableExport, random: Random, count: int) -> None:
    """Move an uploaded file out of its own directory."""
    candidates = (upload for upload in uploads(export, random, PATH) if _DIRECTORY_AND_FILE.fullmatch(upload.value))
    for upload in take(candidates, count, "uploaded files in a directory of their own"):
        upload.move(upload.value.replace("/", "-"))


def unsafe_reference(export: EditableExport, random: Random, count: int) -> None:
    """Write a path that climbs out of the archive in place of that of an uploaded file or its preview."""
    for number, upload in enumerate(take(uploads(export, random, PATH, THUMBNAIL), count, _FILES)):
        export.remove(upload.member)
        upload.name(f"{'../' * (3 + number)}{random.choice(['users.json', 'etc/passwd', 'rooms.json'])}")


def foreign_avatar(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the picture of another."""
    users = shuffled(random, export.records(USERS))
    used: set[str] = set()
    for user in take(users if len(users) > 1 else [], count, "users with other users"):
        other_users = [other for other in users if other.value["id"] != user.value["id"]]
        avatars_of_others = (other.value["avatar"] for other in other_users)
        free = [avatar for avatar in avatars_of_others if avatar and avatar not in used]
        # If no picture is left, one that does not exist.
        avatar = random.choice(free) if free else f"files/photos/{other_users[0].value['id']}/{random_word(random)}.jpg"
        used.add(avatar)
        files = avatar_files(export, user)
        user.set("avatar", avatar)
        export.remove(*files)


def emoticon_size_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Write a wrong width or height for an emoticon."""
    candidates = (
        emoticon
        for emoticon, paths in emoticons(export, random)
        if (item := export.find(paths[0])) and image_size(item.read())
    )
    for emoticon in take(candidates, count, "emoticons with an image whose size can be read"):
        side = random.choice(["width", "height"])
        emoticon.set(side, emoticon.value[side] + random.randrange(1, 60))
