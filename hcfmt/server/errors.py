"""Errors that the API answers with."""

from collections.abc import Iterable
from typing import Any


class ApiError(Exception):
    """An error response: a status of 400 or more, a message, and further members of the error object."""

    def __init__(self, status: int, message: str, **details: Any) -> None:  # noqa: ANN401 - JSON values
        """Create an error; ``details`` are members of the error object besides code, message and type."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details


class MethodNotAllowedError(ApiError):
    """The error 405; ``allow`` is the value of the Allow header: the methods of this path."""

    def __init__(self, methods: Iterable[str]) -> None:
        """Create an error from the methods of a path; GET implies HEAD."""
        super().__init__(405, "Method not allowed")
        self.allow = allow_header(methods)


def allow_header(methods: Iterable[str]) -> str:
    """Return the value of an Allow header for the methods of a path; GET implies HEAD."""
    allowed = set(methods)
    return ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
