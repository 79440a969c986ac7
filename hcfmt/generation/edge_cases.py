"""What importers stumble on and sound exports hold all the same: a plan names what its export has of it."""

from collections.abc import Mapping

BUSY_INBOX, CODE, LARGE_IDS = "busy-inbox", "code", "large-ids"
NO_AVATARS, NULL_AVATARS, UNICODE_MENTION_NAMES = "no-avatars", "null-avatars", "unicode-mention-names"

EDGE_CASES: Mapping[str, str] = {
    BUSY_INBOX: "all private messages are to or from one user",
    CODE: "one message in ten holds code in angle brackets, such as <style> or List<String>",
    LARGE_IDS: "ids of users, rooms and emoticons are above 2,147,483,647, and hcfmt validate notes each (HC716)",
    NO_AVATARS: "nobody has an avatar",
    NULL_AVATARS: "the avatar of a user without one is null instead of empty",
    UNICODE_MENTION_NAMES: "mention names are in the script of the user's name instead of ASCII",
}
"""The edge cases by name, each with what the export has.

Rocket.Chat misfiles the messages of a busy inbox, and html2text, with which Zulip reads messages, is silenced by code
(docs/format.md#importers). Zulip numbers large ids anew. Targets refuse mention names that are not ASCII.
"""

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
