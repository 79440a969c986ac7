"""What importers stumble over: a plan names the scenarios that its export has, each of them documented in one row."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from hcfmt.errors import UsageError

BUSY_INBOX, CODE, LARGE_IDS = "busy-inbox", "code", "large-ids"
NO_AVATARS, NULL_AVATARS, UNICODE_MENTION_NAMES = "no-avatars", "null-avatars", "unicode-mention-names"
EMPTY_FILE_STORE, EMPTY_HISTORIES, GUESTS_ONLY = "empty-file-store", "empty-histories", "guests-only"
LARGE_FILE, LARGE_ROOM, LONG_HISTORY, MANY_FILES = "large-file", "large-room", "long-history", "many-files"
NAMESAKES, NO_PRIVATE_MESSAGES, PURGED_PERSON = "namesakes", "no-private-messages", "purged-person"
RENAMED_ROOMS, TEN_YEARS = "renamed-rooms", "ten-years"

_ALL = 1_000_000_000  # as many as their whole leaves


class Scenario(NamedTuple):
    """One scenario.

    ``has`` says what the export has. ``plan`` are fields of the plan, which hold unless they are given, and ``needs``
    those that must be more than 0. ``findings`` are the codes of what ``hcfmt validate`` finds in it, if anything;
    ``verdict`` is its verdict.
    """

    has: str
    plan: Mapping[str, Any] = {}
    needs: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    verdict: str = "valid"


SCENARIOS: Mapping[str, Scenario] = {
    BUSY_INBOX: Scenario("all private messages are to or from one user", {"private_share": 0.25}),
    CODE: Scenario(
        "one message in ten holds code in angle brackets, such as <style> or List<String>", {}, (), ("HC718",)
    ),
    EMPTY_FILE_STORE: Scenario(
        "messages name the files that people sent, and none of the files is there",
        needs=("attachments",),
        findings=("HC501", "HC502"),
        verdict="invalid",
    ),
    EMPTY_HISTORIES: Scenario("every second room has an empty history, as retention leaves it", needs=("rooms",)),
    GUESTS_ONLY: Scenario(
        "everybody but the owner is a guest",
        {"guests": _ALL, "deleted_users": 0, "private_share": 0.0},
        ("guests", "rooms"),
    ),
    LARGE_FILE: Scenario("one file has more than 2 GiB", {"attachment_bytes": 2_152_000_000}, ("attachments",)),
    LARGE_IDS: Scenario(
        "ids of users, rooms and emoticons are above 2,147,483,647, and hcfmt validate notes each (HC716)",
        findings=("HC716",),
    ),
    LARGE_ROOM: Scenario(
        "one private room has everybody who is neither guest nor deleted as a member, more than 5,000 people",
        {"users": 5_200, "guests": 1},
        ("private_rooms",),
    ),
    LONG_HISTORY: Scenario("one room has more than a million messages", {"messages": 1_500_000}, ("rooms",)),
    MANY_FILES: Scenario(
        "people sent 50,000 files",
        {"attachments": 50_000, "attachment_bytes": 1_000_000_000, "messages": 100_000},
        ("attachments",),
    ),
    NAMESAKES: Scenario(
        "people have the same name, and deleted users the mention names of others",
        {"deleted_users": 2},
        ("deleted_users",),
        ("HC427",),
    ),
    NO_AVATARS: Scenario("nobody has an avatar"),
    NO_PRIVATE_MESSAGES: Scenario(
        "there are no private messages, so that the histories of users are empty", {"private_share": 0.0}
    ),
    NULL_AVATARS: Scenario("the avatar of a user without one is null instead of empty"),
    PURGED_PERSON: Scenario(
        "messages are of a person whom users.json does not have any more",
        {"deleted_users": 2},
        ("deleted_users",),
        ("HC401", "HC402", "HC408", "HC409", "HC411", "HC412"),
        "invalid",
    ),
    RENAMED_ROOMS: Scenario(
        "two rooms were renamed, and their canonical names and addresses are the former ones",
        {"renamed_rooms": 2},
        ("renamed_rooms",),
        ("HC710",),
    ),
    TEN_YEARS: Scenario("messages are of ten years", {"since": date(2010, 1, 4), "until": date(2020, 1, 6)}),
    UNICODE_MENTION_NAMES: Scenario("mention names are in the script of the user's name instead of ASCII"),
}
"""The scenarios by name; generated/scenarios.md says which importers stumble over each."""


def scenario_fields(names: Iterable[str], given: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a plan that scenarios set and that are not given.

    Raises UsageError for two scenarios that set a field to different values.
    """
    fields: dict[str, Any] = {}
    setters: dict[str, str] = {}
    for name in names:
        for field, value in SCENARIOS[name].plan.items():
            if field in given:
                continue
            if fields.setdefault(field, value) != value:
                raise UsageError(f"The scenarios {setters[field]} and {name} want different {field}: give a value.")
            setters.setdefault(field, name)
    return fields


CODE_TEXTS = (
    "put it into <style> at the top of the page",
    "<style>.menu { color: #a22 } .menu a:hover { color: #c44 }</style>",
    '<script>console.log("loaded")</script>',
    'does <script src="app.js"> have to come last in <body>?',
    "the <head> of that page has no title",
    "the page is <html><head><title>x</title></head><body>...</body></html>",
    "you forgot the </script> there",
    "List<String> names = new ArrayList<>();",
    "private final Map<String, List<Integer>> counts;",
    "it wants <T extends Comparable<T>> there",
    "std::vector<std::pair<int, int>> edges;",
    "if (a < b && c > d) return;",
    "<br>",
    "<none>",
    "git push <remote> <branch>",
    "<!-- TODO: remove before the release -->",
    "Foo &lt;bar&gt; &amp; baz",
)
"""Messages with code in angle brackets, as people write them; the first of them silence html2text until their end."""
