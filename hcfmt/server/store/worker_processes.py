"""Processes that load a large archive together: each loads a partition of the histories into a store of its own.

The stores are merged at the end. Every process reads the whole archive: decrypting and decompressing it takes a tenth
of the time of loading it, while sending messages from one process to another takes as long as loading them.
"""

import gc
import multiprocessing
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from hcfmt.container import Budget, open_archive
from hcfmt.errors import HcfmtError, WorkerLostError
from hcfmt.server.store import participants, search_index
from hcfmt.server.store.loader import Loader
from hcfmt.server.store.partition import Partition
from hcfmt.server.store.schema import create_store
from hcfmt.workers import end_with_parent, interrupts_blocked

_POLL = 0.5  # seconds between two looks at the time limit
_MESSAGE = "rank, visible_rank, time, id, deleted, record"
_MERGE = (
    "INSERT INTO history SELECT directory, id, before + :before FROM other.history",
    "INSERT INTO skipped SELECT * FROM other.skipped",
    "INSERT INTO chat SELECT id + :last, room, owner, peer FROM other.chat",
    f"INSERT INTO message (chat, {_MESSAGE}) SELECT chat + :last, {_MESSAGE} FROM other.message ORDER BY position",  # noqa: S608 - names
    participants.MERGE,
)


@dataclass(frozen=True, slots=True)
class Job:
    """The work of all processes: an archive, its password, the limits, the number of partitions.

    It is sent to other processes, so the budget's ``expired`` must be a function of a module, such as ``is_orphan``.
    """

    archive: str
    password: bytes | None
    digests: tuple[str, ...]
    budget: Budget
    partitions: int


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that loads the partition ``index`` into a store at ``path``, then sends its omissions or exception."""

    index: int
    path: Path
    process: BaseProcess
    outcome: Connection

    def merge(self, db: sqlite3.Connection, budget: Budget) -> Counter[str]:
        """Wait for the process, add its histories to a store, and return its omissions.

        No transaction may be open. Raises the exception of the process, Fault when the time is up, WorkerLostError for
        a killed process.
        """
        while not self.outcome.poll(_POLL):
            budget.spend_time()
        try:
            outcome = self.outcome.recv()
        except EOFError:
            raise WorkerLostError from None
        if isinstance(outcome, Exception):
            raise outcome
        db.execute("ATTACH ? AS other", (self.path.resolve().as_uri(),))
        db.execute("BEGIN")
        ((last,),) = db.execute("SELECT coalesce(max(id), 0) FROM chat").fetchall()
        ((before,),) = db.execute("SELECT coalesce(max(position), 0) FROM message").fetchall()
        for statement in _MERGE:
            db.execute(statement, {"last": last, "before": before})
        search_index.merge(db, self.index, before)
        db.execute("COMMIT")
        db.execute("DETACH other")
        omissions: Counter[str] = outcome
        return omissions


@contextmanager
def start_workers(job: Job, store_path: Path) -> Iterator[list[Worker]]:
    """Start a worker for each partition but the first; the block's end ends them and deletes their stores."""
    with ExitStack() as stack:
        yield [stack.enter_context(_start_worker(job, index, store_path)) for index in range(1, job.partitions)]


@contextmanager
def _start_worker(job: Job, index: int, store_path: Path) -> Iterator[Worker]:
    path = store_path.with_name(f"{store_path.name}.{secrets.token_hex(8)}")
    # Spawned, because a fork of a program with threads can hang.
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(job, index, str(path), sender), daemon=True)
    with receiver, closing(process):
        try:
            with sender, interrupts_blocked():
                process.start()
            yield Worker(index, path, process, receiver)
        finally:
            if process.pid is not None:
                process.kill()
                process.join()
            path.unlink(missing_ok=True)


def _run(job: Job, index: int, path: str, sender: Connection) -> None:
    """Run a worker, as the main function of its process."""
    end_with_parent()
    _send_outcome(job, index, path, sender)


def _send_outcome(job: Job, index: int, path: str, sender: Connection) -> None:
    """Load a partition into a store at a path, and send its omissions, or the exception that prevents it."""
    gc.disable()  # records have no cycles, and the process ends soon
    outcome: Counter[str] | Exception
    try:
        outcome = _load(job, index, Path(path))
    except HcfmtError as error:
        outcome = error
    except Exception as error:  # noqa: BLE001 - merge raises it again
        outcome = RuntimeError(type(error).__name__)  # its message may quote the archive
    with suppress(BrokenPipeError):  # the parent has ended
        sender.send(outcome)


def _load(job: Job, index: int, path: Path) -> Counter[str]:
    archive = open_archive(job.archive, password=lambda: job.password or b"", digests=job.digests, budget=job.budget)
    with archive, closing(create_store(path)) as db:
        loader = Loader(db, job.budget, Partition(index, job.partitions))
        loader.load(archive)
        db.execute("COMMIT")
        return loader.omissions


def is_orphan() -> bool:
    """Whether the process that started this one has ended, so that a worker's time is up."""
    parent = multiprocessing.parent_process()
    return parent is not None and not parent.is_alive()
