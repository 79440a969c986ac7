"""Makes wrapped records of whatever dialect hc-migrate's, as far as the classes of ``records.py`` need it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hcfmt.export import dialect_reading

Record = dict[str, Any]

_AVATAR = re.compile("files/photos/")  # how a path begins that names a file; in other dialects a picture stands here
_INTEGRATION = 0  # the sender's id of notifications


def as_hc_migrate(kind: str, record: Record) -> Record:
    """Return a record of Server or Cloud as hc-migrate's; raises an exception for some invalid records."""
    return _CHANGES.get(kind, _message)(kind, record)


def tidied(kind: str, record: Record) -> Record:
    """Return a record of hc-migrate's with what other dialects write and its readers understand written its way."""
    members, sender = record.get("members"), record.get("sender")
    if kind == "Room" and isinstance(members, list):
        return {**record, "members": [item.get("id") if isinstance(item, dict) else item for item in members]}
    if isinstance(sender, str):
        return {**record, "sender": {"id": _INTEGRATION, "name": sender, "mention_name": "", "version": ""}}
    return record


def _user(_: str, record: Record) -> Record:
    user = dialect_reading.user(record)
    if not _AVATAR.match(str(user.get("avatar"))):
        user["avatar"] = None
    if not user.get("created"):  # documented as empty in Cloud's exports
        user.pop("created", None)
    return user


def _room(_: str, record: Record) -> Record:
    return dialect_reading.room(record)


def _emoticon(_: str, record: Record) -> Record:
    emoticon = dialect_reading.emoticon(record)
    return {name: value for name, value in emoticon.items() if value is not None}


def _message(kind: str, record: Record) -> Record:
    message = dialect_reading.message(kind, record)
    if "mentions" in record:
        message["mentions"] = record["mentions"]
    return message


_CHANGES: Mapping[str, Callable[[str, Record], Record]] = {"User": _user, "Room": _room, "Emoticon": _emoticon}
