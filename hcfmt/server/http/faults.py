"""Fault injection: latency and failures of requests, reproducible by a seed."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from typing import Any

from hcfmt.errors import UsageError

STATUSES = frozenset(status.value for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST)
MAX_LATENCY = 600.0  # seconds

_FAILURE_FORM = 'failures must be a list of {"status": 503, "share": 0.1}.'


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """The latency of all requests in seconds, and pairs of a status and the share of requests (0 to 1) it fails."""

    latency: float = 0.0
    failures: tuple[tuple[int, float], ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        """Raise UsageError for an invalid plan."""
        if not 0 <= self.latency <= MAX_LATENCY:
            raise UsageError(f"latency must be 0 to {MAX_LATENCY:.0f} seconds.")
        try:
            failures = [(status, share) for status, share in self.failures]
        except (TypeError, ValueError):
            raise UsageError("A failure must be a pair of a status and a share of requests: (503, 0.1).") from None
        for status, share in failures:
            if status not in STATUSES or not 0 <= share <= 1:
                raise UsageError("A failure needs a known HTTP status from 400 on, and a share from 0 to 1.")
        if sum(share for _, share in self.failures) > 1:
            raise UsageError("The shares of all failures together must be at most 1.")

    def failure(self, number: int) -> int | None:
        """Return the status with which request ``number`` fails, None for success; the seed determines it."""
        if not self.failures:
            return None
        drawn = Random(f"{self.seed}:{number}").random()  # noqa: S311 - reproducible, not for security
        for status, share in self.failures:
            if drawn < share:
                return status
            drawn -= share
        return None


class Faults:
    """The fault plan in force and the number of the latest request; thread-safe."""

    def __init__(self, plan: FaultPlan) -> None:
        """Begin with a plan."""
        self._plan = plan
        self._number = 0
        self._lock = threading.Lock()

    @property
    def plan(self) -> FaultPlan:
        """The plan in force."""
        return self._plan

    def next(self) -> tuple[float, int | None]:
        """Return the latency in seconds of the next request, and the status with which it fails or None."""
        with self._lock:
            plan, self._number = self._plan, self._number + 1
            return plan.latency, plan.failure(self._number)

    def change(self, plan: FaultPlan) -> None:
        """Replace the plan; requests are numbered from 1 again."""
        with self._lock:
            self._plan, self._number = plan, 0

    def update(self, members: Mapping[str, Any]) -> FaultPlan:
        """Update members of the plan from JSON (see ``updated_plan``) and return it; requests count from 1 again.

        Concurrent updates of different members all take effect. Raises UsageError for invalid members.
        """
        with self._lock:
            self._plan, self._number = updated_plan(self._plan, members), 0
            return self._plan


def updated_plan(plan: FaultPlan, members: Mapping[str, Any]) -> FaultPlan:
    """Return a plan with members of a JSON object replaced; raises UsageError for unknown or invalid members."""
    latency = members.get("latency", plan.latency)
    failures = members.get("failures", [{"status": status, "share": share} for status, share in plan.failures])
    seed = members.get("seed", plan.seed)
    unknown = members.keys() - {"latency", "failures", "seed"}
    if unknown or not _is_number(latency) or not isinstance(failures, list) or not _is_integer(seed):
        raise UsageError(
            'Expected some of {"latency": seconds, "failures": [{"status": 503, "share": 0.1}], "seed": 1}.'
        )
    return FaultPlan(float(latency), tuple(map(_failure, failures)), seed)


def plan_to_json(plan: FaultPlan) -> dict[str, Any]:
    """Return a plan as the JSON object that ``updated_plan`` accepts."""
    failures = [{"status": status, "share": share} for status, share in plan.failures]
    return {"latency": plan.latency, "failures": failures, "seed": plan.seed}


def _failure(member: Any) -> tuple[int, float]:  # noqa: ANN401 - any JSON value
    if not isinstance(member, Mapping) or member.keys() != {"status", "share"}:
        raise UsageError(_FAILURE_FORM)
    if not _is_integer(member["status"]) or not _is_number(member["share"]):
        raise UsageError(_FAILURE_FORM)
    return member["status"], float(member["share"])


def _is_number(value: object) -> bool:
    return isinstance(value, float) or _is_integer(value)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
