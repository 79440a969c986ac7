"""A suite with which any program that imports HipChat's exports can be tried: archives, and what to expect of each."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from hcfmt.check.catalogue import RULES
from hcfmt.check.engine import Options, validate
from hcfmt.container import PRIVATE, private_directory, private_file, require_file_name, temporary_directory
from hcfmt.corpus.breaking import break_archive
from hcfmt.corpus.case import PASSWORD, Case, Folder
from hcfmt.corpus.hostile import hostile_cases
from hcfmt.corpus.sound import company_to_break, sealed_cases, valid_cases
from hcfmt.damage import DAMAGES
from hcfmt.errors import UsageError
from hcfmt.findings import Severity
from hcfmt.verdict import Report, Verdict
from hcfmt.version import __version__

FORMAT_VERSION = 1
_MODERN = "HC013"
_READ_ON = frozenset({"HCX01", "HC008", "HC011"})  # a limit of hcfmt's own, bytes behind an end, an end that is missing
_UNSAFE = frozenset({"HC101", "HC102", "HC514"})  # names, links and references that lead out of the archive
_COMPANIES = 20  # that are tried before a damage counts as impossible
_SEALED, _GZIP, _TAR = b"Salted__", b"\x1f\x8b", b"ustar"
_TAR_MARK = 257  # bytes before a tar's "ustar"
_EXECUTABLE = 0o700
# What goes with the suite as it is, its name here, and its permissions.
_BESIDE = {"README.md": ("corpus.md", PRIVATE), "run.sh": ("run.sh", _EXECUTABLE)}


class Expect(StrEnum):
    """What an importer owes a case."""

    ACCEPT = "must-accept"
    REJECT = "must-reject"
    SURVIVE = "must-not-crash"


_SHOULD = {
    Folder.INVALID: "Reject it and say why, or import what is sound and tell what was lost.",
    Folder.HOSTILE: "Keep to bounded memory and time; reject it, or import what is sound and tell what was lost.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the manifest tells of a case: the properties of schemas/report/corpus.json, in their order."""

    id: str
    path: str
    about: str
    sha256: str
    bytes: int
    form: str | None
    password: str | None
    digest: str | None
    verdict: Verdict
    codes: Mapping[str, int]
    expect: Expect
    should: str | None
    holds: Mapping[str, Any] | None


Progress = Callable[[int, int, str], None]
"""Told before each case: how many are done, how many there are, and the path of the next one."""


def corpus(
    directory: str,
    *,
    seed: int = 1,
    only: tuple[str, ...] = ("*",),
    force: bool = False,
    progress: Progress | None = None,
) -> tuple[Told, ...]:
    """Write the suite to a directory, and return what its manifest tells.

    ``only`` are patterns of the paths of cases, in which ``*`` stands for anything. The same version and seed give the
    same bytes, given the same versions of the libraries that compress. Everything is made in a private directory beside
    the other and moved there at the end. ``force``: the directory may hold something, of which nothing is deleted, and
    only what has the path of something new is replaced. Raises UsageError where that cannot be.
    """
    require_file_name(directory)
    target = Path(directory)
    try:
        if target.exists() and any(target.iterdir()) and not force:
            raise UsageError(f"{directory}: is not empty; --force writes to it all the same.")
        with temporary_directory(target.parent) as part:
            cases = [case for case in _cases(seed, part) if any(fnmatchcase(case.path, one) for one in only)]
            if not cases:
                raise UsageError(f"No case is called {' or '.join(map(repr, only))}.")
            made = part / "made"
            told = tuple(_made(cases, made, progress))
            _describe(made, seed, told)
            _move(made, target)
    except OSError as error:
        raise UsageError(f"{directory}: cannot be written: {error.strerror or type(error).__name__}.") from None
    return told


def _cases(seed: int, workshop: Path) -> Iterator[Case]:
    yield from valid_cases(seed)
    yield from sealed_cases(seed)
    for code, damage in DAMAGES.items():
        if code != _MODERN:
            rule = RULES[code]
            folder = Folder.INVALID if rule.severity is Severity.ERROR else Folder.WARNING
            yield Case(folder, f"{code.lower()}-{rule.name}", damage.summary, partial(_break, code, seed, workshop))
    yield from hostile_cases(seed)


