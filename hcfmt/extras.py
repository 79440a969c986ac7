"""What is installed besides the validator: the extras of the package, and what each brings in."""

import importlib.util
from collections.abc import Mapping

from hcfmt.errors import UsageError

_BRINGS: Mapping[str, tuple[str, ...]] = {"generate": ("anyascii", "faker", "PIL"), "serve": ("starlette", "uvicorn")}


def require_extra(extra: str) -> None:
    """Raise UsageError unless what an extra brings in is installed."""
    if not all(map(importlib.util.find_spec, _BRINGS[extra])):
        raise UsageError(f"This needs more than checking does: pip install 'hcfmt[{extra}]'.")
