"""Validates, generates, damages and serves HipChat export archives.

>>> import hcfmt
>>> report = hcfmt.validate("archive.tar.gz.aes", hcfmt.Options(password="..."))  # doctest: +SKIP
>>> report.verdict, report.exit  # doctest: +SKIP
(<Verdict.VALID: 'valid'>, <Exit.VALID: 0>)
>>> with hcfmt.open_export("archive.tar.gz.aes", password="...") as export:  # doctest: +SKIP
...     print(sum(1 for message in export.messages() if message.sender))
>>> manifest = hcfmt.generate("demo.tar.gz", hcfmt.Plan(messages=500, seed=7))  # doctest: +SKIP
>>> broken = hcfmt.break_archive("demo.tar.gz", "broken.tar.gz", "HC401")  # doctest: +SKIP
>>> store = hcfmt.open_store("demo.tar.gz")  # doctest: +SKIP
>>> server = hcfmt.serve(store)  # doctest: +SKIP

A name is imported when it is first used, so that a program pays only for what it uses. Generating archives needs the
extra ``hcfmt[generate]``, serving them ``hcfmt[serve]``.
"""

from hcfmt.version import __version__

TYPE_CHECKING = False  # importing typing would delay every command by milliseconds
if TYPE_CHECKING:
    from typing import Any

    from hcfmt.anonymisation.anonymise import Anonymised, anonymise
    from hcfmt.anonymisation.comparison import RuleDifference
    from hcfmt.check.archive_queue import validate_all
    from hcfmt.check.baseline_files import read_baseline, write_baseline
    from hcfmt.check.baselines import Baseline, baseline_of
    from hcfmt.check.catalogue import RULES, Rule
    from hcfmt.check.choices import Choices
    from hcfmt.check.comparison import Comparison, compare
    from hcfmt.check.engine import Options, validate
    from hcfmt.check.expected_contents import ExpectedContents, ExpectedDates, read_expectations
    from hcfmt.check.export_log import ExportLog, read_log
    from hcfmt.check.receipts.bags import Bag, write_bag
    from hcfmt.check.receipts.files import read_receipt, write_receipt
    from hcfmt.check.receipts.verification import verify_receipt
    from hcfmt.check.stats import stats
    from hcfmt.cluster import connect_cluster
    from hcfmt.container import Archive, Budget, Member, MemberKind, open_archive
    from hcfmt.container.extraction import Extraction, LeftOut, Renamed, extract
    from hcfmt.corpus.breaking import Broken, break_archive
    from hcfmt.differences.engine import diff
    from hcfmt.differences.result import (
        ComparedArchive,
        Differences,
        PlaceDifferences,
        RecordDifference,
        SectionDifferences,
    )
    from hcfmt.differences.side_reading import DiffOptions
    from hcfmt.errors import Fault, HcfmtError, UsageError
    from hcfmt.exits import Exit
    from hcfmt.export.editing import Answer
    from hcfmt.findings import BaselineEntry, Finding, Location, Severity
    from hcfmt.fixes import Fixed, fix
    from hcfmt.generation.generate import generate
    from hcfmt.generation.plan import PROFILES, Plan
    from hcfmt.migration_memory import ExportMemory, export_memory
    from hcfmt.reader.export import Export
    from hcfmt.reader.opening import open_export
    from hcfmt.reader.problems import ProblemError
    from hcfmt.reader.records import (
        ArchiveRoomMessage,
        Attachment,
        AutoJoin,
        Deletion,
        Emoticon,
        GuestAccessMessage,
        Message,
        NotificationMessage,
        PrivateUserMessage,
        Room,
        RoomMessage,
        TopicRoomMessage,
        User,
        UserMessage,
    )
    from hcfmt.reader.sqlite_export import SqliteExport, export_sqlite
    from hcfmt.reader.stored_files import StoredFile
    from hcfmt.receipts import MemberChange, Receipt, ReceiptMember, RoomCounts, Sameness, UserCounts, Verification
    from hcfmt.reduction.reduce import Amounts, Reduction, reduce
    from hcfmt.salvaging.result import Lost, PartlySaved, Placeholders, Restored, Salvaged
    from hcfmt.salvaging.salvage import salvage
    from hcfmt.server.running import Running, serve
    from hcfmt.server.settings import Settings
    from hcfmt.server.store import Store, open_store
    from hcfmt.verdict import ConditionMet, Entry, ImporterVerdict, Report, Status, Verdict

