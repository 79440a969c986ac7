"""What some commands need besides what the validator installs."""

import importlib.util

from hcfmt.errors import UsageError

_TO_SERVE = ("starlette", "uvicorn")


def need_serve() -> None:
    """Raise UsageError unless what makes a server of an archive is installed."""
    if not all(map(importlib.util.find_spec, _TO_SERVE)):
        raise UsageError("This needs more than checking does: pip install 'hcfmt[serve]'.")
