"""Reports made by hand: every severity, every kind of place, sub-codes, capped totals, hostile text; inventories."""

from collections.abc import Mapping, Sequence
from hashlib import md5
from typing import Any

from msgspec import Struct

from hcfmt.findings import Finding, Location, Severity
from hcfmt.verdict import ConditionMet, Entry, ImporterVerdict, Report, Status, Verdict

# Escape sequences, line ends, NUL, DEL, C1, bidirectional and invisible characters, a lone surrogate, an emoji.
HOSTILE = "\x1b[2J\x1b]0;t\x07a\r\nFORGED\tb\0c\x7fd\x9be\u202ef\u2066g\u200bh\ufeffi\u2028j\u00adk\U000e0041l\udcffm😀"

KINDS = ("UserMessage", "NotificationMessage", "TopicRoomMessage", "ArchiveRoomMessage", "GuestAccessMessage")


def users(*counts: tuple[int, int]) -> Mapping[str, Any]:
    """Return users, active and deleted ones, as an inventory has them: admins, users, guests."""
    kinds = zip(("admin", "user", "guest"), counts, strict=True)
    return {"total": sum(map(sum, counts))} | {
        kind: dict(zip(("active", "deleted"), row, strict=True)) for kind, row in kinds
    }


def rooms(*counts: tuple[int, int, int]) -> Mapping[str, Any]:
    """Return rooms, active, archived and deleted ones, as an inventory has them: public ones, private ones."""
    kinds = zip(("public", "private"), counts, strict=True)
    states = ("active", "archived", "deleted")
    return {"total": sum(map(sum, counts))} | {kind: dict(zip(states, row, strict=True)) for kind, row in kinds}


def months(**counts: tuple[int, int]) -> Sequence[Mapping[str, Any]]:
    """Return messages in rooms and private ones by month; m2018_04 names April 2018."""
    return [
        {"month": month[1:].replace("_", "-"), "room": public, "private": private}
        for month, (public, private) in counts.items()
    ]


def room(number: int, messages: int, name: str | None = None) -> Mapping[str, Any]:
    return {"room": number, "name": name, "messages": messages}


def user(number: int, public: int, private: int, name: str | None = None) -> Mapping[str, Any]:
    return {"user": number, "name": name, "room": public, "private": private}


def week(*counts: tuple[int, int, int]) -> Sequence[Sequence[int]]:
    """Return messages by day of the week and hour, given (day, hour, messages) where there are any."""
    by_time = {(day, hour): messages for day, hour, messages in counts}
    return [[by_time.get((day, hour), 0) for hour in range(24)] for day in range(7)]


def files(*counts: tuple[int, int]) -> Mapping[str, Any]:
    """Return numbers and bytes of stored files as an inventory has them, in the order of its kinds."""
    kinds = zip(("room-file", "private-file", "avatar", "emoticon"), counts, strict=True)
    return {kind: {"count": count, "bytes": size} for kind, (count, size) in kinds}


def attachment(kind: str, count: int, size: int) -> Mapping[str, Any]:
    return {"type": kind, "count": count, "bytes": size}


