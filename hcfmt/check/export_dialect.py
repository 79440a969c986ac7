"""Tells which exporter wrote an export, by what its data files tell one by one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from hcfmt.export.dialects import CLOUD, HC_MIGRATE, OLD_CLOUD, SERVER, TITLES, Mark, Origin, is_old_cloud, weigh
from hcfmt.export.layout import Kind

CERTAIN, LIKELY, ASSUMED = "certain", "likely", "assumed"
_SURE = 2  # of weight, by which Server's exports and Cloud's must differ

_FAMILY = {CLOUD: SERVER}
"""The dialects that are alike: most of their files could be of either."""


class Files(Struct):
    """The data files of one dialect: their number by kind, and the paths of those that are clearly of it."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    clear: int = 0
    first: str = ""  # of the paths of clear ones


class ExportDialect(Struct, frozen=True):
    """The dialect of an export.

    ``told_by`` are sentences on the marks by which it was told, each with the path of a file that has it. ``others``
    are data files that are clearly of dialects not like it: by dialect, their number and the path of the first.
    """

    name: str = HC_MIGRATE
    confidence: str = ASSUMED
    told_by: tuple[str, ...] = ()
    others: Mapping[str, tuple[int, str]] = {}

    @property
    def title(self) -> str:
        """Its name in a sentence."""
        return TITLES[self.name]


class DataFileOrigins:
    """Collects the origins of the data files of one export."""

    def __init__(self) -> None:
        """Begin with no file."""
        self._files: dict[str, Files] = {}  # by dialect
        self._marks: dict[Mark, str] = {}  # the first path of a file that has a mark

    def add(self, path: str, kind: Kind, origin: Origin) -> None:
        """Add a data file, with its path below the extra directory of the export."""
        if origin.dialect is None:
            return
        files = self._files.setdefault(origin.dialect, Files())
        files.kinds[kind] += 1
        if origin.is_clear:
            files.first = min(files.first, path) if files.clear else path
            files.clear += 1
        for mark in origin.marks:
            self._marks[mark] = min(self._marks.get(mark, path), path)

    def dialect(self, paths: Iterable[str]) -> ExportDialect:
        """Return the dialect of the export: that of most kinds of files; between alike ones, that of most marks.

        ``paths`` are those of all files; they tell the dialect of an export without a data file.
        """
        if not self._files:
            lists = sorted(filter(is_old_cloud, paths))
            return ExportDialect(OLD_CLOUD, CERTAIN, tuple(lists)) if lists else ExportDialect()
        weights = weigh(self._marks)
        families = {dialect: _FAMILY.get(dialect, dialect) for dialect in self._files}
        kinds = {family: self._kinds(family, families) for family in families.values()}
        family = max(kinds, key=lambda name: (kinds[name], weights[name], -list(TITLES).index(name)))
        name = CLOUD if family == SERVER and weights[CLOUD] > weights[SERVER] else family
        told_by = [(mark.sentence, path) for mark, path in self._marks.items() if name in mark.dialects]
        others = {
            dialect: (files.clear, files.first)
            for dialect, files in self._files.items()
            if families[dialect] != family and files.clear
        }
        return ExportDialect(name, _confidence(name, weights), _sentences(told_by), others)

    def _kinds(self, family: str, families: Mapping[str, str]) -> int:
        """Return the number of kinds of files that dialects of a family wrote."""
        return len(
            {kind for dialect, files in self._files.items() if families[dialect] == family for kind in files.kinds}
        )


def _confidence(name: str, weights: Mapping[str, int]) -> str:
    """Return how sure the dialect is: Server's exports and Cloud's are told apart by few marks."""
    other = {SERVER: CLOUD, CLOUD: SERVER}.get(name)
    return CERTAIN if other is None or weights[name] >= weights[other] + _SURE else LIKELY


def _sentences(told_by: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{sentence} ({path})" for sentence, path in told_by))
