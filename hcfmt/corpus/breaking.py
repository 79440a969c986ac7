"""Breaks archives: damages an export for a rule or by a recipe, validates the result, and writes it.

A damage for a rule is written only if the validator finds that rule and no other. A recipe is written in any case.
"""

import os
import shlex
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hcfmt.check.catalogue import RULES, Rule, find_rule
from hcfmt.check.engine import Options, validate
from hcfmt.container import DIGESTS, SALT, STDIN, Budget, Password, open_archive
from hcfmt.container.distinct_files import require_not_input
from hcfmt.damage import DAMAGES, EXCUSED, NO_PLACE, VARIANTS, Damage
from hcfmt.errors import UsageError
from hcfmt.export.dialects import HC_MIGRATE, TITLES
from hcfmt.export.editing import Answer, EditableExport, read_export, save_export
from hcfmt.export.rewriting import draft_archive, form_like
from hcfmt.export.writer import ArchiveForm
from hcfmt.findings import Severity
from hcfmt.recipes import apply, parse, save
from hcfmt.rng import random_for
from hcfmt.suggestions import unknown_name
from hcfmt.verdict import Report, Verdict

_DOTTED, _HARMLESS = "HC119", "HC317"
_CHUNK = 1 << 20  # bytes
_DEFAULT = Budget()
_Limits = Mapping[str, Any]  # limits of Budget, by name, for the check of the result


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken archive: the rule (None for a recipe), all changes, and the validator's report on the result.

    ``variant`` names the way in which the rule was broken, None for the usual one.
    """

    rule: Rule | None
    answers: tuple[Answer, ...]
    report: Report
    variant: str | None = None


def break_archive(  # noqa: PLR0913 - the arguments of the command
    archive: str | os.PathLike[str],
    output: str | os.PathLike[str],
    rule: str | None = None,
    *,
    variant: str | None = None,
    recipe: str | None = None,
    count: int = 1,
    seed: int = 1,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    force: bool = False,
    sound: Report | None = None,
) -> Broken:
    """Break one rule ``count`` times in a sound archive, or change any archive by a recipe, and write the result.

    ``rule`` is a code or a name, ``recipe`` text in the language of ``docs/recipes.md``; exactly one of both is given.
    ``variant`` names another than the usual way to break the rule: ``hcfmt break --list`` shows them.
    The suffix of the output decides its form, a slash at its end asks for a directory; otherwise it has the archive's
    own form. The password is the same. The same arguments give the same tar. ``sound`` is the report on the archive
    where the caller has it already.

    Raises UsageError, and writes nothing, if the output is the archive, even with ``force``, and if the archive lacks
    what the damage or the recipe changes. For a rule it also does so unless the archive is sound, and the validator
    finds the rule exactly ``count`` times more and no rule but its companions. A recipe promises nothing about the
    result: ``report`` has its verdict and the rules found.
    """
    archive, output = os.fspath(archive), os.fspath(output)
    if (rule is None) is (recipe is None):
        raise UsageError("An archive is broken by a rule or by a recipe: give exactly one of them.")
    if archive == STDIN:
        raise UsageError("The archive is read twice, so it cannot be standard input: name a file.")
    require_not_input(output, [archive])
    job = _Job(archive, output, Options(password=password, digests=digests, budget=budget), seed)
    if recipe is not None:
        if count != 1:
            raise UsageError("A count is for a rule: a recipe is applied once.")
        if variant is not None:
            raise UsageError("A variant is one of a rule: give the rule too, and no recipe.")
        return _break_by_recipe(job, recipe, force=force)
    return _break_rule(job, damage_of(rule or "", variant), count, sound, force=force)


@dataclass(frozen=True, slots=True)
class _Job:
    """The archive to break, the path of the output, and the options of both."""

    archive: str
    output: str
    options: Options
    seed: int

    @property
    def salt(self) -> bytes:
        return random_for(self.seed, "salt").getrandbits(8 * SALT).to_bytes(SALT, "big")


def _break_rule(job: _Job, damage: Damage, count: int, sound: Report | None, *, force: bool) -> Broken:
    if count < 1:
        raise UsageError(f"count must be 1 or more, not {count:,}.")
    if damage.once and count > 1:
        raise UsageError(f"An archive can break {damage.code} only once, not {count:,} times. {damage.summary}")
    options = replace(job.options, keep=1)
    before = _require_sound(job.archive, sound or validate(job.archive, options))
    dialect = _dialect_to_break(before, damage)

    def write(export: EditableExport, path: Path, password: Password | None) -> _Limits:
        stream = ("damage", damage.code, damage.variant) if damage.variant else ("damage", damage.code)
        damage.apply(export, random_for(job.seed, *stream), count)
        save_export(export, path, password, job.salt)
        return {}

    with draft_archive(job.output, force=force) as draft:
        export, _ = _write_changed(job, Path(draft), write, dialect)
        # The damage may change the key derivation.
        after = validate(draft, replace(options, digests=DIGESTS))
        _require_exactly(damage, count, before.totals, after.totals)
    return Broken(RULES[damage.code], _answers(export, damage.code), after, damage.variant or None)


def _break_by_recipe(job: _Job, text: str, *, force: bool) -> Broken:
    recipe = parse(text)

    def write(export: EditableExport, path: Path, password: Password | None) -> _Limits:
        draft = apply(recipe, export, () if export.form is ArchiveForm.DIRECTORY else export.form.layers)
        if draft.name is not None:
            raise UsageError("The recipe names the file, and so does the output: leave out the line with 'name'.")
        save(draft, path, password, job.salt)
        return draft.limits

    with draft_archive(job.output, force=force) as draft:
        export, limits = _write_changed(job, Path(draft), write)
        budget = replace(job.options.budget, **limits)
        report = validate(draft, replace(job.options, digests=DIGESTS, budget=budget))
    return Broken(None, _answers(export, None), report)


def _write_changed(
    job: _Job,
    path: Path,
    write: Callable[[EditableExport, Path, Password | None], _Limits],
    dialect: str = HC_MIGRATE,
) -> tuple[EditableExport, _Limits]:
    """Read the archive, have ``write`` change the export and write it to a path, and return what both return.

    The result has the password that opened the archive, or the given one where that was not encrypted.
    """
    options = job.options
    opening = open_archive(job.archive, password=options.password, digests=options.digests, budget=options.budget)
    with tempfile.TemporaryFile(dir=path.parent) as spool, opening as opened:
        export = read_export(opened, form_like(opened, job.output), path.name, spool, dialect)
        limits = write(export, path, opened.password or options.password)
    return export, limits


def _answers(export: EditableExport, code: str | None) -> tuple[Answer, ...]:
    return tuple(Answer(code, change.member, change.pointer, change.before, change.after) for change in export.log)


def damage_of(rule: str, variant: str | None = None) -> Damage:
    """Return the damage for a rule, named by code or name in any letter case, in its usual way or as a variant.

    Raises UsageError for an unknown rule or variant, and for a rule that cannot be broken.
    """
    code = find_rule(rule).code
    if code in EXCUSED:
        raise UsageError(f"{code} cannot be broken: {EXCUSED[code]}.")
    if variant is None:
        return DAMAGES[code]
    variants = VARIANTS.get(code, {})
    if not variants:
        raise UsageError(f"{code} is broken in one way only: leave out the variant.")
    if variant not in variants:
        raise UsageError(unknown_name(f"variant of {code}", variant, variants, listed_by="hcfmt break --list"))
    return variants[variant]


def _require_sound(archive: str, report: Report) -> Report:
    """Return the report on an archive; raise UsageError unless it is sound, so that a rule can be broken in it."""
    if report.verdict is not Verdict.VALID:
        raise UsageError(_unsound(archive, report))
    if report.totals.get(_DOTTED):
        raise UsageError("The names of the archive's members begin with ./: pack them without it first.")
    if report.totals.get(_HARMLESS):
        raise UsageError(f"Damages need records as documented, and {_HARMLESS} reports some here: mend them first.")
    return report


def _dialect_to_break(report: Report, damage: Damage) -> str:
    """Return the dialect of a sound archive; raise UsageError if its exports have no place for a damage."""
    inventory: Mapping[str, Any] = report.inventory
    dialect: str = inventory["dialect"]["name"]
    reason = NO_PLACE.get((dialect, damage.code)) or NO_PLACE.get((dialect, damage.way))
    if reason:
        raise UsageError(f"{damage.way} cannot be broken in exports of {TITLES[dialect]}: {reason}.")
    return dialect


def _unsound(archive: str, report: Report) -> str:
    """Return the sentences that say why an archive is not sound, and which command says more."""
    found = ", ".join(code for code, times in report.totals.items() if times) or "nothing to check"
    severities = [*Severity]
    gravest = min(report.findings, key=lambda finding: severities.index(finding.severity), default=None)
    why = f"{gravest.message} " if gravest else ""
    return (
        f"{archive}: a rule is broken in a sound archive only, and this one is {report.verdict}: {found}. {why}"
        f"See 'hcfmt validate {shlex.quote(archive)}'."
    )


def _require_exactly(damage: Damage, count: int, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Raise UsageError unless the new findings are those of the damage, as many as requested."""
    more = Counter(after) - Counter(before)
    found = more.pop(damage.code, 0)
    unexpected = sorted(code for code in more if code not in damage.companions)
    if unexpected:
        raise UsageError(f"Nothing was written: in this archive, the damage also breaks {', '.join(unexpected)}.")
    if found != count:
        raise UsageError(
            f"Nothing was written: the damage gave {found:,} new findings of {damage.code}, and not {count:,}."
        )
