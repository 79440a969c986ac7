"""Creation and changes of users as valid records of an export."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hcfmt.export.canonical_names import NAME_LENGTH, proposed_mention_name
from hcfmt.server.api import dates
from hcfmt.server.errors import ApiError
from hcfmt.server.store import Record, Store

PRESENCE = "presence"
"""The kind of the store's documents that hold the ``show`` and ``status`` of users, each under the user's id."""

_PRESENCE = ("show", "status")
_EVERYBODY = frozenset({"all", "here"})


def new_user(store: Store, properties: Mapping[str, Any], now: float) -> Record:
    """Return the record of a new user, without an id; raises ApiError(400) as ``change_user`` does."""
    created = dates.to_instant(now)
    record: Record = {
        "name": "",
        "mention_name": "",
        "email": None,
        "title": "",
        "avatar": "",
        "created": dates.to_api_second(created),
        "is_deleted": False,
        "timezone": "UTC",
        "account_type": "user",
        "roles": ["user"],
        "rooms": [],
        "metadata": f'{{"confirmation_unix_time":{created // 1_000_000}}}',
    }
    mention_name = properties.get("mention_name") or _available_mention_name(store, str(properties.get("name") or ""))
    change_user(store, record, {**properties, "mention_name": mention_name})
    return record


def change_user(store: Store, record: Record, properties: Mapping[str, Any]) -> None:
    """Change properties of a user's record, named as in the API.

    Unchanged values are not validated, as clients send whole users of possibly invalid archives. Raises ApiError(400)
    for a blank name, a reserved or taken mention name, a taken address, and an unknown time zone.
    """
    for name, apply in _CHANGES.items():
        if properties.get(name) is not None and properties[name] != record.get(name):
            apply(store, record, properties[name])


def put_presence(store: Store, user_id: int, presence: Mapping[str, Any]) -> None:
    """Keep the ``show`` and ``status`` that a client puts; no export holds them. An absent one stays as it was."""
    state = store.document(PRESENCE, str(user_id)) or {}
    store.put_document(PRESENCE, str(user_id), state | {key: presence[key] for key in _PRESENCE if key in presence})


def _change_name(_: Store, record: Record, name: str) -> None:
    if not name.strip():
        raise _error("The name of a user must not be blank", "name", "minLength")
    record["name"] = name.strip()


def _change_title(_: Store, record: Record, title: str) -> None:
    record["title"] = title


def _change_mention_name(store: Store, record: Record, name: str) -> None:
    if not name or name.casefold() in _EVERYBODY:
        raise _error("This mention name is blank or reserved", "mention_name", "pattern")
    if _is_taken(store, record, f"@{name}"):
        raise _error("Another user exists with that mention name.", "mention_name", "unique")
    record["mention_name"] = name


def _change_email(store: Store, record: Record, email: str) -> None:
    if _is_taken(store, record, email):
        raise _error("Another user exists with that email.", "email", "unique")
    record["email"] = email


def _change_timezone(_: Store, record: Record, name: str) -> None:
    dates.time_zone(name)
    record["timezone"] = dates.zone_name(name)


def _change_admin(_: Store, record: Record, is_admin: bool) -> None:  # noqa: FBT001 - a property of the API's user
    """Change the account type and the roles, which must agree (rule HC707)."""
    if is_admin == (record["account_type"] == "admin"):
        return
    record["account_type"] = "admin" if is_admin else "user"
    other_roles = [role for role in record["roles"] if role not in {"admin", "owner"}]
    record["roles"] = [*other_roles, *["admin"] * is_admin]


def _change_roles(_: Store, record: Record, roles: Sequence[str]) -> None:
    """Change the roles: "user" is always one of them, "admin" and "owner" require an admin account."""
    record["roles"] = list(dict.fromkeys(["user", *roles]))
    if {"admin", "owner"} & set(roles):
        record["account_type"] = "admin"
    elif record["account_type"] == "admin":
        record["account_type"] = "user"


_CHANGES: Mapping[str, Callable[[Store, Record, Any], None]] = {
    "name": _change_name,
    "title": _change_title,
    "mention_name": _change_mention_name,
    "email": _change_email,
    "timezone": _change_timezone,
    "roles": _change_roles,
    "is_group_admin": _change_admin,
}


def _is_taken(store: Store, record: Record, key: str) -> bool:
    """Whether another user who is not deleted has a mention name or address."""
    user = store.find_user(key)
    return user is not None and user["id"] != record.get("id") and not user["is_deleted"]


def _available_mention_name(store: Store, name: str) -> str:
    """Return the mention name that HipChat proposed for a name, "AnnaMueller", with a number if it is taken."""
    base = proposed_mention_name(name)[:NAME_LENGTH] or "User"
    candidates = _numbered_names(base)
    return next(
        candidate
        for candidate in candidates
        if candidate.casefold() not in _EVERYBODY and not store.find_user(f"@{candidate}")
    )


def _numbered_names(base: str) -> Iterator[str]:
    yield base
    number = 1
    while True:
        number += 1
        yield f"{base[: NAME_LENGTH - len(str(number))]}{number}"


def _error(message: str, field: str, validation: str) -> ApiError:
    return ApiError(400, message, field=field, validation=validation)
