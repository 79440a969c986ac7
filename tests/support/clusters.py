"""Dask clusters on the loopback, with worker processes that end in known ways."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dask
import trustme
from distributed import LocalCluster
from distributed.security import Security

# A loaded machine takes long to start a process.
_PATIENT = {"distributed.comm.timeouts.connect": "300s", "distributed.comm.timeouts.tcp": "300s"}


@contextmanager
def local_cluster(workers: int, security: Security | None = None) -> Iterator[str]:
    """Start a scheduler and worker processes, and yield the scheduler's address."""
    with (
        dask.config.set(_PATIENT),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            protocol="tls://" if security else None,
            security=security,
        ) as cluster,
    ):
        yield cluster.scheduler_address


@contextmanager
def tls_cluster(directory: Path) -> Iterator[str]:
    """Start a cluster whose members show certificates of an authority made for it, which Dask's configuration names."""
    authority, pair = trustme.CA(), directory / "pair.pem"
    pair.write_bytes(authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.bytes())
    authority.cert_pem.write_to_path(directory / "ca.pem")
    names = {"ca-file": str(directory / "ca.pem")}
    names |= {f"{role}.{part}": str(pair) for role in ("scheduler", "worker", "client") for part in ("key", "cert")}
    settings = {f"distributed.comm.tls.{name}": value for name, value in names.items()}
    with dask.config.set(settings), local_cluster(1, Security(require_encryption=True)) as address:
        yield address


@dataclass(frozen=True, slots=True)
class KillOnce:
    """Time limit that never ends, but kills the first other process that asks for it often enough.

    ``marker`` is the path of a file that tells all processes that it has happened, ``main`` the process to spare.
    """

    marker: str
    calls: int
    main: int

    def __call__(self) -> bool:
        """Return False."""
        if os.getpid() != self.main and _count() > self.calls and _create(self.marker):
            os.kill(os.getpid(), signal.SIGKILL)
        return False


@dataclass(frozen=True, slots=True)
class KillAlways:
    """Time limit that kills every other process that asks for it; ``main`` is the process to spare."""

    main: int

    def __call__(self) -> bool:
        """Return False."""
        if os.getpid() != self.main:
            os.kill(os.getpid(), signal.SIGKILL)
        return False


_calls = 0


def _count() -> int:
    global _calls  # noqa: PLW0603 - a process of a test counts for itself
    _calls += 1
    return _calls


def _create(marker: str) -> bool:
    try:
        Path(marker).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
