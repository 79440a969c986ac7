"""Configuration of ``hcfmt validate`` in TOML (schemas/config/hcfmt.json): a file, or a table of pyproject.toml.

docs/configuration.md explains the settings.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from hcfmt.check.choices import Choices
from hcfmt.check.compiled_choices import compiled, tolerance
from hcfmt.check.toml_files import parse_toml, read_bytes
from hcfmt.errors import UsageError
from hcfmt.export.dialects import CHECKED
from hcfmt.findings import Severity
from hcfmt.suggestions import unknown_name

FILE, PYPROJECT = "hcfmt.toml", "pyproject.toml"
TABLE = "tool.hcfmt"  # of pyproject.toml
_MARK = b"hcfmt"  # what a pyproject.toml with the table holds, however the table is written
DIALECTS = ("auto", *CHECKED)


class Settings(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """Settings of ``hcfmt validate``; what is None has its default. ``baseline`` is the path of a file."""

    select: Sequence[str] | None = None
    ignore: Sequence[str] | None = None
    per_path_ignores: Mapping[str, Sequence[str]] | None = None
    severity: Mapping[str, str] | None = None
    tolerate: Mapping[str, int | str] | None = None
    baseline: Annotated[str, Meta(min_length=1)] | None = None
    fail_on: Severity | None = None
    max_findings: Annotated[int, Meta(ge=1)] | None = None
    dialect: str | None = None

    @property
    def choices(self) -> Choices:
        """The choices among rules."""
        return Choices(
            self.select or (), self.ignore or (), self.per_path_ignores or {}, self.severity or {}, self.tolerate or {}
        )

    def overridden(self, by: "Settings") -> "Settings":
        """Return the settings in which those of ``by`` take precedence; of tables, each entry."""
        values: dict[str, Any] = {}
        for name in self.__struct_fields__:
            ours, theirs = getattr(self, name), getattr(by, name)
            both = isinstance(ours, Mapping) and isinstance(theirs, Mapping)
            values[name] = {**ours, **theirs} if both else ours if theirs is None else theirs
        return Settings(**values)


KEYS = [field.encode_name for field in msgspec.structs.fields(Settings)]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_table(of: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, Mapping) and all(map(of, value.values()))


_RULES = (_is_list, 'a list of rules, such as ["HC303"]')

_FORMS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "select": _RULES,
    "ignore": _RULES,
    "per-path-ignores": (
        _is_table(_is_list),
        'a table with a list of rules for each pattern, such as "*.txt" = ["HC106"]',
    ),
    "severity": (_is_table(_is_text), 'a table with a severity for each rule, such as HC403 = "error"'),
    "tolerate": (
        lambda value: isinstance(value, Mapping),
        "a table with a number or a share for each rule, such as HC501 = 14",
    ),
    "baseline": (lambda value: _is_text(value) and value != "", 'the path of a file, such as "hcfmt-baseline.json"'),
    "fail-on": (_is_text, 'a severity, such as "warning"'),
    "max-findings": (lambda value: type(value) is int and value > 0, "a whole number of at least 1"),
    "dialect": (_is_text, 'a dialect, such as "server"'),
}
"""What a setting must look like, by its key, as a function and in words."""


def parse_settings(values: Mapping[str, Any]) -> Settings:
    """Return the settings of a table; raises UsageError, which names what is wrong."""
    for key in values:
        if key not in KEYS:
            raise UsageError(unknown_name("setting", key, KEYS))
        has_form, form = _FORMS[key]
        if not has_form(values[key]):
            raise UsageError(f"{key}: it must be {form}.")
    for key, noun, names in (("fail-on", "severity", [*map(str, Severity)]), ("dialect", "dialect", DIALECTS)):
        if key in values and values[key] not in names:
            raise UsageError(f"{key}: {unknown_name(noun, values[key], names)}")
    for selector, allowed in values.get("tolerate", {}).items():
        tolerance(selector, allowed)
    settings = msgspec.convert(values, Settings)
    compiled(settings.choices)
    return settings


def read_configuration(path: str) -> Settings | None:
    """Return the settings of a file, None for a pyproject.toml without the table tool.hcfmt.

    A relative path of a baseline begins at the file's directory. Raises UsageError, which names the file, for a file
    that cannot be read or whose settings are wrong.
    """
    is_part = PurePath(path).name == PYPROJECT
    text = read_bytes(path)
    if is_part and _MARK not in text:
        return None
    where = f"{path} [{TABLE}]" if is_part else path
    try:
        values = _table(text, is_part=is_part)
        settings = None if values is None else parse_settings(values)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    if settings is None or settings.baseline is None:
        return settings
    return msgspec.structs.replace(settings, baseline=str(Path(path).parent / settings.baseline))


def _table(text: bytes, *, is_part: bool) -> Mapping[str, Any] | None:
    """Return the table of a file's text."""
    document = parse_toml(text)
    if not is_part:
        return document
    tools = document.get("tool")
    values = tools.get("hcfmt") if isinstance(tools, Mapping) else None
    if values is not None and not isinstance(values, Mapping):
        raise UsageError("It is no table.")
    return values
