"""Settings shared by all slices of one run: limits, findings kept of each rule, and what a report may show."""

import re
from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from hcfmt.check.catalogue import RULES
from hcfmt.check.fingerprints import fingerprint
from hcfmt.check.judgement import BASELINE, Judgement, Suppressed
from hcfmt.container.budget import never_expired
from hcfmt.export import schemas
from hcfmt.export.layout import hidden_path
from hcfmt.findings import BaselineEntry, Finding, Flaw, Location, MemberPath, PropertyPath, Quoted, described, pointer

_FIELD_NAME = r"[A-Za-z][A-Za-z0-9_]{0,31}"
_SHOWN_LENGTH = 80  # characters of a value as JSON


class Redaction(Struct, frozen=True):
    """Decides how findings show text of the archive: as it is, or by its type and length.

    Unless ``show_values`` is set, nothing that people wrote reaches a finding: of a value its type and length, of a
    path the documented parts.
    """

    show_values: bool = False

    def text(self, value: object) -> str:
        """Return a flaw's value as its sentence shows it."""
        match value:
            case Quoted(quoted):
                text, complete = _json(quoted) if self.show_values else (described(quoted), True)
                return text if complete else f"{text}... ({described(quoted)})"
            case PropertyPath():
                return pointer(self.property_path(value)) or "its top"
            case MemberPath(path):
                return self.member_path(path)
            case list() | tuple():
                return ", ".join(map(self.text, value))
        return str(value)

    def data(self, value: object) -> object:
        """Return a flaw's value as a JSON value: what the sentence may show of it, and no more."""
        match value:
            case Quoted(quoted):
                return quoted if self.show_values and _json(quoted)[1] else self.text(value)
            case PropertyPath():
                return pointer(self.property_path(value))
            case MemberPath():
                return self.text(value)
            case list() | tuple():
                return [self.data(item) for item in value]
        return value

    def masks(self, value: object) -> bool:
        """Whether a report hides a flaw's value, or a part of it."""
        match value:
            case Quoted():
                return not self.show_values
            case PropertyPath(tokens):
                return self.property_path(value) != tokens
            case MemberPath(path):
                return self.member_path(path) != path
            case list() | tuple():
                return any(map(self.masks, value))
        return False

    def member_path(self, path: str) -> str:
        """Return a member's path as reports show it."""
        return path if self.show_values else hidden_path(path)

    def property_path(self, path: PropertyPath) -> tuple[str | int, ...]:
        """Return a path's tokens as reports show them: an undocumented name is replaced by its length."""
        if self.show_values:
            return path.tokens
        last = len(path.tokens) - 1
        return tuple(
            token
            if isinstance(token, int)
            or token in schemas.property_names()
            or (path.new_name and index == last and re.fullmatch(_FIELD_NAME, token))
            else f"[{len(token)} {'character' if len(token) == 1 else 'characters'}]"
            for index, token in enumerate(path.tokens)
        )


class CheckContext(Struct, frozen=True):
    """Settings of one run; picklable, as they are sent to other processes with every slice.

    ``max_depth`` is the levels of JSON nesting and ``max_values`` the number of JSON values that a record may have,
    ``keep`` the number of findings kept of each code. ``expired`` returns whether the time is up. ``importers`` are the
    profiles of importers in TOML whose conditions are looked for. ``judgement`` decides which findings count.
    """

    max_depth: int = 128
    keep: int = 100
    redaction: Redaction = field(default_factory=Redaction)
    max_values: int = 300_000
    expired: Callable[[], bool] = never_expired
    importers: tuple[str, ...] = ()
    judgement: Judgement = Judgement()

    def found(self, code: str, flaw: Flaw, member: str = "", index: int | None = None, record: str = "") -> Finding:
        """Return the finding of a flaw: the rule, the sentence with its values, the place, and all text redacted.

        ``record`` is the ``record_key`` of the flaw's record, "" if it has none.
        """
        rule, redaction = RULES[code], self.redaction
        place, path = flaw.member or member, PropertyPath(flaw.path or (), flaw.new_name)
        location = Location(
            redaction.member_path(place) or None,
            index if flaw.index is None else flaw.index,
            None if flaw.path is None else redaction.property_path(path),
            flaw.line,
            flaw.byte,
        )
        values = {name: redaction.data(value) for name, value in flaw.values.items()}
        severity, digest = self.judgement.severity(rule), fingerprint(code, flaw, member, record)
        sentence = flaw.sentence(redaction.text)
        masked = redaction.masks([MemberPath(place), path, *flaw.values.values()])
        return Finding(code, rule.name, severity, sentence, location, flaw.subcode, values, digest, masked, flaw.places)

    def judged(
        self, code: str, flaw: Flaw, member: str = "", index: int | None = None, record: str = ""
    ) -> Finding | Suppressed:
        """Return the finding of a flaw as ``found`` does, as a suppressed one if it does not count."""
        finding, path = self.found(code, flaw, member, index, record), flaw.member or member
        elsewhere = "more" in flaw.values
        why = self.judgement.why_suppressed(code, path, finding.fingerprint, elsewhere=elsewhere)
        if not why:
            return finding
        return Suppressed(
            finding, why, BaselineEntry(code, hidden_path(path), finding.fingerprint) if why == BASELINE else None
        )

    def judged_at(
        self, code: str, flaw: Flaw, member: str, path: tuple[str | int, ...], *, record: str, listed: bool
    ) -> Finding | Suppressed:
        """Return ``judged`` of a flaw at a path from its document's top, which in a list begins with an index."""
        if listed and path and isinstance(path[0], int):
            return self.judged(code, replace(flaw, path=path[1:]), member, path[0], record)
        return self.judged(code, replace(flaw, path=path), member, record=record)


def _json(value: object) -> tuple[str, bool]:
    """Return up to 80 characters of a value's JSON text, and whether that is all of it; the rest is not encoded."""
    import json  # noqa: PLC0415 - only findings with values need it, and it takes time to import

    text = ""
    for part in json.JSONEncoder(ensure_ascii=False).iterencode(value):
        text += part[: _SHOWN_LENGTH + 1]
        if len(text) > _SHOWN_LENGTH:
            return text[:_SHOWN_LENGTH], False
    return text, True
