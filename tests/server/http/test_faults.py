"""Fault injection: selection of failing requests by a seed, and validation of plans."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.errors import UsageError
from hcfmt.server.http.faults import FaultPlan, Faults, plan_to_json, updated_plan
from tests.support.concurrency import run_concurrently

HALF = FaultPlan(failures=((503, 0.25), (500, 0.25)), seed=7)


def test_the_same_seed_fails_the_same_requests() -> None:
    first, second = Faults(HALF), Faults(HALF)
    assert [first.next() for _ in range(200)] == [second.next() for _ in range(200)]


def test_another_seed_fails_other_requests() -> None:
    failing = [FaultPlan(failures=((503, 0.5),), seed=seed).failure for seed in (1, 2)]
    assert [failing[0](number) for number in range(50)] != [failing[1](number) for number in range(50)]


def test_the_share_of_failures_is_approximate() -> None:
    failed = [HALF.failure(number) for number in range(4_000)]
    assert all(900 < failed.count(status) < 1_100 for status in (503, 500))


@pytest.mark.parametrize(("share", "failing"), [(0.0, {None}), (1.0, {503})])
def test_a_share_of_0_or_1_fails_no_or_every_request(share: float, failing: set[int | None]) -> None:
    assert {FaultPlan(failures=((503, share),)).failure(number) for number in range(500)} == failing


def test_a_change_restarts_the_numbering() -> None:
    faults = Faults(HALF)
    before = [faults.next() for _ in range(20)]
    faults.change(HALF)
    assert [faults.next() for _ in range(20)] == before


def test_members_of_a_plan_can_be_changed_separately() -> None:
    plan = updated_plan(HALF, {"latency": 2})
    assert plan == FaultPlan(2.0, HALF.failures, HALF.seed)
    assert updated_plan(plan, {"failures": []}).failures == ()
    assert updated_plan(plan, {"seed": 3}).seed == 3


def test_concurrent_updates_all_take_effect() -> None:
    changes: list[dict[str, Any]] = [{"latency": 3}, {"seed": 9}, {"failures": [{"status": 418, "share": 1}]}]
    for _ in range(200):
        faults = Faults(HALF)

        def change(number: int, faults: Faults = faults) -> FaultPlan:
            return faults.update(changes[number])

        run_concurrently(change, len(changes))
        assert faults.plan == FaultPlan(3.0, ((418, 1.0),), 9)


@given(
    st.builds(
        FaultPlan,
        st.floats(0, 600),
        st.lists(st.tuples(st.sampled_from([400, 404, 429, 500, 503]), st.floats(0, 0.2)), max_size=4).map(tuple),
        st.integers(0, 1_000),
    )
)
def test_a_plan_survives_a_round_trip_through_json(plan: FaultPlan) -> None:
    assert updated_plan(FaultPlan(), plan_to_json(plan)) == plan


@pytest.mark.parametrize(
    "members",
    [
        {"latency": "1"},
        {"latency": True},
        {"latency": -1},
        {"latency": 601},
        {"latency": float("nan")},
        {"failures": 503},
        {"failures": [503]},
        {"failures": [{"status": 200, "share": 0.1}]},
        {"failures": [{"status": 599, "share": 0.1}]},
        {"failures": [{"status": 503, "share": 1.1}]},
        {"failures": [{"status": 503, "share": "0.1"}]},
        {"failures": [{"status": 503, "share": 0.6}, {"status": 500, "share": 0.6}]},
        {"failures": [{"status": True, "share": 0.1}]},
        {"failures": ""},
        {"failures": {}},
        {"seed": "1"},
        {"seed": True},
        {"seed": 1.0},
        {"lateny": 1},
        {"failures": [{"status": 503, "share": 0.1, "shares": 1}]},
    ],
    ids=str,
)
def test_an_invalid_plan_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        updated_plan(HALF, members)
