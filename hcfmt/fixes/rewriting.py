"""Writes an archive anew with the changes of a plan, member by member."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from hcfmt.check.catalogue import RULES
from hcfmt.check.layout_view import Header
from hcfmt.check.rules import run_rules
from hcfmt.container import Archive, Budget, Member, MemberKind
from hcfmt.errors import UsageError
from hcfmt.export.editable_members import SpooledBytes
from hcfmt.export.editing import Change
from hcfmt.export.layout import MemberLayout, canonical, hidden_path, layout_of
from hcfmt.export.slices import Slicer
from hcfmt.export.writer import Entry, spooled
from hcfmt.fixes.data_files import DataFileFixer
from hcfmt.fixes.items import Log
from hcfmt.fixes.plan import Plan
from hcfmt.fixes.record_fixes import RecordFixes
from hcfmt.fixes.texts import filtered


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One pass over an open archive: ``entries`` yields what to write. ``log`` is called with every change.

    ``spool`` holds the content of members that are copied, and ``copies`` their new path, the code of the rule, and
    place and size in the spool.
    """

    archive: Archive
    plan: Plan
    budget: Budget
    log: Log
    progress: Callable[[str], None]
    spool: BinaryIO
    copies: list[tuple[str, str, int, int]] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Yield the members in their order, and then the new ones.

        Raises Fault and UsageError where the archive cannot be read to its end.
        """
        plan, read = self.plan, set[str]()
        for code, (before, after) in plan.container.items():
            self.log(code, Change(None, None, before, after))
        for member in self.archive.members():
            path = canonical(member.path)
            self.progress(hidden_path(path))
            left_out = self._leaving_out(member, path, read)
            if left_out:
                self.log(left_out, Change(member.path, None, {"bytes": member.size}, None))
            elif member.kind is MemberKind.DIRECTORY:
                yield from self._directory(member, path)
            else:
                yield from self._file(member, path, is_first=path not in read)
                read.add(path)
        if self.archive.fault:
            raise UsageError(f"The archive cannot be read to its end: {self.archive.fault.message}")
        for path, (content, code) in plan.added.items():
            self.log(code, Change(path, None, None, {"bytes": len(content)}))
            yield Entry(self._name(path, path), len(content), [content])
        yield from self._copies()

    def _leaving_out(self, member: Member, path: str, read: set[str]) -> str | None:
        """Return the code of the rule for which a member is left out, None for one that stays."""
        plan = self.plan
        if plan.doubles and path in read and member.kind is MemberKind.FILE:
            return plan.doubles
        if plan.headers:
            header = Header(member.path, member.kind, member.decodable, member.ambiguities)
            for code, _ in run_rules([RULES[code] for code in sorted(plan.headers)], header):
                return code
        return self._dropping(path)

    def _dropping(self, path: str) -> str | None:
        """Return the code of the rule for which a member, or a directory above it, is left out."""
        dropped = self.plan.dropped
        if not dropped:
            return None
        parts = path.split("/")
        return next((code for end in range(1, len(parts) + 1) if (code := dropped.get("/".join(parts[:end])))), None)

    def _directory(self, member: Member, path: str) -> Iterator[Entry]:
        name = self._name(member.path.rstrip("/"), path)
        if name and name not in {".", ""} and f"{path}/" != self.plan.prefix:
            yield Entry(f"{name}/", 0)

    def _file(self, member: Member, path: str, *, is_first: bool) -> Iterator[Entry]:
        plan = self.plan
        name = self._name(member.path, path)
        if path in plan.renamed and is_first:
            new, code = plan.renamed[path]
            self.log(code, Change(path, None, {"path": path}, {"path": new}))
            name = self._name(new, new)
        row = layout_of(path.removeprefix(plan.extra)) if path.startswith(plan.extra) else None
        if row and row.schema and is_first and (plan.changes_data() or path in plan.appended):
            yield from spooled(name, self._data_file(member, path, row))
        elif is_first and (copies := plan.copies.get(path)):
            yield Entry(name, member.size, self._copied(member, copies))
        else:
            yield Entry(name, member.size, member.chunks)

    def _copied(self, member: Member, copies: Sequence[tuple[str, str]]) -> Iterator[bytes]:
        """Yield the payload of a member, and hold it for its copies."""
        offset = self.spool.tell()
        for chunk in member.chunks:
            self.spool.write(chunk)
            yield chunk
        self.copies.extend((new, code, offset, member.size) for new, code in copies)

    def _copies(self) -> Iterator[Entry]:
        """Yield the copies of members."""
        for path, code, offset, size in self.copies:
            self.log(code, Change(path, None, None, {"bytes": size}))
            yield Entry(self._name(path, path), size, SpooledBytes(self.spool, offset, size).chunks())

    def _data_file(self, member: Member, path: str, row: MemberLayout) -> Iterator[bytes]:
        chunks = filtered(member.chunks, self.plan.texts, path, self.log)
        slicer = Slicer(path, row, chunks, self.budget)
        depth, values = self.budget.depth, self.budget.values
        appended = chain.from_iterable(self.plan.appended.get(path, ()))
        fixer = DataFileFixer(path, slicer, RecordFixes(self.plan), self.log, depth, values, appended)
        return fixer.chunks()

    def _name(self, name: str, path: str) -> str:
        """Return the name under which a member is written: as it was, or without what is taken off."""
        plan = self.plan
        if plan.prefix and path.startswith(plan.prefix):
            return path.removeprefix(plan.prefix)
        return path if plan.undotted and name.startswith("./") else name
