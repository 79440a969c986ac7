"""What a served archive costs: ``python -m benchmarks.serve big.tar.gz.aes``: time to ready, requests a second, depth.

The password is that of archives that nobody wrote. One client asks, one request after the other.
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
FAR = "date=2100-01-01"


@dataclass(frozen=True, slots=True)
class Ready:
    """Seconds from the start of the command until it says where it is, and the client of what it serves."""

    seconds: float
    http: httpx.Client


@contextmanager
def served(archive: str, say: Callable[[str], object]) -> Iterator[Ready]:
    """Serve an archive as long as the block runs; then say what memory the largest process had at its peak."""
    start = time.perf_counter()
    environment = {**os.environ, "HCFMT_PASSWORD": PASSWORD}
    process = subprocess.Popen([*HCFMT, "serve", archive], stdout=subprocess.PIPE, env=environment)  # noqa: S603 - ours
    assert process.stdout  # noqa: S101 - asked for
    try:
        place = json.loads(process.stdout.readline() or "{}")
        seconds = time.perf_counter() - start
        if not place:
            raise SystemExit(f"{archive}: cannot be served.")
        headers = {"Authorization": f"Bearer {place['token']}"}
        with httpx.Client(base_url=f"{place['api']}/", headers=headers, timeout=60) as http:
            yield Ready(seconds, http)
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    say(f"memory: {usage.ru_maxrss / KIB:.0f} MiB")


def busiest(http: httpx.Client) -> tuple[int, int]:
    """Return the room with most messages, and their number."""
    rooms = http.get("room?max-results=1000&include-archived=true").raise_for_status().json()["items"]
    counts = {
        room["id"]: http.get(f"room/{room['id']}/statistics").raise_for_status().json()["messages_sent"]
        for room in rooms
    }
    found = max(counts, key=counts.__getitem__)
    return found, counts[found]


def a_file(http: httpx.Client, room: int) -> str | None:
    """Return the address of a file that was sent in a room."""
    page = http.get(f"room/{room}/history?{FAR}&max-results=1000").raise_for_status().json()
    return next((one["file"]["url"] for one in page["items"] if "file" in one), None)


def rate(http: httpx.Client, url: str, seconds: float) -> float:
    """Return how many requests a second are answered."""
    start = time.perf_counter()
    for done in count(1):
        http.get(url).raise_for_status()
        if time.perf_counter() - start > seconds:
            return done / (time.perf_counter() - start)
    raise AssertionError


def wait(http: httpx.Client, url: str, times: int = 21) -> float:
    """Return the median time of a request in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        http.get(url).raise_for_status()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1_000


def main(say: Callable[[str], object] = print) -> None:
    """Measure one archive."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=__doc__)
    parser.add_argument("archive")
    parser.add_argument("--seconds", type=float, default=5, help="how long each kind of request is repeated")
    parser.add_argument("--messages", type=int, help="how many there are, to say how many a second were read")
    arguments = parser.parse_args()
    with served(arguments.archive, say) as ready:
        told = f", {arguments.messages / ready.seconds:,.0f} messages a second" if arguments.messages else ""
        say(f"ready: {ready.seconds:.1f} s{told}")
        room, messages = busiest(ready.http)
        urls = {
            "room": f"room/{room}",
            "page of 75 messages": f"room/{room}/history",
            "page of 1,000": f"room/{room}/history?{FAR}&max-results=1000",
            "file": a_file(ready.http, room),
        }
        for what, url in urls.items():
            if url:
                say(f"{what}: {rate(ready.http, url, arguments.seconds):,.0f} a second")
        for depth in DEPTHS:
            start = int(depth * max(0, messages - PAGE))
            url = f"room/{room}/history?{FAR}&max-results={PAGE}&start-index={start}"
            say(f"page of {PAGE} from {start:,} of {messages:,}: {wait(ready.http, url):.1f} ms")


if __name__ == "__main__":
    main()
