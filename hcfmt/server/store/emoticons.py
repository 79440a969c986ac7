"""The sizes of emoticons whose records lack them, as those of HipChat Server and Cloud do."""

import sqlite3

from hcfmt.export.image_sizes import IMAGE_HEAD, image_size
from hcfmt.export.layout import EMOTICON_FILES
from hcfmt.server.store import files, tables
from hcfmt.server.store.database import decode_json
from hcfmt.server.store.values import Record


def measure(db: sqlite3.Connection) -> None:
    """Write the width and height in pixels of each picture that is stored into a record without a width."""
    records = [decode_json(text) for (text,) in db.execute("SELECT record FROM emoticon")]
    for record in records:
        if "width" not in record and (size := _size(db, record)):
            tables.update(db, "emoticon", {**record, "width": size[0], "height": size[1]})


def _size(db: sqlite3.Connection, record: Record) -> tuple[int, int] | None:
    path = record.get("path")
    file = files.find(db, "path", EMOTICON_FILES + path) if isinstance(path, str) else None
    return image_size(files.head(db, file, IMAGE_HEAD)) if file else None
