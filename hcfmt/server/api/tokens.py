"""Tokens and their scopes; the store holds the hash of a token, never the token."""

import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

from hcfmt.server.errors import ApiError
from hcfmt.server.store import all_records

if TYPE_CHECKING:
    from hcfmt.server.store import Store

SCOPES: Mapping[str, tuple[str, str]] = {
    "admin_group": ("Administer Group", "Perform group administration: make, change and delete users"),
    "admin_room": ("Administer Room", "Perform room administration: change rooms, their members and webhooks"),
    "import_data": ("Import Data", "Import users, rooms and history"),
    "manage_rooms": ("Manage Rooms", "Create, change and delete rooms"),
    "send_message": ("Send Message", "Send messages in private and to rooms"),
    "send_notification": ("Send Notification", "Send room notifications"),
    "view_group": ("View Group", "View users, rooms, emoticons and the group itself"),
    "view_messages": ("View Messages", "View messages from rooms and private chats"),
    "view_room": ("View Room", "View a room's members and participants"),
}
"""Names and descriptions of the scopes (docs/api.md#scopes)."""

ALL = frozenset(SCOPES)
TOKEN_LENGTH = 40
"""Letters and digits of a token (docs/api.md#token)."""

MAX_TOKENS = 100
"""Valid tokens of one user or add-on, and refresh tokens likewise; a new one revokes the oldest."""

REFRESH = "refresh token"
"""The kind of documents that hold refresh tokens, by the hash of the token."""

ADDON = "addon"
"""The kind of documents that hold add-ons, by number.

Each has ``url``, ``oauthId``, ``secret`` (hashed), ``scopes``, and ``room``, an id, or None for all; if its descriptor
was fetched, also ``key``, ``name``, and ``addresses`` of its installation by their names in the descriptor.
"""

YEAR = 31_536_000
"""Seconds that the token of a user is valid, and a refresh token."""

_KIND = "token"


@dataclass(frozen=True, slots=True)
class Token:
    """A valid token.

    ``owner`` is the id of a user, None for an add-on. ``room`` is the only room that the token is for, None for all.
    ``expires`` is in seconds since 1970 UTC, None for never. ``is_main`` marks the token that the server was started
    with. ``key`` is the hash under which it is stored. ``client`` is the oauthId of the add-on that the token was
    issued to, None for a user's own.
    """

    owner: int | None
    scopes: frozenset[str]
    room: int | None
    expires: float | None
    is_main: bool
    key: str
    client: str | None = None


def authenticate(store: "Store", value: str, now: float) -> Token:
    """Return the token of a value that a client sent; raises ApiError(401) if it is unknown, expired or revoked."""
    token = find(store, value, now)
    if token is None:
        raise ApiError(401, "Invalid OAuth session")
    return token


def find(store: "Store", value: str, now: float) -> Token | None:
    """Return the token of a value, None if it is unknown, expired or revoked.

    The lookup is by SHA-256, whose digits an attacker cannot choose, and the comparison takes constant time, so that
    the duration reveals nothing about stored tokens.
    """
    key = hash_secret(value)
    document = store.document(_KIND, key)
    if document is None or not hmac.compare_digest(key, document["key"]):
        return None
    token = _token(document)
    return token if _is_valid(token.expires, now) else None


def check_valid(store: "Store", token: Token) -> None:
    """Raise ApiError(401) for a token that was revoked in the meantime."""
    if store.document(_KIND, token.key) is None:
        raise ApiError(401, "Invalid OAuth session")


def tokens_of(store: "Store", owner: int | None, client: str | None, now: float) -> list[Token]:
    """Return the valid tokens of a user, or of an add-on (``owner`` None), oldest first."""
    tokens = [_token(document) for document in store.documents(_KIND).values()]
    return [
        token for token in tokens if (token.owner, token.client) == (owner, client) and _is_valid(token.expires, now)
    ]


def check_scopes(token: Token, needed: frozenset[str]) -> None:
    """Raise ApiError(403) for a token without any of the needed scopes; an empty set needs none."""
    if needed and not needed & token.scopes:
        names = ", ".join(f"u'{scope}'" for scope in sorted(needed))
        raise ApiError(403, f"This action requires one of the following scopes: [{names}]")


def put_main_token(store: "Store", value: str) -> Token:
    """Store the token that the server is started with: of the first admin, with all scopes, without expiry.

    A different main token revokes everything that came of the previous one: tokens, refresh tokens and add-ons. Call it
    again after a reset, which deletes all tokens.
    """
    token = Token(_first_admin(store), ALL, room=None, expires=None, is_main=True, key=hash_secret(value))
    with store.transaction():
        document = store.document(_KIND, token.key)
        if document is None or not document["is_main"]:
            for kind in (_KIND, REFRESH, ADDON):
                _delete_documents(store, kind, lambda _: True)
        _put(store, token)
    return token


