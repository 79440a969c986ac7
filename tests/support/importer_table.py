"""Renders the table of what importers do: with sound archives, and with each damage of the documented sample."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from hcfmt import PROFILES, ImporterVerdict, Options, Plan, generate, validate
from hcfmt.check.catalogue import RULES
from hcfmt.profiles.loading import ALL, builtin_names
from hcfmt.report.importers import importer_sentence
from tests.support.breaking import WAYS, broken_in_a_way
from tests.support.recipes import PASSWORD, SAMPLE

SOUND = {"tiny": PROFILES["tiny"], "small, 1,200 messages": Plan(messages=1_200), "small": PROFILES["small"]}
"""Plans of the generated archives in the table, all with seed 1."""

_HEAD = """<!-- Generated; `pytest tests/generated --rewrite` writes it again. -->

# What importers do

`hcfmt validate --for IMPORTER` says it of any archive; [profiles of importers](../../docs/profiles.md) explains the
verdicts. What follows is what the profiles answer, not a run of the importers themselves.
"""
_RULES = """
## Damages

Each damage of `hcfmt break` was done to the documented sample, and each of its variants, whose name is in place of the
rule's. A cell shows the conditions that the sample itself does not meet, the worst effect first; a dash stands for
none, and a damage without a row meets none.
"""


def importer_table(directory: Path) -> str:
    """Return the page in Markdown; ``directory`` is empty, for the archives."""
    lines = [_HEAD, "| importer | the documented sample | " + " | ".join(SOUND) + " |"]
    lines.append("| --- " * (len(SOUND) + 2) + "|")
    sound = [_verdicts(SAMPLE), *(_verdicts(_generated(directory, name)) for name in SOUND)]
    for name in builtin_names():
        sentences = [importer_sentence(verdicts[name]).partition(": ")[2].partition(" at ")[0] for verdicts in sound]
        lines.append(f"| [{name}]({name}.md) | {' | '.join(sentences)} |")
    head = ("rule", "severity", *builtin_names())
    lines += [_RULES, f"| {' | '.join(head)} |", "| --- " * len(head) + "|", *_rows(directory, sound[0])]
    return "\n".join(lines) + "\n"


def _rows(directory: Path, sample: dict[str, ImporterVerdict]) -> Iterator[str]:
    """Yield the row of each damage that an importer notices."""
    for damage in WAYS.values():
        path = directory / "broken.tar.gz.aes"
        broken_in_a_way(SAMPLE, path, damage)
        broken = _verdicts(path)
        path.unlink()
        cells = [_new(sample[name], broken[name]) for name in builtin_names()]
        if any(cells):
            rule = RULES[damage.code]
            link = f"[{rule.code}](../../hcfmt/check/pages/{rule.code}.md) {damage.variant or rule.name}"
            yield f"| {link} | {rule.severity} | {' | '.join(cell or '-' for cell in cells)} |"


def _new(before: ImporterVerdict, after: ImporterVerdict) -> str:
    """Return the conditions that are met only after a damage: ``dies Z50, drops Z61``."""
    known = {condition.id for condition in before.conditions}
    return ", ".join(
        f"{condition.effect} {condition.id}" for condition in after.conditions if condition.id not in known
    )


def _verdicts(path: Path) -> dict[str, ImporterVerdict]:
    options = Options(password=PASSWORD.encode, importers=[ALL])
    verdicts: Sequence[ImporterVerdict] = validate(str(path), options).importers
    return {verdict.importer: verdict for verdict in verdicts}


def _generated(directory: Path, name: str) -> Path:
    path = directory / f"{len(name)}.tar.gz.aes"
    generate(path, SOUND[name], password=PASSWORD.encode)
    return path
