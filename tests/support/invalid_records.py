"""Records of an export with missing properties, and with properties of other types."""

from typing import Any

from tests.support.store_exports import uuid

USERS: list[dict[str, Any]] = [
    {"id": 1},
    {"id": 2, "name": 5, "mention_name": [], "email": {}, "avatar": ["x"], "roles": 5, "created": 7, "title": 3},
    {"id": 3, "avatar": 7, "account_type": [], "is_deleted": "x", "timezone": 9},
]
ROOMS: list[dict[str, Any]] = [
    {"id": 11},
    {"id": 12, "name": [], "owner": [], "privacy": 7, "members": "x", "room_admins": 4, "topic": [], "created": 1},
    {"id": 13, "name": "Three", "privacy": "private", "members": [1, {"id": 2}, "x", None], "guest_access_url": 5},
]
HISTORY: list[tuple[str, dict[str, Any]]] = [
    ("UserMessage", {"id": uuid(1), "timestamp": "2018-01-01T00:00:00Z -99999"}),
    ("UserMessage", {"id": uuid(2), "timestamp": "9999-12-31T23:59:59Z 999999"}),
    ("UserMessage", {"id": uuid(3), "timestamp": "2018-01-01T00:00:00Z", "message": [], "metadata": [5]}),
]
