"""Read HipChat export archives and say whether they are whole.

>>> from hcfmt import Options, validate
>>> report = validate("archive.tar.gz.aes", Options(password=lambda: b"..."))  # doctest: +SKIP
>>> report.verdict, report.exit  # doctest: +SKIP
(<Verdict.VALID: 'valid'>, <Exit.VALID: 0>)
"""

from hcfmt.check.engine import Options, validate
from hcfmt.check.rule import Rule
from hcfmt.check.rules import RULES
from hcfmt.container import Budget
from hcfmt.errors import Fault, HcfmtError, UsageError
from hcfmt.findings import Finding, Location, Severity
from hcfmt.verdict import Entry, Exit, Report, Status, Verdict
from hcfmt.version import __version__

__all__ = [
    "RULES",
    "Budget",
    "Entry",
    "Exit",
    "Fault",
    "Finding",
    "HcfmtError",
    "Location",
    "Options",
    "Report",
    "Rule",
    "Severity",
    "Status",
    "UsageError",
    "Verdict",
    "__version__",
    "validate",
]
