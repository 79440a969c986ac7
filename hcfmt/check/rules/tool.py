"""Rules of the reading itself: limits that were reached, and faults of hcfmt's own."""

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Severity


@rule("HCX01", "budget-exceeded", Severity.ERROR, "archive text record", looks_at="archive", fault=True)
def budget_exceeded(noted: Noted) -> Flaws:
    """A declared limit was reached (bytes, members, header size, path length, JSON depth, record size, time).
    Names the limit and the option that raises it.

    Why it matters: A small file can unpack to more than any disk holds, or nest deeper than a parser can
    follow, so hcfmt reads no further than it was told. What lies behind the limit was not checked: the verdict
    is incomplete, never a pass.

    Bad::

        option --max-members 5

    Good::

        option --max-members 500

    Common causes: An archive larger than the limit that was given, or one made to exhaust its readers. The
    limits that hold unless told otherwise lie far above every export that is known.

    What to do: Before the old server is gone: raise the limit that is named, if the size is plausible.
    Afterwards: the same; where it is not plausible, do not feed the file to an importer, which most likely has
    no limits at all.

    Evidence: none from an importer; facts 4 has the sizes of real exports.
    """
    return [*noted.of("budget-exceeded"), *noted.of("HCX01")]


@rule("HCX02", "rule-failed", Severity.ERROR, "archive", fault=True)
def rule_failed(noted: Noted) -> Flaws:
    """A rule raised an exception: hcfmt's own fault. The exit status is 4.

    Why it matters: That rule has not said what it had to say, so the archive may be better or worse than the
    report. The finding names the rule and the kind of exception, never its text, which might quote the archive.

    Bad::

        (no archive causes this; only a mistake in hcfmt does)

    Good::

        (the documented sample as it is)

    What to do: Before the old server is gone: keep the archive as it is, and judge it by the other rules for
    now. Afterwards: report the finding with hcfmt's version; it holds nothing of the archive's content.

    Evidence: none; no archive is at fault.
    """
    return noted.of("rule-failed")
