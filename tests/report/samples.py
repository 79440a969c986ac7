"""Reports made by hand: every severity, every kind of place, sub-codes, capped totals, hostile text."""

from collections.abc import Sequence
from dataclasses import fields

from hcfmt.findings import Finding, Location, Severity
from hcfmt.verdict import Entry, Report, Status, Verdict

# Escape sequences, line ends, NUL, DEL, C1, bidirectional and invisible characters, a lone surrogate, an emoji.
HOSTILE = "\x1b[2J\x1b]0;t\x07a\r\nFORGED\tb\0c\x7fd\x9be\u202ef\u2066g\u200bh\ufeffi\u2028j\u00adk\U000e0041l\udcffm😀"

INVENTORY = {
    "users": 1,
    "rooms": 2,
    "emoticons": 0,
    "autojoins": 0,
    "messages": {"UserMessage": 1200, "NotificationMessage": 34, "total": 1234},
    "histories": {"room-history": 2, "user-history": 1},
    "files": {"room-file": {"count": 1, "bytes": 21626}, "avatar": {"count": 0, "bytes": 0}},
}
EMPTY = {
    "users": 0,
    "rooms": 0,
    "emoticons": 0,
    "autojoins": 0,
    "messages": {"total": 0},
    "histories": {},
    "files": {},
}


def finding(
    code: str, name: str, severity: Severity, message: str, location: Location, subcode: str | None = None
) -> Finding:
    return Finding(code, name, severity, message, location, subcode)


FINDINGS = (
    finding("HC013", "modern-key-derivation", Severity.WARNING, "The key is derived with sha256.", Location()),
    finding("HC006", "gzip-corrupt", Severity.ERROR, "The checksum differs.", Location(byte=57_919)),
    finding(
        "HC301",
        "schema-violation",
        Severity.ERROR,
        'It is a string of 5 characters; documented is "integer".',
        Location("rooms/1/history.json", "/41/UserMessage/sender/id"),
        "type",
    ),
    finding(
        "HC301",
        "schema-violation",
        Severity.ERROR,
        "It is an array of 3 items, " + "and this sentence goes on " * 8 + "until it ends.",
        Location("rooms/1/history.json", "/" + "/".join(["42", *["NotificationMessage"] * 5])),
        "additionalProperties",
    ),
    finding(
        "HC201",
        "invalid-json",
        Severity.ERROR,
        "A value is missing before this byte. Line 3, column 9, byte 40.",
        Location("users.json", "", 3, 40),
    ),
    finding("HC404", "made-up", Severity.SUSPECT, "A severity that may come.", Location("rooms.json", "/0/Room")),
    finding("HC303", "undocumented-property", Severity.INFO, "Ünïcödé stays.", Location("users.json", "/0/User/x~1y")),
    finding("HC106", "unexpected-file", Severity.WARNING, f"A file named {HOSTILE}.", Location(HOSTILE, f"/{HOSTILE}")),
)

REPORTS = (
    Report(
        "sound.tar.gz.aes",
        Verdict.VALID,
        (),
        {},
        (Entry("HC001", Status.PASSED, 1), Entry("HC204", Status.NOT_APPLICABLE, 0)),
        INVENTORY,
    ),
    Report(
        "full of faults.tar.gz.aes",
        Verdict.INCOMPLETE,
        FINDINGS,
        {"HC006": 1, "HC013": 1, "HC106": 1, "HC201": 1, "HC301": 12_345, "HC303": 1, "HC404": 1},
        (
            Entry("HC001", Status.PASSED, 1),
            Entry("HC006", Status.FAILED, 1),
            *(Entry(f"HC2{number:02}", Status.SKIPPED, 7, "HC006 ended the reading") for number in range(1, 10)),
            Entry("HC301", Status.FAILED, 4_321, "not looked at: 2 data files"),
            Entry("HC307", Status.NOT_APPLICABLE, 0),
        ),
        INVENTORY,
    ),
    Report(HOSTILE, Verdict.INVALID, FINDINGS[-1:], {"HC106": 2}, (Entry("HC106", Status.FAILED, 3),), EMPTY, True),  # noqa: FBT003 - the field is named "failed"
)


def hostile_everywhere(text: str) -> Sequence[Report]:
    """Return two reports with a text in every field that can hold one."""
    location = Location(text, text, 1, 0)
    found = Finding(text, text, Severity.ERROR, text, location, text)
    ledger = (Entry(text, Status.SKIPPED, 1, text),)
    inventory = {text: 1, "messages": {"total": 1, text: 1}, "files": {text: {"count": 1, "bytes": 1}}}
    report = Report(text, Verdict.INVALID, (found,), {text: 2}, ledger, inventory)
    assert [field.name for field in fields(found)] == ["code", "name", "severity", "message", "location", "subcode"]
    return (report, report)
