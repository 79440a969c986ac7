"""The archive that a store is loaded from, with everything that opens and loads it."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from hcfmt.container import STDIN, Archive, Budget, Password, open_archive
from hcfmt.server.store import snapshot
from hcfmt.server.store.loader import Loader
from hcfmt.server.store.partition import Partition
from hcfmt.server.store.schema import create_indexes, create_store
from hcfmt.server.store.worker_processes import Job, is_orphan, start_workers

_LARGE = 8 << 20  # bytes of an archive that takes longer to load than a process takes to start

Watch = Callable[[Archive], Callable[[str], None]]
"""A function that is called with the open archive; the function it returns, with each member's path before reading."""


@dataclass(frozen=True, slots=True)
class ArchiveSource:
    """An archive by name, its password and digests, the limits, and the number of processes that load it if large."""

    name: str
    password: Password | None
    digests: tuple[str, ...]
    budget: Budget
    stdin: BinaryIO | None
    watch: Watch
    jobs: int

    def load(self, identity: str, path: Path) -> None:
        """Load the archive into a new store at a path. Raises Fault for an archive that cannot be read to its end."""
        opening = open_archive(
            self.name, password=self.password, digests=self.digests, budget=self.budget, stdin=self.stdin
        )
        with (
            opening as archive,
            closing(create_store(path)) as db,
            start_workers(self._job(archive), path) as workers,
        ):
            loader = Loader(db, self.budget, Partition(0, 1 + len(workers)))
            loader.load(archive, self.watch(archive))
            db.execute("COMMIT")
            for worker in workers:
                loader.omissions += worker.merge(db, self.budget)
            create_indexes(db)
            db.execute("BEGIN")
            loader.finish()
            snapshot.save(db)
            info = {"archive": identity, "omissions": json.dumps(loader.omissions)}
            db.executemany("INSERT INTO info VALUES (?, ?)", info.items())
            db.execute("COMMIT")

    def _job(self, archive: Archive) -> Job:
        """Return the job of the workers for the open archive."""
        is_large = archive.fault is None and self.name != STDIN and (archive.size or 0) >= _LARGE
        budget = replace(self.budget, expired=is_orphan)
        return Job(self.name, archive.password, self.digests, budget, self.jobs if is_large else 1)
