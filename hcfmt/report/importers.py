"""Verdicts on importers as text: one sentence, then the conditions that the archive meets, the worst first."""

from collections.abc import Iterator

from hcfmt.report.extracts import place_text
from hcfmt.report.text_style import INDENT, TextStyle, count_of
from hcfmt.report.visible_text import visible
from hcfmt.verdict import ConditionMet, ImporterVerdict

_PLURALS = {
    "avatar": "avatars",
    "emoticon": "emoticons",
    "file": "files",
    "message": "messages",
    "other": "something",
    "user": "users",
}
_LOSING = {"drops", "misfiles"}
_OUTCOMES = {"dies": "dies", "hangs": "never ends", "refused": "the target refuses the result"}


def importer_sentence(verdict: ImporterVerdict) -> str:
    """Return the verdict on one importer in a sentence: ``zulip: dies at emoticons.json``."""
    if verdict.outcome == "unknown":
        return visible(f"{verdict.importer}: cannot be told, as no data file of an export was read")
    if verdict.outcome in _OUTCOMES:
        place = str(verdict.at or "")
        sentence = f"{_OUTCOMES[verdict.outcome]}{' at ' if place else ''}{place}"
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
        place = place_text(condition.first) if condition.first else ""
        head = visible(f"  {condition.id:<5}  {_effect(condition)} ({condition.count:,})")
        yield f"{head}  {place}" if place else head
        for text in filter(None, (condition.happens, condition.remedy)):
            yield from style.wrapped(text, INDENT)
    if verdict.conditions:
        name = verdict.importer if verdict.built_in else "FILE"
        command = visible(f"'hcfmt importer {name} {verdict.conditions[0].id}'")
        yield from style.wrapped(f"{command} explains a condition and names its evidence.", "  ")


def _effect(condition: ConditionMet) -> str:
    return f"{condition.effect}, by design" if condition.by_design else condition.effect


def _losses(verdict: ImporterVerdict) -> str:
    """Return what is lost and misfiled: ``loses 3 of 90 messages and 2 files, and misfiles 1 message``.

    Where nothing of it is counted, it is named by the conditions: ``loses memberships, see R05``.
    """
    messages, files, misfiled = (verdict.lost[what] for what in ("messages", "files", "misfiled"))
    lost = [f"{messages:,} of {verdict.messages:,} messages"] if messages else []
    lost += [count_of(files, "file")] if files else []
    parts = [f"loses {' and '.join(lost)}"] if lost else []
    parts += [f"misfiles {count_of(misfiled, 'message')}"] if misfiled else []
    return ", and ".join(parts) or _uncounted(verdict)


def _uncounted(verdict: ImporterVerdict) -> str:
    losing = [condition for condition in verdict.conditions if condition.effect in _LOSING and not condition.by_design]
    verb = "loses" if any(condition.effect == "drops" for condition in losing) else "misfiles"
    what = dict.fromkeys(_PLURALS.get(loss, loss) for condition in losing for loss in condition.loses)
    return f"{verb} {', '.join(what) or 'something'}, see {', '.join(condition.id for condition in losing)}"
