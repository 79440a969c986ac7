"""Writes a conformance suite for importers of HipChat exports: archives, and what an importer must do with each."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hcfmt.check.catalogue import RULES
from hcfmt.check.comparison import counts_of
from hcfmt.check.engine import Options, validate
from hcfmt.container.atomic_write import require_file_name
from hcfmt.container.private_files import PRIVATE, private_directory, private_file, temporary_directory
from hcfmt.corpus.breaking import break_archive
from hcfmt.corpus.case import PASSWORD, Case, Folder
from hcfmt.corpus.hostile import hostile_cases
from hcfmt.corpus.sound import company_to_break, modern_encryption_cases, valid_cases
from hcfmt.damage import DAMAGES
from hcfmt.errors import UsageError
from hcfmt.findings import Severity
from hcfmt.verdict import Report, Verdict
from hcfmt.version import __version__

if TYPE_CHECKING:
    from concurrent.futures import Executor

FORMAT_VERSION = 1
_MODERN = "HC013"
# A limit of hcfmt's own, bytes after an end, a missing end: other readers may be able to read on.
_READABLE = frozenset({"HCX01", "HC008", "HC011", "HC015"})
# A second encryption and padding behind an end, which hcfmt passes over and other tools may not.
_MENDED = frozenset({"HC016", "HC018"})
_UNSAFE = frozenset({"HC101", "HC102", "HC514"})  # names, links and references that lead out of the archive
_COMPANIES = 20  # companies in which a damage is tried before it counts as impossible
_ENCRYPTED, _GZIP, _TAR = b"Salted__", b"\x1f\x8b", b"ustar"
_TAR_MAGIC = 257  # offset of "ustar" in a tar
_EXECUTABLE = 0o700
_OPTIONS = Options(password=PASSWORD, keep=1)
_SUITE = "suite"  # the directory of a suite that is being written
# Files of the suite that are copied: their name in this package, and their permissions.
_COPIED = {"README.md": ("corpus.md", PRIVATE), "run.sh": ("run.sh", _EXECUTABLE)}


class Expect(StrEnum):
    """What an importer must do with a case."""

    ACCEPT = "must-accept"
    REJECT = "must-reject"
    SURVIVE = "must-not-crash"


_SHOULD = {
    Folder.WARNING: "Import everything, or reject it and say what stands in the way.",
    Folder.INVALID: "Reject it and say why, or import the sound part and report what was lost.",
    Folder.HOSTILE: "Keep to bounded memory and time; reject it, or import the sound part and report what was lost.",
}


@dataclass(frozen=True, slots=True)
class ManifestCase:
    """A case in the manifest: the properties of schemas/report/corpus.json, in their order."""

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
    counts: Mapping[str, int] | None


Progress = Callable[[int, int, str], None]
"""Called before each case with the number of finished cases, the number of all cases, and the path of the case."""


def write_suite(
    directory: str,
    *,
    seed: int = 1,
    only: tuple[str, ...] = ("*",),
    force: bool = False,
    progress: Progress | None = None,
    executor: "Executor | None" = None,
) -> tuple[ManifestCase, ...]:
    """Write the suite to a directory, and return the cases of its manifest.

    ``only`` are patterns of the paths of cases, in which ``*`` matches any text. The same version and seed give the
    same bytes, with the same versions of the libraries that compress. All files are written to a private directory
    beside the target, and moved into it at the end; an ``executor`` writes cases in other processes. ``force`` allows a
    directory that is not empty: files of the same path are replaced, and none is deleted. Raises UsageError if the
    directory is not empty, or cannot be written, or no case matches.
    """
    require_file_name(directory)
    target = Path(directory)
    try:
        if target.exists() and any(target.iterdir()) and not force:
            raise UsageError(f"{directory}: is not empty; --force writes to it.")
        with temporary_directory(target.parent) as workspace:
            paths = [case.path for case in _Made(seed, workspace).cases() if _is_chosen(case, only)]
            if not paths:
                raise UsageError(f"No case has a path that matches {' or '.join(map(repr, only))}.")
            written = tuple(_write_cases(seed, workspace, paths, executor, progress))
            _write_manifest(workspace / _SUITE, seed, written)
            _move(workspace / _SUITE, target)
    except OSError as error:
        raise UsageError(f"{directory}: cannot be written: {error.strerror or type(error).__name__}.") from None
    return written


def _is_chosen(case: Case, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(case.path, pattern) for pattern in patterns)


class _Made:
    """The cases of a seed, each made when it is asked for; one process keeps what its cases share."""

    def __init__(self, seed: int, workspace: Path) -> None:
        """Take the seed, and a directory for archives that are to be broken."""
        self._seed, self._workspace = seed, workspace
        self._sound: dict[int, Report] = {}  # the reports on the archives to be broken

    def cases(self) -> Iterator[Case]:
        """Yield all cases, in the order of the suite."""
        yield from valid_cases(self._seed)
        yield from modern_encryption_cases(self._seed)
        for code, damage in DAMAGES.items():
            if code != _MODERN:
                rule = RULES[code]
                folder = Folder.INVALID if rule.severity is Severity.ERROR else Folder.WARNING
                yield Case(folder, f"{code.lower()}-{rule.name}", damage.summary, partial(self._break, code))
        yield from hostile_cases(self._seed)

    def _break(self, code: str, path: str) -> Report:
        """Break a rule in the first company that has what the damage changes."""
        for number in range(_COMPANIES):
            archive = str(self._workspace / f"{number}.tar.gz.aes")
            if number not in self._sound:
                company_to_break(self._seed, number, archive)
                self._sound[number] = validate(archive, _OPTIONS)
            try:
                broken = break_archive(
                    archive, path, code, seed=self._seed, password=PASSWORD, sound=self._sound[number]
                )
            except UsageError:
                if number == _COMPANIES - 1:
                    raise
            else:
                return broken.report
        raise AssertionError("There are no companies.")


@cache
def _process_cases(seed: int, workspace: Path, process: int) -> Mapping[str, Case]:
    """Return the cases by their paths; each process has archives to break of its own."""
    own = workspace / str(process)
    private_directory(own)
    return {case.path: case for case in _Made(seed, own).cases()}


def _write_case(seed: int, workspace: Path, case_path: str) -> ManifestCase:
    """Write a case, in whichever process, and return it as it is in the manifest."""
    case = _process_cases(seed, workspace, os.getpid())[case_path]
    path = workspace / _SUITE / case.path
    private_directory(path.parent)
    report = case.write(str(path))
    return _manifest_case(case, path, report or validate(str(path), _OPTIONS))


def _write_cases(
    seed: int, workspace: Path, paths: Sequence[str], executor: "Executor | None", progress: Progress | None
) -> Iterator[ManifestCase]:
    """Write cases to a private directory, and yield each as it is in the manifest, in their order."""
    tasks = [executor.submit(_write_case, seed, workspace, path) for path in paths] if executor else []
    for number, path in enumerate(paths):
        if progress:
            progress(number, len(paths), path)
        yield tasks[number].result() if tasks else _write_case(seed, workspace, path)


def _manifest_case(case: Case, path: Path, report: Report) -> ManifestCase:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        form = _form(file.read(_TAR_MAGIC + len(_TAR)))
    expect = _expected(case.folder, report)
    is_encrypted = form == "tar.gz.aes"
    return ManifestCase(
        id=case.id,
        path=case.path,
        about=case.about,
        sha256=digest,
        bytes=path.stat().st_size,
        form=form,
        password=PASSWORD.decode() if is_encrypted else None,
        digest=case.digest if is_encrypted else None,
        verdict=report.verdict,
        codes=report.totals,
        expect=expect,
        should=_SHOULD[case.folder] if expect is Expect.SURVIVE else None,
        holds=_holds(report) if report.verdict is not Verdict.INCOMPLETE and expect is not Expect.REJECT else None,
        counts=counts_of(report) if expect is Expect.ACCEPT else None,
    )


def _form(begin: bytes) -> str | None:
    """Return the form of a file by its first bytes, None if they are of no known form."""
    if begin.startswith(_ENCRYPTED):
        return "tar.gz.aes"
    if begin.startswith(_GZIP):
        return "tar.gz"
    return "tar" if begin[_TAR_MAGIC:] == _TAR else None


def _expected(folder: Folder, report: Report) -> Expect:
    """Return what an importer must do; corpus.md describes the same in words."""
    if _UNSAFE & report.totals.keys():
        return Expect.REJECT
    if report.verdict is Verdict.INCOMPLETE:
        # Other readers may read on where hcfmt cannot know whether it has read everything.
        return Expect.REJECT if _READABLE.isdisjoint(report.totals) else Expect.SURVIVE
    if report.verdict is Verdict.VALID and folder is not Folder.HOSTILE and not _MENDED & report.totals.keys():
        return Expect.ACCEPT
    return Expect.SURVIVE


def _holds(report: Report) -> dict[str, Any]:
    """Return the numbers of the inventory that an importer can compare with its own."""
    inventory: Mapping[str, Any] = report.inventory
    return {
        "users": inventory["users"]["total"],
        "rooms": inventory["rooms"]["total"],
        "emoticons": inventory["emoticons"],
        "autojoins": inventory["autojoins"],
        "messages": {kind: count for kind, count in inventory["messages"].items() if isinstance(count, int)},
        "files": {kind: file["count"] for kind, file in inventory["files"].items()},
    }


def _write_manifest(directory: Path, seed: int, cases: Sequence[ManifestCase]) -> None:
    """Write the files beside the archives: the manifest, the table for run.sh, run.sh, and the page."""
    tool = {"name": "hcfmt", "version": __version__}
    manifest = {"format_version": FORMAT_VERSION, "tool": tool, "seed": seed, "cases": [asdict(case) for case in cases]}
    _write_text(directory / "manifest.json", json.dumps(manifest, indent=2))
    rows = ((case.expect, case.digest or "md5", PASSWORD.decode(), case.path, _json(case.counts)) for case in cases)
    _write_text(directory / "cases.tsv", "\n".join(map("\t".join, rows)))
    for name, (source, mode) in _COPIED.items():
        text = files(__package__).joinpath(source).read_text(encoding="utf-8").removesuffix("\n")
        _write_text(directory / name, text, mode)


def _json(counts: Mapping[str, int] | None) -> str:
    return json.dumps(counts, separators=(",", ":")) if counts else ""


def _write_text(path: Path, text: str, mode: int = PRIVATE) -> None:
    with private_file(path, mode) as file:
        file.write(f"{text}\n".encode())


def _move(suite: Path, target: Path) -> None:
    """Move the files of a finished suite to the target."""
    for path in sorted(path for path in suite.rglob("*") if path.is_file()):
        destination = target / path.relative_to(suite)
        private_directory(destination.parent)
        path.replace(destination)
