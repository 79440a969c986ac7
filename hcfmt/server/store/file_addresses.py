"""The addresses that HipChat had for files, which stand in texts of messages, and the stored files at them.

Below ``/files/`` an upload was at ``<group>/<user>/<directory>/<name>``, a photo at ``photos/<user>/<name>`` and an
emoticon at ``img/emoticons/<path>`` (docs/api.md#file-paths). An export has them elsewhere.
"""

import re
import sqlite3

from hcfmt.export.layout import EMOTICON_FILES
from hcfmt.server.store import files
from hcfmt.server.store.values import StoredFile

_UPLOAD = re.compile(r"[0-9]{1,19}/[0-9]{1,19}/([^/]+/[^/]+)")
_PHOTO = re.compile(r"photos/([0-9]{1,19})/([^/]+)")
_EMOTICON = re.compile(r"img/emoticons/(.+)")
_STORED_UPLOAD = re.compile(r"(?:rooms/[0-9]{1,19}|users)/files/([^/]+/[^/]+)")
_STORED_PHOTO = re.compile(r"users/([0-9]{1,19})/avatars/([^/]+)")
_EMOTICON_ROOT = "files/"
_OF_UPLOAD = """
SELECT path FROM file WHERE instr(path, '/files/') > 0 AND substr(path, instr(path, '/files/') + 7) = ? LIMIT 1
"""


def address_of(path: str, uploader: str = "") -> str:
    """Return the address below ``/files/`` of a file by its path in the export; without one of its own that path.

    ``uploader`` is the group and the user of an upload, such as "1/3"; without it an upload has no address.
    """
    if photo := _STORED_PHOTO.fullmatch(path):
        return f"photos/{photo[1]}/{photo[2]}"
    if uploader and (upload := _STORED_UPLOAD.fullmatch(path)):
        return f"{uploader}/{upload[1]}"
    return path.removeprefix(_EMOTICON_ROOT) if path.startswith(EMOTICON_FILES) else path


def file_at(db: sqlite3.Connection, path: str) -> StoredFile | None:
    """Return a file by its path below the export's directory, or by its address below ``/files/``."""
    return files.find(db, "path", path) or files.find(db, "path", _stored_path(db, path))


def _stored_path(db: sqlite3.Connection, address: str) -> str:
    """Return the path in the export of an address, "" for none."""
    if upload := _UPLOAD.fullmatch(address):
        row = db.execute(_OF_UPLOAD, (upload[1],)).fetchone()
        return str(row[0]) if row else ""
    if photo := _PHOTO.fullmatch(address):
        return f"users/{photo[1]}/avatars/{photo[2]}"
    emoticon = _EMOTICON.fullmatch(address)
    return EMOTICON_FILES + emoticon[1] if emoticon else ""
