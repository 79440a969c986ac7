"""Fifty concurrent clients that read and write: only injected errors, and no lost messages."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import httpx
import pytest

from benchmarks.load import load
from hcfmt.pytest_plugin import HipchatServer, HipchatServers

CLIENTS, TURNS = 50, 12


@pytest.mark.slow
def test_fifty_clients_at_once_lose_nothing(servers: HipchatServers) -> None:
    server = servers("small", messages=200, attachments=0)
    outcome = asyncio.run(load(server.url, server.token, CLIENTS, lambda turn: turn < TURNS))
    assert outcome.is_success, (outcome.responses, outcome.lost, outcome.repeated)
    assert len(outcome.written) == CLIENTS * TURNS
    assert outcome.responses.total() == 2 * CLIENTS * TURNS


@pytest.mark.slow
def test_only_injected_failures_fail(servers: HipchatServers) -> None:
    server = servers("small", messages=200, attachments=0)
    server.fail((503, 0.2), seed=3)
    outcome = asyncio.run(load(server.url, server.token, CLIENTS, lambda turn: turn < TURNS, server.fail))
    assert set(outcome.responses) == {200, 201, 503}
    assert outcome.responses[503] == len(server.requests(status=503))
    assert not outcome.lost | outcome.repeated
    assert len(outcome.written) == outcome.responses[201]


PHOTO = {"photo": "iVBORw0KGgo="}
TURNS_OF_WRITERS = 12


def writes(server: HipchatServer, number: int) -> Iterator[int]:
    """Create a room and a user and write to both, repeatedly; yield the status of each response."""
    with httpx.Client(base_url=f"{server.api}/", headers=server.headers, timeout=60) as http:
        for turn in range(TURNS_OF_WRITERS):
            response = http.post("room", json={"name": f"Room {number} {turn}", "privacy": "private"})
            room = f"room/{response.json()['id']}"
            account = {"name": "A B", "email": f"{number}-{turn}@x.example", "title": ""}
            user = f"user/{http.post('user', json=account).json()['id']}"
            for method, path, body in (
                ("POST", f"{room}/message", {"message": "hello"}),
                ("PUT", f"{room}/topic", {"topic": "hello"}),
                ("PUT", f"{room}/member/1", {}),
                ("PUT", f"{room}/avatar", {"avatar": PHOTO["photo"]}),
                ("PUT", f"{user}/photo", PHOTO),
                ("POST", f"{user}/message", {"message": "hello"}),
                ("DELETE", user, None),
                ("DELETE", room, None),
            ):
                yield http.request(method, path, json=body).status_code


def test_writes_during_resets_succeed_or_are_not_found(servers: HipchatServers) -> None:
    server, answers, statuses = servers("tiny"), SimpleQueue[int](), Counter[int]()

    def write(number: int) -> None:
        for status in writes(server, number):
            answers.put(status)

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, number) for number in range(3)]
        for number in range(3 * TURNS_OF_WRITERS * 8):
            statuses[answers.get(timeout=60)] += 1
            if number % 7 == 0:  # often enough to interfere, and rarely enough for writes to succeed
                server.reset()
        for writer in writers:
            writer.result()
    assert set(statuses) == {201, 204, 404}
