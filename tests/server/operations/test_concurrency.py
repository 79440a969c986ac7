"""Concurrent calls have the same effect as consecutive ones."""

from typing import Any

import pytest

from hcfmt.server.api import tokens
from hcfmt.server.errors import ApiError
from tests.support.api import MAIN, NOW, Api
from tests.support.concurrency import THREADS, run_concurrently


def statuses(api: Api, operation: str, *arguments: Any, **keywords: Any) -> list[int]:  # noqa: ANN401 - handed on
    """Return the sorted statuses of a call that all threads make at once."""

    def status(_: int) -> int:
        try:
            return api(operation, *arguments, **keywords).status
        except ApiError as error:
            return error.status

    return sorted(run_concurrently(status))


def password(api: Api) -> dict[str, str]:
    """Return the form that issues a token to the second user."""
    return {"grant_type": "password", "username": api.store.users()[1]["email"], "password": MAIN}


def test_a_refresh_token_gives_one_token(api: Api) -> None:
    user = api.store.users()[1]["id"]
    for attempt in range(1, 21):
        refresh = api("generateToken", body=password(api)).body["refresh_token"]
        grant = {"grant_type": "refresh_token", "refresh_token": refresh}
        assert statuses(api, "generateToken", body=grant) == [200] + [401] * (THREADS - 1)
        assert len(tokens.tokens_of(api.store, user, None, NOW)) == 2 * attempt


def test_the_limit_of_tokens_holds(api: Api) -> None:
    user, body = api.store.users()[1]["id"], password(api)
    for _ in range(tokens.MAX_TOKENS // THREADS + 2):
        assert statuses(api, "generateToken", body=body) == [200] * THREADS
    assert len(tokens.tokens_of(api.store, user, None, NOW)) == tokens.MAX_TOKENS
    assert len(api.store.documents(tokens.REFRESH)) == tokens.MAX_TOKENS


def test_a_token_is_revoked_once(api: Api) -> None:
    for _ in range(20):
        value = tokens.issue(api.store, 1, tokens.ALL, NOW, seconds=60)
        assert statuses(api, "deleteToken", {"token": value}) == [204] + [404] * (THREADS - 1)


@pytest.mark.parametrize(
    ("operation", "properties"),
    [
        ("createRoom", {"name": "New"}),
        ("createUser", {"name": "New", "email": "new@example.com"}),
        ("createUser", {"name": "New", "mention_name": "New"}),
    ],
    ids=str,
)
def test_a_name_is_taken_once(api: Api, operation: str, properties: dict[str, str]) -> None:
    for attempt in range(10):
        body = {name: f"{attempt}{value}" for name, value in properties.items()}

        def create(number: int, body: dict[str, str] = body) -> int:
            try:
                return api(operation, body={"email": f"{number}.{body['name']}@example.com", **body}).status
            except ApiError as error:
                return error.status

        assert sorted(run_concurrently(create)) == [201] + [400] * (THREADS - 1)


def test_webhooks_and_addons_have_separate_numbers(api: Api) -> None:
    room = api.store.rooms()[0]["id"]
    body = {"url": "http://127.0.0.1:9/hook", "event": "room_message"}
    run_concurrently(lambda _: api.room("createRoomWebhook", room, body=body))
    run_concurrently(lambda _: api("installAddon", body={"url": "https://addon.example.com/descriptor.json"}))
    assert [list(api.store.documents(kind)) for kind in ("webhook", "addon")] == [
        [str(number) for number in range(1, THREADS + 1)]
    ] * 2


def test_no_new_member_is_lost(api: Api) -> None:
    people = api.store.users(guests=True)
    room = api("createRoom", body={"name": "Full", "privacy": "private"}).body["id"]

    def enter(number: int) -> int:
        return api("addRoomMember", {"id_or_name": room, "id_or_email": people[number % len(people)]["id"]}).status

    assert set(run_concurrently(enter)) == {204}
    assert {user["id"] for user in api.store.room_members(room)} == {user["id"] for user in people}
