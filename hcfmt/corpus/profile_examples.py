"""Runs the examples of a profile: each bad one must meet its condition, and each good one must not."""

import io
from collections.abc import Iterator

from hcfmt.check.engine import Options, validate
from hcfmt.container import Budget
from hcfmt.corpus.recipe_sample import PASSWORD, cook
from hcfmt.errors import UsageError
from hcfmt.profiles.loading import profile, profile_sources
from hcfmt.recipes import UNCHANGED


def failing_examples(importer: str) -> Iterator[str]:
    """Yield a sentence for each example that does not do what it should, of an importer by name or path of a profile.

    An example is a recipe on the documented sample; without a good one, the sample as it is must not meet the
    condition. A condition without a bad example is left out.
    """
    (source,) = profile_sources([importer])
    for condition in profile(source).condition:
        if not condition.bad.strip():
            continue
        for name, recipe, expected in (("bad", condition.bad, True), ("good", condition.good, False)):
            try:
                met = conditions_met(recipe, importer)
            except UsageError as error:
                yield f"Condition {condition.id}: the {name} example is no recipe: {error}"
                continue
            if (condition.id in met) is not expected:
                example = f"the {name} example" if recipe.strip() else "the documented sample as it is"
                yield f"Condition {condition.id}: {example} {'does not meet' if expected else 'meets'} the condition."


def conditions_met(recipe: str, importer: str) -> frozenset[str]:
    """Return the ids of the conditions that a recipe's archive meets, that of the sample for an empty recipe."""
    cooked = cook(recipe if recipe.strip() else UNCHANGED)
    options = Options(password=PASSWORD.encode, budget=Budget(**cooked.limits), importers=[importer])
    (verdict,) = validate(io.BytesIO(cooked.data), options).importers
    return frozenset(condition.id for condition in verdict.conditions)
