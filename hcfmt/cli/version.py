"""``hcfmt --version``, without the parser of all other options."""

import sys
from typing import NoReturn

from hcfmt.cli.output import write_out
from hcfmt.version import __version__

OPTIONS = ("--version", "-V")


def print_version() -> NoReturn:
    """Print the version and exit."""
    write_out([f"hcfmt {__version__}"])
    sys.exit()
