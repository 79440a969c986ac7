"""Bodies to the byte as HipChat wrote them (facts 4.1): sorted keys, ASCII only, errors indented by two spaces."""

import json
from http import HTTPStatus
from typing import Any

from hcfmt.server.api.call import Refusal

JSON = "application/json"
"""The media type of every JSON body: one client hands back text where it is another (facts 2 A)."""


def success(body: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return the body of a success: one line, keys sorted, ", " and ": " between, all but ASCII escaped."""
    return json.dumps(body, sort_keys=True).encode("ascii")


def failure(refusal: Refusal) -> bytes:
    """Return the body of an error: status, sentence and the status's name below "error", and what else was told."""
    error = {"code": refusal.status, "message": refusal.message, "type": kind(refusal.status), **refusal.told}
    return json.dumps({"error": error}, sort_keys=True, indent=2).encode("ascii")


def kind(status: int) -> str:
    """Return the name of a status, as it stands in an error's ``type``: "Not Found" for 404."""
    return _RENAMED.get(status) or HTTPStatus(status).phrase


# Statuses whose names differ between versions of Python.
_RENAMED = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
