"""The threads that read ahead, among those that other libraries leave in the process of the tests."""

import threading


def reading_threads() -> set[threading.Thread]:
    """Return the running threads of ``hcfmt.container.read_ahead``."""
    return {thread for thread in threading.enumerate() if "_read_batches" in thread.name}
