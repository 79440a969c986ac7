"""What is to be made: how many of everything, when, in which languages, from which seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hcfmt.errors import UsageError

_MESSAGE, _AVATAR, _EMOTICON, _PREVIEW = 330, 5_500, 9_000, 3_000  # bytes, on average
LARGEST_LEAST = 12_288  # bytes; the kind of file that cannot be shorter, see contents.minimum
_FIRST_YEAR = 1970
_SHORTEST = timedelta(days=7)  # from the first day to the last: room for rooms to be made and talked in


@dataclass(frozen=True, slots=True)
class Plan:
    """How many of everything an export is to hold.

    ``users`` are all accounts, ``guests`` and ``deleted_users`` some of them; ``rooms`` are all rooms,
    ``private_rooms``, ``archived_rooms``, ``deleted_rooms`` and ``renamed_rooms`` some of them. ``messages`` counts a
    private message once, though two histories hold it; ``private_share`` and ``notification_share`` are parts of it,
    from 0 to 1. ``attachments`` are messages with a file, ``attachment_bytes`` the bytes of these files together,
    previews aside. Everything happens between ``since`` and ``until``. ``nasty``: names and texts are as hard to handle
    as validity allows. Raises UsageError for what cannot be.
    """

    users: int = 20
    guests: int = 1
    deleted_users: int = 1
    rooms: int = 8
    private_rooms: int = 2
    archived_rooms: int = 1
    deleted_rooms: int = 1
    renamed_rooms: int = 0
    messages: int = 2_000
    private_share: float = 0.25
    notification_share: float = 0.08
    attachments: int = 20
    attachment_bytes: int = 2_000_000
    emoticons: int = 5
    since: date = date(2017, 1, 9)
    until: date = date(2018, 12, 7)
    locales: tuple[str, ...] = ("en_US",)
    seed: int = 1
    nasty: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be, and say why."""
        for sentence in _impossible(self):
            raise UsageError(sentence)

    @property
    def first_second(self) -> int:
        """The beginning of the first day, in seconds since 1970 UTC."""
        return int(datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC).timestamp())

    @property
    def days(self) -> int:
        """The number of days, the last one not counted."""
        return (self.until - self.since).days

    @property
    def estimated_bytes(self) -> int:
        """About how many bytes all members will have together."""
        records = self.messages * _MESSAGE + self.private_messages * _MESSAGE
        pictures = self.users * _AVATAR + self.emoticons * _EMOTICON
        return records + pictures + self.attachment_bytes + self.attachments * _PREVIEW

    @property
    def private_messages(self) -> int:
        """How many messages are private."""
        return _part_of(self.messages, self.private_share)

    @property
    def notifications(self) -> int:
        """How many messages integrations send."""
        return min(_part_of(self.messages, self.notification_share), self.messages - self.private_messages)


def _part_of(count: int, share: float) -> int:
    """Return a part of a number, which is none where the share is not one."""
    return round(count * share) if 0 <= share <= 1 else 0


def _impossible(plan: Plan) -> list[str]:
    """Return a sentence for everything that cannot be."""
    members = plan.users - plan.guests - plan.deleted_users
    checks = (
        (any(_is_negative(plan, field.name) for field in fields(plan)), "A number of things cannot be negative."),
        (members < 1, "Guests and deleted users are users too: of all users at least one must be neither."),
        (
            plan.rooms < 1 and plan.messages > plan.private_messages,
            "Room messages need a room: ask for one, or for a private share of 1.",
        ),
        (
            plan.rooms > 0 and plan.messages < 1,
            "Rooms without a single message would look as if histories were lost: ask for a message, or for no rooms.",
        ),
        (
            plan.archived_rooms + plan.deleted_rooms > plan.rooms or plan.private_rooms > plan.rooms,
            "There cannot be more archived, deleted or private rooms than rooms.",
        ),
        (plan.renamed_rooms > plan.rooms, "There cannot be more renamed rooms than rooms."),
        (not 0 <= plan.private_share <= 1, "The private share is a part of 1, such as 0.25."),
        (not 0 <= plan.notification_share <= 1, "The share of notifications is a part of 1, such as 0.08."),
        (
            round(plan.private_share + plan.notification_share, 9) > 1,
            "Notifications are room messages: their share and the private one cannot be more than 1 together.",
        ),
        (
            plan.attachments > plan.messages - plan.notifications,
            "There cannot be more attachments than messages of users.",
        ),
        (
            plan.attachment_bytes < plan.attachments * LARGEST_LEAST,
            f"Attachments need at least {LARGEST_LEAST:,} bytes each, or some would be too short to be what they are.",
        ),
        (plan.attachment_bytes > 0 and not plan.attachments, "Bytes of attachments need an attachment."),
        (
            plan.since.year < _FIRST_YEAR,
            f"Since must not be before {_FIRST_YEAR}, with which the count of seconds begins.",
        ),
        (
            plan.until - plan.since < _SHORTEST,
            f"Until must be at least {_SHORTEST.days} days after since, and these are {plan.since} and {plan.until}.",
        ),
        (not isinstance(plan.locales, tuple), "The locales are a tuple of names, such as ('de_DE', 'en_GB')."),
        (not plan.locales, "At least one locale is needed."),
    )
    return [sentence for failed, sentence in checks if failed]


def _is_negative(plan: Plan, name: str) -> bool:
    value = getattr(plan, name)
    return isinstance(value, int) and not isinstance(value, bool) and value < 0


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
"""Plans to begin with; "small" is what is made when nothing is said."""


def planned(profile: str, **changes: Any) -> Plan:  # noqa: ANN401 - fields of Plan
    """Return the plan of a profile with some fields changed; None changes nothing.

    What nobody named shrinks with what it is a part of: among two users there are no three guests. The bytes of
    attachments follow their number. Raises UsageError for what cannot be.
    """
    if profile not in PROFILES:
        raise UsageError(f"There is no profile {profile!r}; there are {', '.join(PROFILES)}.")
    named = {name: value for name, value in changes.items() if value is not None}
    return Plan(**_fitting(PROFILES[profile], named))


# What is part of what, and of which other part only the rest is left.
_PARTS: Sequence[tuple[str, Callable[[Mapping[str, Any]], Any], str]] = (
    ("guests", lambda now: now["users"] - 1, "deleted_users"),
    ("deleted_users", lambda now: now["users"] - 1, "guests"),
    ("private_rooms", lambda now: now["rooms"], ""),
    ("renamed_rooms", lambda now: now["rooms"], ""),
    ("archived_rooms", lambda now: now["rooms"], "deleted_rooms"),
    ("deleted_rooms", lambda now: now["rooms"], "archived_rooms"),
    ("private_share", lambda _: 1, "notification_share"),
    ("notification_share", lambda _: 1, "private_share"),
    ("attachments", lambda now: now["messages"] - _part_of(now["messages"], now["notification_share"]), ""),
    ("attachments", lambda now: max(min(now["attachment_bytes"], 1), now["attachment_bytes"] // LARGEST_LEAST), ""),
)


def _fitting(base: Plan, named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that nobody named, as they fit those that somebody did."""
    now: dict[str, Any] = {field.name: getattr(base, field.name) for field in fields(base)} | dict(named)
    settled = {*named}
    for name, whole, rival in _PARTS:
        if name not in named:
            now[name] = max(0, min(now[name], whole(now) - (now[rival] if rival in settled else 0)))
            settled.add(name)
    if "attachment_bytes" not in named:
        now["attachment_bytes"] = base.attachment_bytes * now["attachments"] // base.attachments
    return now
