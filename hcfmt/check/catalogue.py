"""The catalogue of rules: one row for each rule, in the order of codes.

What a rule is about, with a bad and a good example, is on its page, ``pages/CODE.md``. A rule that decides something
itself has a function in ``hcfmt.check.rules``; the flaws of all other rules are reported by the layers below: the
container (by the rule's name), the JSON scanner (by name too), the schemas and the cross-reference check (by code).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from msgspec import Struct

from hcfmt.check.remedies import REMEDIES, Remedy, Safety
from hcfmt.errors import UsageError
from hcfmt.export.message_kinds import MESSAGE_KINDS
from hcfmt.findings import Severity
from hcfmt.suggestions import unknown_name

BUDGET_EXCEEDED, RULE_FAILED, UNREADABLE_INPUT = "HCX01", "HCX02", "HCX03"
REPORTED_BELOW = frozenset({"archive", "text", "record", "reference"})
"""The subjects of rules without a function: the layers below and the schemas find their flaws."""

ERROR, WARNING, SUSPECT, INFO = Severity
_ROOMS, _USERS, _BOTH = ("rooms.json",), ("users.json",), ("rooms.json", "users.json")
_PATHS, _DELETION = ("attachment", "attachment_path"), ("deleted",)
_USER_MESSAGES = "UserMessage PrivateUserMessage"
_SILENCING = r"(?i)</?\s*(head|style|script|body)"
_TEXTS = "NotificationMessage PrivateUserMessage UserMessage"
_MESSAGES = " ".join(kind.name for kind in MESSAGE_KINDS)
# Characters that Markdown needs and a terminal does not: backticks around code, and the target of a link.
_MARKUP = r"`|\[([^\]]+)\]\([^)]+\)"
_ACCEPT = "`hcfmt validate --ignore {code}` leaves it out; `--tolerate` and `--baseline` accept findings of it."
_PAGE_WIDTH = 100  # characters
_COMMANDS = {
    Safety.SAFE: " `hcfmt fix --select {code}` does it.",
    Safety.UNSAFE: " `hcfmt fix --unsafe --select {code}` does it.",
    Safety.NONE: "",
}
_ALWAYS = "It always counts: what was not checked, or is damaged, is never a pass."
_REPAIR = "[fixing an archive](../../../docs/fixes.md)"
_SALVAGE = "[saving a damaged archive](../../../docs/salvage.md)"
_END = """
## How to fix it

{fix}

## How to ignore it

{how}

Read more: {repair}, [before the server is switched
off](../../../docs/before-shutdown.md), [choosing which findings count](../../../docs/configuration.md),
[verdicts](../../../docs/verdicts.md).
"""


class Rule(Struct, frozen=True):
    """One row of the catalogue.

    ``subject`` is what the rule looks at, several words where it looks at several things: ``archive``, ``member``,
    ``layout``, ``text``, ``record``, a kind of record, ``reference``, or ``export`` for the whole. ``counts`` names the
    objects that the ledger counts for this rule. ``requires`` are the data files without which the rule is skipped,
    ``only_if_present`` the properties one of which a record must have for the rule to be run on it, and
    ``only_if_matches`` is a regular expression, beginning with "<" but for its flags, that its message must match.

    ``must_exist``: an archive without a single such object is incomplete. ``unchecked``: a finding means that a part of
    the archive was not checked, and ``damaged`` that bytes are damaged although everything could be read; both make the
    verdict incomplete.
    """

    code: str
    name: str
    severity: Severity
    subject: str
    counts: str
    requires: tuple[str, ...] = ()
    only_if_present: tuple[str, ...] = ()
    only_if_matches: str = ""
    must_exist: bool = False
    unchecked: bool = False
    damaged: bool = False

    @property
    def subjects(self) -> Sequence[str]:
        """The words of ``subject``."""
        return self.subject.split()

    @property
    def always_counts(self) -> bool:
        """Whether no choice of a user leaves findings out: what was not checked, or is damaged, is never a pass."""
        return self.unchecked or self.damaged

    @property
    def page(self) -> str:
        """The rule's page as Markdown, read when asked for, with the end that all pages have."""
        from importlib.resources import files  # noqa: PLC0415 - only pages need it, and it takes time to import

        return files("hcfmt.check").joinpath("pages", f"{self.code}.md").read_text("utf-8") + self.page_end

    @property
    def page_end(self) -> str:
        """The last sections of the page: how to fix what it reports, how to ignore it, and where to read more."""
        from textwrap import fill  # noqa: PLC0415 - as in page

        how = _ALWAYS if self.always_counts else _ACCEPT.format(code=self.code)
        remedy = self.remedy
        fix = f"**Fix: {remedy.safety}.** {remedy.sentence}{_COMMANDS[remedy.safety].format(code=self.code)}"
        repair = _SALVAGE if "hcfmt salvage" in remedy.sentence else _REPAIR
        return _END.format(fix=fill(fix, _PAGE_WIDTH, break_on_hyphens=False), how=how, repair=repair)

    @property
    def remedy(self) -> Remedy:
        """What ``hcfmt fix`` does about it, or why it does nothing."""
        return REMEDIES[self.code]

    @property
    def summary(self) -> str:
        """The first paragraph of the page as one line of plain text."""
        return re.sub(_MARKUP, r"\1", " ".join(self.page.split("\n\n")[1].split()))


