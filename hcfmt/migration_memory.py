"""The memory that hc-migrate needs to export a server, by Atlassian's rule of thumb (docs/format.md#utilization)."""

from msgspec import Struct

from hcfmt.errors import UsageError

BYTES_PER_MESSAGE = 2_600
"""Bytes of memory: 2.6 MB for 1,000 messages."""

FILE_BYTES_PER_BYTE = 2_000
"""Bytes of files for a byte of memory: 500 KB for 1 GB of files."""


class ExportMemory(Struct, frozen=True):
    """The memory that hc-migrate takes, in bytes, beside what the server uses: for messages, for files, and together.

    ``messages`` is the number of messages, ``file_store`` the size of the files in bytes.
    """

    messages: int
    file_store: int
    for_messages: int
    for_files: int
    total: int


def export_memory(messages: int, file_store: int) -> ExportMemory:
    """Return the memory that hc-migrate takes for so many messages and so many bytes of files.

    Parts of a byte count as one. Raises UsageError for a negative number.
    """
    for name, value in (("messages", messages), ("file_store", file_store)):
        if value < 0:
            raise UsageError(f"{name} must be 0 or more, not {value:,}.")
    for_messages, for_files = messages * BYTES_PER_MESSAGE, -(-file_store // FILE_BYTES_PER_BYTE)
    return ExportMemory(messages, file_store, for_messages, for_files, for_messages + for_files)
