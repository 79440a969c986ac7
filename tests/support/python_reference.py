"""Renders the reference of the public names of hcfmt: their source's signatures, fields, values and docstrings."""

import ast
import inspect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import hcfmt
import hcfmt.factories
from hcfmt.report.pages import escaped

GROUPS: Mapping[str, Sequence[str]] = {
    "Check archives": ("validate", "validate_all", "Options", "Budget", "connect_cluster"),
    "Read reports": ("Report", "Verdict", "Finding", "Location", "Severity", "Entry", "Status", "Exit"),
    "Choose which findings count": (
        "Choices",
        "Baseline",
        "BaselineEntry",
        "baseline_of",
        "read_baseline",
        "write_baseline",
    ),
    "Compare archives with other sources": (
        "read_expectations",
        "ExpectedContents",
        "ExpectedDates",
        "read_log",
        "ExportLog",
    ),
    "Know the rules": ("RULES", "Rule"),
    "Judge importers": ("ImporterVerdict", "ConditionMet", "compare", "Comparison"),
    "Count what an archive holds": ("stats",),
    "Read and extract members": (
        "open_archive",
        "Archive",
        "Member",
        "MemberKind",
        "extract",
        "Extraction",
        "Renamed",
        "LeftOut",
    ),
    "Keep receipts": (
        "write_receipt",
        "read_receipt",
        "verify_receipt",
        "Receipt",
        "ReceiptMember",
        "RoomCounts",
        "UserCounts",
        "Verification",
        "Sameness",
        "MemberChange",
        "write_bag",
        "Bag",
    ),
    "Read exports": ("open_export", "Export", "StoredFile", "ProblemError", "export_sqlite", "SqliteExport"),
    "Records of exports": (
        *("User", "Room", "Emoticon", "AutoJoin", "Message", "RoomMessage", "UserMessage", "NotificationMessage"),
        *("TopicRoomMessage", "ArchiveRoomMessage", "GuestAccessMessage", "PrivateUserMessage"),
        *("Attachment", "Deletion"),
    ),
    "Compare two exports": (
        "diff",
        "DiffOptions",
        "Differences",
        "SectionDifferences",
        "PlaceDifferences",
        "RecordDifference",
        "ComparedArchive",
    ),
    "Plan an export": ("export_memory", "ExportMemory"),
    "Make archives": ("generate", "Plan", "PROFILES"),
    "Break archives": ("break_archive", "Broken", "Answer"),
    "Show archives to others": ("anonymise", "Anonymised", "RuleDifference"),
    "Save damaged archives": ("salvage", "Salvaged", "PartlySaved", "Lost", "Restored", "Placeholders"),
    "Share archives": ("reduce", "Reduction", "Amounts"),
    "Fix archives": ("fix", "Fixed"),
    "Serve archives": ("open_store", "Store", "serve", "Running", "Settings"),
    "Errors and the version": ("HcfmtError", "UsageError", "Fault", "__version__"),
}
MODULES: Mapping[str, Sequence[str]] = {
    "Make single records and small exports": [f"factories.{name}" for name in hcfmt.factories.__all__],
}
"""Names of modules that are imported by themselves."""
_WIDTH = 100
_INDENT = " " * 4


def python_reference() -> Iterator[str]:
    """Yield the lines of the page."""
    for title, names in {**GROUPS, **MODULES}.items():
        yield from (f"## {title}", "")
        for name in names:
            yield from _entry(name)


def _entry(name: str) -> Iterator[str]:
    """Yield the lines of one public name."""
    node, text = _definition(name)
    yield from (f"### {escaped(name)}", "", "```python", *_code(name, node), "```", "")
    if text:
        yield from (*(escaped(line) for line in text.split("\n")), "")
    if isinstance(node, ast.ClassDef) and (methods := list(_methods(name, node))):
        yield from (*methods, "")


def _definition(name: str) -> tuple[ast.stmt, str]:
    """Return the statement that defines a public name, and its documentation."""
    package, _, short = name.rpartition(".")
    module = f"hcfmt.{package}" if package else hcfmt._MODULE_OF.get(name, "hcfmt.version")  # noqa: SLF001 - private
    body = _module(module)
    for at, node in enumerate(body):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == short:
            return node, ast.get_docstring(node) or ""
        if short in _targets(node):
            return node, _text_below(body[at + 1 : at + 2])
    raise LookupError(name)


@cache
def _module(name: str) -> Sequence[ast.stmt]:
    """Return the statements of a module, or of the module of its package that a name is imported from."""
    spec = find_spec(name)
    assert spec
    assert spec.origin
    body = ast.parse(Path(spec.origin).read_text("utf-8")).body
    imported = [node.module for node in body if isinstance(node, ast.ImportFrom) and node.module]
    inner = [module for module in imported if module.startswith(f"{name}.")]
    return [*body, *(node for module in inner for node in _module(module))]


def _targets(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _text_below(following: Sequence[ast.stmt]) -> str:
    """Return the string that stands below an assignment as its documentation."""
    match following:
        case [ast.Expr(value=ast.Constant(value=str(text)))]:
            return inspect.cleandoc(text)
    return ""


def _code(name: str, node: ast.stmt) -> Iterator[str]:
    """Yield the lines of Python that show a name: a signature, the fields of a class, or the type of a constant."""
    match node:
        case ast.FunctionDef():
            yield from _signature(f"hcfmt.{name}", node)
        case ast.ClassDef():
            bases = ", ".join(base for base in map(ast.unparse, node.bases) if base != "Struct")
            yield f"class hcfmt.{name}({bases})" if bases else f"class hcfmt.{name}"
            for field in node.body:
                if any(not target.startswith("_") for target in _targets(field)):
                    yield f"{_INDENT}{ast.unparse(field)}"
        case ast.AnnAssign():
            yield f"hcfmt.{name}: {ast.unparse(node.annotation)}"
        case _:
            yield f"hcfmt.{name}"


def _signature(name: str, node: ast.FunctionDef, *, bound: bool = False) -> Iterator[str]:
    """Yield the lines of a signature, a parameter on each if it is long; of a bound method without ``self``."""
    arguments = node.args
    if bound:
        arguments = ast.arguments(**{field: getattr(arguments, field) for field in arguments._fields})
        arguments.args = arguments.args[1:]
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{name}({ast.unparse(arguments)}){returns}"
    if len(line) <= _WIDTH or bound:
        yield line
        return
    yield f"{name}("
    yield from (f"{_INDENT}{parameter}," for parameter in _parameters(arguments))
    yield f"){returns}"


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults))
    for argument, default in zip(plain, [*defaults, *arguments.defaults], strict=True):
        yield _parameter(argument, default)
    yield from ["*"] if arguments.kwonlyargs else []
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(argument, default)
    yield from [f"**{ast.unparse(arguments.kwarg)}"] if arguments.kwarg else []


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    if default is None:
        return ast.unparse(argument)
    value = ast.unparse(default)
    return f"{ast.unparse(argument)} = {'...' if value.startswith('_') else value}"


def _methods(name: str, node: ast.ClassDef) -> Iterator[str]:
    """Yield an item for each public method and property of a class, with the first paragraph of its docstring."""
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
            kinds = {ast.unparse(decorator) for decorator in method.decorator_list}
            shown = f"{name}.{method.name}"
            if not kinds & {"property", "cached_property"}:
                (shown,) = _signature(shown, method, bound="staticmethod" not in kinds)
            text = (ast.get_docstring(method) or "").split("\n\n")[0]
            yield f"- `{shown}`: {escaped(' '.join(text.split()))}"
