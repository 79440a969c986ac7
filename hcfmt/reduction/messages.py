"""Reduces the messages of a draft; all users, rooms and other records stay as they are."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from hcfmt.findings import Finding
from hcfmt.reduction.archive_links import HISTORY_OF, messages_kept
from hcfmt.reduction.delta_debugging import smallest
from hcfmt.reduction.draft import Draft
from hcfmt.reduction.judge import Judge
from hcfmt.reduction.record_links import links_of


def reduce_messages(draft: Draft, judge: Judge, findings: Sequence[Finding]) -> Draft:
    """Return a draft with as few messages as pass.

    Those in which the findings are, and those of the rooms and users in whose records they are, are tried first. The
    copies of a private message are kept or removed together.
    """

    def with_messages(keys: Iterable[int]) -> Draft:
        return replace(draft, records={**draft.records, **messages_kept(keys, draft.links)})

    def passes(keys: Sequence[int]) -> bool:
        return judge.passes(with_messages(keys))

    found = list(dict.fromkeys(_keys_of(draft, findings)))
    related = list(dict.fromkeys([*found, *_keys_of_owners(draft, findings)]))
    first = next((key for keys in draft.links.keys.values() for key in keys[:1]), None)
    for guess in (found[:1], related[:1] or ([] if first is None else [first]), found, related):
        if passes(guess):
            return with_messages(smallest(guess, passes))
    every = list(dict.fromkeys([*related, *(key for keys in draft.links.keys.values() for key in keys)]))
    return with_messages(smallest(every, passes))


def _keys_of(draft: Draft, findings: Iterable[Finding]) -> Iterator[int]:
    """Yield the keys of the messages in which findings are, or to which they point."""
    numbers = {draft.stored.members[number].place: number for number in draft.links.keys}
    for finding in findings:
        places = (
            (finding.location.member, finding.location.index),
            (finding.values.get("member"), finding.values.get("index")),
        )
        for member, index in places:
            number = numbers.get(str(member))
            if number is not None and isinstance(index, int) and index < len(draft.links.keys[number]):
                yield draft.links.keys[number][index]


def _keys_of_owners(draft: Draft, findings: Iterable[Finding]) -> Iterator[int]:
    """Yield the key of the first message of each room and user in whose record a finding is."""
    members = draft.stored.members
    numbers = {members[number].place: number for number in draft.records}
    for finding in findings:
        number, index = numbers.get(finding.location.member or ""), finding.location.index
        if number is None or number in draft.links.keys or index is None or index >= len(draft.records[number]):
            continue
        member = members[number]
        for thing, identifier in links_of(member.schema or "", member.place, draft.text((number, index))).defines:
            history = numbers.get(HISTORY_OF[thing].format(identifier)) if thing in HISTORY_OF else None
            yield from draft.links.keys.get(-1 if history is None else history, ())[:1]
