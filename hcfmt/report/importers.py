"""Verdicts on importers as text: one sentence, then the conditions that the archive meets, the worst first."""

from collections.abc import Iterator

from hcfmt.report.text_style import INDENT, TextStyle, count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import ConditionMet, ImporterVerdict

_OUTCOMES = {"dies": "dies", "hangs": "never ends", "refused": "the target refuses the result"}


def importer_sentence(verdict: ImporterVerdict) -> str:
    """Return the verdict on one importer in a sentence: ``zulip: dies at emoticons.json``."""
    if verdict.outcome in _OUTCOMES:
        place = f" at {verdict.at}" if verdict.at else ""
        sentence = f"{_OUTCOMES[verdict.outcome]}{place}"
    elif verdict.outcome == "loses":
        sentence = f"imports, but {_losses(verdict)}"
    elif any(condition.by_design for condition in verdict.conditions):
        sentence = "imports everything that it reads"
    else:
        sentence = "imports everything"
    unsure = "" if verdict.certain else "; not all of the archive was examined"
    return visible(f"{verdict.importer}: {sentence}{unsure}")


def importer_lines(verdict: ImporterVerdict, style: TextStyle) -> Iterator[str]:
    """Yield the verdict on one importer, and each condition that the archive meets."""
    yield style.strong(importer_sentence(verdict))
    for condition in verdict.conditions:
        place = f"  {condition.first}" if condition.first else ""
        yield visible(f"  {condition.id:<5}  {_effect(condition)} ({condition.count:,}){place}")
        for text in filter(None, (condition.happens, condition.remedy)):
            yield from style.wrapped(text, INDENT)


def _effect(condition: ConditionMet) -> str:
    return f"{condition.effect}, by design" if condition.by_design else condition.effect


def _losses(verdict: ImporterVerdict) -> str:
    """Return what is lost and misfiled: ``loses 3 of 90 messages and 2 files, and misfiles 1 message``."""
    messages, files, misfiled = (verdict.lost[what] for what in ("messages", "files", "misfiled"))
    lost = [f"{messages:,} of {verdict.messages:,} messages"] if messages else []
    lost += [count_of(files, "file")] if files else []
    parts = [f"loses {' and '.join(lost)}"] if lost else []
    parts += [f"misfiles {count_of(misfiled, 'message')}"] if misfiled else []
    return ", and ".join(parts)
