"""The plan of an export: numbers of users, rooms, messages and files, a period, locales and a seed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from hcfmt.errors import UsageError
from hcfmt.export.dialects import CLOUD, HC_MIGRATE, SERVER
from hcfmt.generation.plan_fields import DERIVED, SMALL, derived_fields, part_of, problems
from hcfmt.suggestions import unknown_name

_EPOCH, _DAY = date(1970, 1, 1), 86_400  # seconds
_AVATAR, _EMOTICON, _PREVIEW = 5_500, 3_700, 3_000  # bytes, on average
_MESSAGE = {HC_MIGRATE: 330, SERVER: 530, CLOUD: 640}  # the same, by dialect


@dataclass(frozen=True, slots=True)
class Plan:
    """The contents of an export, in numbers.

    ``users`` counts all accounts, ``guests`` and ``deleted_users`` some of them; ``rooms`` counts all rooms,
    ``private_rooms``, ``archived_rooms``, ``deleted_rooms`` and ``renamed_rooms`` some of them. ``messages`` counts a
    private message once, though two histories hold it; ``private_share`` and ``notification_share`` are parts of them,
    from 0 to 1. ``attachments`` counts messages with a file, ``attachment_bytes`` the bytes of these files together,
    without previews. All messages are sent between ``since`` and ``until``. ``nasty`` makes names and texts as hard to
    handle as validity allows. ``dialect`` is hc-migrate, server or cloud: who wrote the export.
    Exports of the latter two do not say which rooms are deleted or renamed.
    ``scenarios`` are names of ``scenarios.SCENARIOS``, such as ``("code", "large-ids")``: what importers stumble over.

    Fields that are not given follow from the given ones, the scenarios and the profile small: ``Plan(users=1)`` has no
    guests, ``Plan(attachments=0)`` no bytes of attachments. Raises UsageError for values that contradict each other.
    """

    users: int = DERIVED
    guests: int = DERIVED
    deleted_users: int = DERIVED
    rooms: int = DERIVED
    private_rooms: int = DERIVED
    archived_rooms: int = DERIVED
    deleted_rooms: int = DERIVED
    renamed_rooms: int = DERIVED
    messages: int = DERIVED
    private_share: float = DERIVED
    notification_share: float = DERIVED
    attachments: int = DERIVED
    attachment_bytes: int = DERIVED
    emoticons: int = DERIVED
    since: date = DERIVED
    until: date = DERIVED
    locales: tuple[str, ...] = DERIVED
    seed: int = DERIVED
    nasty: bool = DERIVED
    dialect: str = DERIVED
    scenarios: tuple[str, ...] = DERIVED

    def __post_init__(self) -> None:
        """Derive the fields that are not given. Raises UsageError for values that contradict each other."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        given = {name: value for name, value in values.items() if value is not DERIVED}
        if len(given) < len(values):
            values = derived_fields(SMALL, given)
            for name in values.keys() - given.keys():
                object.__setattr__(self, name, values[name])
        for sentence in problems(values):
            raise UsageError(sentence)

    @property
    def first_second(self) -> int:
        """The beginning of the first day, in seconds since 1970 UTC."""
        return (self.since - _EPOCH).days * _DAY

    @property
    def days(self) -> int:
        """The number of days from ``since`` to the day before ``until``."""
        return (self.until - self.since).days

    @property
    def estimated_bytes(self) -> int:
        """The estimated bytes of all members together."""
        records = (self.messages + self.private_messages) * _MESSAGE[self.dialect]
        pictures = self.users * _AVATAR + self.emoticons * _EMOTICON
        return records + pictures + self.attachment_bytes + self.attachments * _PREVIEW

    @property
    def private_messages(self) -> int:
        """The number of private messages."""
        return part_of(self.messages, self.private_share)

    @property
    def notifications(self) -> int:
        """The number of messages that integrations send."""
        return min(part_of(self.messages, self.notification_share), self.messages - self.private_messages)


# The period of the profiles with many messages; the others have few weeks, so that every day has conversations.
_FIRST_DAY, _LAST_DAY = date(2017, 1, 9), date(2018, 12, 7)

_LARGE = Plan(
    users=1_000,
    guests=40,
    deleted_users=120,
    rooms=400,
    private_rooms=120,
    archived_rooms=60,
    deleted_rooms=30,
    renamed_rooms=0,
    messages=1_000_000,
    attachments=5_000,
    attachment_bytes=1_000_000_000,
    emoticons=150,
    since=_FIRST_DAY,
    until=_LAST_DAY,
)

PROFILES: Mapping[str, Plan] = {
    "tiny": Plan(
        users=4,
        guests=1,
        deleted_users=0,
        rooms=2,
        private_rooms=1,
        archived_rooms=0,
        deleted_rooms=0,
        messages=60,
        attachments=2,
        attachment_bytes=40_000,
        emoticons=1,
        since=date(2018, 3, 5),
        until=date(2018, 4, 6),
    ),
    "small": Plan(),
    "demo": Plan(
        users=25,
        guests=1,
        deleted_users=1,
        rooms=12,
        private_rooms=3,
        archived_rooms=1,
        deleted_rooms=0,
        messages=4_000,
        attachments=120,
        attachment_bytes=15_000_000,
        emoticons=16,
    ),
    "medium": Plan(
        users=150,
        guests=8,
        deleted_users=15,
        rooms=45,
        private_rooms=14,
        archived_rooms=6,
        deleted_rooms=3,
        messages=100_000,
        attachments=600,
        attachment_bytes=60_000_000,
        emoticons=30,
        since=_FIRST_DAY,
        until=_LAST_DAY,
    ),
    "large": _LARGE,
    "huge": replace(
        _LARGE,
        users=5_000,
        guests=250,
        deleted_users=700,
        rooms=2_500,
        private_rooms=900,
        archived_rooms=300,
        deleted_rooms=250,
        messages=7_000_000,
        attachments=50_000,
        attachment_bytes=20_000_000_000,
        emoticons=600,
    ),
}
"""Plans by name; "small" is the default."""


_FORMER_NAMES = {"edge_cases": "scenarios"}


def planned(profile: str, **changes: Any) -> Plan:  # noqa: ANN401 - fields of Plan
    """Return the plan of a profile with some fields changed; None leaves a field unchanged.

    Fields that are not named follow from the named ones and from the profile, as in ``Plan``. ``edge_cases`` is the
    former name of ``scenarios``. Raises UsageError for an unknown profile and for values that contradict each other.
    """
    given = {_FORMER_NAMES.get(name, name): value for name, value in changes.items() if value is not None}
    return Plan(**derived_fields(_profile(profile), given))


def _profile(name: str) -> Mapping[str, Any]:
    if name not in PROFILES:
        raise UsageError(unknown_name("profile", name, PROFILES))
    return {field.name: getattr(PROFILES[name], field.name) for field in fields(Plan)}
