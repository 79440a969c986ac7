"""What a check agrees on before it looks at anything: limits, how much is kept, how much is told."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from hcfmt.check.facts import Found
from hcfmt.container.budget import never_expired
from hcfmt.export import schemas
from hcfmt.export.layout import hidden_path
from hcfmt.findings import Flaw, described

_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_SHOWN_LENGTH = 80  # characters of a value


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Picklable, so that they travel with a slice.

    ``depth`` is levels of JSON nesting, ``values`` how many JSON values a record may hold, ``keep`` findings kept of
    each code. Unless ``show_values`` is set, nothing that people wrote reaches a finding: of a value its type and
    length, of a path the documented parts. ``expired`` is asked during long work whether the time is up.
    """

    depth: int = 128
    keep: int = 100
    show_values: bool = False
    values: int = 300_000
    expired: Callable[[], bool] = never_expired

    def found(self, code: str, flaw: Flaw, member: str = "", index: int | None = None) -> Found:
        """Make a finding of a flaw: fill the sentence's blanks, and hide what is not to be seen."""
        tell = _shown if self.show_values else described
        message = flaw.said(tell)
        path = flaw.path if flaw.path is None or self.show_values else self._hidden(flaw.path, flaw.new_name)
        index = index if flaw.index is None else flaw.index
        return Found(code, message, self.path(flaw.member or member), index, path, flaw.line, flaw.byte, flaw.subcode)

    def found_at(self, code: str, flaw: Flaw, member: str, path: tuple[str | int, ...], *, listed: bool) -> Found:
        """Make a finding at a path from the top of its document, which in a ``listed`` one begins with an index."""
        if listed and path and isinstance(path[0], int):
            return self.found(code, replace(flaw, path=path[1:]), member, path[0])
        return self.found(code, replace(flaw, path=path), member)

    def path(self, member: str) -> str:
        """Return a member's path as reports show it."""
        return member if self.show_values else hidden_path(member)

    def _hidden(self, path: tuple[str | int, ...], new_name: bool) -> tuple[str | int, ...]:  # noqa: FBT001 - private
        """Keep documented property names; of the last one, when it is news, what looks like a program's name."""
        last = len(path) - 1
        return tuple(
            token
            if isinstance(token, int)
            or token in schemas.property_names()
            or (new_name and place == last and _FIELD_NAME.fullmatch(token))
            else f"[{len(token)} {'character' if len(token) == 1 else 'characters'}]"
            for place, token in enumerate(path)
        )


def _shown(value: object) -> str:
    """Show a value as JSON, of a long one the beginning; no more is made into text than that takes."""
    text = ""
    for piece in json.JSONEncoder(ensure_ascii=False).iterencode(value):
        text += piece[: _SHOWN_LENGTH + 1]
        if len(text) > _SHOWN_LENGTH:
            return f"{text[:_SHOWN_LENGTH]}... ({described(value)})"
    return text
