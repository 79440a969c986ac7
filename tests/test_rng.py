"""Random numbers have the form that they are asked for."""

from random import Random
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from hcfmt.rng import random_uuid, random_uuids


@given(st.integers(0, 300), st.integers(0, 99))
def test_random_uuids_are_of_version_4_and_in_the_usual_form(count: int, seed: int) -> None:
    texts = random_uuids(Random(seed), count)  # noqa: S311 - no secret
    uuids = [UUID(text) for text in texts]
    assert [str(uuid) for uuid in uuids] == texts
    assert all((uuid.version, uuid.variant) == (4, RFC_4122) for uuid in uuids)
    assert len({*texts}) == count


def test_a_single_uuid_is_the_first_of_several() -> None:
    assert random_uuid(Random(5)) == random_uuids(Random(5), 1)[0]  # noqa: S311 - no secret
