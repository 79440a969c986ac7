"""What a pass over an archive changes: filled by the fixes of the rules that were broken, applied by the pass."""

import pathlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from hcfmt.check.export_view import ExportView
from hcfmt.container import Archive, Budget
from hcfmt.export.annotations import Annotation
from hcfmt.export.editable_members import Step
from hcfmt.export.writer import ArchiveForm
from hcfmt.findings import Flaw
from hcfmt.fixes.items import Item

Path = tuple[Step, ...]
FlawFix = Callable[[Item, Path, Flaw], None]
"""Changes an item at the path of a flaw that its schema, or the rule of its kind, finds in it."""
ValueFix = Callable[[Item, Path, Any], None]
"""Changes an item at the path of an annotated value."""
RecordFix = Callable[[Item, Path, Mapping[str, Any]], None]
"""Changes an item at the path of a record in it."""


@dataclass(slots=True)
class Plan:
    """Changes of one pass, each with the code of the rule that it fixes.

    ``view`` is the export as the check found it. ``archive`` is open, ``reopen`` opens it once more, and ``form`` is
    that of the output. ``directory`` is a private one for temporary files, and ``resources`` are closed after the pass.
    ``is_damaged``: bytes of the archive are damaged or lost, although it could be read. Members are named by their
    canonical paths.

    ``container`` holds changes of the file as a whole: before and after. ``digest`` is another key derivation.
    ``undotted``: ./ is taken off the names of members, and ``prefix`` are the directories that are. ``dropped`` and
    ``renamed`` are members, ``added`` new ones with their content, ``copies`` the paths of new ones by the member that
    they are copies of. Members are left out whose header one of the rules ``headers`` reports, and, if ``doubles`` is
    the code of a rule, all of a path but the first. ``texts`` are rules of the text of data files.

    ``items`` are called for every element of a list and every other document, ``flaws`` for what the schema of a data
    file finds, by rule, ``rules`` for what the rule of a kind of record finds, ``values`` for the values of
    annotations, by schema, ``records`` for the records of a kind. ``appended`` are new elements at the end of a list,
    by data file. ``people`` are the ids of users that are added.
    """

    view: ExportView
    archive: Archive
    form: ArchiveForm
    budget: Budget
    reopen: Callable[[], Archive]
    directory: pathlib.Path
    resources: ExitStack
    is_damaged: bool = False
    code: str = ""
    container: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    digest: str | None = None
    undotted: bool = False
    prefix: str = ""
    dropped: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, tuple[str, str]] = field(default_factory=dict)
    added: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    copies: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    headers: set[str] = field(default_factory=set)
    doubles: str = ""
    texts: set[str] = field(default_factory=set)
    flaws: dict[str, FlawFix] = field(default_factory=dict)
    rules: dict[str, FlawFix] = field(default_factory=dict)
    values: dict[str, list[tuple[str, Annotation, ValueFix]]] = field(default_factory=lambda: defaultdict(list))
    records: dict[str, list[tuple[str, RecordFix]]] = field(default_factory=lambda: defaultdict(list))
    appended: dict[str, list[Iterable[tuple[str, Any]]]] = field(default_factory=lambda: defaultdict(list))
    people: set[int] = field(default_factory=set)
    items: dict[str, RecordFix] = field(default_factory=dict)

    @property
    def extra(self) -> str:
        """The extra directories above the export, with their slashes, or ""."""
        return self.view.layout.extra

    def around(self, before: object, after: object) -> None:
        """Change something of the file around the members, which writing it anew does."""
        self.container[self.code] = before, after

    def drop(self, *paths: str) -> None:
        """Leave out members, also directories and what is below them."""
        self.dropped.update(dict.fromkeys((path.rstrip("/") for path in paths), self.code))

    def rename(self, old: str, new: str) -> None:
        """Give a member another path."""
        self.renamed[old] = new, self.code

    def copy(self, path: str, new: str) -> None:
        """Add a copy of a member under another path."""
        self.copies[path].append((new, self.code))

    def add(self, path: str, content: bytes) -> None:
        """Add a member, unless it is added already."""
        self.added.setdefault(path, (content, self.code))

    def on_flaw(self, fix: FlawFix) -> None:
        """Call a function for everything that schemas report by the rule."""
        self.flaws[self.code] = fix

    def on_rule(self, fix: FlawFix) -> None:
        """Call a function for everything that the rule of a kind of record reports."""
        self.rules[self.code] = fix

    def on_values(self, annotations: Sequence[Annotation], fix: ValueFix) -> None:
        """Call a function for the values that annotations describe."""
        for annotation in annotations:
            self.values[annotation.schema].append((self.code, annotation, fix))

    def on_records(self, kinds: Sequence[str], fix: RecordFix) -> None:
        """Call a function for the records of some kinds."""
        for kind in kinds:
            self.records[kind].append((self.code, fix))

    def on_items(self, fix: RecordFix) -> None:
        """Call a function for the top of every element and document."""
        self.items[self.code] = fix

    def append(self, name: str, wrapper: Any) -> None:  # noqa: ANN401 - any JSON value
        """Add an element to the list of a data file at the top of the export."""
        self.appended[self.extra + name].append([(self.code, wrapper)])

    def append_all(self, path: str, elements: Iterable[Any]) -> None:
        """Add elements to the list of a data file, which are taken one by one while it is written."""
        code = self.code
        self.appended[path].append((code, element) for element in elements)

    def on_text(self) -> None:
        """Have the text of data files corrected as the rule says (``hcfmt.fixes.texts``)."""
        self.texts.add(self.code)

    def changes_data(self) -> bool:
        """Whether every data file must be gone through."""
        return bool(self.texts or self.items or self.flaws or self.rules or self.values or self.records)