def by_code(rows: Iterable[Rule]) -> dict[str, Rule]:
    """Return rules by code, sorted; raise RuntimeError when two rows have the same code."""
    rules = sorted(rows, key=lambda rule: rule.code)
    catalogue = {rule.code: rule for rule in rules}
    if len(catalogue) != len(rules):
        raise RuntimeError("Two rules have the same code.")
    return catalogue


_ROWS = (
    # The columns: code, name, severity, subject, counts; then what few rules have.
    # The file: its name, encryption, compression and tar.
    Rule("HC001", "misnamed-container", WARNING, "archive", "file name"),
    Rule("HC002", "cannot-decrypt", ERROR, "archive", "aes", unchecked=True),
    Rule("HC003", "ciphertext-cut", ERROR, "archive", "aes", unchecked=True),
    Rule("HC004", "bad-padding", ERROR, "archive", "aes", damaged=True),
    Rule("HC005", "not-an-archive", ERROR, "archive", "archive", unchecked=True),
    Rule("HC006", "gzip-corrupt", ERROR, "archive", "gzip", unchecked=True),
    Rule("HC007", "gzip-cut", ERROR, "archive", "gzip", unchecked=True),
    Rule("HC008", "trailing-data", ERROR, "archive", "packing", damaged=True),
    Rule("HC009", "tar-corrupt", ERROR, "archive", "tar", unchecked=True),
    Rule("HC010", "tar-cut", ERROR, "archive", "tar", unchecked=True),
    Rule("HC011", "tar-unterminated", ERROR, "archive", "tar", damaged=True),
    Rule("HC012", "not-an-export", ERROR, "layout", "member", unchecked=True),
    Rule("HC013", "modern-key-derivation", WARNING, "archive", "aes"),
    Rule("HC014", "ambiguous-header", ERROR, "member", "member"),
    Rule("HC015", "joined-archives", ERROR, "archive", "archive", unchecked=True),
    Rule("HC016", "encrypted-twice", WARNING, "archive", "aes"),
    Rule("HC017", "several-exports", ERROR, "archive", "archive", unchecked=True),
    Rule("HC018", "trailing-padding", WARNING, "archive", "archive"),
    Rule("HC019", "other-dialect", INFO, "layout", "data file"),
    Rule("HC020", "wrong-dialect", ERROR, "layout", "data file"),
    Rule("HC021", "packed-twice", ERROR, "archive", "archive"),
    # Members: names, places, headers.
    Rule("HC101", "unsafe-path", ERROR, "member", "member"),
    Rule("HC102", "special-member", ERROR, "member", "member"),
    Rule("HC103", "duplicate-member", ERROR, "layout", "member"),
    Rule("HC104", "missing-file", ERROR, "layout", "member"),
    Rule("HC105", "absent-optional-file", WARNING, "layout", "member"),
    Rule("HC106", "unexpected-file", WARNING, "layout", "member"),
    Rule("HC107", "prefixed-members", ERROR, "layout", "member"),
    Rule("HC108", "reserved-file-name", WARNING, "layout", "member"),
    Rule("HC109", "case-collision", WARNING, "layout", "member"),
    Rule("HC110", "undecodable-name", ERROR, "member", "member"),
    Rule("HC111", "history-of-unknown-room", ERROR, "export", "room directory", requires=_ROOMS),
    Rule("HC112", "history-of-unknown-user", ERROR, "export", "user directory", requires=_USERS),
    Rule("HC113", "room-without-history", ERROR, "export", "Room", requires=_ROOMS),
    Rule("HC114", "user-without-history", INFO, "export", "User", requires=_USERS),
    Rule("HC116", "lookalike-data-file", ERROR, "layout", "member"),
    Rule("HC117", "name-too-long", ERROR, "member", "member"),
    Rule("HC118", "empty-history-of-unknown", WARNING, "export", "history", requires=_BOTH),
    Rule("HC119", "dotted-members", WARNING, "layout", "member"),
    # JSON text.
    Rule("HC201", "invalid-json", ERROR, "text", "data file", must_exist=True),
    Rule("HC202", "byte-order-mark", ERROR, "text", "data file"),
    Rule("HC203", "invalid-utf8", ERROR, "text", "data file", must_exist=True),
    Rule("HC204", "non-finite-number", ERROR, "text", "data file"),
    Rule("HC205", "duplicate-key", ERROR, "text record", "data file"),
    Rule("HC206", "unstorable-text", WARNING, "text", "data file"),
    Rule("HC207", "unsafe-integer", WARNING, "text", "data file"),
    # Records against their schemas.
    Rule("HC301", "schema-violation", ERROR, "record", "record", must_exist=True),
    Rule("HC302", "unknown-record-kind", ERROR, "record", "record", must_exist=True),
    Rule("HC303", "undocumented-property", INFO, "record", "record", must_exist=True),
    Rule("HC304", "embedded-not-json", WARNING, "record", "embedded text"),
    Rule("HC305", "embedded-schema-violation", WARNING, "record", "embedded text"),
    Rule("HC306", "legacy-field-used", WARNING, "record", "record"),
    Rule("HC307", "members-as-objects", ERROR, "record", "Room"),
    Rule("HC308", "key-letter-case", ERROR, "record", "record"),
    Rule("HC309", "integer-as-float", ERROR, "record", "record"),
    Rule("HC310", "null-for-empty", WARNING, "record", "list or topic"),
    Rule("HC317", "harmless-violation", WARNING, "record", "record"),
    Rule("HC318", "untried-violation", ERROR, "record", "record"),
    # Identities and references, and histories against each other.
    Rule("HC401", "unknown-sender", ERROR, "reference", "sender", must_exist=True),
    Rule("HC402", "unknown-receiver", ERROR, "reference", "receiver"),
    Rule("HC403", "unknown-room-member", WARNING, "reference", "room member"),
    Rule("HC404", "unknown-owner", WARNING, "reference", "room owner"),
    Rule("HC405", "unknown-room-admin", WARNING, "reference", "room admin"),
    Rule("HC406", "unknown-participant", WARNING, "reference", "participant"),
    Rule("HC407", "unknown-emoticon-owner", WARNING, "reference", "emoticon owner"),
    Rule("HC408", "unknown-uploader", WARNING, "reference", "uploader"),
    Rule("HC409", "unknown-deleter", WARNING, "reference", "deletion"),
    Rule("HC410", "unknown-autojoin-user", WARNING, "reference", "autojoin"),
    Rule("HC411", "unknown-autojoin-target", WARNING, "reference", "autojoin target"),
    Rule("HC412", "unknown-mention", WARNING, "reference", "mention"),
    Rule("HC413", "integration-as-user", WARNING, "record", "sender"),
    Rule("HC420", "duplicate-user-id", ERROR, "reference", "user", must_exist=True),
    Rule("HC421", "duplicate-room-id", ERROR, "reference", "room"),
    Rule("HC422", "duplicate-emoticon", WARNING, "reference", "emoticon"),
    Rule("HC423", "duplicate-message-id", ERROR, "reference", "message", must_exist=True),
    Rule("HC424", "mention-name-clash", ERROR, "reference", "mention name"),
    Rule("HC425", "email-clash", ERROR, "reference", "e-mail address"),
    Rule("HC426", "room-name-clash", WARNING, "reference", "room name"),
    Rule("HC427", "mention-name-of-deleted", WARNING, "reference", "mention name"),
    Rule("HC428", "email-of-deleted", WARNING, "reference", "e-mail address"),
    Rule("HC430", "unmirrored-private-messages", WARNING, "export", "PrivateUserMessage", requires=_USERS),
    Rule("HC431", "foreign-private-message", ERROR, "export", "PrivateUserMessage", requires=_USERS),
    Rule("HC432", "archived-state-disagrees", SUSPECT, "export", "ArchiveRoomMessage", requires=_ROOMS),
    Rule("HC433", "guest-access-disagrees", SUSPECT, "export", "GuestAccessMessage", requires=_ROOMS),
    Rule("HC434", "topic-disagrees", SUSPECT, "export", "TopicRoomMessage", requires=_ROOMS),
    Rule("HC435", "missing-sender-copy", ERROR, "export", "PrivateUserMessage", requires=_USERS),
    Rule("HC436", "mention-names-alike", WARNING, "export", "User", requires=_USERS),
    Rule("HC437", "room-names-alike", WARNING, "export", "Room", requires=_ROOMS),
    # Stored files.
    Rule("HC501", "missing-attachment", ERROR, "reference", "attachment"),
    Rule("HC502", "missing-thumbnail", WARNING, "reference", "thumbnail"),
    Rule("HC503", "missing-avatar", ERROR, "reference", "avatar"),
    Rule("HC504", "missing-avatar-size", WARNING, "reference", "avatar"),
    Rule("HC505", "missing-emoticon", ERROR, "reference", "emoticon"),
    Rule("HC506", "missing-emoticon-scale", WARNING, "reference", "emoticon"),
    Rule("HC507", "attachment-size-disagrees", WARNING, "reference", "attachment"),
    Rule("HC508", "empty-file", SUSPECT, "layout", "stored file"),
    Rule("HC509", "content-type-disagrees", SUSPECT, "layout", "stored file"),
    Rule("HC510", "orphan-file", WARNING, "reference", "stored file"),
    Rule("HC511", "attachment-path-disagrees", WARNING, _USER_MESSAGES, "attachment", only_if_present=_PATHS),
    Rule("HC512", "misplaced-attachment", WARNING, "reference", "attachment"),
    Rule("HC513", "odd-attachment-path", WARNING, "reference", "attachment"),
    Rule("HC514", "unsafe-reference", ERROR, "reference", "path"),
    Rule("HC515", "foreign-avatar", ERROR, "reference", "avatar"),
    Rule("HC516", "emoticon-size-disagrees", WARNING, "reference", "emoticon"),
    Rule("HC517", "remote-avatar", INFO, "reference", "avatar"),
    Rule("HC518", "empty-attachment-path", ERROR, "record", "attachment"),
    Rule("HC519", "shared-attachment-path", WARNING, "export", "message"),
    # Dates.
    Rule("HC601", "impossible-date", ERROR, "record", "date", must_exist=True),
    Rule("HC602", "no-microseconds", ERROR, "record", "timestamp", must_exist=True),
    Rule("HC603", "before-creation", SUSPECT, "export", "room message", requires=_ROOMS),
    Rule("HC604", "deleted-before-sent", SUSPECT, _MESSAGES, "deletion", only_if_present=_DELETION),
    # Values that contradict each other or that importers refuse.
    Rule("HC701", "long-message", WARNING, "record", "message", must_exist=True),
    Rule("HC702", "empty-message", SUSPECT, "record", "message"),
    Rule("HC703", "deleted-not-empty", ERROR, "record", "message", must_exist=True),
    Rule("HC704", "odd-mention-name", WARNING, "record", "mention name", must_exist=True),
    Rule("HC705", "missing-email", ERROR, "record", "user"),
    Rule("HC706", "roles-without-user", WARNING, "record", "user"),
    Rule("HC707", "account-type-disagrees", SUSPECT, "record", "user"),
    Rule("HC708", "foreign-group", WARNING, "record", "emoticon"),
    Rule("HC709", "long-name", WARNING, "record", "name or topic"),
    Rule("HC710", "odd-canonical-name", INFO, "Room", "room"),
    Rule("HC711", "odd-guest-url", WARNING, "record", "guest address"),
    Rule("HC712", "unknown-timezone", WARNING, "User", "user"),
    Rule("HC713", "secret-in-export", ERROR, "record", "record"),
    Rule("HC714", "long-account-text", WARNING, "record", "user"),
    Rule("HC715", "odd-email", WARNING, "record", "user"),
    Rule("HC716", "id-out-of-range", WARNING, "record", "user or room"),
    Rule("HC717", "odd-room-name", WARNING, "Room", "room"),
    Rule("HC718", "unclosed-html-tag", WARNING, _TEXTS, "message", only_if_matches=_SILENCING),
    # The export as a whole.
    Rule("HC801", "no-messages", SUSPECT, "export", "message"),
    Rule("HC802", "no-private-messages", SUSPECT, "export", "room message"),
    Rule("HC803", "no-stored-files", SUSPECT, "export", "message"),
    Rule("HC804", "no-room-messages", SUSPECT, "export", "message"),
    Rule("HC805", "activity-gap", SUSPECT, "export", "history"),
    Rule("HC806", "early-end", SUSPECT, "export", "history"),
    # The export against other sources.
    Rule("HC807", "expectation-failed", ERROR, "export", "expectation"),
    Rule("HC808", "export-log-incomplete", ERROR, "layout", "log"),
    Rule("HC809", "logged-member-missing", ERROR, "layout", "logged member"),
    Rule("HC810", "member-not-logged", SUSPECT, "layout", "logged member"),
    Rule("HC811", "log-of-another-archive", ERROR, "export", "log"),
    # The check itself.
    Rule("HCX01", "budget-exceeded", ERROR, "archive text record", "archive", unchecked=True),
    Rule("HCX02", "rule-failed", ERROR, "archive", "archive", unchecked=True),
    Rule("HCX03", "unreadable-input", ERROR, "archive", "archive", unchecked=True),
)