INVENTORY: Mapping[str, Any] = {
    "users": users((1, 0), (1, 0), (0, 0)),
    "rooms": rooms((1, 0, 0), (0, 0, 0)),
    "emoticons": 1,
    "autojoins": 1,
    "messages": {
        **dict(zip(KINDS, (3, 1, 1, 2, 1), strict=True)),
        "PrivateUserMessage": 6,
        "total": 14,
        "distinct": 11,
        "deleted": 1,
        "first": "2018-04-02T14:54:04Z",
        "last": "2018-06-30T23:59:59Z",
    },
    "months": months(m2018_04=(7, 3), m2018_06=(1, 0)),
    "busiest_rooms": [room(1, 8)],
    "busiest_users": [user(1, 4, 2), user(2, 2, 1)],
    "hours": week((0, 14, 7), (0, 15, 3), (5, 23, 1)),
    "dialect": {"name": "hc-migrate", "confidence": "certain", "told_by": ["User has metadata (users.json)"]},
    "private_pairs": 1,
    "histories": {"room-history": 1, "user-history": 2},
    "files": files((2, 23_076), (2, 38_716), (3, 18_047), (4, 10_605)),
    "attachments": [attachment("jpg", 2, 38_716), attachment("png", 2, 23_076)],
    "layers": {"aes": 12_345, "gzip": 12_320, "tar": 81_920},
    "migration_memory": 28_645,
}
EMPTY: Mapping[str, Any] = {
    "users": users((0, 0), (0, 0), (0, 0)),
    "rooms": rooms((0, 0, 0), (0, 0, 0)),
    "emoticons": 0,
    "autojoins": 0,
    "messages": {
        **dict.fromkeys((*KINDS, "PrivateUserMessage", "total", "distinct", "deleted"), 0),
        "first": None,
        "last": None,
    },
    "months": [],
    "busiest_rooms": [],
    "busiest_users": [],
    "hours": week(),
    "dialect": {"name": "hc-migrate", "confidence": "assumed", "told_by": []},
    "private_pairs": 0,
    "histories": {"room-history": 0, "user-history": 0},
    "files": files((0, 0), (0, 0), (0, 0), (0, 0)),
    "attachments": [],
    "layers": {},
    "migration_memory": 0,
}


