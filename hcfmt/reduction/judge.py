"""Judges drafts of a reduced archive: each is checked in memory, and passes if the findings are right."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from io import BytesIO
from typing import BinaryIO, cast

from hcfmt.check.engine import Options, validate
from hcfmt.export.writer import tar_chunks
from hcfmt.findings import Finding
from hcfmt.reduction.draft import Draft
from hcfmt.verdict import Report

KEPT = 1_000  # findings of each rule that are compared
_SMALL = 1 << 20  # bytes of a draft that is held in memory
_NUMBER = re.compile(r"[0-9][0-9,]*")
_PLURALS = re.compile(r"\b(characters?|items?|property|properties)\b")

Signature = tuple[str, str, tuple[str, ...], str]


def signature(finding: Finding) -> Signature:
    """Return what kind of finding it is: rule, names on its path, and its sentence without numbers and lists."""
    names = tuple(token for token in finding.location.path or () if isinstance(token, str))
    sentence = finding.message
    for value in finding.values.values():
        if isinstance(value, list):  # it becomes shorter
            sentence = sentence.replace(", ".join(map(str, value)), "")
    sentence = _PLURALS.sub("", _NUMBER.sub("", sentence))
    return finding.code, finding.subcode or "", names, sentence


class TimeUpError(Exception):
    """The time is up, so that no more drafts are checked."""


class Judge:
    """Decides whether a draft may take the place of the last one that passed.

    It must have findings of all rules in ``keep``, none of a kind that the last one lacked, and of no rule more than
    that; so a reduction never makes a finding of its own. ``watch`` is called with each draft that passes; ``last`` is
    the last of them, at first the whole archive.
    """

    last: Draft

    def __init__(self, keep: AbstractSet[str], options: Options, watch: Callable[[Draft], object]) -> None:
        """Take the codes of the rules to keep, and the options of each check."""
        self._keep = keep
        self._options = options
        self._watch = watch
        self._kinds: AbstractSet[Signature] = frozenset()
        self._uncounted: AbstractSet[str] = frozenset()
        self._totals: Mapping[str, int] = {}
        self._findings: Sequence[Finding] = ()
        self._refused: set[bytes] = set()  # digests of drafts, which never pass later, as ever less is allowed

    def begin(self, draft: Draft) -> Report:
        """Check the whole archive, with which the first draft is compared, and return its report."""
        report = self._checked(draft)
        self._take(draft, report)
        return report

    def kept(self) -> Sequence[Finding]:
        """Return the findings to keep, of the last draft that passed."""
        return [finding for finding in self._findings if finding.code in self._keep]

    def passes(self, draft: Draft) -> bool:
        """Check a draft, and return whether it passes; the next one is then compared with it.

        Raises TimeUpError once the budget's time is up.
        """
        if self._options.budget.expired():
            raise TimeUpError
        text = b"".join(tar_chunks(draft.entries())) if draft.size < _SMALL else None
        digest = blake2b(text, digest_size=16).digest() if text is not None else b""
        if digest in self._refused:
            return False
        report = self._checked(draft, text)
        kinds = frozenset(map(signature, report.findings))
        is_new = any(kind not in self._kinds and kind[0] not in self._uncounted for kind in kinds)
        is_more = any(count > self._totals.get(code, 0) for code, count in report.totals.items())
        if is_new or is_more or not self._keep <= _codes(report):
            self._refused |= {digest} if digest else set()
            return False
        self._take(draft, report)
        self._watch(draft)
        return True

    def _checked(self, draft: Draft, text: bytes | None = None) -> Report:
        file = _ChunkReader(tar_chunks(draft.entries())) if text is None else BytesIO(text)
        return validate(cast("BinaryIO", file), self._options)

    def _take(self, draft: Draft, report: Report) -> None:
        self.last = draft
        self._findings, self._totals = report.findings, report.totals
        self._kinds = frozenset(map(signature, report.findings))
        self._uncounted = frozenset(code for code, count in report.totals.items() if count > KEPT)


def _codes(report: Report) -> AbstractSet[str]:
    return frozenset(code for code, count in report.totals.items() if count)


class _ChunkReader:
    """A binary file object that reads chunks as they are made."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes, none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = chunk
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
