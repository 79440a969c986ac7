"""The options of ``hcfmt validate`` that choose which findings count, and the configuration that they override."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Annotated, Any

import typer
from msgspec import Struct

from hcfmt.check.configuration import Settings, parse_settings, read_configuration
from hcfmt.cli.choices import complete_rule
from hcfmt.cli.configuration import found_settings
from hcfmt.errors import UsageError

_PANEL = "Findings that count (by default as hcfmt.toml or pyproject.toml says)"
_CODES = "CODE,..."


class Chosen(Struct, frozen=True):
    """Settings of the configuration and of the options that override it, and the other options of this module.

    ``path`` is that of the configuration, ``written`` that of a baseline that is to be made.
    """

    settings: Settings
    path: str | None
    written: str | None
    pruned: bool
    shown: bool


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command, which receives what they choose as one keyword argument, ``chosen``."""
    own = [own for own in inspect.signature(command).parameters.values() if own.name != "chosen"]
    parameters = [*own, *_options()]
    names = [parameter.name for parameter in _options()]

    @wraps(command)
    def with_choices(**values: Any) -> None:  # noqa: ANN401 - differ by command
        given = {name: values.pop(name) for name in names}
        command(**values, chosen=_chosen(**given))

    # typer reads the options from the signature.
    vars(with_choices)["__signature__"] = inspect.Signature(parameters, return_annotation=None)
    with_choices.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return with_choices


def _options() -> Iterator[inspect.Parameter]:
    completed = {"metavar": _CODES, "autocompletion": complete_rule}
    rules = "Rules by code, name or the beginning of codes (HC4)"
    yield _option("select", list[str] | None, f"{rules} that count, in place of all.", **completed)
    yield _option("ignore", list[str] | None, f"{rules} that do not count.", **completed)
    yield _option(
        "per_path_ignores",
        list[str] | None,
        "Rules that do not count in members whose path matches: 'rooms/*/files/**:HC509'. May be repeated.",
        metavar="GLOB:CODE,...",
    )
    yield _option(
        "severity",
        list[str] | None,
        "Another severity of a rule: HC403=error. May be repeated.",
        metavar="CODE=SEVERITY",
    )
    yield _option(
        "tolerate",
        list[str] | None,
        "So many findings of a rule do not count, or such a share of what it examines: HC501=14, HC501=0.1%.",
        metavar="CODE=N",
    )
    yield _option("baseline", str | None, "The findings that this file accepts do not count.", metavar="FILE")
    yield _option("write_baseline", str | None, "Make a baseline that accepts all findings.", metavar="FILE")
    yield _option(
        "prune_baseline", bool, "Remove from the baseline what matches no finding any more.", "--prune-baseline"
    )
    yield _option("config", str | None, "The configuration, in place of the nearest hcfmt.toml.", metavar="FILE")
    yield _option("isolated", bool, "Use no configuration.", "--isolated")
    yield _option("show_settings", bool, "Print the settings that are in effect, and exit.", "--show-settings")


def _option(
    name: str,
    kind: Any,  # noqa: ANN401 - a type
    help_: str,
    *flags: str,
    **settings: Any,  # noqa: ANN401 - as in typer
) -> inspect.Parameter:
    option = typer.Option(*flags, help=help_, rich_help_panel=_PANEL, **settings)
    default = False if kind is bool else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option])


def _chosen(
    *,
    config: str | None,
    isolated: bool,
    baseline: str | None,
    write_baseline: str | None,
    prune_baseline: bool,
    show_settings: bool,
    **given: Sequence[str] | None,
) -> Chosen:
    if write_baseline is not None and (baseline is not None or prune_baseline):
        raise UsageError("Give --write-baseline alone: it makes a new baseline of all findings.")
    path, settings = _configuration(config, isolated=isolated)
    overriding = parse_settings({**dict(_given(given)), **({} if baseline is None else {"baseline": baseline})})
    return Chosen(settings.overridden(overriding), path, write_baseline, prune_baseline, show_settings)


def _configuration(config: str | None, *, isolated: bool) -> tuple[str | None, Settings]:
    if isolated:
        if config is not None:
            raise UsageError("Give --config or --isolated, not both.")
        return None, Settings()
    if config is None:
        path, found = found_settings()
        return path, found or Settings()
    settings = read_configuration(config)
    if settings is None:
        raise UsageError(f"{config}: has no table [tool.hcfmt].")
    return config, settings


def _given(given: Mapping[str, Sequence[str] | None]) -> Iterator[tuple[str, object]]:
    """Yield the settings of the options that were given, as the configuration has them."""
    for name in ("select", "ignore"):
        if values := given[name]:
            yield name, [code for value in values for code in _split(value)]
    if values := given["per_path_ignores"]:
        rows: dict[str, list[str]] = {}
        for value in values:
            glob, codes = _parted(value, ":", "--per-path-ignores", "GLOB:CODE")
            rows.setdefault(glob, []).extend(_split(codes))
        yield "per-path-ignores", rows
    for name, form in (("severity", "CODE=SEVERITY"), ("tolerate", "CODE=N")):
        if values := given[name]:
            yield name, dict(_parted(part, "=", f"--{name}", form) for value in values for part in _split(value))


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _parted(text: str, separator: str, option: str, form: str) -> tuple[str, str]:
    """Return what is before and behind the last separator."""
    name, found, value = text.rpartition(separator)
    if not found or not name or not value:
        raise UsageError(f"{option}: {text!r} is not of the form {form}.")
    return name.strip(), value.strip()