def company() -> Mapping[str, Any]:
    """Return the inventory of a company of 184 people who wrote for three years, in 40 rooms and to each other."""
    # Fewer in August and December; a wave upon a steady growth.
    by_month = {
        f"m{2015 + number // 12}_{number % 12 + 1:02}": (
            (9_000 + 420 * number) * (10 - 4 * (number % 12 in {7, 11})) // 10,
            (3_100 + 95 * number) * (10 - 3 * (number % 12 == 7)) // 10,
        )
        for number in range(2, 38)
    }
    public, private = (sum(column) for column in zip(*by_month.values(), strict=True))
    talkers = [(public * 13 // (90 * (number + 3)), private * 7 // (80 * (number + 5))) for number in range(40)]
    daily = [max(1, 100 - (hour - 10) ** 2 - 40 * (hour in {12, 13})) for hour in range(24)]
    weights = [max(1, 10_000 // (number + 2) - 150) for number in range(40)]
    busiest = [public * weight // sum(weights) for weight in weights]
    busiest[0] += public - sum(busiest)
    other_values = {
        "NotificationMessage": public // 5,
        "TopicRoomMessage": 312,
        "ArchiveRoomMessage": 9,
        "GuestAccessMessage": 48,
    }
    names = (
        "General",
        "R&D \u2013 Zürich | Basel",
        "東京オフィスの雑談と連絡のための部屋です",
        "ops-alerts",
        "",
        "x" * 60,
    )
    return {
        "users": users((4, 1), (112, 38), (9, 20)),
        "rooms": rooms((24, 5, 3), (6, 2, 0)),
        "emoticons": 212,
        "autojoins": 118,
        "messages": {
            "UserMessage": public - sum(other_values.values()),
            **other_values,
            "PrivateUserMessage": 2 * private,
            "total": public + 2 * private,
            "distinct": public + private + 17,
            "deleted": 1_204,
            "first": "2015-03-02T08:12:44Z",
            "last": "2018-02-28T17:03:09Z",
        },
        "months": months(**by_month),
        "busiest_rooms": [
            room(3 + 7 * number, count, names[number] if number < len(names) else f"project {number}")
            for number, count in enumerate(busiest)
        ],
        "busiest_users": [
            user(2 + 3 * number, *counts, names[number] if number < len(names) else f"Person {number}")
            for number, counts in enumerate(talkers)
        ],
        "hours": week(
            *(
                (day, hour, share * (public + private) // (6_000 if day < 5 else 90_000))
                for day in range(7)
                for hour, share in enumerate(daily)
            )
        ),
        "dialect": {"name": "server", "confidence": "likely", "told_by": ['type is "user" (rooms/3/history.json)']},
        "private_pairs": 1_377,
        "histories": {"room-history": 40, "user-history": 151},
        "files": files((6_120, 9_876_543_210), (2_040, 1_204_567_890), (140, 4_321_000), (212, 2_001_999)),
        "attachments": [
            attachment(kind, 4_200 // (number + 1), 5_000_000_000 // (number + 1) ** 2)
            for number, kind in enumerate(
                ("zip", "png", "pdf", "mp4", "jpg", "other", "pptx", "docx", "xlsx", "gif", "txt", "log")
            )
        ],
        "layers": {"aes": 9_912_345_696, "gzip": 9_912_345_680, "tar": 12_884_901_888},
        "migration_memory": 2_600 * (public + private) + 5_540_000,
    }


def finding(
    code: str,
    name: str,
    severity: Severity,
    message: str,
    location: Location,
    subcode: str | None = None,
    **values: object,
) -> Finding:
    return Finding(code, name, severity, message, location, subcode, values, _fingerprint(message))


def _fingerprint(text: str) -> str:
    return md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


BODY = """## Why it matters

Importers stop.

## Bad

```text
users.json = nothing
```

Evidence: [users](../../../docs/format.md#users).
"""

FINDINGS = (
    finding("HC013", "modern-key-derivation", Severity.WARNING, "The key is derived with sha256.", Location()),
    finding("HC006", "gzip-corrupt", Severity.ERROR, "The checksum differs.", Location(byte=57_919)),
    finding(
        "HC301",
        "schema-violation",
        Severity.ERROR,
        'It is a string of 5 characters; documented is "integer".',
        Location("rooms/1/history.json", 41, ("UserMessage", "sender", "id")),
        "type",
        value="a string of 5 characters",
        documented=["integer"],
    ),
    finding(
        "HC301",
        "schema-violation",
        Severity.ERROR,
        "It is an array of 3 items, " + "and this sentence goes on " * 8 + "until it ends.",
        Location("rooms/1/history.json", 42, ("NotificationMessage",) * 5),
        "additionalProperties",
        value="an array of 3 items",
    ),
    finding(
        "HC201",
        "invalid-json",
        Severity.ERROR,
        "A value is missing before this byte. Line 3, column 9, byte 40.",
        Location("users.json", None, (), 3, 40),
        line=3,
        column=9,
        byte=40,
    ),
    finding("HC404", "made-up", Severity.SUSPECT, "A severity that may come.", Location("rooms.json", 0, ("Room",))),
    finding(
        "HC303", "undocumented-property", Severity.INFO, "Ünïcödé stays.", Location("users.json", 0, ("User", "x/y"))
    ),
    finding(
        "HC106",
        "unexpected-file",
        Severity.WARNING,
        f"A file named {HOSTILE}.",
        Location(HOSTILE, None, (HOSTILE,)),
        value={HOSTILE: [HOSTILE]},
    ),
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
            Entry("HC301", Status.FAILED, 4_321, "not examined: 2 data files"),
            Entry("HC307", Status.NOT_APPLICABLE, 0),
            Entry("HC501", Status.SUPPRESSED, 5_678),
        ),
        INVENTORY,
        decided_by="HC006",
        suppressed={"baseline": {"HC301": 3, "HC501": 1_200}, "ignore": {"HC303": 1}},
    ),
    Report(
        HOSTILE,
        Verdict.INVALID,
        FINDINGS[-1:],
        {"HC106": 2},
        (Entry("HC106", Status.FAILED, 3),),
        EMPTY,
        failed=True,
        decided_by="HC106",
    ),
)


NOTHING = Report(
    "empty.tar.gz.aes",
    Verdict.INCOMPLETE,
    (),
    {},
    (Entry("HC001", Status.PASSED, 1), Entry("HC201", Status.SKIPPED, 0, "no data file found")),
    EMPTY,
    decided_by="HC201",
)
"""A report on an archive with nothing in it to check."""

CUT = Report(
    "cut.tar.gz.aes",
    Verdict.INCOMPLETE,
    (finding("HC007", "gzip-cut", Severity.ERROR, "The stream ends early.", Location(byte=57_919)),),
    {"HC007": 1},
    (Entry("HC007", Status.FAILED, 1), Entry("HC201", Status.SKIPPED, 3, "HC007 ended the reading")),
    INVENTORY,
    decided_by="HC007",
)
"""A report on an archive that was read in part."""


def importer(name: str, outcome: str, at: Location | None = None, text: str = "It stops.") -> ImporterVerdict:
    """Return a verdict with one condition that has a text in every field."""
    condition = ConditionMet(text, text, 1, at, text, text, (text,), text, text, by_design=False)
    losses = {"messages": 1, "files": 2, "misfiled": 3}
    return ImporterVerdict(
        importer=name,
        title=name,
        source=f"{name} 1.0",
        built_in=True,
        outcome=outcome,
        at=at,
        lost=losses,
        messages=11,
        certain=True,
        conditions=(condition,),
    )


FOR = Report(
    "for.tar.gz.aes",
    Verdict.VALID,
    (),
    {},
    (Entry("HC001", Status.PASSED, 1),),
    INVENTORY,
    importers=(
        importer("zulip", "dies", Location("emoticons.json")),
        importer("hipmost", "loses"),
        importer("lombiq", "imports"),
    ),
)
"""A report with the verdicts of three importers."""


def many(count: int) -> Report:
    """Return a report on so many findings, a multiple of twenty, of twenty rules of every severity."""
    rules = [(f"HC9{number:02}", f"rule-{number}", list(Severity)[number % 4]) for number in range(20)]
    findings = [
        finding(
            *rules[number % 20],
            f"It is a string of {number} characters; documented is a number.",
            Location(f"rooms/{number // 1000}/history.json", number % 1000, ("UserMessage", "sender", "id")),
        )
        for number in range(count)
    ]
    ledger = [Entry(code, Status.FAILED, count) for code, _, _ in rules]
    totals = {code: count // 20 for code, _, _ in rules}
    return Report("many.tar.gz.aes", Verdict.INVALID, findings, totals, ledger, INVENTORY, decided_by="HC900")


class SampleRule(Struct, frozen=True):
    """A rule of a catalogue, as output formats know it."""

    code: str
    name: str
    severity: Severity
    summary: str
    page: str


NAMES = {"HC006": "gzip-corrupt", "HC201": "invalid-json", "HC301": "schema-violation"}
RULES = {
    code: SampleRule(code, name, Severity.ERROR, "This is wrong.", f"# {code} {name}\n\nThis is wrong.\n\n{BODY}")
    for code, name in NAMES.items()
}
"""A catalogue of a few rules, so that golden files do not hold the pages of the others."""

RUNS: Mapping[str, Sequence[Report]] = {
    "report": REPORTS,
    "sound": REPORTS[:1],
    "severities": REPORTS[1:2],
    "incomplete": (CUT,),
    "nothing": (NOTHING,),
    "importers": (FOR,),
}
"""The reports of runs, by the name of their golden files; ``report`` has several inputs."""


def hostile_everywhere(text: str) -> Sequence[Report]:
    """Return two reports with a text in every field that can hold one."""
    location = Location(text, None, (text,), 1, 0)
    values = {"value": text, "nested": [{text: text}]}
    found = Finding(text, text, Severity.ERROR, text, location, text, values, text)
    ledger = (Entry(text, Status.SKIPPED, 1, text),)
    inventory = {**EMPTY, "busiest_rooms": [room(1, 1, text)], "busiest_users": [user(1, 1, 1, text)]}
    importers = [importer(text, outcome, location, text) for outcome in ("dies", "loses")]
    report = Report(
        text,
        Verdict.INCOMPLETE,
        (found,),
        {text: 2},
        ledger,
        inventory,
        importers=importers,
        decided_by=text,
        suppressed={text: {text: 2}},
    )
    names = ["code", "name", "severity", "message", "location", "subcode", "values", "fingerprint", "masked", "places"]
    assert list(found.__struct_fields__) == names
    return (report, report)
