"""Many clients at once: each writes and reads, and in the end nothing may be lost, doubled or failed.

``python -m benchmarks.load URL TOKEN --clients 50 --seconds 60`` asks a server that ``hcfmt serve`` started.
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
    """What came back: answers by status, and what was written and not found again, or found twice."""

    answers: Counter[int] = field(default_factory=Counter)
    written: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Whether nothing failed, and everything that was written stands there once."""
        return not self.lost and not self.doubled and all(status < 300 for status in self.answers)  # noqa: PLR2004 - HTTP


def _nothing() -> None:
    """Do nothing."""


async def load(
    url: str, token: str, clients: int, goes_on: Callable[[int], bool], settle: Callable[[], None] = _nothing
) -> Outcome:
    """Let so many clients write a message and read, in turn, while ``goes_on`` says so of the round; then look.

    ``settle`` is called before the look: a test that made the server fail ends that then.
    """
    outcome = Outcome()
    headers = {"Authorization": f"Bearer {token}"}
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=f"{url}/v2/", headers=headers, timeout=60, limits=limits) as http:
        rooms = (await http.get("room", params={"include-archived": "false"})).raise_for_status().json()["items"]
        chosen = [room["id"] for room in rooms]
        await asyncio.gather(
            *(_client(http, one, chosen[one % len(chosen)], goes_on, outcome) for one in range(clients))
        )
        settle()
        found = Counter[str]()
        for room in chosen[:clients]:
            found += await _texts(http, room)
    outcome.lost = {text for text in outcome.written if not found[text]}
    outcome.doubled = {text for text in outcome.written if found[text] > 1}
    return outcome


async def _client(
    http: httpx.AsyncClient, number: int, room: int, goes_on: Callable[[int], bool], outcome: Outcome
) -> None:
    for turn in itertools.count():
        if not goes_on(turn):
            return
        text = f"client {number} says {turn}"
        answer = await http.post(f"room/{room}/message", json={"message": text})
        outcome.answers[answer.status_code] += 1
        if answer.is_success:
            outcome.written.append(text)
        answer = await http.get(READS[turn % len(READS)].format(room=room))
        outcome.answers[answer.status_code] += 1


async def _texts(http: httpx.AsyncClient, room: int) -> Counter[str]:
    texts = Counter[str]()
    path: str | None = f"room/{room}/history?date=2100-01-01&max-results={PAGE}&reverse=false"
    while path:
        page = (await http.get(path)).raise_for_status().json()
        texts.update(one["message"] for one in page["items"])
        path = page["links"].get("next")
    return texts


def main() -> None:
    """Ask a server for so many seconds, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("token")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    end = time.monotonic() + arguments.seconds
    start = time.perf_counter()
    outcome = asyncio.run(load(arguments.url, arguments.token, arguments.clients, lambda _: time.monotonic() < end))
    taken = time.perf_counter() - start
    answers = ", ".join(f"{count:,} of {status}" for status, count in sorted(outcome.answers.items()))
    rate = outcome.answers.total() / taken
    print(f"{arguments.clients} clients, {taken:.0f} s: answers {answers}; {rate:,.0f} a second")  # noqa: T201 - its purpose
    print(f"written {len(outcome.written):,}, lost {len(outcome.lost):,}, doubled {len(outcome.doubled):,}")  # noqa: T201 - the same
    raise SystemExit(not outcome.is_whole)


if __name__ == "__main__":
    main()
