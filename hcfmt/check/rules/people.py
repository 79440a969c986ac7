"""Rules of users: names, roles and addresses that contradict each other or break an importer, and leaked secrets."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Flaw, Quoted, Severity


@rule("HC704", "odd-mention-name", Severity.WARNING, "record", looks_at="mention name", ought=True)
def odd_mention_name(noted: Noted) -> Flaws:
    """A mention name with spaces, '@' or other characters that cannot be mentioned.

    Why it matters: Where a message says @ and the name, the mention seems to end at the first such character.
    And the chats that take users over allow fewer characters still: Rocket.Chat skipped such users silently,
    and Mattermost's bulk import has rules of its own.

    Bad::

        users.json#/1/User/mention_name = "Other User"

    Good::

        users.json#/1/User/mention_name = "Other_User"

    Common causes: A script that filled in display names, or another producer.

    What to do: Before the old server is gone: have the user choose another name, and export again. Afterwards:
    change it in users.json in a copy; mentions in old messages keep the old name.

    Evidence: facts 5.3 (U5); facts 1.1.
    """
    return noted.of("HC704")


@rule("HC705", "missing-email", Severity.WARNING, "record", looks_at="user")
def missing_email(noted: Noted) -> Flaws:
    """An active user who is no guest has no e-mail address: zulip stops.

    Why it matters: Zulip asserts that whoever has no address is a guest or deleted, and stops if that
    does not hold.

    Bad::

        users.json#/1/User/email = null

    Good::

        users.json#/1/User/email = null
        users.json#/1/User/account_type = "guest"

    Common causes: A guest's account that is marked as a user's. Deactivated users without an address are known
    too, and are no fault.

    What to do: Before the old server is gone: enter an address, and export again. Afterwards: write one into
    users.json in a copy, even a made-up one that no mail reaches, or mark the user as deleted.

    Evidence: facts 5.3 (U2); facts 1.1.
    """
    return noted.of("HC705")


@rule("HC706", "roles-without-user", Severity.ERROR, "record", looks_at="user", ought=True)
def roles_without_user(noted: Noted) -> Flaws:
    """roles does not contain "user", which it always does.

    Why it matters: No importer is known to read the roles, but a list that breaks this documented promise was
    not written by hc-migrate, or was changed since.

    Bad::

        users.json#/1/User/roles = ["moderator"]

    Good::

        users.json#/1/User/roles = ["user", "moderator"]

    Common causes: A script that rewrote the roles, or that left them empty.

    What to do: Before the old server is gone: export again, and compare. Afterwards: add "user" in a copy; see
    whether the other roles are as you know them.

    Evidence: seed 000, "Users"; facts 1.1.
    """
    return noted.of("HC706")


@rule("HC707", "account-type-disagrees", Severity.SUSPECT, "record", looks_at="user")
def account_type_disagrees(noted: Noted) -> Flaws:
    """account_type and roles contradict each other: an admin without the admin or owner role, or a guest with one.

    Why it matters: One of the two is wrong, and an importer has to go by one: somebody gets rights that were
    never given, or loses some. Zulip goes by account_type; no importer is known to read the roles.

    Bad::

        users.json#/0/User/roles = ["user"]

    Good::

        users.json#/0/User/roles = ["user", "owner"]

    Common causes: Rights that were changed in one place of the server only. How the two go together is not
    documented, so a sound archive may do otherwise.

    What to do: Before the old server is gone: look the user's rights up there. Afterwards: decide who should be
    an administrator of the new chat, and see to it after the import.

    Evidence: seed 000, "Users"; facts 1.1.
    """
    return noted.of("HC707")


@rule("HC712", "unknown-timezone", Severity.WARNING, "User", looks_at="user")
def unknown_timezone(user: Mapping[str, Any]) -> Flaws:
    """timezone is no IANA time zone.

    Why it matters: A reader that looks up a name finds nothing under this one, and may stop or show that user
    wrong times. The documentation does not name IANA, but UTC and America/Denver, the zones of its sample and
    of another, are IANA's.

    Bad::

        users.json#/1/User/timezone = "Mountain Time (US & Canada)"

    Good::

        users.json#/1/User/timezone = "America/Boise"

    Common causes: A name from Windows or from an old list; a name in the wrong letter case; an offset such as
    UTC+1.

    What to do: Before the old server is gone: have the user choose a zone there, and export again. Afterwards:
    replace the name in a copy by one that IANA has, or by UTC.

    Evidence: seed 000, "Users"; facts 1.1.
    """
    if user["timezone"] not in _time_zones():
        yield Flaw(
            "The time zone is {timezone}, a name that IANA does not have.",
            {"timezone": Quoted(user["timezone"])},
            path=("timezone",),
        )


@cache
def _time_zones() -> frozenset[str]:
    """Return the names of IANA's time zones, older ones included, as the tzdata package lists them."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


@rule("HC713", "secret-in-export", Severity.ERROR, "record", looks_at="record")
def secret_in_export(noted: Noted) -> Flaws:
    """A property that looks like a password or API token: documented as never exported.

    Why it matters: Whoever has the archive has the secret, and many people use one password in several places.
    An importer may copy it to where more people can read it.

    Bad::

        users.json#/1/User/password = "correct horse"

    Good::

        users.json#/1/User/nickname = "Otto"

    Common causes: Another producer, or a script that joined the export with a dump of the server's database. Or
    nothing secret at all: only the property's name was looked at.

    What to do: Before the old server is gone: look at the value. If it is a secret, have it changed,
    export with hc-migrate, check the new archive, and destroy this one. Afterwards: have the secret changed
    wherever it may be in use, and take the property out of every copy.

    Evidence: seed 000, "What is exported".
    """
    return noted.of("HC713")
