"""Sentences on what could not be read of an export that is compared."""

from hcfmt.check.context import Redaction
from hcfmt.errors import Defect
from hcfmt.findings import Flaw

NO_EXPORT = "It holds no export: it has no data file, such as users.json."
NAMED_FILES = 10  # data files that were not read whose paths are named


class Problems:
    """Collects what could not be read of one archive: add it, then call ``sentences``.

    ``other_members`` counts members that are not compared as they are no plain files or repeat a path,
    ``other_data_files`` data files outside the directory of the export.
    """

    def __init__(self, redaction: Redaction) -> None:
        """Take what may be shown; begin with nothing."""
        self.redaction = redaction
        self.other_members = 0
        self.other_data_files = 0
        self._sentences: list[str] = []
        self._data_files: list[str] = []
        self._more_data_files = 0

    def add(self, defect: Defect) -> None:
        """Add a defect of the archive as a whole."""
        self._sentences.append(Flaw(defect.message, defect.values).sentence(self.redaction.text))

    def add_fault(self, defect: Defect) -> None:
        """Add the defect that ended the reading."""
        self._sentences.append("It could not be read to its end.")
        self.add(defect)

    def add_no_export(self) -> None:
        """Add that there is nothing to compare."""
        self._sentences.append(NO_EXPORT)

    def add_data_file(self, path: str, predicate: str) -> None:
        """Add a data file that is not compared, and why; only the first ones are named."""
        if len(self._data_files) < NAMED_FILES:
            self._data_files.append(f"{self.redaction.member_path(path)} {predicate.rstrip('.')}.")
        else:
            self._more_data_files += 1

    def sentences(self) -> tuple[str, ...]:
        """Return all that was added."""
        counts = {
            "More data files that were not read to their end": self._more_data_files,
            "Data files outside the directory of the export, which were not compared": self.other_data_files,
            "Members that are links, have unsafe names or repeat a path, which were not compared": self.other_members,
        }
        return (
            " ".join(self._sentences),
            *self._data_files,
            *(f"{what}: {count:,}." for what, count in counts.items() if count),
        )[not self._sentences :]
