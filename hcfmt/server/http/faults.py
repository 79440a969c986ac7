"""What a server does wrong on purpose: it is slow, and fails some requests; which ones, a seed decides."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from typing import Any

from hcfmt.errors import UsageError

STATUSES = frozenset(status.value for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST)
SLOWEST = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """How slow, in seconds, and which statuses for which share of requests; the shares are at most 1 together."""

    latency: float = 0.0
    failures: tuple[tuple[int, float], ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        """Raise UsageError for what cannot be done."""
        if not 0 <= self.latency <= SLOWEST:
            raise UsageError(f"A latency is 0 to {SLOWEST:.0f} seconds.")
        try:
            failures = [(status, share) for status, share in self.failures]
        except (TypeError, ValueError):
            raise UsageError("A failure is a pair such as (503, 0.1), a status and a share of the requests.") from None
        for status, share in failures:
            if status not in STATUSES or not 0 <= share <= 1:
                raise UsageError("A failure is a status that HTTP names, from 400 on, and a share of requests, 0 to 1.")
        if sum(share for _, share in self.failures) > 1:
            raise UsageError("The shares of the failures are more than 1 together.")

    def failing(self, number: int) -> int | None:
        """Return the status with which a request fails, by its number; None: it does not. A seed decides for good."""
        if not self.failures:
            return None
        drawn = Random(f"{self.seed}:{number}").random()  # noqa: S311 - repeatable on purpose, and guards nothing
        for status, share in self.failures:
            if drawn < share:
                return status
            drawn -= share
        return None


class Faults:
    """The plan in force and the number of the next request; any thread may use it."""

    def __init__(self, plan: Plan) -> None:
        """Begin with a plan."""
        self._plan = plan
        self._number = 0
        self._lock = threading.Lock()

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self._plan

    def next(self) -> tuple[float, int | None]:
        """Return how many seconds the next request has to wait, and the status with which it fails, if it does."""
        with self._lock:
            plan, self._number = self._plan, self._number + 1
            return plan.latency, plan.failing(self._number)

    def change(self, plan: Plan) -> None:
        """Put another plan in force; requests are numbered from 1 again."""
        with self._lock:
            self._plan, self._number = plan, 0

    def update(self, told: Mapping[str, Any]) -> Plan:
        """Put the plan in force that ``changed`` makes of the one before, and return it; requests count from 1 again.

        What two clients change at the same moment is changed by both. Raises UsageError.
        """
        with self._lock:
            self._plan, self._number = changed(self._plan, told), 0
            return self._plan


def changed(plan: Plan, told: Mapping[str, Any]) -> Plan:
    """Return a plan with members of a JSON object in place of its own; raises UsageError for what is no such object."""
    latency = told.get("latency", plan.latency)
    failures = told.get("failures", [{"status": status, "share": share} for status, share in plan.failures])
    seed = told.get("seed", plan.seed)
    known = {"latency", "failures", "seed"}
    if not _is_number(latency) or not isinstance(failures, list) or not _is_whole(seed) or told.keys() - known:
        raise UsageError(
            'Give {"latency": seconds, "failures": [{"status": 503, "share": 0.1}], "seed": 1}, or some of it.'
        )
    return Plan(float(latency), tuple(map(_failure, failures)), seed)


def described(plan: Plan) -> dict[str, Any]:
    """Return a plan as the JSON object of which ``changed`` makes it again."""
    failures = [{"status": status, "share": share} for status, share in plan.failures]
    return {"latency": plan.latency, "failures": failures, "seed": plan.seed}


def _failure(told: Any) -> tuple[int, float]:  # noqa: ANN401 - any JSON value
    if not isinstance(told, Mapping) or told.keys() != {"status", "share"}:
        raise UsageError('A failure is {"status": 503, "share": 0.1}.')
    if not _is_whole(told["status"]) or not _is_number(told["share"]):
        raise UsageError('A failure is {"status": 503, "share": 0.1}.')
    return told["status"], float(told["share"])


def _is_number(value: object) -> bool:
    return isinstance(value, float) or _is_whole(value)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
