"""Log of the latest requests, redacted and bounded in memory, for the assertions of tests."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from hcfmt.errors import UsageError
from hcfmt.suggestions import unknown_name

MAX_BYTES = 16 << 20
"""Bytes of all logged bodies, paths and queries together."""

_PARAMETER_BYTES = 200  # memory of a query parameter besides its text
_FILTERS = ("method", "path", "operation", "status", "user")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request and the status of its response, redacted.

    ``path`` is percent-encoded as received, without the query. ``operation`` is an operationId, None outside the
    contract. ``user`` is the id of the token's owner. ``size`` is the length of the body in bytes, ``body`` its JSON
    value or text, None as in ``redaction.redact_body``. ``at`` is in seconds since 1970 UTC.
    """

    method: str
    path: str
    query: Mapping[str, str]
    operation: str | None
    user: int | None
    status: int
    size: int
    body: Any
    at: float


class RequestLog:
    """The latest requests, oldest first; thread-safe."""

    def __init__(self, max_requests: int, max_bytes: int = MAX_BYTES) -> None:
        """Create an empty log that discards its oldest requests above either limit."""
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._requests: deque[tuple[int, LoggedRequest, int]] = deque()  # number, request, bytes
        self._bytes = 0
        self._number = 0
        self._lock = threading.Lock()

    def add(self, request: LoggedRequest) -> None:
        """Append a request; discard the oldest ones above the limits."""
        size = request.size if request.body is not None else 0
        size += len(request.path)
        size += sum(_PARAMETER_BYTES + len(name) + len(value) for name, value in request.query.items())
        with self._lock:
            self._number += 1
            self._requests.append((self._number, request, size))
            self._bytes += size
            while len(self._requests) > self._max_requests or self._bytes > self._max_bytes:
                self._bytes -= self._requests.popleft()[2]

    def find(self, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the requests that match all filters, as ``GET /_hcfmt/requests`` lists them.

        A filter compares the text of method, path, operation, status or user. Each item has the fields of
        ``LoggedRequest`` and ``number``, which counts all requests from 1. Raises UsageError for an unknown filter.
        """
        for name in filters.keys() - set(_FILTERS):
            raise UsageError(unknown_name("filter", name, _FILTERS))
        with self._lock:
            requests = [_as_json(number, request) for number, request, _ in self._requests]
        return [request for request in requests if all(_text(request[name]) == filters[name] for name in filters)]

    def clear(self) -> None:
        """Remove all requests; numbering continues."""
        with self._lock:
            self._requests.clear()
            self._bytes = 0


def _as_json(number: int, request: LoggedRequest) -> dict[str, Any]:
    return {"number": number} | {field.name: getattr(request, field.name) for field in fields(request)}


def _text(value: object) -> str:
    return "" if value is None else str(value)
