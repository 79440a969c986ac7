"""Rules of time: dates that no calendar has, and dates of one record that contradict each other."""

from collections.abc import Mapping
from typing import Any

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.export.timestamps import parse_possible
from hcfmt.findings import Flaw, Severity


@rule("HC601", "impossible-date", Severity.ERROR, "record", looks_at="date", ought=True)
def impossible_date(noted: Noted) -> Flaws:
    """A date of the right form that no calendar has.

    Why it matters: Whoever reads it as a date has to stop, or to put another one in its place, and no two
    readers need choose the same.

    Bad::

        users.json#/0/User/created = "2018-02-29T15:31:34+00:00"

    Good::

        users.json#/0/User/created = "2016-02-29T15:31:34+00:00"

    Common causes: A script that reckoned with days and months; damage that left the form intact.

    What to do: Before the old server is gone: look the date up, and export again. Afterwards: put the nearest
    date that there is, and note that you did.

    Evidence: none from an importer; the calendar and the clock are those of ISO 8601.
    """
    return noted.of("HC601")


@rule("HC602", "no-microseconds", Severity.WARNING, "record", looks_at="timestamp", ought=True)
def no_microseconds(noted: Noted) -> Flaws:
    """A message timestamp without its appended microseconds, or with other than six digits: migratemost stops or
    readers disagree on the value.

    Why it matters: migratemost demands a space and digits after the Z, and reads them as a fraction: 5 is half
    a second to it. Zulip takes the digits for a number of microseconds: 5 is next to nothing. Rocket.Chat and a
    Mattermost converter read the whole seconds alone. So the order of messages may come out differently.

    Bad::

        rooms/1/history.json#/0/UserMessage/timestamp = "2018-04-02T15:40:44Z"

    Good::

        rooms/1/history.json#/0/UserMessage/timestamp = "2018-04-02T15:40:44Z 000000"

    Common causes: A producer other than hc-migrate, or a script that dropped what is not ISO 8601, or that
    dropped leading zeros.

    What to do: Before the old server is gone: export with hc-migrate. Afterwards: write a space and 000000
    where the digits are missing; where there are fewer than six, only the producer knows what they mean.

    Evidence: seed 000, "User History" and "Room History"; facts 1.5; facts 5.5 (M1).
    """
    return noted.of("HC602")


@rule(
    "HC604",
    "deleted-before-sent",
    Severity.SUSPECT,
    "UserMessage NotificationMessage TopicRoomMessage ArchiveRoomMessage GuestAccessMessage PrivateUserMessage",
    looks_at="deletion",
    when=("deleted",),
)
def deleted_before_sent(message: Mapping[str, Any]) -> Flaws:
    """deleted.date is earlier than the message.

    Why it matters: Nobody can delete what is not there yet, so one of the two dates is wrong. If it is the
    timestamp, the message will stand at the wrong place in the new chat. The two are compared in whole seconds,
    for a deletion has no microseconds.

    Bad::

        rooms/1/history.json#/8/UserMessage/deleted/date = "2018-04-02T15:55:04Z"

    Good::

        rooms/1/history.json#/8/UserMessage/deleted/date = "2018-04-02T15:55:05Z"

    Common causes: Two clocks that disagreed by a little; a date in local time that was marked as UTC, if they
    differ by hours.

    What to do: Before the old server is gone: compare with what it shows of the neighbouring messages.
    Afterwards: leave it; the text is gone either way, and the neighbours tell when it was sent.

    Evidence: none; no real deletion was ever published.
    """
    sent, deleted = message["timestamp"], message["deleted"]["date"]
    sending, deletion = parse_possible(sent.partition(" ")[0]), parse_possible(deleted)
    if sending and deletion and deletion < sending:
        yield Flaw(
            "It was deleted on {deleted}, but sent on {sent}.",
            {"deleted": deleted, "sent": sent[:20]},
            path=("deleted", "date"),
        )
