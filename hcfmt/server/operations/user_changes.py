"""How accounts are made and changed, as valid records of the export."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hcfmt.export.canonical_names import NAME_LENGTH, proposed_mention_name
from hcfmt.server.api import dates
from hcfmt.server.errors import ApiError
from hcfmt.server.store import Record, Store

_EVERYBODY = frozenset({"all", "here"})


def new_user(store: Store, told: Mapping[str, Any], now: float) -> Record:
    """Return the record, without an id, of an account that is to be made; raises ApiError(400) for what cannot be."""
    created = dates.micros(now)
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
    change_user(store, record, {**told, "mention_name": told.get("mention_name") or _proposed(store, told)})
    return record


def change_user(store: Store, record: Record, wanted: Mapping[str, Any]) -> None:
    """Change a user's record; ``wanted`` holds members of the API's user, others are as they were.

    Clients send whole users: what is as it was is not looked at, however odd it may be.

    What form they have the contract says. Raises ApiError(400) for a name that is blank, for a mention name that means
    everybody, for one or an address that is another's, and for a time zone that nobody knows.
    """
    for name, apply in _CHANGES.items():
        if wanted.get(name) is not None and wanted[name] != record.get(name):
            apply(store, record, wanted[name])


def _name(_: Store, record: Record, name: str) -> None:
    if not name.strip():
        raise _refused("A user's name cannot be blank.", "name", "minLength")
    record["name"] = name.strip()


def _title(_: Store, record: Record, title: str) -> None:
    record["title"] = title


def _mention_name(store: Store, record: Record, name: str) -> None:
    if not name or name.casefold() in _EVERYBODY:
        raise _refused("Nobody can be mentioned by that mention name.", "mention_name", "pattern")
    if _is_taken(store, record, f"@{name}"):
        raise _refused("Another user exists with that mention name.", "mention_name", "unique")
    record["mention_name"] = name


def _email(store: Store, record: Record, email: str) -> None:
    if _is_taken(store, record, email):
        raise _refused("Another user exists with that email.", "email", "unique")
    record["email"] = email


def _timezone(_: Store, record: Record, name: str) -> None:
    dates.time_zone(name)
    record["timezone"] = dates.zone_name(name)


def _admin(_: Store, record: Record, is_admin: bool) -> None:  # noqa: FBT001 - a value of the API's user
    """Change what kind of account it is, and its roles with it, for the two must agree (rule HC707)."""
    if is_admin == (record["account_type"] == "admin"):
        return
    record["account_type"] = "admin" if is_admin else "user"
    others = [role for role in record["roles"] if role not in {"admin", "owner"}]
    record["roles"] = [*others, *["admin"] * is_admin]


def _roles(_: Store, record: Record, roles: Sequence[str]) -> None:
    """Change the roles; every account is a user, and an admin's or owner's account is an admin's."""
    record["roles"] = list(dict.fromkeys(["user", *roles]))
    if {"admin", "owner"} & set(roles):
        record["account_type"] = "admin"
    elif record["account_type"] == "admin":
        record["account_type"] = "user"


_CHANGES: Mapping[str, Callable[[Store, Record, Any], None]] = {
    "name": _name,
    "title": _title,
    "mention_name": _mention_name,
    "email": _email,
    "timezone": _timezone,
    "roles": _roles,
    "is_group_admin": _admin,
}


def _is_taken(store: Store, record: Record, key: str) -> bool:
    """Say whether another user goes by a mention name or an address; one who was deleted has set it free."""
    found = store.find_user(key)
    return found is not None and found["id"] != record.get("id") and not found["is_deleted"]


def _proposed(store: Store, told: Mapping[str, Any]) -> str:
    """Return a mention name for a new user as HipChat proposed one, "AnnaMueller", with a number where it is taken."""
    base = proposed_mention_name(str(told.get("name") or ""))[:NAME_LENGTH] or "User"
    return next(
        name for name in _numbered(base) if name.casefold() not in _EVERYBODY and not store.find_user(f"@{name}")
    )


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 1
    while True:
        number += 1
        yield f"{base[: NAME_LENGTH - len(str(number))]}{number}"


def _refused(sentence: str, field: str, validation: str) -> ApiError:
    return ApiError(400, sentence, field=field, validation=validation)
