"""The store of a served archive: an SQLite file that is loaded in one pass, and that any thread reads and writes."""

from hcfmt.server.store.opening import open_store
from hcfmt.server.store.store import Store
from hcfmt.server.store.values import Chat, Message, Record, StoredFile, Upload, all_records

__all__ = ["Chat", "Message", "Record", "Store", "StoredFile", "Upload", "all_records", "open_store"]
