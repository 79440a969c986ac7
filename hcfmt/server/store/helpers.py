"""Processes that read a large archive too, each its share of the histories, into a store of its own that is merged.

To hand messages from one process to another takes as long as to read them; to decrypt and inflate an archive takes a
tenth of that. So each process reads the whole archive.
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
from hcfmt.server.store.filling import Filling, emptied
from hcfmt.server.store.share import Share
from hcfmt.workers import deaf, end_with_parent

_LOOK = 0.5  # seconds after which who waits looks at the time


@dataclass(frozen=True, slots=True)
class Order:
    """What a helper is told: which archive, the key to it, the limits, and how many share the histories.

    It goes to another process, and so must the budget's ``expired``: ``is_orphan``, for one.
    """

    archive: str
    password: bytes | None
    digests: tuple[str, ...]
    budget: Budget
    shares: int


@dataclass(frozen=True, slots=True)
class Helper:
    """A process that fills a store of its own at a path, and then sends what it left out, or why it cannot."""

    path: Path
    process: BaseProcess
    outcome: Connection

    def merge(self, db: sqlite3.Connection, budget: Budget) -> Counter[str]:
        """Wait for the helper, add its histories to a store, and return what it left out.

        No transaction may be open. Raises what the helper met, Fault when the time is up, WorkerLostError if the helper
        was killed.
        """
        while not self.outcome.poll(_LOOK):
            budget.spend_time()
        try:
            sent = self.outcome.recv()
        except EOFError:
            raise WorkerLostError from None
        if isinstance(sent, Exception):
            raise sent
        db.execute("ATTACH ? AS other", (self.path.resolve().as_uri(),))
        db.execute("BEGIN")
        ((last,),) = db.execute("SELECT coalesce(max(id), 0) FROM chat").fetchall()
        for statement in _MERGING:
            db.execute(statement, {"last": last})
        db.execute("COMMIT")
        db.execute("DETACH other")
        found: Counter[str] = sent
        return found


_MESSAGE = "rank, visible_rank, time, id, deleted, record"
_MERGING = (
    "INSERT INTO history SELECT * FROM other.history",
    "INSERT INTO chat SELECT id + :last, room, owner, peer FROM other.chat",
    f"INSERT INTO message (chat, {_MESSAGE}) SELECT chat + :last, {_MESSAGE} FROM other.message ORDER BY position",  # noqa: S608 - names
)


@contextmanager
def helpers(order: Order, beside: Path) -> Iterator[list[Helper]]:
    """Give a helper for each share but the first; at the block's end they and their stores, beside a path, are gone."""
    with ExitStack() as held:
        yield [held.enter_context(_helper(order, at, beside)) for at in range(1, order.shares)]


@contextmanager
def _helper(order: Order, at: int, beside: Path) -> Iterator[Helper]:
    path = beside.with_name(f"{beside.name}.{secrets.token_hex(8)}")
    # Spawned, because a fork of a program with threads can hang.
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_begin, args=(order, at, str(path), sender), daemon=True)
    with receiver, closing(process):
        try:
            with sender, deaf():
                process.start()
            yield Helper(path, process, receiver)
        finally:
            if process.pid is not None:
                process.kill()
                process.join()
            path.unlink(missing_ok=True)


def _begin(order: Order, at: int, path: str, outcome: Connection) -> None:
    """Do what a helper does, in its process."""
    end_with_parent()
    _help(order, at, path, outcome)


def _help(order: Order, at: int, path: str, outcome: Connection) -> None:
    """Fill a store with a share of an archive's histories, and send what was left out, or why that cannot be."""
    gc.disable()  # records have no cycles, and the process ends soon
    sent: Counter[str] | Exception
    try:
        sent = _filled(order, at, Path(path))
    except HcfmtError as error:
        sent = error
    except Exception as error:  # noqa: BLE001 - it is raised again where somebody waits for it
        sent = RuntimeError(type(error).__name__)  # its own text may hold words of the archive
    with suppress(BrokenPipeError):  # nobody waits for it any more
        outcome.send(sent)


def _filled(order: Order, at: int, path: Path) -> Counter[str]:
    archive = open_archive(
        order.archive, password=lambda: order.password or b"", digests=order.digests, budget=order.budget
    )
    with archive, closing(emptied(path)) as db:
        filling = Filling(db, order.budget, Share(at, order.shares))
        filling.read(archive)
        db.execute("COMMIT")
        return filling.left_out


def is_orphan() -> bool:
    """Whether the process that started this one is gone: the time of a helper is up then."""
    parent = multiprocessing.parent_process()
    return parent is not None and not parent.is_alive()
