"""Fifty clients at once, reading and writing: no error but those that were asked for, and nothing lost."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import httpx

from benchmarks.load import load
from hcfmt.pytest_plugin import HipchatServer, HipchatServers

CLIENTS, TURNS = 50, 12


def test_fifty_clients_at_once_lose_nothing(servers: HipchatServers) -> None:
    server = servers("small", messages=200, attachments=0)
    outcome = asyncio.run(load(server.url, server.token, CLIENTS, lambda turn: turn < TURNS))
    assert outcome.is_success, (outcome.responses, outcome.lost, outcome.repeated)
    assert len(outcome.written) == CLIENTS * TURNS
    assert outcome.responses.total() == 2 * CLIENTS * TURNS


def test_what_fails_on_purpose_is_all_that_fails(servers: HipchatServers) -> None:
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
    """Make a room and somebody and write to both, again and again; yield each answer's status."""
    with httpx.Client(base_url=f"{server.api}/", headers=server.headers, timeout=60) as http:
        for turn in range(TURNS_OF_WRITERS):
            made = http.post("room", json={"name": f"Room {number} {turn}", "privacy": "private"})
            room = f"room/{made.json()['id']}"
            body = {"name": "A B", "email": f"{number}-{turn}@x.example", "title": ""}
            user = f"user/{http.post('user', json=body).json()['id']}"
            for method, path, told in (
                ("POST", f"{room}/message", {"message": "hello"}),
                ("PUT", f"{room}/topic", {"topic": "hello"}),
                ("PUT", f"{room}/member/1", {}),
                ("PUT", f"{room}/avatar", {"avatar": PHOTO["photo"]}),
                ("PUT", f"{user}/photo", PHOTO),
                ("POST", f"{user}/message", {"message": "hello"}),
                ("DELETE", user, None),
                ("DELETE", room, None),
            ):
                yield http.request(method, path, json=told).status_code


def test_who_writes_while_all_is_reset_is_answered_or_not_found_but_nothing_fails(servers: HipchatServers) -> None:
    server, answers, found = servers("tiny"), SimpleQueue[int](), Counter[int]()

    def write(number: int) -> None:
        for status in writes(server, number):
            answers.put(status)

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, number) for number in range(3)]
        for number in range(3 * TURNS_OF_WRITERS * 8):
            found[answers.get(timeout=60)] += 1
            if number % 7 == 0:  # often enough to come between, and not so often that nothing is ever there
                server.reset()
        for writer in writers:
            writer.result()
    assert set(found) == {201, 204, 404}
