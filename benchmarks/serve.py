"""Measures a served archive: ``python -m benchmarks.serve big.tar.gz.aes``.

The figures are the seconds until the server is ready, requests per second of one client, the time of pages at three
depths of the largest room, and the peak memory. The archive's password is that of the generated archives.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import httpx

from benchmarks.__main__ import HCFMT, KIB, PASSWORD

DEPTHS = (0.0, 0.5, 0.99)
PAGE = 100
ALL_DATES = "date=2100-01-01"


@dataclass(frozen=True, slots=True)
class Ready:
    """A server that is ready: the seconds that its start took, and a client for its API."""

    seconds: float
    http: httpx.Client


@contextmanager
def served(archive: str, write: Callable[[str], object]) -> Iterator[Ready]:
    """Serve an archive while the block runs, then write the peak memory of the largest process."""
    start = time.perf_counter()
    environment = {**os.environ, "HCFMT_PASSWORD": PASSWORD}
    process = subprocess.Popen([*HCFMT, "serve", archive], stdout=subprocess.PIPE, env=environment)  # noqa: S603 - a fixed command
    assert process.stdout  # noqa: S101 - a pipe
    try:
        address = json.loads(process.stdout.readline() or "{}")
        seconds = time.perf_counter() - start
        if not address:
            raise SystemExit(f"{archive}: hcfmt serve failed.")
        headers = {"Authorization": f"Bearer {address['token']}"}
        with httpx.Client(base_url=f"{address['api']}/", headers=headers, timeout=60) as http:
            yield Ready(seconds, http)
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    write(f"memory: {usage.ru_maxrss / KIB:.0f} MiB")


def busiest(http: httpx.Client) -> tuple[int, int]:
    """Return the id of the room with the most messages, and the number of its messages."""
    rooms = http.get("room?max-results=1000&include-archived=true").raise_for_status().json()["items"]
    counts = {
        room["id"]: http.get(f"room/{room['id']}/statistics").raise_for_status().json()["messages_sent"]
        for room in rooms
    }
    room = max(counts, key=counts.__getitem__)
    return room, counts[room]


def file_url(http: httpx.Client, room: int) -> str | None:
    """Return the URL of a file among the newest messages of a room, None for none."""
    page = http.get(f"room/{room}/history?{ALL_DATES}&max-results=1000").raise_for_status().json()
    return next((item["file"]["url"] for item in page["items"] if "file" in item), None)


def rate(http: httpx.Client, url: str, seconds: float) -> float:
    """Repeat a request for some seconds, and return the requests per second."""
    start = time.perf_counter()
    for requests in count(1):
        http.get(url).raise_for_status()
        if time.perf_counter() - start > seconds:
            return requests / (time.perf_counter() - start)
    raise AssertionError


def response_time(http: httpx.Client, url: str, repetitions: int = 21) -> float:
    """Return the median time of a request in milliseconds."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        http.get(url).raise_for_status()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1_000


def main(write: Callable[[str], object] = print) -> None:
    """Measure one archive, and write a line for each figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=__doc__)
    parser.add_argument("archive")
    parser.add_argument("--seconds", type=float, default=5, help="seconds of each kind of request")
    parser.add_argument("--messages", type=int, help="messages in the archive, for the messages loaded per second")
    arguments = parser.parse_args()
    with served(arguments.archive, write) as ready:
        speed = f", {arguments.messages / ready.seconds:,.0f} messages a second" if arguments.messages else ""
        write(f"ready: {ready.seconds:.1f} s{speed}")
        room, messages = busiest(ready.http)
        urls = {
            "room": f"room/{room}",
            "page of 75 messages": f"room/{room}/history",
            "page of 1,000": f"room/{room}/history?{ALL_DATES}&max-results=1000",
            "file": file_url(ready.http, room),
        }
        for title, url in urls.items():
            if url:
                write(f"{title}: {rate(ready.http, url, arguments.seconds):,.0f} a second")
        for depth in DEPTHS:
            start = int(depth * max(0, messages - PAGE))
            url = f"room/{room}/history?{ALL_DATES}&max-results={PAGE}&start-index={start}"
            write(f"page of {PAGE} from {start:,} of {messages:,}: {response_time(ready.http, url):.1f} ms")


if __name__ == "__main__":
    main()
