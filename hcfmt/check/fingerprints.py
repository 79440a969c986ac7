"""Fingerprints: what a finding is about, as a digest that stays when an archive is exported again.

A fingerprint is made of the rule, the member, the record by its id, and the names on the path inside the record.
Indices, positions and sentences take no part: records may move, and messages be added. A finding on all places of a
value, such as a user who is nowhere defined, is known by the value alone. Members count from the directory of the
export where they have a place in the documented tree.

Names and paths of files and names that records refer to take part as they are, whatever reports show of them: who
guesses such a name exactly can confirm the guess. Messages and e-mail addresses take no part, except in a record
without an id, which is digested as a whole.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from hcfmt.export.layout import extra_directory
from hcfmt.export.references import comparable
from hcfmt.findings import Flaw

_SIZE = 16  # bytes of a fingerprint


def fingerprint(code: str, flaw: Flaw, member: str, record: str = "") -> str:
    """Return the fingerprint of a flaw, 32 hexadecimal digits; ``record`` is the ``record_key`` of its record."""
    if flaw.subject is not None:
        return _digest([code, "of", *(_below_extra(str(part)) for part in flaw.subject)])
    names = [token for token in flaw.path or () if isinstance(token, str)]
    place = _below_extra(flaw.member or member)
    return _digest([code, "at", place, record, flaw.subcode or "", *names, *flaw.names])


def _below_extra(path: str) -> str:
    """Return a path without the extra directory above the export, and any other text as it is."""
    return path.removeprefix(extra_directory(path))


def record_key(record: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return what identifies a record, alone or in its wrapper: its id, or a digest of all of it if it has none."""
    values = [*record.values()] if isinstance(record, dict) else []
    value = values[0] if len(values) == 1 and isinstance(values[0], dict) else record
    number = value.get("id", value.get("ID")) if isinstance(value, dict) else None  # ID is an emoticon's
    if isinstance(number, str | int | float):
        return str(comparable(number))
    from json import dumps  # noqa: PLC0415 - records have ids

    return _digest([dumps(record, sort_keys=True)])


def text_key(text: bytes) -> str:
    """Return what identifies a record whose text cannot be decoded."""
    return blake2b(text, digest_size=_SIZE).hexdigest()


def _digest(parts: Iterable[str]) -> str:
    encoded = (part.encode("utf-8", "surrogatepass") for part in parts)
    return blake2b(b"".join(b"%d:%b" % (len(part), part) for part in encoded), digest_size=_SIZE).hexdigest()