def _break(code: str, seed: int, workshop: Path, path: str) -> None:
    """Break a rule in the first company in which that can be done."""
    for number in range(_COMPANIES):
        sound = workshop / f"{number}.tar.gz.aes"
        if not sound.exists():
            company_to_break(seed, number, str(sound))
        try:
            break_archive(str(sound), path, code, seed=seed, password=PASSWORD)
        except UsageError:
            if number == _COMPANIES - 1:
                raise
        else:
            return


def _made(cases: list[Case], directory: Path, progress: Progress | None) -> Iterator[Told]:
    """Make cases in a directory of our own, and tell of each."""
    for number, case in enumerate(cases):
        if progress:
            progress(number, len(cases), case.path)
        path = directory / case.path
        private_directory(path.parent)
        case.write(str(path))
        yield _told(case, path, validate(str(path), Options(password=PASSWORD, keep=1)))


def _told(case: Case, path: Path, report: Report) -> Told:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        form = _form(file.read(_TAR_MARK + len(_TAR)))
    expect = _expected(case.folder, report)
    sealed = form == "tar.gz.aes"
    return Told(
        id=case.id,
        path=case.path,
        about=case.about,
        sha256=digest,
        bytes=path.stat().st_size,
        form=form,
        password=PASSWORD.decode() if sealed else None,
        digest=case.digest if sealed else None,
        verdict=report.verdict,
        codes=report.totals,
        expect=expect,
        should=_SHOULD[case.folder] if expect is Expect.SURVIVE else None,
        holds=_holds(report) if report.verdict is not Verdict.INCOMPLETE and expect is not Expect.REJECT else None,
    )


def _form(begin: bytes) -> str | None:
    """Return what a file is by its first bytes, whatever its name says."""
    if begin.startswith(_SEALED):
        return "tar.gz.aes"
    if begin.startswith(_GZIP):
        return "tar.gz"
    return "tar" if begin[_TAR_MARK:] == _TAR else None


def _expected(folder: Folder, report: Report) -> Expect:
    """Decide what is owed: corpus.md says the same in words."""
    if _UNSAFE & report.totals.keys():
        return Expect.REJECT
    if report.verdict is Verdict.INCOMPLETE:
        # Other readers may read on where hcfmt cannot tell whether that is all.
        return Expect.REJECT if _READ_ON.isdisjoint(report.totals) else Expect.SURVIVE
    if report.verdict is Verdict.VALID and folder is not Folder.HOSTILE:
        return Expect.ACCEPT
    return Expect.SURVIVE


def _holds(report: Report) -> dict[str, Any]:
    """Return the numbers of an inventory that an importer can compare with its own."""
    inventory: Mapping[str, Any] = report.inventory
    return {
        "users": inventory["users"]["total"],
        "rooms": inventory["rooms"]["total"],
        "emoticons": inventory["emoticons"],
        "autojoins": inventory["autojoins"],
        "messages": {kind: count for kind, count in inventory["messages"].items() if isinstance(count, int)},
        "files": {kind: file["count"] for kind, file in inventory["files"].items()},
    }


def _describe(directory: Path, seed: int, told: Iterable[Told]) -> None:
    """Write what goes with the archives: the manifest, the same for the harness, the harness, and the page."""
    tool = {"name": "hcfmt", "version": __version__}
    manifest = {"format_version": FORMAT_VERSION, "tool": tool, "seed": seed, "cases": [asdict(one) for one in told]}
    _text(directory / "manifest.json", json.dumps(manifest, indent=2))
    rows = ("\t".join((one.expect, one.digest or "md5", PASSWORD.decode(), one.path)) for one in told)
    _text(directory / "cases.tsv", "\n".join(rows))
    for name, (ours, mode) in _BESIDE.items():
        text = files(__package__).joinpath(ours).read_text(encoding="utf-8").removesuffix("\n")
        _text(directory / name, text, mode)


def _text(path: Path, text: str, mode: int = PRIVATE) -> None:
    with private_file(path, mode) as file:
        file.write(f"{text}\n".encode())


def _move(made: Path, target: Path) -> None:
    """Move what was made to where it belongs."""
    for path in sorted(path for path in made.rglob("*") if path.is_file()):
        place = target / path.relative_to(made)
        private_directory(place.parent)
        path.replace(place)
