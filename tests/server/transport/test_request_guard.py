"""Tests of the guard: requests reach the protocol behind it one at a time, and the client's time is counted."""

import asyncio
from typing import TYPE_CHECKING, cast
from unittest.mock import Mock, call

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.transport.connections import Connection
from hcfmt.server.transport.request_guard import ConnectionOptions, RequestGuard

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
SECOND = b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n"


class Guarded:
    """A guard between a transport and a protocol that note what they are given."""

    def __init__(self) -> None:
        """Open a connection."""
        self.http, self.arrival, self.transport = Mock(), Mock(), Mock()
        self.transport.get_write_buffer_size.return_value = 0
        self.connection = Connection("client", Mock())
        options = ConnectionOptions(1000, 30, lambda _: [])
        self.guard = RequestGuard(cast("asyncio.Protocol", self.http), self.connection, self.arrival, options, Mock())
        self.guard.connection_made(self.transport)

    @property
    def passed(self) -> bytes:
        """The bytes that reached the protocol."""
        return b"".join(data.args[0] for data in self.http.data_received.call_args_list)


def run(check: "Callable[[Guarded], object]") -> None:
    async def checked() -> None:
        guarded = Guarded()
        check(guarded)
        await asyncio.sleep(0)
        guarded.guard.connection_lost(None)

    asyncio.run(checked())


@given(st.lists(st.integers(0, len(FIRST + SECOND)), max_size=6).map(sorted))
def test_the_second_request_waits_for_the_answer_to_the_first_wherever_the_data_is_cut(cuts: list[int]) -> None:
    async def check() -> None:
        guarded, sent = Guarded(), FIRST + SECOND
        for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
            guarded.guard.data_received(sent[start:end])
        assert guarded.passed == FIRST
        guarded.guard.answered()
        await asyncio.sleep(0)
        assert guarded.passed == sent
        guarded.guard.connection_lost(None)

    asyncio.run(check())


def test_the_time_for_the_first_request_continues_with_its_first_bytes() -> None:
    def check(guarded: Guarded) -> None:
        guarded.guard.data_received(SECOND[:10])
        assert [timed for timed in guarded.arrival.mock_calls if timed != call.start()] == []

    run(check)


def test_the_servers_time_is_not_the_clients() -> None:
    def check(guarded: Guarded) -> None:
        guarded.guard.data_received(FIRST[:-1])
        assert guarded.arrival.mock_calls[-1] == call.pause()
        guarded.guard.receiving(is_waiting=True)
        assert guarded.arrival.mock_calls[-1] == call.start()
        guarded.guard.data_received(FIRST[-1:])
        assert guarded.arrival.mock_calls[-1] == call.reset()

    run(check)


@pytest.mark.parametrize(("sent", "is_idle"), [(b"", True), (SECOND[:10], True), (SECOND, False), (FIRST[:-1], False)])
def test_a_connection_is_idle_until_a_head_is_complete(sent: bytes, *, is_idle: bool) -> None:
    def check(guarded: Guarded) -> None:
        guarded.guard.data_received(sent)
        assert guarded.connection.is_idle is is_idle

    run(check)


def test_nothing_passes_after_an_invalid_head() -> None:
    def check(guarded: Guarded) -> None:
        guarded.guard.data_received(b"nonsense\r\n\r\n")
        guarded.guard.data_received(SECOND)
        assert guarded.passed == b""
        assert guarded.transport.close.called

    run(check)
