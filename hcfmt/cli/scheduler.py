"""The option --scheduler and the connection to the cluster behind it."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from hcfmt.check.engine import Options
from hcfmt.cli.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Share the work among the workers of a Dask cluster: tcp://HOST:PORT or tls://HOST:PORT.",
    ),
]


@contextmanager
def cluster_options(options: Options, address: str) -> "Iterator[Options]":
    """Connect to the scheduler of a cluster, and yield options whose executor are its workers.

    The time limit is a point in time on the calendar then: each machine has a monotonic clock of its own.
    """
    from hcfmt.cluster import connect_cluster  # noqa: PLC0415 - most runs need none of it

    executor = connect_cluster(address)
    budget = options.budget
    if isinstance(budget.expired, Deadline):
        budget = replace(budget, expired=budget.expired.on_calendar())
    try:
        yield replace(options, executor=executor, in_flight=executor.in_flight, budget=budget)
    finally:
        executor.shutdown(wait=False)
