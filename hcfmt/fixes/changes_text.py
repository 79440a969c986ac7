"""Shows changes like a unified diff: the place, the rule, the value before and the value after."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hcfmt.check.catalogue import RULES
from hcfmt.check.context import Redaction
from hcfmt.export.editing import Answer
from hcfmt.findings import PropertyPath, Quoted, pointer, pointer_tokens
from hcfmt.report.visible_text import visible

SHOWN = 10  # changes of each rule
_PATHS = frozenset({"path", "prefix"})  # properties of a change of a member that hold names of the archive


@dataclass(slots=True)
class ChangeList:
    """The first changes of each rule, ``shown`` of them, and the number of all; ``add`` takes the changes in order.

    Text of the archive is described by its length unless ``redaction`` shows it.
    """

    redaction: Redaction
    shown: int = SHOWN
    _first: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    _total: Counter[str] = field(default_factory=Counter)

    def add(self, change: Answer) -> None:
        """Count a change, and keep it if it is one of the first of its rule."""
        code = change.rule or ""
        self._total[code] += 1
        if len(self._first[code]) < self.shown:
            self._first[code].append(change)

    def lines(self) -> Iterator[str]:
        """Yield the changes by rule, each as its place, the value before and the value after."""
        for code in sorted(self._first):
            for change in self._first[code]:
                yield visible(f"@@ {self._place(change)} @@ {code} {RULES[code].name}")
                yield from (f"-{line}" for line in self._value(change, change.before))
                yield from (f"+{line}" for line in self._value(change, change.after))
            if more := self._total[code] - len(self._first[code]):
                yield f"... {more:,} more {'change' if more == 1 else 'changes'} for {code} {RULES[code].name}"

    def _place(self, change: Answer) -> str:
        if change.member is None:
            return "the archive"
        member = self.redaction.member_path(change.member)
        if change.pointer is None:
            return member
        tokens = tuple(int(token) if token.isdecimal() else token for token in pointer_tokens(change.pointer))
        return f"{member}#{pointer(self.redaction.property_path(PropertyPath(tokens)))}"

    def _value(self, change: Answer, value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
        """Yield the line of a value; null, and a value that does not exist, have none."""
        if value is None:
            return
        if change.pointer is not None:
            yield visible(self.redaction.text(Quoted(value)))
        else:
            yield visible(", ".join(f"{name}: {self._property(name, inner)}" for name, inner in value.items()))

    def _property(self, name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Return a property of a member or of the archive, which hcfmt itself describes but for names of members."""
        if name in _PATHS and isinstance(value, str):
            return self.redaction.member_path(value)
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
