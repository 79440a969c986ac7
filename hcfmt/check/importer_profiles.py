"""Profiles of importers as the check takes them: the rules, facts and things that their conditions name exist."""

from collections.abc import Iterable, Iterator, Sequence

from hcfmt.check.catalogue import RULES
from hcfmt.check.importer_facts import FACTS
from hcfmt.errors import UsageError
from hcfmt.export.references import defining_annotations
from hcfmt.profiles.loading import of_file, profile, profile_sources
from hcfmt.profiles.profile import Predicate, Profile
from hcfmt.suggestions import unknown_name


def importer_sources(names: Sequence[str]) -> tuple[str, ...]:
    """Return the text of each profile in TOML, by name or path.

    Raises UsageError as ``profile_sources`` does, and for a condition that names what does not exist.
    """
    for name in names:
        for source in profile_sources([name]):
            with of_file(name):
                _check_names(profile(source))
    return profile_sources(names)


def _check_names(importer: Profile) -> None:
    for condition in importer.condition:
        for predicate in condition.when:
            for noun, name, known in _names(predicate):
                if name not in known:
                    raise UsageError(f"Condition {condition.id}: {unknown_name(noun, name, known)}")


def _names(predicate: Predicate) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield (noun, name, names that exist) of what a predicate names."""
    if predicate.fact is not None:
        yield "fact", predicate.fact, FACTS
    if predicate.unknown is not None:
        yield "thing", predicate.unknown, defining_annotations()
    for code in predicate.finding or ():
        yield "rule", code, RULES
