"""The findings of a validation, as the page shows them."""

from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from hcfmt.errors import HcfmtError
from hcfmt.findings import Finding
from hcfmt.server.page.finding_places import place_of
from hcfmt.verdict import Report

if TYPE_CHECKING:
    from hcfmt.server.store import Store

Findings = dict[str, Any]
Check = Callable[[Callable[[], bool]], Report]
"""A function that checks an archive; it ends early once the function that it is given returns True."""

MOST_FINDINGS = 1_000
"""Findings that a page shows; it says how many there are."""


def not_checked(reason: str) -> Findings:
    """Return the document of findings that are not known, with a sentence that says why."""
    return {"state": "not checked", "reason": reason}


class ArchiveFindings:
    """The findings of one archive, which is checked once: at the first call, or in a thread before it."""

    def __init__(self, store: "Store", check: Check) -> None:
        """Take the store of the archive, and the function that checks the archive."""
        self._store = store
        self._check = check
        self._lock = Lock()
        self._ending = Event()
        self._thread = Thread(target=self, name="hcfmt-findings", daemon=True)
        self._findings: Findings | None = None

    def __call__(self) -> Findings:
        """Return the document of the findings; the first call takes as long as the check."""
        with self._lock:
            if self._findings is None:
                self._findings = self._checked()
            return self._findings

    def start(self) -> None:
        """Check the archive in a thread, so that the findings are there when somebody asks for them."""
        self._thread.start()

    def close(self) -> None:
        """End the check, wherever it is."""
        self._ending.set()
        with self._lock:  # which a running check holds
            self._findings = self._findings or not_checked("The server has ended.")

    def _checked(self) -> Findings:
        try:
            report = self._check(self._ending.is_set)
        except HcfmtError as error:
            return not_checked(str(error))
        if self._ending.is_set():
            return not_checked("The server has ended.")
        shown = [_document(self._store, finding) for finding in report.findings[:MOST_FINDINGS]]
        total = sum(report.totals.values())
        return {
            "state": "checked",
            "verdict": report.verdict,
            "total": total,
            "shown": len(shown),
            "findings": shown,
        }


def _document(store: "Store", finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "sentence": finding.message,
        "member": place.member,
        "pointer": place.pointer,
        **place_of(store, place),
    }
