"""The order in which a draft is reduced: messages, then what they need, single parts, and values."""

from collections.abc import Sequence

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

    When the time is up, it is the last that passed.
    """
    try:
        return _in_steps(draft, judge, findings)
    except TimeUpError:
        return judge.last


def _in_steps(draft: Draft, judge: Judge, findings: Sequence[Finding]) -> Draft:
    """Take all steps. Each may allow more of another one, so that they are repeated until the size stays."""
    draft = reduce_messages(draft, judge, findings)
    size = -1
    while size != (size := draft.size):
        draft = reduce_entities(draft, judge, judge.kept())
        draft = reduce_parts(draft, judge)
        draft = reduce_values(draft, judge)
        draft = reduce_files(draft, judge)
    return draft
