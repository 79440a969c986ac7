"""Finds the configuration of ``hcfmt validate``, and shows which settings are in effect."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from hcfmt.check.engine import KEPT, Options

if TYPE_CHECKING:
    from hcfmt.check.configuration import Settings

NAMES = ("hcfmt.toml", "pyproject.toml")  # in the order of precedence


def found_settings(directory: str | None = None) -> "tuple[str | None, Settings | None]":
    """Return path and settings of the nearest configuration, in a directory or above it; None and None without one.

    ``directory`` is by default the current one. Raises UsageError as ``read_configuration`` does.
    """
    for path in _candidates(directory):
        from hcfmt.check.configuration import read_configuration  # noqa: PLC0415 - most runs have no configuration

        settings = read_configuration(path)
        if settings is not None:
            return path, settings
    return None, None


def _candidates(directory: str | None) -> Iterator[str]:
    """Yield the files that may be the configuration, the nearest first."""
    try:
        above = os.path.abspath(directory or os.getcwd())  # noqa: PTH100, PTH109 - pathlib would make twice as many calls
    except OSError:  # the current directory was deleted
        return
    while True:
        for name in NAMES:
            path = os.path.join(above, name)  # noqa: PTH118 - as above
            if os.path.isfile(path):  # noqa: PTH113 - as above
                yield path
        above, below = os.path.dirname(above), above  # noqa: PTH120 - as above
        if above == below:
            return


def configured(options: Options, settings: "Settings") -> Options:
    """Return options with settings in place of their defaults; the baseline is left to the caller, as it is a file."""
    return replace(
        options,
        choices=settings.choices,
        fail_on=settings.fail_on or options.fail_on,
        keep=settings.max_findings or KEPT,
        dialect=None if settings.dialect == "auto" else settings.dialect or None,
    )


def settings_lines(path: str | None, settings: "Settings") -> Sequence[str]:
    """Return settings as the lines of a hcfmt.toml, with the path of the file that they come from, if any.

    What has its default is there too, but for choices of rules, which have none.
    """
    import json  # noqa: PLC0415 - only --show-settings needs these two

    from msgspec import to_builtins  # noqa: PLC0415

    defaults = type(settings)(fail_on=Options().fail_on, max_findings=KEPT, dialect="auto")
    values = {key: value for key, value in to_builtins(defaults.overridden(settings)).items() if value is not None}
    single = [f"{key} = {json.dumps(value)}" for key, value in values.items() if not isinstance(value, dict)]
    tables = [
        line
        for key, table in values.items()
        if isinstance(table, dict)
        for line in ("", f"[{key}]", *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in table.items()))
    ]
    absent = [] if settings.baseline else ["# no baseline"]
    return [f"# {path}" if path else "# no configuration file", *single, *absent, *tables]
