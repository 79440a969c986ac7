"""JSON bodies rendered byte for byte as HipChat did: sorted keys, ASCII only, errors indented by two spaces."""

import json
from http import HTTPStatus
from typing import Any

from hcfmt.server.errors import ApiError

JSON = "application/json"
"""The media type of every JSON body; hipchatter returns text for any other."""


def render(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Render the body of a success: one line, sorted keys, ", " and ": " as separators, non-ASCII escaped."""
    return json.dumps(value, sort_keys=True).encode("ascii")


def render_error(error: ApiError) -> bytes:
    """Render the body of an error: ``{"error": {"code", "message", "type", ...}}`` with the error's details."""
    members = {"code": error.status, "message": error.message, "type": error_type(error.status), **error.details}
    return json.dumps({"error": members}, sort_keys=True, indent=2).encode("ascii")


def error_type(status: int) -> str:
    """Return the ``type`` of an error, which is the name of its status: "Not Found" for 404."""
    return _RENAMED.get(status) or HTTPStatus(status).phrase


# Statuses whose names differ between versions of Python.
_RENAMED = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