RULES: Mapping[str, Rule] = by_code(_ROWS)
"""Every rule, by code."""

CODES: Mapping[str, str] = {rule.name: rule.code for rule in RULES.values()}
"""The code of every rule by its name, under which the layers below report defects."""

LOSSES = frozenset(rule.name for rule in _ROWS if rule.subject == "archive" and (rule.unchecked or rule.damaged))
"""The kinds of defects of an archive of which something was not read, or is damaged, although its members ended."""


def find_rule(name: str) -> Rule:
    """Return the rule of a code or a name, in any letter case; raise UsageError if there is none."""
    for rule in RULES.values():
        if name.casefold() in (rule.code.casefold(), rule.name):
            return rule
    raise UsageError(unknown_rule(name))


def unknown_rule(name: str) -> str:
    """Return the error sentence for what names no rule.

    A misspelt name gets the nearest one. A code does not, as codes of unlike rules look alike: it gets the codes that
    begin as it does.
    """
    if not re.fullmatch("HC[0-9X][0-9]{0,2}", name.upper()):
        return unknown_name("rule", name, [*RULES, *CODES], listed_by="hcfmt rules")
    beginning = name.upper()[:3]
    kin = [code for code in RULES if code.startswith(beginning)]
    among = f"those that begin with {beginning} are from {kin[0]} to {kin[-1]}. " if kin else ""
    return f"There is no rule {name!r}; {among}'hcfmt rules' lists them{' all' if kin else ''}."


@cache
def rules_of(subject: str) -> Sequence[Rule]:
    """Return the rules of one subject, in the order of codes."""
    return tuple(rule for rule in RULES.values() if subject in rule.subjects)
