"""Fixes of private messages that one of the two people lacks: the copy in the history of the other is added there."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import orjson

from hcfmt.check.catalogue import RULES
from hcfmt.check.context import Redaction
from hcfmt.check.export_view import USERS
from hcfmt.check.reading import FileSlice, Reader
from hcfmt.check.rules import run_rules
from hcfmt.container import Archive, Budget
from hcfmt.export.layout import Kind
from hcfmt.export.references import owner_of
from hcfmt.export.slice_records import record_texts
from hcfmt.fixes.plan import Plan

_KIND = "PrivateUserMessage"
_TOO_LARGE = 1 << 63  # an id for the database
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE message (
    owner INTEGER, sender INTEGER, receiver INTEGER, id TEXT, stamp TEXT, record BLOB,
    PRIMARY KEY (owner, sender, receiver, id)
) WITHOUT ROWID;
"""
_LACKED = """
SELECT record FROM message AS held WHERE owner = :holder AND sender = :sender AND receiver = :receiver AND NOT EXISTS (
    SELECT 1 FROM message WHERE owner = :owner AND sender = :sender AND receiver = :receiver AND id = held.id
) ORDER BY stamp, id
"""

Lack = tuple[int, int, int]
"""The owner of a history that lacks messages, their sender, and their receiver."""


def missing_copies(plan: Plan) -> None:
    """Add to the histories of two people what the history of the other has of their messages."""
    lacks = [lack for lack in _lacks(plan) if max(lack) < _TOO_LARGE]
    people = {person for lack in lacks for person in lack}
    database = sqlite3.connect(plan.directory / f"{plan.code}.sqlite", isolation_level=None)
    plan.resources.callback(database.close)
    database.executescript(_SCHEMA)
    with plan.reopen() as archive:
        rows = _messages(archive, plan.budget, people)
        database.executemany("INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?, ?, ?)", rows)
    for lack in lacks:
        path = plan.view.history_of(USERS, lack[0])
        if path in plan.view.layout.members:
            plan.append_all(path, _lacked(database, lack))
        else:
            plan.add(path, b"[]")  # which the next pass fills


def _lacks(plan: Plan) -> Iterator[Lack]:
    """Yield the histories that lack messages as the rule reports them."""
    for code, flaw in run_rules([RULES[plan.code]], plan.view):
        values = {
            name: int(str(flaw.values[name])) for name in ("sender", "receiver", "user", "other") if name in flaw.values
        }
        if code == plan.code and "sender" in values:
            yield values["sender"], values["sender"], values["receiver"]
        elif code == plan.code:
            yield values["other"], values["user"], values["other"]
            yield values["user"], values["other"], values["user"]


def _messages(archive: Archive, budget: Budget, people: set[int]) -> Iterator[tuple[int, int, int, str, str, bytes]]:
    """Yield the rows of the private messages between some people, as their histories have them."""
    for event in Reader(archive, budget, Redaction()).events():
        if not isinstance(event, FileSlice) or event.file.row.kind is not Kind.USER_HISTORY:
            continue
        texts, rest = record_texts(event.slice_)
        if rest is not None:
            event.file.slicer.unread(event.slice_, rest, [])
        owner = owner_of(event.file.path)
        for text in texts if owner in people else ():
            if row := _row(text):
                yield owner or 0, *row


def _row(text: bytes) -> tuple[int, int, str, str, bytes] | None:
    """Return sender, receiver, id, timestamp and text of a private message, None for a record that is none."""
    try:
        message: Any = orjson.loads(text)[_KIND]
        sender, receiver = message["sender"]["id"], message["receiver"]["id"]
        if not (0 < sender < _TOO_LARGE and 0 < receiver < _TOO_LARGE):
            return None
        return sender, receiver, str(message["id"]).lower(), str(message["timestamp"]), text
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError):
        return None


def _lacked(database: sqlite3.Connection, lack: Lack) -> Iterator[Any]:
    """Yield the messages that a history lacks, in the order of time."""
    owner, sender, receiver = lack
    holder = receiver if owner == sender else sender
    names = {"owner": owner, "sender": sender, "receiver": receiver, "holder": holder}
    for (record,) in database.execute(_LACKED, names):
        yield orjson.loads(record)
