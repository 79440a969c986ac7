"""Factories of single records and of small exports for unit tests: what a test names, and defaults for the rest.

>>> from hcfmt.factories import export, message, user
>>> small = export(users=3, rooms=2, messages=10)
>>> small = small.with_(message("hello", sender=user(7, name="Ada Byron")), room=2)
>>> [person["name"] for person in small.users.values()][-1]
'Ada Byron'

They are functions of their arguments alone: the same arguments give the same records, in any order and process. Records
are those of hc-migrate's exports, below the key of their kind, as in ``hcfmt.strategies``.
"""

from hcfmt.factories.accounts import emoticon, room, user
from hcfmt.factories.messages import (
    archiving,
    guest_access,
    message,
    notification,
    private_message,
    topic_change,
)
from hcfmt.factories.small_export import SmallExport, export

__all__ = [
    "SmallExport",
    "archiving",
    "emoticon",
    "export",
    "guest_access",
    "message",
    "notification",
    "private_message",
    "room",
    "topic_change",
    "user",
]
