"""The schemas say which deviations harm importers, and no profile contradicts them.

``python -m tests.check.test_schema_consequences`` prints the number of deviations by rule.
"""

import io
import sys
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from hcfmt import Options, Report, Verdict, validate
from hcfmt.check.facts import MISSHAPEN
from hcfmt.profiles.loading import ALL
from tests.support.schema_deviations import Documents, deviations, packed, sample_documents

HARMFUL, HARMLESS, UNTRIED = "HC301", "HC317", "HC318"

# Places that are errors although the sample with such a value meets no condition of a profile.
_KEY = "Rocket.Chat keeps one of two messages of the same id, and only UUIDs are compared with each other"
_NAME = "Zulip stops on it where the id of the sender is 0"
HARMFUL_BY_OTHER_EVIDENCE: Mapping[str, str] = {
    "UserMessage/sender/name required": _NAME,
    "PrivateUserMessage/id pattern": _KEY,
    **{
        f"{kind}/id {keyword}": _KEY
        for kind in ("UserMessage", "NotificationMessage", "TopicRoomMessage")
        for keyword in ("required", "type", "pattern")
    },
}


def _documents() -> Documents:
    """Return the sample with a private room, and a notification of an integration: importers read more of those."""
    documents = sample_documents()
    documents["rooms.json"][0]["Room"] |= {"privacy": "private", "members": [1, 2]}
    documents["rooms/1/history.json"][7]["NotificationMessage"]["sender"]["id"] = 0
    return documents


def _report(documents: Documents) -> Report:
    return validate(io.BytesIO(packed(documents)), Options(importers=(ALL,)))


def _met(report: Report) -> Counter[str]:
    """Return how often each condition of a profile is met."""
    return Counter(
        {f"{verdict.importer}/{met.id}": met.count for verdict in report.importers for met in verdict.conditions}
    )


class Outcome(NamedTuple):
    """What the deviations of a keyword at a place come to: rules that report, conditions met more often, verdicts."""

    codes: frozenset[str]
    conditions: frozenset[str]
    verdicts: frozenset[Verdict]
    misshapen: bool  # a record takes no part in the check


_NO_OUTCOME = Outcome(frozenset(), frozenset(), frozenset(), misshapen=False)


def _outcomes() -> dict[str, Outcome]:
    """Return the outcome of each place and keyword that the sample has."""
    documents = _documents()
    before = _report(documents)
    outcomes: dict[str, Outcome] = {}
    for deviation in deviations():
        changed = deviation.applied(documents)
        if changed == documents:  # the sample has no such place
            continue
        after = _report(changed)
        last = outcomes.get(deviation.name, _NO_OUTCOME)
        outcomes[deviation.name] = Outcome(
            last.codes | (after.totals.keys() - before.totals.keys()),
            last.conditions | (_met(after) - _met(before)).keys(),
            last.verdicts | {after.verdict},
            last.misshapen or any(MISSHAPEN in (entry.reason or "") for entry in after.ledger),
        )
    return outcomes


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return _outcomes()


@pytest.mark.slow
def test_what_the_schemas_call_harmless_or_untried_meets_no_condition_of_an_importer(
    outcomes: dict[str, Outcome],
) -> None:
    found = {name: outcome.conditions for name, outcome in outcomes.items() if HARMFUL not in outcome.codes}
    assert {name for name in found if found[name]} == set()
    assert len(found) > 100  # of about 300


@pytest.mark.slow
def test_what_the_schemas_call_harmful_meets_a_condition_or_has_another_reason(outcomes: dict[str, Outcome]) -> None:
    harmful = {name: outcome.conditions for name, outcome in outcomes.items() if HARMFUL in outcome.codes}
    assert {name for name in harmful if not harmful[name]} == HARMFUL_BY_OTHER_EVIDENCE.keys()


@pytest.mark.slow
def test_each_place_has_one_rule_and_what_is_harmless_leaves_the_archive_valid(outcomes: dict[str, Outcome]) -> None:
    for name, outcome in outcomes.items():
        (code,) = outcome.codes & {HARMFUL, HARMLESS, UNTRIED}
        expected = Verdict.VALID if code == HARMLESS else Verdict.INVALID
        assert outcome.verdicts == {expected}, (name, outcome.codes)
        assert outcome.misshapen == (code != HARMLESS), name


def main() -> None:
    """Print the number of places and of deviations by the rule that reports them."""
    documents, places, values = _documents(), dict[str, str](), Counter[str]()
    for deviation in deviations():
        changed = deviation.applied(documents)
        totals = _report(changed).totals if changed != documents else {}
        for code in totals.keys() & {HARMFUL, HARMLESS, UNTRIED}:
            places[deviation.name] = code
            values[code] += 1
    by_rule = Counter(places.values())
    for code in (HARMFUL, HARMLESS, UNTRIED):
        sys.stdout.write(
            f"{code}: {by_rule[code]} keywords of {len(places)}, {values[code]} values of {values.total()}\n"
        )


if __name__ == "__main__":
    main()
