"""Fifty clients at once, reading and writing: no error but those that were asked for, and nothing lost."""

import asyncio

from benchmarks.load import load
from hcfmt.pytest_plugin import HipchatServers

CLIENTS, TURNS = 50, 12


def test_fifty_clients_at_once_lose_nothing(servers: HipchatServers) -> None:
    server = servers("small", messages=200, attachments=0)
    outcome = asyncio.run(load(server.url, server.token, CLIENTS, lambda turn: turn < TURNS))
    assert outcome.is_whole, (outcome.answers, outcome.lost, outcome.doubled)
    assert len(outcome.written) == CLIENTS * TURNS
    assert outcome.answers.total() == 2 * CLIENTS * TURNS


def test_what_fails_on_purpose_is_all_that_fails(servers: HipchatServers) -> None:
    server = servers("small", messages=200, attachments=0)
    server.fail((503, 0.2), seed=3)
    outcome = asyncio.run(load(server.url, server.token, CLIENTS, lambda turn: turn < TURNS, server.fail))
    assert set(outcome.answers) == {200, 201, 503}
    assert outcome.answers[503] == len(server.requests(status=503))
    assert not outcome.lost | outcome.doubled
    assert len(outcome.written) == outcome.answers[201]
