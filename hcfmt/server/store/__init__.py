"""The archive that is served, in SQLite: filled from it in one pass, read and written by any thread, exported again."""

from hcfmt.server.store.opening import open_store
from hcfmt.server.store.store import Store
from hcfmt.server.store.values import Chat, Message, Record, StoredFile, Upload, every

__all__ = ["Chat", "Message", "Record", "Store", "StoredFile", "Upload", "every", "open_store"]
