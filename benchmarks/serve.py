"""Target of ``hcfmt serve``: A1, the seconds until it is ready, requests a second, and pages at several depths."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

import httpx

from benchmarks.figures import Figure, number
from benchmarks.generation import MILLION, generate
from benchmarks.processes import ENVIRONMENT, HCFMT, KIB, MB, run
from benchmarks.workplace import Settings, Workplace

DEPTHS = (0.0, 0.5, 0.99)
PAGE = 100
REPETITIONS = 21
RATE_SECONDS = 2.0
ALL_DATES = "date=2100-01-01"


@dataclass(slots=True)
class Served:
    """A server that is ready: the seconds that its start took, and a client; at its end its peak memory in bytes."""

    seconds: float
    http: httpx.Client
    peak: int = field(default=0)


def answers(work: Workplace, settings: Settings) -> Iterator[Figure]:
    """A1: yield the messages loaded a second, and the ratio of the slowest page to the fastest, by their depth."""
    messages = settings.messages_or(MILLION)
    run(generate(messages, settings, "served.tar.gz.aes").command, work.directory)
    seconds = RATE_SECONDS if messages >= MILLION else 0.0
    loaded, ratios, details = [], [], []
    for _ in range(settings.pairs):
        with served(work.directory / "served.tar.gz.aes") as server:
            room, in_room = _busiest(server.http)
            times = [_page_time(server.http, room, int(depth * max(0, in_room - PAGE))) for depth in DEPTHS]
            rates = [f"{title}: {number(_rate(server.http, url, seconds))} a second" for title, url in _urls(room)]
        loaded.append(messages / server.seconds)
        ratios.append(max(times) / min(times))
        memory = f"largest process {server.peak / MB:.0f} MB"
        pages = ", ".join(f"{number(each)} ms at {depth:.0%}" for each, depth in zip(times, DEPTHS, strict=True))
        details = [f"ready after {server.seconds:.2f} s, {memory}", f"a page of {PAGE} of {in_room:,}: {pages}", *rates]
    size = f"{messages:,} messages of hcfmt generate, without attachments"
    yield Figure("A1 ready", tuple(loaded), size, (details[0], *details[2:]))
    yield Figure("A1 page", tuple(ratios), size, (details[1],))


@contextmanager
def served(archive: Path) -> Iterator[Served]:
    """Serve an archive while the block runs."""
    start = time.perf_counter()
    process = subprocess.Popen([*HCFMT, "serve", str(archive)], stdout=subprocess.PIPE, env=ENVIRONMENT)  # noqa: S603 - a fixed command
    assert process.stdout  # noqa: S101 - a pipe
    server: Served | None = None
    try:
        address = json.loads(process.stdout.readline() or "{}")
        seconds = time.perf_counter() - start
        if not address:
            raise SystemExit(f"{archive.name}: hcfmt serve failed.")
        headers = {"Authorization": f"Bearer {address['token']}"}
        with httpx.Client(base_url=f"{address['api']}/", headers=headers, timeout=60) as http:
            server = Served(seconds, http)
            yield server
    finally:
        os.kill(process.pid, signal.SIGTERM)  # send_signal would reap a process that is over, and its usage with it
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if server is not None:
            server.peak = usage.ru_maxrss * KIB


def _urls(room: int) -> tuple[tuple[str, str], ...]:
    """Return (title, address) of the requests whose number a second is measured."""
    thousand = f"room/{room}/history?{ALL_DATES}&max-results=1000"
    return ("room", f"room/{room}"), ("page of 75 messages", f"room/{room}/history"), ("page of 1,000", thousand)


def _busiest(http: httpx.Client) -> tuple[int, int]:
    """Return the id of the room with the most messages, and the number of its messages."""
    rooms = http.get("room?max-results=1000&include-archived=true").raise_for_status().json()["items"]
    counts = {
        room["id"]: http.get(f"room/{room['id']}/statistics").raise_for_status().json()["messages_sent"]
        for room in rooms
    }
    room = max(counts, key=counts.__getitem__)
    return room, counts[room]


def _rate(http: httpx.Client, url: str, seconds: float) -> float:
    """Repeat a request for some seconds, and return the requests a second."""
    start = time.perf_counter()
    for requests in count(1):
        http.get(url).raise_for_status()
        if time.perf_counter() - start > seconds:
            return requests / (time.perf_counter() - start)
    raise AssertionError


def _page_time(http: httpx.Client, room: int, start_index: int) -> float:
    """Return the median milliseconds of a page of a room's history."""
    url = f"room/{room}/history?{ALL_DATES}&max-results={PAGE}&start-index={start_index}"
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        http.get(url).raise_for_status()
        times.append(time.perf_counter() - start)
    return median(times) * 1_000
