"""Options of ``hcfmt validate`` that name importers; profiles are read only where one of them is used."""

from collections.abc import Sequence

import typer

from hcfmt.cli.output import write_out
from hcfmt.errors import UsageError


def importer_names(incomplete: str) -> list[str]:
    """Return the importers whose name begins with ``incomplete``, for the shell's completion."""
    from hcfmt.profiles.loading import ALL, builtin_names  # noqa: PLC0415 - only completion needs it

    return [name for name in (*builtin_names(), ALL) if name.startswith(incomplete)]


def known_importers(names: list[str] | None) -> list[str] | None:
    """Return the importers of ``--for`` if all are known, before any input is looked at; raises UsageError."""
    if names:
        from hcfmt.check.importer_profiles import importer_sources  # noqa: PLC0415 - only this option needs it

        importer_sources(names)
    return names


def profile_files(names: Sequence[str]) -> Sequence[str]:
    """Return the importers of ``--for`` that are paths of profiles."""
    if not names:
        return ()
    from hcfmt.profiles.loading import SUFFIX  # noqa: PLC0415 - only this option needs it

    return [name for name in names if name.endswith(SUFFIX)]


def check_profile(path: str | None) -> None:
    """Check a profile in TOML and run its examples, print the result and exit.

    Raises UsageError, which says what is wrong.
    """
    if path is None:
        return
    from hcfmt.check.importer_profiles import importer_sources  # noqa: PLC0415 - only this option needs it
    from hcfmt.corpus.profile_examples import failing_examples  # noqa: PLC0415 - as above
    from hcfmt.profiles.loading import profile  # noqa: PLC0415 - as above
    from hcfmt.profiles.vocabulary import unknown_properties  # noqa: PLC0415 - as above

    (source,) = importer_sources([path])
    found = profile(source)
    write_out(f"{path}: {note}" for condition in found.condition for note in unknown_properties(condition))
    failing = list(failing_examples(path))
    write_out(f"{path}: {failure}" for failure in failing)
    if failing:
        raise UsageError(f"The profile {found.name!r} has examples that fail: {len(failing)}.")
    examples = sum(bool(condition.bad) for condition in found.condition)
    write_out(
        [f"{path}: the profile {found.name!r} is right; conditions: {len(found.condition)}, with examples: {examples}"]
    )
    raise typer.Exit
