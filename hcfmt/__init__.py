"""Read HipChat export archives and say whether they are whole; make archives to test with, sound or broken.

>>> import hcfmt
>>> report = hcfmt.validate("archive.tar.gz.aes", hcfmt.Options(password=lambda: b"..."))  # doctest: +SKIP
>>> report.verdict, report.exit  # doctest: +SKIP
(<Verdict.VALID: 'valid'>, <Exit.VALID: 0>)
>>> manifest = hcfmt.generate("demo.tar.gz", hcfmt.Plan(messages=500, seed=7))  # doctest: +SKIP
>>> broken = hcfmt.break_archive("demo.tar.gz", "broken.tar.gz", "HC401")  # doctest: +SKIP
>>> store = hcfmt.open_store("demo.tar.gz")  # doctest: +SKIP
>>> server = hcfmt.serve(store, hcfmt.Settings(token="..."), time.time)  # doctest: +SKIP

A name is brought in when it is first asked for, so that nobody pays for what they do not use. Making archives needs the
extra ``hcfmt[generate]``, serving them ``hcfmt[serve]``.
"""

from hcfmt.version import __version__

TYPE_CHECKING = False  # the module that has it takes milliseconds to import, before which no command can begin
if TYPE_CHECKING:
    from typing import Any

    from hcfmt.check.engine import Options, validate
    from hcfmt.check.rule import Rule
    from hcfmt.check.rules import RULES
    from hcfmt.container import Budget
    from hcfmt.corpus.breaking import Answer, Broken, break_archive
    from hcfmt.errors import Fault, HcfmtError, UsageError
    from hcfmt.findings import Finding, Location, Severity
    from hcfmt.generation.generate import generate
    from hcfmt.generation.plan import PROFILES, Plan
    from hcfmt.server.running import Running, serve
    from hcfmt.server.settings import Settings
    from hcfmt.server.store import Store, open_store
    from hcfmt.verdict import Entry, Exit, Report, Status, Verdict

__all__ = [
    "PROFILES",
    "RULES",
    "Answer",
    "Broken",
    "Budget",
    "Entry",
    "Exit",
    "Fault",
    "Finding",
    "HcfmtError",
    "Location",
    "Options",
    "Plan",
    "Report",
    "Rule",
    "Running",
    "Settings",
    "Severity",
    "Status",
    "Store",
    "UsageError",
    "Verdict",
    "__version__",
    "break_archive",
    "generate",
    "open_store",
    "serve",
    "validate",
]

_HOMES = {
    "hcfmt.check.engine": ("Options", "validate"),
    "hcfmt.check.rule": ("Rule",),
    "hcfmt.check.rules": ("RULES",),
    "hcfmt.container": ("Budget",),
    "hcfmt.errors": ("Fault", "HcfmtError", "UsageError"),
    "hcfmt.findings": ("Finding", "Location", "Severity"),
    "hcfmt.corpus.breaking": ("Answer", "Broken", "break_archive"),
    "hcfmt.generation.generate": ("generate",),
    "hcfmt.generation.plan": ("PROFILES", "Plan"),
    "hcfmt.server.running": ("Running", "serve"),
    "hcfmt.server.settings": ("Settings",),
    "hcfmt.server.store": ("Store", "open_store"),
    "hcfmt.verdict": ("Entry", "Exit", "Report", "Status", "Verdict"),
}
_EXTRAS = {"hcfmt.server.running": "serve"}  # of those that cannot even be brought in without
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> "Any":  # noqa: ANN401 - whatever has the name
    """Return a public name from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as above

    home = _HOME[name]
    if home in _EXTRAS:
        import_module("hcfmt.extras").need(_EXTRAS[home])
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    """Return the names that are public, whether they were asked for or not."""
    return __all__
