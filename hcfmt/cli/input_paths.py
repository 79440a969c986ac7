"""Names of inputs in reports: as they were given, or relative to the current directory where they lie below it."""

import os

from hcfmt.container import ArchiveInput, input_name


def name_from_here(archive: ArchiveInput) -> str:
    """Return the name of an input; an absolute path below the current directory becomes relative to it."""
    name = input_name(archive)
    try:
        here = os.path.join(os.getcwd(), "")  # noqa: PTH109, PTH118 - pathlib takes long to import
    except OSError:  # the current directory was deleted
        return name
    return name.removeprefix(here) or name
