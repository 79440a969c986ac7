"""Tokens: lookup by hash, expiry, revocation, scopes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hcfmt.server.api import tokens
from hcfmt.server.errors import ApiError

NOW = 1_000.0
Fake = Any  # a ``Documents`` in place of a ``Store``


class Documents:
    """The part of a store that tokens need: documents and users."""

    def __init__(self, *users: dict[str, Any]) -> None:
        """Create a store without documents."""
        self.users_ = list(users)
        self.contents: dict[tuple[str, str], Any] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield

    def users(self, *, start: int, size: int) -> list[dict[str, Any]]:
        return self.users_[start : start + size]

    def document(self, kind: str, key: str) -> Any:  # noqa: ANN401 - any JSON value
        return self.contents.get((kind, key))

    def documents(self, kind: str) -> dict[str, Any]:
        return {key: value for (of, key), value in self.contents.items() if of == kind}

    def put_document(self, kind: str, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        self.contents[kind, key] = value

    def delete_document(self, kind: str, key: str) -> bool:
        return self.contents.pop((kind, key), None) is not None


@pytest.fixture
def store() -> Fake:
    return Documents({"id": 3, "account_type": "user"}, {"id": 5, "account_type": "admin"})


def test_the_main_token_has_all_scopes_of_the_first_admin_and_never_expires(store: Fake) -> None:
    token = tokens.put_main_token(store, "secret")
    assert tokens.authenticate(store, "secret", 1e12) == token
    assert (token.owner, token.scopes, token.expires, token.is_main) == (5, tokens.ALL, None, True)


@pytest.mark.parametrize(
    ("users", "owner"),
    [([], None), ([{"id": 3, "account_type": "user"}], 3), ([{"id": 9, "account_type": "admin"}], 9)],
)
def test_without_an_admin_the_first_user_owns_the_main_token(users: list[dict[str, Any]], owner: int | None) -> None:
    store: Fake = Documents(*users)
    assert tokens.put_main_token(store, "secret").owner == owner


def test_a_new_main_token_replaces_the_previous_one(store: Fake) -> None:
    tokens.put_main_token(store, "first")
    tokens.put_main_token(store, "second")
    assert tokens.find(store, "first", NOW) is None
    assert tokens.find(store, "second", NOW) is not None


def test_another_main_token_revokes_everything_issued_before(store: Fake) -> None:
    tokens.put_main_token(store, "first")
    user = tokens.issue(store, 3, tokens.ALL, NOW, seconds=60)
    refresh = tokens.issue_refresh(store, 3, tokens.ALL, NOW, None)
    store.put_document(tokens.ADDON, "1", {"oauthId": "a"})
    addon = tokens.issue(store, None, tokens.ALL, NOW, seconds=60, client="a")
    tokens.put_main_token(store, "first")
    assert all(tokens.find(store, value, NOW) for value in ("first", user, addon))
    assert tokens.refresh_grant(store, refresh, NOW)
    tokens.put_main_token(store, "second")
    assert [tokens.find(store, value, NOW) for value in ("first", user, addon)] == [None] * 3
    assert tokens.refresh_grant(store, refresh, NOW) is None
    assert list(store.contents) == [("token", tokens.hash_secret("second"))]


def test_an_issued_token_may_become_the_main_token(store: Fake) -> None:
    tokens.put_main_token(store, "first")
    value, other = (tokens.issue(store, 3, tokens.ALL, NOW, seconds=60) for _ in range(2))
    assert tokens.put_main_token(store, value) == tokens.find(store, value, NOW + 61)
    assert [tokens.find(store, token_value, NOW) for token_value in ("first", other)] == [None] * 2


def test_an_issued_token_has_forty_characters_and_expires(store: Fake) -> None:
    value = tokens.issue(store, 3, {"view_group"}, NOW, seconds=60, room=7)
    assert len(value) == 40
    assert value.isalnum()
    token = tokens.authenticate(store, value, NOW + 59)
    assert (token.owner, token.scopes, token.room, token.expires) == (3, frozenset({"view_group"}), 7, NOW + 60)
    with pytest.raises(ApiError) as excinfo:
        tokens.authenticate(store, value, NOW + 60)
    assert (excinfo.value.status, excinfo.value.message) == (401, "Invalid OAuth session")


@pytest.mark.parametrize("value", ["", "x" * 40, "\ud800", "ü" * 10_000])
def test_an_unknown_token_is_refused(store: Fake, value: str) -> None:
    tokens.put_main_token(store, "secret")
    with pytest.raises(ApiError, match="Invalid OAuth session"):
        tokens.authenticate(store, value, NOW)


def test_the_store_never_holds_a_token(store: Fake) -> None:
    values = [tokens.issue(store, 3, tokens.ALL, NOW, seconds=60)]
    tokens.put_main_token(store, "the secret one")
    assert not any(value in repr(store.contents) for value in [*values, "the secret one"])


def test_expired_tokens_are_deleted_with_the_next_issue(store: Fake) -> None:
    tokens.put_main_token(store, "secret")
    tokens.issue(store, 3, tokens.ALL, NOW, seconds=60)
    tokens.issue(store, 3, tokens.ALL, NOW + 100, seconds=60)
    assert len(store.contents) == 2


def test_the_oldest_tokens_of_an_owner_are_revoked_above_the_limit(store: Fake) -> None:
    tokens.put_main_token(store, "secret")
    other = tokens.issue(store, 3, tokens.ALL, NOW, seconds=60)
    addon = tokens.issue(store, None, tokens.ALL, NOW, seconds=60, client="a")
    values = [tokens.issue(store, 5, tokens.ALL, NOW, seconds=60) for _ in range(tokens.MAX_TOKENS + 2)]
    assert [tokens.find(store, value, NOW) is not None for value in values] == [False] * 2 + [True] * tokens.MAX_TOKENS
    assert all(tokens.find(store, value, NOW) for value in ("secret", other, addon))
    assert len(store.contents) == tokens.MAX_TOKENS + 3


def test_refresh_tokens_are_valid_for_a_year_and_bounded(store: Fake) -> None:
    first = tokens.issue_refresh(store, 5, {"view_group"}, NOW, None)
    assert tokens.refresh_grant(store, first, NOW + tokens.YEAR - 1) == (5, frozenset({"view_group"}), None)
    assert tokens.refresh_grant(store, first, NOW + tokens.YEAR) is None
    assert tokens.refresh_grant(store, "x", NOW) is None
    values = [tokens.issue_refresh(store, 5, tokens.ALL, NOW, None) for _ in range(tokens.MAX_TOKENS)]
    assert [bool(tokens.refresh_grant(store, value, NOW)) for value in (first, *values)] == [False] + [
        True
    ] * tokens.MAX_TOKENS
    tokens.issue_refresh(store, 3, tokens.ALL, NOW + tokens.YEAR, None)
    assert len(store.contents) == 1
    assert not any(value in repr(store.contents) for value in values)


def test_refresh_tokens_are_revoked_with_the_tokens_of_their_owner(store: Fake) -> None:
    value, other = (tokens.issue_refresh(store, owner, tokens.ALL, NOW, None) for owner in (5, 3))
    tokens.revoke_all(store, owner=5)
    assert tokens.refresh_grant(store, value, NOW) is None
    assert tokens.refresh_grant(store, other, NOW) is not None


def test_tokens_are_revoked_singly_or_by_owner(store: Fake) -> None:
    tokens.put_main_token(store, "secret")
    first, second, other = (tokens.issue(store, owner, tokens.ALL, NOW, seconds=60) for owner in (5, 5, 3))
    addon = tokens.issue(store, None, tokens.ALL, NOW, seconds=60, client="a")
    assert len(tokens.tokens_of(store, 5, None, NOW)) == 3
    assert tokens.revoke(store, first)
    assert not tokens.revoke(store, first)
    tokens.revoke_all(store, owner=5)
    alive = [value for value in ("secret", first, second, other, addon) if tokens.find(store, value, NOW)]
    assert alive == ["secret", other, addon]
    tokens.revoke_all(store, client="a")
    assert tokens.find(store, addon, NOW) is None


def test_one_of_the_needed_scopes_is_enough(store: Fake) -> None:
    token = tokens.authenticate(store, tokens.issue(store, 3, {"view_room"}, NOW, seconds=60), NOW)
    tokens.check_scopes(token, frozenset({"view_group", "view_room"}))
    tokens.check_scopes(token, frozenset())
    with pytest.raises(ApiError) as excinfo:
        tokens.check_scopes(token, frozenset({"view_messages", "view_group"}))
    assert excinfo.value.status == 403
    assert excinfo.value.message == (
        "This action requires one of the following scopes: [u'view_group', u'view_messages']"
    )
