"""Stored files, with the records that refer to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hcfmt.damage.selection import shuffled
from hcfmt.damage.selectors import EMOTICONS, USERS, history_path
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind
from hcfmt.export.references import variant_path

PATH, THUMBNAIL = "path", "thumbnail"
PRIVATE_FILES = "users/files/"
AVATAR_SIZES, EMOTICON_SCALES = ("_36", "_125"), ("@2x", "@3x", "@4x")


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file or a preview, with the messages that refer to it.

    ``below`` is its directory, ``value`` its path as the attachments have it under ``key`` (``PATH`` or ``THUMBNAIL``).
    """

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
        """Whether it belongs to private messages."""
        return self.below == PRIVATE_FILES

    def name(self, value: str) -> None:
        """Change the path in all records."""
        for record in self.records:
            record.set("attachment", self.key, value)
            if self.key == PATH and "attachment_path" in record.value:
                record.set("attachment_path", value)

    def move(self, value: str) -> None:
        """Rename the file, and change the path in all records."""
        self.export.rename(self.member, self.below + value)
        self.name(value)

    def replace_content(self, content: bytes) -> None:
        """Replace the content of the file, and its size in all records."""
        self.export.replace_content(self.member, content)
        if self.key == PATH:
            self.resize(len(content))

    def resize(self, size: int) -> None:
        """Change the size, in bytes, in all records."""
        for record in self.records:
            record.set("attachment", "size", size)


def uploads(export: EditableExport, random: Random, *keys: str) -> Iterator[Upload]:
    """Yield the files that attachments refer to under some keys (``PATH``, ``THUMBNAIL``), each once.

    Files that do not exist, and files under both keys, are left out.
    """
    paths = set()
    for history in shuffled(random, export.paths(Kind.ROOM_HISTORY, Kind.USER_HISTORY)):
        for record in shuffled(random, _attached(export, history)):
            for key in keys:
                upload = _upload(export, history, record, key)
                if upload and upload.member not in paths:
                    paths.add(upload.member)
                    yield upload


def _attached(export: EditableExport, history: str) -> list[EditableRecord]:
    return [record for record in export.records(history) if record.value.get("attachment")]


def _upload(export: EditableExport, history: str, record: EditableRecord, key: str) -> Upload | None:
    value = record.value["attachment"].get(key)
    private = record.kind == "PrivateUserMessage"
    below = PRIVATE_FILES if private else history.removesuffix("history.json") + "files/"
    if not value or export.find(below + value) is None:
        return None
    # A private message is in the histories of both users.
    users = {history_path("users", record.value[side]["id"]) for side in ("sender", "receiver")} if private else set()
    records = [attached for path in sorted(users or {history}) for attached in _attached(export, path)]
    other = THUMBNAIL if key == PATH else PATH
    if any(attached.value["attachment"].get(other) == value for attached in records):
        return None
    referring = tuple(attached for attached in records if attached.value["attachment"].get(key) == value)
    return Upload(export, below, value, key, referring)


def avatars(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, list[str]]]:
    """Yield users with a picture, and the paths of its versions that exist, beginning with the picture itself."""
    for user in shuffled(random, export.records(USERS)):
        versions = avatar_files(export, user)
        if versions:
            yield user, versions


def avatar_files(export: EditableExport, user: EditableRecord) -> list[str]:
    """Return the paths of the versions of a user's picture that exist, none without the picture itself."""
    if export.dialect != HC_MIGRATE:  # there, the picture is in users.json
        return []
    number, name = user.value["id"], (user.value["avatar"] or "").rpartition("/")[2]
    return _versions(export, f"users/{number}/avatars/{name}", AVATAR_SIZES) if name else []


def emoticons(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, list[str]]]:
    """Yield emoticons and the paths of their versions that exist; an image of several emoticons is left out."""
    records = shuffled(random, export.records(EMOTICONS))
    paths = [record.value["path"] for record in records]
    below = "files/img/emoticons/" if export.dialect == HC_MIGRATE else ""
    for record in records:
        versions = _versions(export, below + record.value["path"], EMOTICON_SCALES)
        if versions and paths.count(record.value["path"]) == 1:
            yield record, versions


def _versions(export: EditableExport, path: str, suffixes: tuple[str, ...]) -> list[str]:
    versions = (path, *(variant_path(path, suffix) for suffix in suffixes))
    return [version for version in versions if export.find(version)] if export.find(path) else []