def issue(
    store: "Store",
    owner: int | None,
    scopes: Iterable[str],
    now: float,
    *,
    seconds: int,
    room: int | None = None,
    client: str | None = None,
) -> str:
    """Create, store and return a new token, valid for ``seconds``."""
    value = random_text(TOKEN_LENGTH)
    key = hash_secret(value)
    token = Token(owner, frozenset(scopes), room, now + seconds, is_main=False, key=key, client=client)
    with store.transaction():
        _discard_oldest(store, _KIND, owner, client, now)
        _put(store, token)
    return value


def issue_refresh(store: "Store", owner: int, scopes: Iterable[str], now: float, client: str | None) -> str:
    """Create, store and return a refresh token, valid once within a year."""
    value = random_text(TOKEN_LENGTH)
    document = {"owner": owner, "scopes": sorted(scopes), "client": client, "expires": now + YEAR}
    with store.transaction():
        _discard_oldest(store, REFRESH, owner, client, now)
        store.put_document(REFRESH, hash_secret(value), document)
    return value


def refresh_grant(store: "Store", value: str, now: float) -> tuple[int, frozenset[str], str | None] | None:
    """Return the owner, scopes and add-on of a refresh token; None if it is unknown or expired."""
    document = store.document(REFRESH, hash_secret(value))
    if document is None or not _is_valid(document["expires"], now):
        return None
    return document["owner"], frozenset(document["scopes"]), document["client"]


def spend_refresh(store: "Store", value: str, now: float) -> tuple[int, frozenset[str], str | None] | None:
    """Return ``refresh_grant`` and delete the token, in one transaction, so that only one client succeeds."""
    with store.transaction():
        grant = refresh_grant(store, value, now)
        store.delete_document(REFRESH, hash_secret(value))
    return grant


def _discard_oldest(store: "Store", kind: str, owner: int | None, client: str | None, now: float) -> None:
    """Delete the expired documents of a kind, and the owner's oldest ones at the limit."""
    documents = store.documents(kind)
    valid = {key: document for key, document in documents.items() if _is_valid(document["expires"], now)}
    own = [
        key
        for key, document in valid.items()
        if document["expires"] is not None and (document["owner"], document["client"]) == (owner, client)
    ]
    for key in [*(documents.keys() - valid.keys()), *own[: max(0, len(own) - MAX_TOKENS + 1)]]:
        store.delete_document(kind, key)


def revoke(store: "Store", value: str) -> bool:
    """Delete a token; return whether it existed."""
    return store.delete_document(_KIND, hash_secret(value))


def revoke_all(
    store: "Store", *, owner: int | None = None, client: str | None = None, granted: frozenset[str] | None = None
) -> None:
    """Delete all tokens and refresh tokens of a user or an add-on, except the main token.

    With ``granted``, those stay that have no other scopes.
    """

    def is_own(document: Mapping[str, Any]) -> bool:
        may_stay = document.get("is_main") or (granted is not None and granted.issuperset(document["scopes"]))
        return not may_stay and (document["owner"], document["client"]) == (owner, client)

    with store.transaction():
        for kind in (_KIND, REFRESH):
            _delete_documents(store, kind, is_own)


def _delete_documents(store: "Store", kind: str, condition: Callable[[Mapping[str, Any]], bool]) -> None:
    for key, document in store.documents(kind).items():
        if condition(document):
            store.delete_document(kind, key)


def find_addon(store: "Store", client: str) -> tuple[int, Mapping[str, Any]] | None:
    """Return the number and document of an add-on by its oauthId, None for an unknown one."""
    addons = store.documents(ADDON).items()
    return next(((int(number), addon) for number, addon in addons if addon["oauthId"] == client), None)


def addon_secret(main_token: str, client: str) -> str:
    """Return the secret of an add-on by its oauthId: made of the main token, so that it need not be stored."""
    return hmac.digest(main_token.encode(), client.encode(), "sha256").hex()[:TOKEN_LENGTH]


def random_text(length: int) -> str:
    """Return random letters and digits, fit for a secret."""
    return "".join(secrets.choice(ascii_letters + digits) for _ in range(length))


def hash_secret(value: str) -> str:
    """Return the hash under which a secret is stored: its SHA-256 in hexadecimal digits."""
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def _put(store: "Store", token: Token) -> None:
    store.put_document(_KIND, token.key, asdict(token) | {"scopes": sorted(token.scopes)})


def _token(document: Mapping[str, Any]) -> Token:
    return Token(**{**document, "scopes": frozenset(document["scopes"])})


def _is_valid(expires: float | None, now: float) -> bool:
    return expires is None or expires > now


def _first_admin(store: "Store") -> int | None:
    """Return the id of the first admin who is neither deleted nor a guest, else of the first such user, else None."""
    first: int | None = None
    for user in all_records(store.users):
        if user.get("account_type") == "admin":
            return int(user["id"])
        first = user["id"] if first is None else first
    return first
