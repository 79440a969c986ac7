"""Puts many clients on a server at once: each writes and reads; every message must exist once at the end.

``python -m benchmarks.load URL TOKEN --clients 50 --seconds 60`` uses a server that ``hcfmt serve`` started.
"""

import argparse
import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

PAGE = 1_000
READS = ("room/{room}", "room/{room}/history?max-results=75", "user?max-results=50", "room/{room}/history/latest")


@dataclass(slots=True)
class Outcome:
    """The result: the responses by status, the texts written, those not found afterwards, those found twice."""

    responses: Counter[int] = field(default_factory=Counter)
    written: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)

    @property
    def is_success(self) -> bool:
        """Whether every request succeeded, and every written message exists once."""
        return not self.lost and not self.repeated and all(status < 300 for status in self.responses)  # noqa: PLR2004 - HTTP


def _do_nothing() -> None:
    """Do nothing."""


async def load(
    url: str, token: str, clients: int, has_turn: Callable[[int], bool], settle: Callable[[], None] = _do_nothing
) -> Outcome:
    """Let every client write a message and read, turn by turn while ``has_turn`` is true of the turn's number.

    Then read all messages. ``settle`` is called before that, so that a test can end the server's injected faults.
    """
    outcome = Outcome()
    headers = {"Authorization": f"Bearer {token}"}
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=f"{url}/v2/", headers=headers, timeout=60, limits=limits) as http:
        rooms = (await http.get("room", params={"include-archived": "false"})).raise_for_status().json()["items"]
        room_ids = [room["id"] for room in rooms]
        await asyncio.gather(
            *(_client(http, number, room_ids[number % len(room_ids)], has_turn, outcome) for number in range(clients))
        )
        settle()
        found = Counter[str]()
        for room in room_ids[:clients]:
            found += await _texts(http, room)
    outcome.lost = {text for text in outcome.written if not found[text]}
    outcome.repeated = {text for text in outcome.written if found[text] > 1}
    return outcome


async def _client(
    http: httpx.AsyncClient, number: int, room: int, has_turn: Callable[[int], bool], outcome: Outcome
) -> None:
    """Write and read in a room, turn by turn."""
    for turn in itertools.count():
        if not has_turn(turn):
            return
        text = f"client {number} says {turn}"
        response = await http.post(f"room/{room}/message", json={"message": text})
        outcome.responses[response.status_code] += 1
        if response.is_success:
            outcome.written.append(text)
        response = await http.get(READS[turn % len(READS)].format(room=room))
        outcome.responses[response.status_code] += 1


async def _texts(http: httpx.AsyncClient, room: int) -> Counter[str]:
    """Return the texts of all messages of a room, counted."""
    texts = Counter[str]()
    path: str | None = f"room/{room}/history?date=2100-01-01&max-results={PAGE}&reverse=false"
    while path:
        page = (await http.get(path)).raise_for_status().json()
        texts.update(item["message"] for item in page["items"])
        path = page["links"].get("next")
    return texts


def main() -> None:
    """Load a server for some seconds, and print the result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("token")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    end = time.monotonic() + arguments.seconds
    start = time.perf_counter()
    outcome = asyncio.run(load(arguments.url, arguments.token, arguments.clients, lambda _: time.monotonic() < end))
    seconds = time.perf_counter() - start
    responses = ", ".join(f"{count:,} of {status}" for status, count in sorted(outcome.responses.items()))
    rate = outcome.responses.total() / seconds
    print(f"{arguments.clients} clients, {seconds:.0f} s: responses {responses}; {rate:,.0f} a second")  # noqa: T201 - a command
    print(f"written {len(outcome.written):,}, lost {len(outcome.lost):,}, repeated {len(outcome.repeated):,}")  # noqa: T201 - the same
    raise SystemExit(not outcome.is_success)


if __name__ == "__main__":
    main()
