"""Helpers for tests that talk to a server over HTTP."""

import json

import httpx

from hcfmt.server.json_rendering import error_type
from tests.support.serving import TOKEN

ROOM = 100_001  # the first room of a generated archive
WITH_PHOTO = 4  # a user with a photo


def error(response: httpx.Response) -> tuple[int, str]:
    """Return the code and message of an error, after checking its form."""
    members = response.json()["error"]
    assert response.headers["Content-Type"] == "application/json"
    assert response.text == json.dumps({"error": members}, indent=2, sort_keys=True)
    assert (members["code"], members["type"]) == (response.status_code, error_type(response.status_code))
    return members["code"], members["message"]


def issue_headers(client: httpx.Client, **form: str) -> dict[str, str]:
    """Issue a token of the first user, and return its headers."""
    user = client.get("/user").json()["items"][0]
    grant = {"grant_type": "password", "username": f"@{user['mention_name']}", "password": TOKEN, **form}
    response = client.post("/oauth/token", data=grant)
    assert response.status_code == 200
    return {"Authorization": f"Bearer {response.json()['access_token']}"}