__all__ = [
    "PROFILES",
    "RULES",
    "Amounts",
    "Anonymised",
    "Answer",
    "Archive",
    "ArchiveRoomMessage",
    "Attachment",
    "AutoJoin",
    "Bag",
    "Baseline",
    "BaselineEntry",
    "Broken",
    "Budget",
    "Choices",
    "ComparedArchive",
    "Comparison",
    "ConditionMet",
    "Deletion",
    "DiffOptions",
    "Differences",
    "Emoticon",
    "Entry",
    "Exit",
    "ExpectedContents",
    "ExpectedDates",
    "Export",
    "ExportLog",
    "ExportMemory",
    "Extraction",
    "Fault",
    "Finding",
    "Fixed",
    "GuestAccessMessage",
    "HcfmtError",
    "ImporterVerdict",
    "LeftOut",
    "Location",
    "Lost",
    "Member",
    "MemberChange",
    "MemberKind",
    "Message",
    "NotificationMessage",
    "Options",
    "PartlySaved",
    "PlaceDifferences",
    "Placeholders",
    "Plan",
    "PrivateUserMessage",
    "ProblemError",
    "Receipt",
    "ReceiptMember",
    "RecordDifference",
    "Reduction",
    "Renamed",
    "Report",
    "Restored",
    "Room",
    "RoomCounts",
    "RoomMessage",
    "Rule",
    "RuleDifference",
    "Running",
    "Salvaged",
    "Sameness",
    "SectionDifferences",
    "Settings",
    "Severity",
    "SqliteExport",
    "Status",
    "Store",
    "StoredFile",
    "TopicRoomMessage",
    "UsageError",
    "User",
    "UserCounts",
    "UserMessage",
    "Verdict",
    "Verification",
    "__version__",
    "anonymise",
    "baseline_of",
    "break_archive",
    "compare",
    "connect_cluster",
    "diff",
    "export_memory",
    "export_sqlite",
    "extract",
    "fix",
    "generate",
    "open_archive",
    "open_export",
    "open_store",
    "read_baseline",
    "read_expectations",
    "read_log",
    "read_receipt",
    "reduce",
    "salvage",
    "serve",
    "stats",
    "validate",
    "validate_all",
    "verify_receipt",
    "write_bag",
    "write_baseline",
    "write_receipt",
]

_MODULES = {
    "hcfmt.anonymisation.anonymise": ("Anonymised", "anonymise"),
    "hcfmt.anonymisation.comparison": ("RuleDifference",),
    "hcfmt.check.archive_queue": ("validate_all",),
    "hcfmt.check.baseline_files": ("read_baseline", "write_baseline"),
    "hcfmt.check.baselines": ("Baseline", "baseline_of"),
    "hcfmt.check.catalogue": ("RULES", "Rule"),
    "hcfmt.check.choices": ("Choices",),
    "hcfmt.check.comparison": ("Comparison", "compare"),
    "hcfmt.check.engine": ("Options", "validate"),
    "hcfmt.check.receipts.bags": ("Bag", "write_bag"),
    "hcfmt.check.receipts.files": ("read_receipt", "write_receipt"),
    "hcfmt.check.receipts.verification": ("verify_receipt",),
    "hcfmt.check.expected_contents": ("ExpectedContents", "ExpectedDates", "read_expectations"),
    "hcfmt.check.export_log": ("ExportLog", "read_log"),
    "hcfmt.check.stats": ("stats",),
    "hcfmt.cluster": ("connect_cluster",),
    "hcfmt.container": ("Archive", "Budget", "Member", "MemberKind", "open_archive"),
    "hcfmt.container.extraction": ("Extraction", "LeftOut", "Renamed", "extract"),
    "hcfmt.differences.engine": ("diff",),
    "hcfmt.differences.result": (
        "ComparedArchive",
        "Differences",
        "PlaceDifferences",
        "RecordDifference",
        "SectionDifferences",
    ),
    "hcfmt.differences.side_reading": ("DiffOptions",),
    "hcfmt.errors": ("Fault", "HcfmtError", "UsageError"),
    "hcfmt.exits": ("Exit",),
    "hcfmt.migration_memory": ("ExportMemory", "export_memory"),
    "hcfmt.findings": ("BaselineEntry", "Finding", "Location", "Severity"),
    "hcfmt.fixes": ("Fixed", "fix"),
    "hcfmt.corpus.breaking": ("Broken", "break_archive"),
    "hcfmt.export.editing": ("Answer",),
    "hcfmt.generation.generate": ("generate",),
    "hcfmt.generation.plan": ("PROFILES", "Plan"),
    "hcfmt.salvaging.result": ("Lost", "PartlySaved", "Placeholders", "Restored", "Salvaged"),
    "hcfmt.salvaging.salvage": ("salvage",),
    "hcfmt.receipts": (
        "MemberChange",
        "Receipt",
        "ReceiptMember",
        "RoomCounts",
        "Sameness",
        "UserCounts",
        "Verification",
    ),
    "hcfmt.reader.export": ("Export",),
    "hcfmt.reader.opening": ("open_export",),
    "hcfmt.reader.problems": ("ProblemError",),
    "hcfmt.reader.records": (
        "ArchiveRoomMessage",
        "Attachment",
        "AutoJoin",
        "Deletion",
        "Emoticon",
        "GuestAccessMessage",
        "Message",
        "NotificationMessage",
        "PrivateUserMessage",
        "Room",
        "RoomMessage",
        "TopicRoomMessage",
        "User",
        "UserMessage",
    ),
    "hcfmt.reader.stored_files": ("StoredFile",),
    "hcfmt.reduction.reduce": ("Amounts", "Reduction", "reduce"),
    "hcfmt.reader.sqlite_export": ("SqliteExport", "export_sqlite"),
    "hcfmt.server.running": ("Running", "serve"),
    "hcfmt.server.settings": ("Settings",),
    "hcfmt.server.store": ("Store", "open_store"),
    "hcfmt.verdict": ("ConditionMet", "Entry", "ImporterVerdict", "Report", "Status", "Verdict"),
}
_EXTRAS = {"hcfmt.server.running": "serve"}  # modules whose import needs an extra
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> "Any":  # noqa: ANN401 - of any type
    """Import the module of a public name and return the name's value."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as above

    module = _MODULE_OF[name]
    if module in _EXTRAS:
        import_module("hcfmt.extras").require_extra(_EXTRAS[module])
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    """Return all public names, also those not imported yet."""
    return __all__
