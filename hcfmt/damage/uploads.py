"""Stored files and the records that name them."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hcfmt.damage.kind import shuffled
from hcfmt.damage.parts import EMOTICONS, USERS, history_of
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind
from hcfmt.export.references import variant_path

PATH, THUMBNAIL = "path", "thumbnail"
PRIVATE_FILES = "users/files/"
AVATAR_SIZES, EMOTICON_SCALES = ("_36", "_125"), ("@2x", "@3x", "@4x")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of messages, or its preview: where it is, and the records that name it by their attachment's ``key``."""

    export: EditableExport
    below: str
    value: str
    key: str
    records: tuple[EditableRecord, ...]

    @property
    def member(self) -> str:
        """The path of the stored file."""
        return self.below + self.value

    @property
    def is_private(self) -> bool:
        """Whether private messages name it."""
        return self.below == PRIVATE_FILES

    def name(self, value: str) -> None:
        """Let all records name something else."""
        for record in self.records:
            record.set("attachment", self.key, value)
            if self.key == PATH and "attachment_path" in record.value:
                record.set("attachment_path", value)

    def move(self, value: str) -> None:
        """Give the file another name, in the records too."""
        self.export.rename(self.member, self.below + value)
        self.name(value)

    def replace_content(self, content: bytes) -> None:
        """Give the file another content, of whose size the records tell."""
        self.export.replace_content(self.member, content)
        if self.key == PATH:
            self.resize(len(content))

    def resize(self, size: int) -> None:
        """Let the records tell a size in bytes."""
        for record in self.records:
            record.set("attachment", "size", size)


def uploads(export: EditableExport, random: Random, *keys: str) -> Iterator[Upload]:
    """Yield the files that attachments name by some keys (``PATH``, ``THUMBNAIL``), each once.

    Files that are not there are left out, and those that are named by both keys.
    """
    seen = set()
    for history in shuffled(random, export.paths(Kind.ROOM_HISTORY, Kind.USER_HISTORY)):
        for record in shuffled(random, _attached(export, history)):
            for key in keys:
                upload = _upload(export, history, record, key)
                if upload and upload.member not in seen:
                    seen.add(upload.member)
                    yield upload


def _attached(export: EditableExport, history: str) -> list[EditableRecord]:
    return [one for one in export.records(history) if one.value.get("attachment")]


def _upload(export: EditableExport, history: str, record: EditableRecord, key: str) -> Upload | None:
    value = record.value["attachment"].get(key)
    private = record.kind == "PrivateUserMessage"
    below = PRIVATE_FILES if private else history.removesuffix("history.json") + "files/"
    if not value or export.find(below + value) is None:
        return None
    # A private message stands in the histories of both people.
    sides = {history_of("users", record.value[side]["id"]) for side in ("sender", "receiver")} if private else {history}
    near = [one for path in sorted(sides) for one in _attached(export, path)]
    other = THUMBNAIL if key == PATH else PATH
    if any(one.value["attachment"].get(other) == value for one in near):
        return None
    return Upload(export, below, value, key, tuple(one for one in near if one.value["attachment"].get(key) == value))


def avatars(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, list[str]]]:
    """Yield users with a picture, and the paths of its versions that are there, the picture itself the first."""
    for user in shuffled(random, export.records(USERS)):
        versions = avatar_files(export, user)
        if versions:
            yield user, versions


def avatar_files(export: EditableExport, user: EditableRecord) -> list[str]:
    """Return the paths of the versions of a user's picture that are there."""
    number, name = user.value["id"], (user.value["avatar"] or "").rpartition("/")[2]
    return _versions(export, f"users/{number}/avatars/{name}", AVATAR_SIZES) if name else []


def emoticons(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, list[str]]]:
    """Yield emoticons and the paths of their versions that are there; an image that two of them name is left out."""
    records = shuffled(random, export.records(EMOTICONS))
    named = [one.value["path"] for one in records]
    for one in records:
        versions = _versions(export, f"files/img/emoticons/{one.value['path']}", EMOTICON_SCALES)
        if versions and named.count(one.value["path"]) == 1:
            yield one, versions


def _versions(export: EditableExport, path: str, suffixes: tuple[str, ...]) -> list[str]:
    versions = (path, *(variant_path(path, suffix) for suffix in suffixes))
    return [one for one in versions if export.find(one)] if export.find(path) else []
