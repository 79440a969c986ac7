"""Counts what an archive holds."""

from typing import Any, BinaryIO

from hcfmt.check.engine import Options, validate
from hcfmt.container import ArchiveInput
from hcfmt.report import stats as numbers


def stats(archive: ArchiveInput, options: Options | None = None, *, stdin: BinaryIO | None = None) -> dict[str, Any]:
    """Read an archive once and return its numbers: users, rooms, messages by month and hour, files by type.

    The result holds plain JSON values and has the shape of schemas/report/stats.json, as ``hcfmt stats --format json``
    prints it. Its ``verdict`` says whether the numbers cover the whole archive: they do unless it is "incomplete".
    ``archive`` and ``options`` are those of ``validate``. Names of rooms and users are null unless
    ``options.show_values`` is set.
    """
    return numbers.document(validate(archive, options or Options(), stdin=stdin))
