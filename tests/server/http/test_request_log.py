"""The request log: order, filters, bounds."""

from typing import Any

import pytest

from hcfmt.errors import UsageError
from hcfmt.server.http.request_log import LoggedRequest, RequestLog


def request(**properties: Any) -> LoggedRequest:  # noqa: ANN401 - fields of LoggedRequest
    defaults: dict[str, Any] = {
        "method": "GET",
        "path": "/v2/room",
        "query": {},
        "operation": "getAllRooms",
        "user": 7,
        "status": 200,
        "size": 0,
        "body": None,
        "at": 1.0,
    }
    return LoggedRequest(**{**defaults, **properties})


def test_requests_are_listed_oldest_first_with_numbers() -> None:
    log = RequestLog(10)
    for path in ("/v2/room", "/v2/user"):
        log.add(request(path=path))
    assert [(request["number"], request["path"]) for request in log.find({})] == [(1, "/v2/room"), (2, "/v2/user")]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"method": "POST"}, [2]),
        ({"status": "200"}, [1, 3]),
        ({"path": "/v2/user"}, [3]),
        ({"operation": "getAllRooms", "user": "7"}, [1]),
        ({"user": ""}, [3]),
        ({"method": "POST", "status": "200"}, []),
    ],
    ids=str,
)
def test_requests_are_filtered_by_their_properties(filters: dict[str, str], numbers: list[int]) -> None:
    log = RequestLog(10)
    log.add(request())
    log.add(request(method="POST", operation="createRoom", status=201))
    log.add(request(path="/v2/user", operation=None, user=None))
    assert [request["number"] for request in log.find(filters)] == numbers


def test_the_oldest_requests_are_discarded_above_the_limit() -> None:
    log = RequestLog(3)
    for _ in range(5):
        log.add(request())
    assert [request["number"] for request in log.find({})] == [3, 4, 5]


def test_the_oldest_requests_are_discarded_above_the_limit_of_bytes() -> None:
    log = RequestLog(100, max_bytes=25_000)
    for _ in range(5):
        log.add(request(size=10_000, body="x" * 10_000))
    assert [request["number"] for request in log.find({})] == [4, 5]
    log.add(request(size=10**9))  # its body is omitted, and needs no memory
    assert len(log.find({})) == 3


def test_paths_and_queries_count_as_bytes() -> None:
    log = RequestLog(1_000, max_bytes=1_000_000)
    for _ in range(10):
        log.add(request(path="/v2/" + "x" * 100_000, query={str(number): "y" for number in range(500)}))
    assert len(log.find({})) == 4


def test_numbering_continues_after_a_clear() -> None:
    log = RequestLog(10)
    log.add(request(size=5, body="x"))
    log.clear()
    assert log.find({}) == []
    log.add(request())
    assert [request["number"] for request in log.find({})] == [2]


def test_an_unknown_filter_is_refused() -> None:
    with pytest.raises(UsageError, match="'statuss'; did you mean 'status'"):
        RequestLog(10).find({"statuss": "503"})
