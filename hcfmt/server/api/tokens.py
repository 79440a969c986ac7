"""Who may do what: tokens and their scopes; the store holds a token's hash alone, never the token."""

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
"""What a token may: names and descriptions by scope (facts 4.8)."""

ALL = frozenset(SCOPES)
LENGTH = 40  # letters and digits of a token (facts 4.8)

MOST = 100
"""How many tokens of one user or add-on last at once, and how many refresh tokens: a new one ends the oldest."""

REFRESH = "refresh token"
"""The kind of the documents that a new token is made of, by the hash of the secret that asks for it."""

ADDON = "addon"
"""The kind of documents that tell of add-ons, by number: ``url``, ``oauthId``, ``secret`` (hashed), ``scopes``."""

YEAR = 31_536_000  # seconds that a user's token lasts, and a refresh token

_KIND = "token"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was found: whose it is, what it may, where, and until when.

    ``owner`` is a user's id, None for an add-on's; ``room`` the one room that it is for, None for all; ``expires`` in
    seconds since 1970 UTC, None for never; ``is_main`` of the token that the server was started with; ``key`` is the
    hash under which it is stored, for rate limits and logs; ``client`` is the add-on that it was issued to, by its
    oauthId, None for a user's own.
    """

    owner: int | None
    scopes: frozenset[str]
    room: int | None
    expires: float | None
    is_main: bool
    key: str
    client: str | None = None


def authenticate(store: "Store", value: str, now: float) -> Token:
    """Return the token of a value that a client sent; raises ApiError(401) when it is unknown, expired or revoked."""
    token = find(store, value, now)
    if token is None:
        raise ApiError(401, "Invalid OAuth session")
    return token


def find(store: "Store", value: str, now: float) -> Token | None:
    """Return the token of a value, None when it is unknown, expired or revoked.

    It is found by its SHA-256, of which an attacker chooses no digit, and compared in constant time: how long that
    takes tells nothing of the tokens that there are.
    """
    key = hashed(value)
    told = store.document(_KIND, key)
    if told is None or not hmac.compare_digest(key, told["key"]):
        return None
    token = _token(told)
    return token if _lasts(token.expires, now) else None


def check_valid(store: "Store", token: Token) -> None:
    """Raise ApiError(401) where a token that was found has been revoked since."""
    if store.document(_KIND, token.key) is None:
        raise ApiError(401, "Invalid OAuth session")


def all_of(store: "Store", owner: int | None, client: str | None, now: float) -> list[Token]:
    """Return the tokens of a user, or of an add-on (``owner`` None), that have not expired, the oldest first."""
    tokens = [_token(told) for told in store.documents(_KIND).values()]
    return [one for one in tokens if (one.owner, one.client) == (owner, client) and _lasts(one.expires, now)]


def check_scopes(token: Token, needed: frozenset[str]) -> None:
    """Raise ApiError(403) unless the token has one of these scopes; an empty set needs none."""
    if needed and not needed & token.scopes:
        listed = ", ".join(f"u'{scope}'" for scope in sorted(needed))
        raise ApiError(403, f"This action requires one of the following scopes: [{listed}]")


def put_main_token(store: "Store", value: str) -> Token:
    """Store the token that the server is started with: of the first admin, with all scopes, for ever.

    Where another was the main token before, all that came of it is deleted: tokens, refresh tokens, and add-ons, whose
    secrets give tokens. To be called again after a reset, which forgets all tokens.
    """
    token = Token(_first_admin(store), ALL, room=None, expires=None, is_main=True, key=hashed(value))
    with store.transaction():
        kept = store.document(_KIND, token.key)
        if kept is None or not kept["is_main"]:
            for kind in (_KIND, REFRESH, ADDON):
                _forget(store, kind, lambda _: True)
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
    """Make, store and return a new token of 40 letters and digits that expires after so many seconds."""
    value = secret(LENGTH)
    token = Token(owner, frozenset(scopes), room, now + seconds, is_main=False, key=hashed(value), client=client)
    with store.transaction():
        _make_room(store, _KIND, owner, client, now)
        _put(store, token)
    return value


def issue_refresh(store: "Store", owner: int, scopes: Iterable[str], now: float, client: str | None) -> str:
    """Make, store and return a secret of which a new token is made, once, within a year."""
    value = secret(LENGTH)
    told = {"owner": owner, "scopes": sorted(scopes), "client": client, "expires": now + YEAR}
    with store.transaction():
        _make_room(store, REFRESH, owner, client, now)
        store.put_document(REFRESH, hashed(value), told)
    return value


def refreshed(store: "Store", value: str, now: float) -> tuple[int, frozenset[str], str | None] | None:
    """Return whose tokens a secret makes, with which scopes, for which add-on; None where it is unknown or expired."""
    told = store.document(REFRESH, hashed(value))
    if told is None or not _lasts(told["expires"], now):
        return None
    return told["owner"], frozenset(told["scopes"]), told["client"]


def spend_refresh(store: "Store", value: str, now: float) -> tuple[int, frozenset[str], str | None] | None:
    """Return what ``refreshed`` does, and delete the secret in the same transaction: of many users one succeeds."""
    with store.transaction():
        grant = refreshed(store, value, now)
        store.delete_document(REFRESH, hashed(value))
    return grant


def _make_room(store: "Store", kind: str, owner: int | None, client: str | None, now: float) -> None:
    """Delete the documents of a kind that have expired, and the owner's oldest where there are as many as may be."""
    known = store.documents(kind)
    lasting = {key: told for key, told in known.items() if _lasts(told["expires"], now)}
    same = [
        key
        for key, told in lasting.items()
        if told["expires"] is not None and (told["owner"], told["client"]) == (owner, client)
    ]
    for key in [*(known.keys() - lasting.keys()), *same[: max(0, len(same) - MOST + 1)]]:
        store.delete_document(kind, key)


def revoke(store: "Store", value: str) -> bool:
    """Forget a token; return whether there was one."""
    return store.delete_document(_KIND, hashed(value))


def revoke_of(store: "Store", *, owner: int | None = None, client: str | None = None) -> None:
    """Forget all tokens and refresh tokens that were issued to a user, or to an add-on."""
    with store.transaction():
        for kind in (_KIND, REFRESH):
            _forget(
                store, kind, lambda told: not told.get("is_main") and (told["owner"], told["client"]) == (owner, client)
            )


def _forget(store: "Store", kind: str, which: Callable[[Mapping[str, Any]], bool]) -> None:
    for key, told in store.documents(kind).items():
        if which(told):
            store.delete_document(kind, key)


def secret(length: int) -> str:
    """Return letters and digits that nobody can guess."""
    return "".join(secrets.choice(ascii_letters + digits) for _ in range(length))


def hashed(value: str) -> str:
    """Return what is stored of a secret: its SHA-256 in hexadecimal digits."""
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def _put(store: "Store", token: Token) -> None:
    store.put_document(_KIND, token.key, asdict(token) | {"scopes": sorted(token.scopes)})


def _token(told: Mapping[str, Any]) -> Token:
    return Token(**{**told, "scopes": frozenset(told["scopes"])})


def _lasts(expires: float | None, now: float) -> bool:
    return expires is None or expires > now


def _first_admin(store: "Store") -> int | None:
    """Return the id of the first admin who is neither deleted nor a guest, else of the first such user, else None."""
    first: int | None = None
    for user in all_records(store.users):
        if user.get("account_type") == "admin":
            return int(user["id"])
        first = user["id"] if first is None else first
    return first
