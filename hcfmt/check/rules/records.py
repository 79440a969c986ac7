"""Rules of one record: properties that contradict each other, names that do not exist.

A record matches its schema, in any form that the schema tolerates: the members of a room may be objects (HC307). Values
that HC317 reports are left out, and so a property may be missing that a sound record has.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import tzdata  # type: ignore[import-untyped]

from hcfmt.export.timestamps import parse_possible
from hcfmt.findings import Flaw, Quoted

_CANONICAL = str.maketrans(" ", "_", "\"&'/:<>@")


def attachment_path_disagrees(message: Mapping[str, Any]) -> Iterator[Flaw]:
    """Report a message whose attachment_path is not its attachment's path; hc-migrate's room messages have none."""
    if "attachment_path" not in message:
        return
    attached = (message.get("attachment") or {}).get("path") or None
    repeated = message.get("attachment_path") or None
    path = ("attachment_path",)
    if attached == repeated:
        return
    if attached is None:
        sentence = "attachment_path is {attachment_path}, and attachment.path is not set."
        yield Flaw(sentence, {"attachment_path": Quoted(repeated)}, path)
    elif repeated is None:
        yield Flaw("attachment.path is {path}, and attachment_path is not set.", {"path": Quoted(attached)}, path)
    else:
        sentence = "attachment_path is {attachment_path}, attachment.path {path}."
        yield Flaw(sentence, {"attachment_path": Quoted(repeated), "path": Quoted(attached)}, path)


def deleted_before_sent(message: Mapping[str, Any]) -> Iterator[Flaw]:
    """Report a message that was deleted in a second before the one in which it was sent."""
    sent, deleted = message["timestamp"], message["deleted"].get("date", "")
    sending, deletion = parse_possible(sent.partition(" ")[0]), parse_possible(deleted)
    if sending and deletion and deletion < sending:
        sentence = "The message was deleted on {deleted}, but sent on {sent}."
        yield Flaw(sentence, {"deleted": deleted, "sent": sent[:20]}, path=("deleted", "date"))


def unclosed_html_tag(message: Mapping[str, Any]) -> Iterator[Flaw]:
    """Report a text in which a tag that silences html2text begins and does not end, or ends and did not begin."""
    from hcfmt.profiles.computed_keys import open_html_tag  # noqa: PLC0415 - few archives have such a text

    tag = open_html_tag(message["message"])
    if tag:
        sentence = "The tag <{tag}> is not closed, or not opened: Zulip loses the text behind it and later messages."
        yield Flaw(sentence, {"tag": tag}, path=("message",))


def odd_canonical_name(room: Mapping[str, Any]) -> Iterator[Flaw]:
    """Report a canonical name other than the one that HipChat derives from the room's name."""
    if "canonical_name" not in room:  # as in other dialects
        return
    expected = room["name"].lower().translate(_CANONICAL)
    if room["canonical_name"] != expected:
        sentence = "The canonical name is {canonical_name}; HipChat would derive {expected} from the room's name."
        values = {"canonical_name": Quoted(room["canonical_name"]), "expected": Quoted(expected)}
        yield Flaw(sentence, values, path=("canonical_name",))


def unknown_timezone(user: Mapping[str, Any]) -> Iterator[Flaw]:
    """Report a time zone that IANA does not have."""
    if user["timezone"] not in time_zones():
        sentence = "The time zone is {timezone}, which is not an IANA name."
        yield Flaw(sentence, {"timezone": Quoted(user["timezone"])}, path=("timezone",))


@cache
def time_zones() -> frozenset[str]:
    """Return the names of IANA's time zones, older ones included, as the tzdata package lists them."""
    return frozenset(Path(tzdata.__file__).with_name("zones").read_text("utf-8").split())
