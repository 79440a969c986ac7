"""Records of users and rooms of whom nothing but the id is known, so that references to them have a target."""

from typing import Any

from hcfmt.export.dialect_records import DialectRecords
from hcfmt.export.dialects import HC_MIGRATE

_CREATED = "1970-01-01T00:00:00+00:00"


def placeholder_user(number: int, dialect: str, name: str | None = None) -> dict[str, Any]:
    """Return the wrapped record of a lost user, in a dialect: a deleted account without an address."""
    record = {
        "id": number,
        "name": name or f"Lost user {number}",
        "mention_name": f"LostUser{number}",
        "email": None,
        "title": "",
        "avatar": "",
        "created": _CREATED,
        "is_deleted": True,
        "timezone": "UTC",
        "account_type": "user",
        "roles": ["user"],
        "rooms": [],
        "metadata": "{}",
    }
    return {"User": record} if dialect == HC_MIGRATE else DialectRecords.user(record, None)


def placeholder_room(number: int, dialect: str, **known: Any) -> dict[str, Any]:  # noqa: ANN401 - properties
    """Return the wrapped record of a lost room, in a dialect: private, so that nobody sees more than before.

    It has no members and no owner but those among the properties that are ``known``.
    """
    record: dict[str, Any] = {
        "id": number,
        "created": _CREATED,
        "guest_access_url": None,
        "is_archived": False,
        "members": [],
        "canonical_name": f"lost_room_{number}",
        "name": f"Lost room {number}",
        "owner": None,
        "participants": [],
        "privacy": "private",
        "room_admins": [],
        "topic": "",
        "is_deleted": False,
        **known,
    }
    return {"Room": record} if dialect == HC_MIGRATE else DialectRecords(dialect, ()).room(record)
