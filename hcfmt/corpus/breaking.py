"""Archives that are broken on purpose: damaged by the one side, judged by the other, and written only if both agree."""

import os
import shlex
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hcfmt.check.catalogue import RULES, Rule, find_rule
from hcfmt.check.engine import Options, validate
from hcfmt.container import DIGESTS, SALT, STDIN, Budget, Password, atomic_file, open_archive, temporary_directory
from hcfmt.damage import DAMAGES, EXCUSED, Damage
from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport, read_export, save_export
from hcfmt.export.writer import ArchiveForm, atomic_directory, output_form
from hcfmt.findings import Severity
from hcfmt.rng import random_for
from hcfmt.verdict import Report, Verdict

_PREFIXED = "HC107"
_CHUNK = 1 << 20  # bytes
_DEFAULT = Budget()


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that was done to break a rule.

    ``member`` is a path in the archive, None where the file as a whole was changed; ``pointer`` a JSON Pointer in it,
    None where the whole member was. Indices count the records of the archive as it was, and on from there those that
    were added. ``before`` and ``after`` are JSON values, None for what was not or is no more; of members and layers
    they tell sizes in bytes and the like.
    """

    rule: str
    member: str | None
    pointer: str | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken archive: the rule, all that was done, and what the validator says of it now."""

    rule: Rule
    answers: tuple[Answer, ...]
    report: Report


def break_archive(  # noqa: PLR0913 - what the command takes
    archive: str | os.PathLike[str],
    output: str | os.PathLike[str],
    rule: str,
    *,
    count: int = 1,
    seed: int = 1,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    force: bool = False,
) -> Broken:
    """Break one rule ``count`` times in a sound archive, and write the result.

    ``rule`` is a code or a name. The form of the output is what its suffix says, or a slash at its end, which is for a
    directory; else the archive's own. The password is the same. The same arguments give the same tar.

    The result is validated first. Raises UsageError, and writes nothing, where the rule does not speak exactly
    ``count`` times more, or another one than its companions does; where the archive is not sound; and where it lacks
    what the damage needs.
    """
    archive, output = os.fspath(archive), os.fspath(output)
    form = output_form(output)
    damage = damage_of(rule)
    if count < 1:
        raise UsageError(f"An archive is broken once or more often, not {count:,} times.")
    if damage.once and count > 1:
        raise UsageError(f"An archive can break {damage.code} only once, not {count:,} times. {damage.what}")
    options = Options(password=password, digests=digests, budget=budget, keep=1)
    before = _sound(archive, options)
    with _workshop(output) as directory:
        made = directory / Path(output).name
        export = _damaged(archive, options, damage, count, seed, made, form=form)
        # The damage itself may be another key derivation.
        after = validate(str(made), replace(options, digests=DIGESTS))
        _compare(damage, count, before.totals, after.totals)
        _place(made, output, force=force)
    answers = (Answer(damage.code, one.member, one.pointer, one.before, one.after) for one in export.log)
    return Broken(RULES[damage.code], tuple(answers), after)


def _damaged(
    archive: str, options: Options, damage: Damage, count: int, seed: int, made: Path, *, form: ArchiveForm | None
) -> EditableExport:
    """Write a damaged archive to a path in a directory of our own, in its own form where none is given.

    Return what it was made of.
    """
    salt = random_for(seed, "salt").getrandbits(8 * SALT).to_bytes(SALT, "big")
    opening = open_archive(archive, password=options.password, digests=options.digests, budget=options.budget)
    with tempfile.TemporaryFile(dir=made.parent) as spool, opening as opened:
        form = form or next(form for form in ArchiveForm if form.layers == opened.layers)
        export = read_export(opened, form, made.name, spool)
        damage.do(export, random_for(seed, "damage", damage.code), count)
        save_export(export, made, options.password, salt)
    return export


def damage_of(rule: str) -> Damage:
    """Return the damage for a rule, named by code or name in any letter case; UsageError where there is none."""
    code = find_rule(rule).code
    if code in EXCUSED:
        raise UsageError(f"{code} cannot be broken: {EXCUSED[code]}.")
    return DAMAGES[code]


def _sound(archive: str, options: Options) -> Report:
    """Return the report on an archive that can be damaged."""
    if archive == STDIN:
        raise UsageError("The archive is read twice, so it cannot be standard input: name a file.")
    report = validate(archive, options)
    if report.verdict is not Verdict.VALID:
        raise UsageError(_unsound(archive, report))
    if report.totals.get(_PREFIXED):
        raise UsageError("The export stands below another directory: pack it without that first.")
    return report


def _unsound(archive: str, report: Report) -> str:
    """Say what keeps an archive from being sound, and how to learn more."""
    found = ", ".join(code for code, times in report.totals.items() if times) or "nothing to check"
    gravest = min(report.findings, key=lambda one: [*Severity].index(one.severity), default=None)
    why = f"{gravest.message} " if gravest else ""
    return (
        f"{archive}: only a sound archive is broken in one way alone, and this one is {report.verdict}: {found}. {why}"
        f"See 'hcfmt validate {shlex.quote(archive)}'."
    )


def _compare(damage: Damage, count: int, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Raise UsageError unless the damage did what it was meant to, and nothing else."""
    more = Counter(after) - Counter(before)
    found = more.pop(damage.code, 0)
    others = [code for code in more if code not in damage.companions]
    if others:
        raise UsageError(
            f"Nothing was written, for in this archive that breaks other rules too: {', '.join(sorted(others))}."
        )
    if found != count:
        raise UsageError(f"Nothing was written, for the new findings of {damage.code} are {found:,} and not {count:,}.")


@contextmanager
def _workshop(output: str) -> Iterator[Path]:
    """Give a private directory beside the output, which vanishes; an OSError of the block is a UsageError."""
    parent = Path(output).parent
    try:
        with temporary_directory(parent) as directory:
            yield directory
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror or type(error).__name__}.") from None


def _place(made: Path, output: str, *, force: bool) -> None:
    """Put what was made in its place."""
    if made.is_dir():
        with atomic_directory(output) as directory:
            for inner in made.iterdir():
                inner.rename(directory / inner.name)
        return
    with made.open("rb") as source, atomic_file(output, force=force) as target:
        shutil.copyfileobj(source, target, _CHUNK)
