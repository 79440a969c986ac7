"""Conditions that records meet: structs meet what the same records meet as JSON objects."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.export.columns import plain
from hcfmt.export.jsontext import Rejected
from hcfmt.export.records import Batch
from hcfmt.export.typed_documents import accept_document
from hcfmt.profiles.conditions_met import PRIVATE, ConditionsMet, Records, add_conditions, sent_by, sent_records
from hcfmt.profiles.loading import ALL, profile_sources
from hcfmt.profiles.record_columns import RecordColumns
from hcfmt.strategies import documents

OWNER = 1


def conditions_met(batch: Batch, records: Sequence[object]) -> ConditionsMet:
    found = ConditionsMet()
    rows = Records("users/1/history.json", batch.kind, RecordColumns(records, batch.at))
    add_conditions(profile_sources([ALL]), sent_records(rows, OWNER, found), found)
    return found


@pytest.mark.parametrize("name", ["users", "rooms", "emoticons", "room-history", "user-history"])
@given(data=st.data())
def test_structs_meet_the_conditions_that_their_records_meet(name: str, data: st.DataObject) -> None:
    schema = f"export/{name}"
    try:
        accepted = accept_document(schema, json.dumps(data.draw(documents(schema))).encode())
    except Rejected:
        return
    for batch in accepted:
        of_structs, of_objects = (
            conditions_met(batch, records) for records in (batch.records, list(map(plain, batch.records)))
        )
        assert of_structs.by_condition() == of_objects.by_condition()
        assert (of_structs.lost, of_structs.values) == (of_objects.lost, of_objects.values)


PEOPLE = st.integers(1, 3)


@given(st.lists(st.tuples(PEOPLE, PEOPLE), max_size=20))
@example([(1, 1), (2, 3), (2, 1)])
def test_private_messages_are_those_that_the_owner_sent_received_or_neither(pairs: list[tuple[int, int]]) -> None:
    found = ConditionsMet()
    records = [{"sender": {"id": sender}, "receiver": {"id": receiver}} for sender, receiver in pairs]
    sent = sent_records(Records("users/1/history.json", PRIVATE, RecordColumns(records)), OWNER, found)
    received = [place for place, (sender, receiver) in enumerate(pairs) if receiver == OWNER != sender]
    senders = [pairs[place][0] for place in received]
    first = {sender: (senders.count(sender), received[senders.index(sender)]) for sender in senders}
    assert list(sent.columns.at) == [place for place in range(len(pairs)) if place not in received]
    assert found.received["users/1/history.json"] == first
    assert list(sent_by(OWNER, sent).at) == [place for place, (sender, _) in enumerate(pairs) if sender == OWNER]
