"""The order in which a draft is reduced: messages, then what they need, single parts, and values."""

from collections.abc import Sequence
from contextlib import suppress

from hcfmt.findings import Finding
from hcfmt.reduction.draft import Draft
from hcfmt.reduction.entities import reduce_entities
from hcfmt.reduction.judge import Judge, TimeUpError
from hcfmt.reduction.messages import reduce_messages
from hcfmt.reduction.parts import reduce_parts
from hcfmt.reduction.stored_files import reduce_files
from hcfmt.reduction.values import reduce_values


def reduce_draft(draft: Draft, judge: Judge, findings: Sequence[Finding]) -> Draft:
    """Return the smallest draft that passes; ``findings`` are those of the whole archive that are kept.

    It is the last one that passed, also when the time is up.
    """
    with suppress(TimeUpError):
        _take_steps(draft, judge, findings)
    return judge.last


def _take_steps(draft: Draft, judge: Judge, findings: Sequence[Finding]) -> None:
    """Take all steps, each from the last draft that passed: what a step returns if none does was never judged.

    Each may allow more of another one, so that they are repeated until the size stays.
    """
    reduce_messages(draft, judge, findings)
    size = -1
    while size != (size := judge.last.size):
        reduce_entities(judge.last, judge, judge.kept())
        reduce_parts(judge.last, judge)
        reduce_values(judge.last, judge)
        reduce_files(judge.last, judge)
