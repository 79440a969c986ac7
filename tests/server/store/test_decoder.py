"""Ids of messages are UUIDs of one spelling."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.store.decoder import lower_uuids
from tests.support.store_exports import uuid


@pytest.mark.parametrize(
    "odd",
    [
        *("", "1", "x" * 36, uuid(1).replace("-", ""), f"{{{uuid(1)}}}", f" {uuid(1)[1:]}", f"{uuid(1)[:-1]}-"),
        *(uuid(1).replace("-", " "), uuid(1).replace("0-", "-0"), f"{uuid(1)[:-2]}  ", f"{uuid(1)[:-1]}\u0661"),
        *(None, 5, uuid(1).encode()),
    ],
)
def test_an_id_that_is_no_uuid_is_refused_at_any_place_of_a_batch(odd: Any) -> None:  # noqa: ANN401 - any JSON value
    for ids in ([odd], [odd, uuid(2)], [uuid(2), odd]):
        with pytest.raises((ValueError, TypeError)):
            lower_uuids(ids)


@given(st.lists(st.integers(0, (1 << 128) - 1)))
def test_ids_are_read_in_any_letter_case(numbers: list[int]) -> None:
    ids = [uuid(number) for number in numbers]
    assert lower_uuids(ids) == lower_uuids([id_.upper() for id_ in ids]) == ids
