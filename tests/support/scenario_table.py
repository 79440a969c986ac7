"""Renders the page of the scenarios of ``hcfmt generate``, and says which importers stumble over each."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from hcfmt.generation.scenarios import SCENARIOS
from hcfmt.profiles.loading import profile, profile_sources
from hcfmt.profiles.pages import profile_page

MORE, FEWER = 1, -1


class Met(NamedTuple):
    """A condition of an importer that an export meets more or less often with a scenario than without it."""

    importer: str
    condition: str
    change: int = MORE


class Evidence(NamedTuple):
    """Why a scenario matters: a sentence, conditions of importers, and the place in docs/format.md that tells of it."""

    why: str
    met: tuple[Met, ...] = ()
    anchor: str = ""


EVIDENCE: Mapping[str, Evidence] = {
    "busy-inbox": Evidence("Rocket.Chat files private messages under other people.", (Met("rocketchat", "R60"),)),
    "code": Evidence("html2text, with which Zulip reads messages, is silenced by code.", (Met("zulip", "Z40b"),)),
    "empty-file-store": Evidence(
        "migratemost drops the messages, text and all, Zulip the files.",
        (Met("migratemost", "M81"), Met("zulip", "Z66")),
        "attachment-missing",
    ),
    "empty-histories": Evidence("A room must arrive though nothing is in it.", anchor="member-room-history"),
    "guests-only": Evidence(
        "Guests have no e-mail address: Mattermost stops at the first one.", (Met("mattermost", "M03"),), "user-email"
    ),
    "large-file": Evidence(
        "Its size is no signed integer of 32 bits; Mattermost takes 50 MiB.",
        (Met("lombiq", "L06"), Met("migratemost", "M81")),
    ),
    "large-ids": Evidence("Zulip numbers large ids anew.", (Met("zulip", "Z27"),), "user-id"),
    "large-room": Evidence("No report is known; one server had 1,600 users.", anchor="sizes"),
    "long-history": Evidence(
        "Who holds everything in memory, as Rocket.Chat did once; rooms of 200,000 were met.", anchor="sizes"
    ),
    "many-files": Evidence("One server had 152,772 files.", anchor="sizes"),
    "namesakes": Evidence(
        "Two people become one account.", (Met("rocketchat", "R35"), Met("mattermost", "M37")), "user-mention-name"
    ),
    "no-avatars": Evidence("Zulip dies at the first avatar; without one it goes on.", (Met("zulip", "Z02", FEWER),)),
    "no-private-messages": Evidence(
        "An export can leave them out. What only private messages meet is not met.",
        (Met("rocketchat", "R60", FEWER),),
        "member-user-history",
    ),
    "null-avatars": Evidence("migratemost takes null, but no empty text.", (Met("migratemost", "M05", FEWER),)),
    "purged-person": Evidence(
        "migratemost dies, Rocket.Chat drops the messages, Zulip makes users up.",
        (Met("migratemost", "M74"), Met("rocketchat", "R56"), Met("zulip", "Z50")),
        "message-sender",
    ),
    "renamed-rooms": Evidence(
        "Autojoins and addresses lead to the former name; hc-migrate's exports alone say so.",
        anchor="room-canonical-name",
    ),
    "ten-years": Evidence("None is known to stumble; for what works by months or years."),
    "unicode-mention-names": Evidence("Targets refuse names that are not ASCII.", (Met("rocketchat", "R33"),)),
}


class Cost(NamedTuple):
    """What a scenario costs at full size: the archive, and CPU seconds and peak memory of generate and of validate."""

    mebibytes: float
    seconds: tuple[int, int]
    peak: tuple[int, int]  # MiB


COSTS: Mapping[str, Cost] = {
    "large-file": Cost(2053.0, (47, 1), (73, 40)),
    "large-room": Cost(15.6, (8, 3), (92, 78)),
    "long-history": Cost(121.8, (18, 9), (124, 97)),
    "many-files": Cost(847.9, (61, 12), (190, 135)),
    "ten-years": Cost(2.1, (1, 1), (80, 37)),
}

_HEAD = """<!-- Generated; `pytest tests/generated --rewrite` writes it again. -->

# Scenarios

`hcfmt generate --scenario NAME` adds what importers stumble over. It may be repeated; scenarios that want different
values of one number are refused until `--messages`, or what the number is, is given. Numbers that a scenario sets are
replaced by given ones: `--scenario large-room --users 60` has a room of some 60 people. In Python they are
`Plan(scenarios=("code", "large-ids"))`. `hcfmt generate --list-scenarios` prints the names.

Letters and numbers such as Z27 are conditions of [importers](importers/README.md).
"""
_COSTS = """
## At full size

An archive `.tar.gz` of the profile small with the scenario: seconds of CPU and most resident memory of one process,
measured once. `python -m benchmarks.scenarios` measures it again. All others cost what `ten-years` does.
"""


def scenario_page() -> str:
    """Return the page in Markdown."""
    lines = [_HEAD, "| scenario | the export | who stumbles | verdict |", "| --- | --- | --- | --- |"]
    for name, row in SCENARIOS.items():
        codes = ", ".join(f"[{code}](../hcfmt/check/pages/{code}.md)" for code in row.findings)
        verdict = f"{row.verdict}, {codes}" if codes else row.verdict
        lines.append(f"| `{name}` | {_escaped(row.has)} | {_stumbles(EVIDENCE[name])} | {verdict} |")
    lines += [_COSTS, "| scenario | MiB | generate | validate |", "| --- | --- | --- | --- |"]
    for name, cost in COSTS.items():
        cells = [f"{seconds} s, peak {peak:,} MiB" for seconds, peak in zip(cost.seconds, cost.peak, strict=True)]
        lines.append(f"| `{name}` | {cost.mebibytes:,} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _stumbles(evidence: Evidence) -> str:
    links = [f"[{met.importer} {met.condition}](importers/{met.importer}.md#{_anchor(met)})" for met in evidence.met]
    links += [f"[evidence](../docs/format.md#{evidence.anchor})"] if evidence.anchor else []
    return f"{evidence.why} {', '.join(links)}".strip()


def _anchor(met: Met) -> str:
    """Return the anchor of a condition's heading on the page of its importer, such as ``z27-drops``."""
    (source,) = profile_sources([met.importer])
    heading = re.search(rf"^## ({met.condition} .*)$", profile_page(profile(source)), re.MULTILINE)
    assert heading, met
    return heading[1].lower().replace(" ", "-")


def _escaped(text: str) -> str:
    return text.replace("<", "\\<").replace(">", "\\>")
