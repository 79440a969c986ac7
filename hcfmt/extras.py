"""The extras of the package: checks that the modules of one are installed."""

import importlib.util
from collections.abc import Mapping

from hcfmt.errors import UsageError

_MODULES: Mapping[str, tuple[str, ...]] = {
    "cluster": ("distributed",),
    "generate": ("anyascii", "faker", "PIL"),
    "html": ("jinja2", "markdown_it", "vl_convert"),
    "remote": ("aiohttp", "fsspec", "s3fs"),
    "serve": ("starlette", "uvicorn"),
    "testing": ("anyascii", "faker", "hypothesis", "PIL"),  # without those of serve, which a server asks for itself
}


def require_extra(extra: str) -> None:
    """Raise UsageError unless the modules of an extra are installed."""
    if not all(map(importlib.util.find_spec, _MODULES[extra])):
        raise UsageError(f"The extra {extra!r} is not installed: pip install 'hcfmt[{extra}]'.")
