"""What a reading skips: findings as ``hcfmt.validate`` reports them, redacted, a bounded number of each rule kept."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hcfmt.check.catalogue import CODES, LOSSES
from hcfmt.check.context import CheckContext
from hcfmt.errors import Defect, Fault, HcfmtError
from hcfmt.export.layout import extra_directory
from hcfmt.findings import Finding, Flaw
from hcfmt.reader.people import Unresolved

KEPT = 100  # problems of each rule
_UNKNOWN = "users.json has no user {user}."
_REPEATED = ("HC103", Flaw("A member before this one has the same path, and is the one that was read."))
_UNREAD = "/"  # after the path of a file that is not read; the first one of the path has problems of its own


class ProblemError(HcfmtError):
    """Problem that ends a strict reading; ``problem`` is the finding, and the text names rule, place and sentence."""

    def __init__(self, problem: Finding) -> None:
        """Take the problem."""
        super().__init__(f"{problem.code} {problem.location}: {problem.message}")
        self.problem = problem


class Problems:
    """The problems of the members that were read, by member, so that reading one again counts none twice.

    ``strict``: the first problem is raised. ``fault`` is what ended the reading of the archive, None if nothing did.
    """

    def __init__(self, context: CheckContext, *, strict: bool) -> None:
        """Begin with none; ``context`` makes findings."""
        self.fault: Defect | None = None
        self._context = context
        self._strict = strict
        self._counts: dict[str, Counter[str]] = {}  # by member, "" for the archive
        self._kept: dict[str, list[Finding]] = {}  # by member too
        self._kept_total: Counter[str] = Counter()

    @property
    def kept(self) -> list[Finding]:
        """The first problems of each rule, by member and place."""
        return sorted((problem for kept in self._kept.values() for problem in kept), key=lambda found: found.order)

    @property
    def counts(self) -> Counter[str]:
        """The number of all problems by the code of their rule."""
        total = Counter[str]()
        for counts in self._counts.values():
            total.update(counts)
        return total

    def begin(self, member: str) -> None:
        """Forget the problems of a member, which is read again."""
        self._counts.pop(member, None)
        for problem in self._kept.pop(member, ()):
            self._kept_total[problem.code] -= 1

    def add_flaw(self, code: str, flaw: Flaw, member: str = "", index: int | None = None) -> None:
        """Add a flaw of a record, of a member or of the archive. Raises ProblemError in a strict reading."""
        self.add([self._context.found(code, flaw, member, index)], member)

    def add_defect(self, defect: Defect, member: str = "") -> None:
        """Add what ended the reading of the archive or of a member. Raises Fault in a strict reading."""
        if self._strict:
            raise Fault.of(defect)
        self.add_flaw(CODES[defect.kind], Flaw(defect.message, defect.values, byte=defect.byte), member)

    def add_fault(self, defect: Defect) -> None:
        """Add what ended the reading of the archive; another reading ends there too. Raises Fault as above."""
        self.begin("")
        self.fault = defect
        self.add_defect(defect)

    def add_losses(self, defects: Iterable[Defect]) -> None:
        """Add what of an archive that was read to its end is damaged or was not read. Raises Fault as above."""
        losses = [defect for defect in defects if defect.kind in LOSSES]
        self.begin("")
        for defect in losses:
            self.add_defect(defect)

    def add_unread_file(self, path: str, obstacles: Sequence[tuple[str, Flaw]]) -> None:
        """Add a file that is not read, with the flaws for which it cannot be; without any it repeats a path.

        Raises ProblemError in a strict reading.
        """
        self.begin(path + _UNREAD)
        for code, flaw in obstacles or [_REPEATED]:
            self.add([self._context.found(code, flaw, path, None)], path + _UNREAD)

    def add_unresolved(self, references: Iterable[Unresolved], member: str) -> None:
        """Add references of a member's records to unknown users."""
        for reference in references:
            flaw = Flaw(_UNKNOWN, {"user": reference.number}, reference.path)
            self.add_flaw(reference.code, flaw, member, reference.record)

    def keep_below(self, directory: str) -> None:
        """Forget the problems of members with another extra directory; those of the archive stay."""
        for member in list(self._counts):
            if member and extra_directory(member.removesuffix(_UNREAD)) != directory:
                self.begin(member)

    def add_all(self, others: "Problems") -> None:
        """Add the problems of another reading. Raises Fault and ProblemError in a strict reading."""
        if self._strict and others.fault:
            raise Fault.of(others.fault)
        if self._strict and others.kept:
            raise ProblemError(others.kept[0])
        self._counts.update(others._counts)  # noqa: SLF001 - of the same class
        self._kept.update(others._kept)  # noqa: SLF001 - as above
        self._kept_total.update(others._kept_total)  # noqa: SLF001 - as above

    def add(self, problems: Sequence[Finding], member: str) -> None:
        """Add findings of a member. Raises ProblemError in a strict reading."""
        for problem in problems:
            if self._strict:
                raise ProblemError(problem)
            self._counts.setdefault(member, Counter())[problem.code] += 1
            if self._kept_total[problem.code] < KEPT:
                self._kept_total[problem.code] += 1
                self._kept.setdefault(member, []).append(problem)
