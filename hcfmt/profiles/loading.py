"""Finds and reads profiles: those that come with hcfmt by name, others by the path of a file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from msgspec import ValidationError, convert

from hcfmt.errors import UsageError
from hcfmt.profiles.predicates import check_predicates
from hcfmt.profiles.profile import Profile
from hcfmt.profiles.vocabulary import check_names
from hcfmt.suggestions import unknown_name

ALL = "all"
SUFFIX = ".toml"
_DIRECTORY = Path(__file__).parent


def builtin_names() -> tuple[str, ...]:
    """Return the names of the profiles that come with hcfmt, sorted."""
    return tuple(sorted(path.stem for path in _DIRECTORY.glob(f"*{SUFFIX}")))


def profile_sources(names: Sequence[str]) -> tuple[str, ...]:
    """Return the text of each profile in TOML, by name, by the path of a file, or with ``all`` those of hcfmt.

    Raises UsageError for an unknown name, for a file that cannot be read, and for one that is no profile.
    """
    sources = tuple(dict.fromkeys(source for name in names for source in _sources(name)))
    read = [profile(source).name for source in sources]
    if twice := [name for name in read if read.count(name) > 1]:
        raise UsageError(f"Two profiles are called {twice[0]!r}. Give one of them another name.")
    return sources


def _sources(name: str) -> Iterator[str]:
    if name == ALL:
        yield from map(_builtin, builtin_names())
    elif name in builtin_names():
        yield _builtin(name)
    elif name.endswith(SUFFIX):
        source = _text_of(Path(name))
        with of_file(name):
            profile(source)
        yield source
    else:
        sentence = unknown_name("importer", name, [*builtin_names(), ALL])
        raise UsageError(f"{sentence} The name of a file with a profile ends in {SUFFIX}.")


@contextmanager
def of_file(name: str) -> Iterator[None]:
    """Let each UsageError on a profile begin with the name of its file, if it is not one of hcfmt's own."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{name}: {error}" if name.endswith(SUFFIX) else str(error)) from error


@cache
def _builtin(name: str) -> str:
    return (_DIRECTORY / f"{name}{SUFFIX}").read_text("utf-8")


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"The profile {str(path)!r} cannot be read: {reason}.") from error


@cache
def profile(source: str) -> Profile:
    """Return the profile of a text in TOML; raises UsageError, which names what is wrong and where."""
    import tomllib  # noqa: PLC0415 - only profiles need it

    try:
        read = convert(tomllib.loads(source), Profile)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise UsageError(f"A profile is wrong: {str(error).rstrip('.')}.") from error
    ids = [condition.id for condition in read.condition]
    if twice := [name for name in ids if ids.count(name) > 1]:
        raise UsageError(f"Two conditions of the profile {read.name!r} have the id {twice[0]!r}.")
    for condition in read.condition:
        check_names(condition)
        check_predicates(condition)
    return read


@cache
def facts_of(source: str) -> frozenset[str]:
    """Return the names of the facts that a profile's conditions ask for."""
    return frozenset(
        predicate.fact for condition in profile(source).condition for predicate in condition.when if predicate.fact
    )
