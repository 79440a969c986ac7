"""Variants of damage to stored files, and to the paths that refer to them."""

from collections.abc import Callable, Iterator
from random import Random

from hcfmt.damage.damage import Damage, DamageFunction
from hcfmt.damage.selection import take
from hcfmt.damage.selectors import private_copies, random_word
from hcfmt.damage.stored_files import AVATAR_SIZES, EMOTICON_SCALES, PATH, avatars, emoticons, uploads
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.image_sizes import image_size

_NO_FILES = ("HC803",)  # if the archive had no other file
_Versions = Callable[[EditableExport, Random], Iterator[tuple[EditableRecord, list[str]]]]


def _missing(*, private: bool) -> DamageFunction:
    """Return a damage that removes the files of room messages, or of private messages."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        noun = "uploaded files of private messages" if private else "uploaded files of room messages"
        found = (upload for upload in uploads(export, random, PATH) if upload.is_private is private)
        export.remove(*(upload.member for upload in take(found, count, noun)))

    return apply


def _referring(path: str) -> DamageFunction:
    """Return a damage that removes files and writes other paths in place of theirs; a star is a random name."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for upload in take(uploads(export, random, PATH), count, "uploaded files"):
            export.remove(upload.member)
            upload.name(path.replace("*", random_word(random)))

    return apply


def _without_size(index: int) -> DamageFunction:
    """Return a damage that removes one size of users' pictures that have all."""
    return _without_version("users with a picture in all sizes", avatars, 1 + len(AVATAR_SIZES), index)


def _without_scale(index: int) -> DamageFunction:
    """Return a damage that removes one scale of emoticons that have all."""
    return _without_version("emoticons with an image in all versions", emoticons, 1 + len(EMOTICON_SCALES), index)


def _without_version(noun: str, versions: _Versions, every: int, index: int) -> DamageFunction:

    def apply(export: EditableExport, random: Random, count: int) -> None:
        complete = (paths for _, paths in versions(export, random) if len(paths) == every)
        for paths in take(complete, count, noun):
            export.remove(paths[index])

    return apply


def _another_path(export: EditableExport, random: Random, count: int) -> None:
    """Write another path into one of the two references of a private message to its file."""
    candidates = (sent for sent, _ in private_copies(export, random) if sent.value["attachment_path"])
    for message in take(candidates, count, "private messages with a file"):
        message.set("attachment_path", f"{random_word(random)}/other.txt")


def _path_alone(export: EditableExport, random: Random, count: int) -> None:
    """Give a private message without a file the second reference to one."""
    candidates = (sent for sent, _ in private_copies(export, random) if not sent.value["attachment"])
    for message in take(candidates, count, "private messages without a file"):
        message.set("attachment_path", f"{random_word(random)}/other.txt")


def _side(name: str) -> DamageFunction:
    """Return a damage that writes a wrong width or height for emoticons."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        candidates = (
            emoticon
            for emoticon, paths in emoticons(export, random)
            if (item := export.find(paths[0])) and image_size(item.read())
        )
        for emoticon in take(candidates, count, "emoticons with an image whose size can be read"):
            emoticon.set(name, emoticon.value[name] + random.randrange(1, 60))

    return apply


def _row(code: str, variant: str, about: str, apply: DamageFunction, companions: tuple[str, ...] = ()) -> Damage:
    return Damage(code, apply, companions=companions, variant=variant, about=about)


ROWS = (
    _row("HC501", "room", "Remove the file of a room message.", _missing(private=False), _NO_FILES),
    _row("HC501", "private", "Remove the file of a private message.", _missing(private=True), _NO_FILES),
    _row("HC504", "36", "Remove the smallest size of a user's picture.", _without_size(1)),
    _row("HC504", "125", "Remove the middle size of a user's picture.", _without_size(2)),
    _row("HC506", "2x", "Remove the image of an emoticon in double size.", _without_scale(1)),
    _row("HC506", "3x", "Remove the image of an emoticon in triple size.", _without_scale(2)),
    _row("HC506", "4x", "Remove the image of an emoticon in fourfold size.",
         _without_scale(3)),
    _row("HC511", "another-path", "", _another_path),
    _row("HC511", "no-attachment", "", _path_alone),
    _row("HC514", "climbing", "Write a path that climbs out of the archive in place of that of an uploaded file.",
         _referring("../../../*.json")),
    _row("HC514", "absolute", "Write a path from the root in place of that of an uploaded file.",
         _referring("/etc/*")),
    _row("HC514", "backslash", "Write a path that climbs with backslashes in place of that of an uploaded file.",
         _referring("..\\..\\*.json")),
    _row("HC514", "drive", "Write a path on a drive of Windows in place of that of an uploaded file.",
         _referring("C:/*")),
    _row("HC516", "width", "Write a wrong width for an emoticon.", _side("width")),
    _row("HC516", "height", "Write a wrong height for an emoticon.", _side("height")),
)  # fmt: skip
"""The rows of this subject: code, variant, what it does, and the function."""
