"""Profiles of importers as TOML describes them; ``schemas/profiles/importer.json`` is the same shape for others."""

from enum import StrEnum
from typing import Literal

import msgspec
from msgspec import Struct

ARCHIVE = "archive"

Scalar = str | int | float | bool

Evidence = Literal["run", "read"]
"""Whether something was seen when the importer's code was run, or read in it."""


class Effect(StrEnum):
    """What an importer does with what a condition describes, the worst first.

    ``DIES``: it ends with an error; ``HANGS``: it never ends; ``REFUSED``: the system that it writes for refuses the
    result and stops; ``DROPS``: something is not imported; ``MISFILES``: it ends up in the wrong place or under the
    wrong name; ``ALTERS``: it is imported with another content.
    """

    DIES = "dies"
    HANGS = "hangs"
    REFUSED = "refused"
    DROPS = "drops"
    MISFILES = "misfiles"
    ALTERS = "alters"

    @property
    def is_fatal(self) -> bool:
        """Whether nothing usable comes out."""
        return self in {Effect.DIES, Effect.HANGS, Effect.REFUSED}


class Predicate(Struct, frozen=True, forbid_unknown_fields=True):
    """One predicate of a condition: a value, and one operator (docs/profiles.md lists them).

    ``field`` is a JSON Pointer in the record, "" for the record itself; ``key`` names a value that is computed from the
    field's. ``negated`` (``not`` in TOML) reverses the operator. ``any`` is a list of predicates; one must be true.
    ``values`` are those that a finding must have, by their names in its sentence.
    """

    field: str = ""
    key: str | None = None
    negated: bool = msgspec.field(default=False, name="not")
    any: tuple["Predicate", ...] | None = None
    values: dict[str, Scalar] | None = None
    # Operators on one value.
    absent: bool | None = None
    null: bool | None = None
    falsy: bool | None = None
    type: tuple[str, ...] | None = None
    equals: Scalar | None = None
    one_of: tuple[Scalar, ...] | None = msgspec.field(default=None, name="in")
    contains: str | None = None
    starts_with: tuple[str, ...] | None = None
    ends_with: str | None = None
    matches: str | None = None
    longer_than: int | None = None
    longer_than_bytes: int | None = None
    shorter_than: int | None = None
    greater_than: float | None = None
    less_than: float | None = None
    holds_type: tuple[str, ...] | None = None
    # Operators on all records together.
    unknown: str | None = None
    repeated: bool | None = None
    # Operators on the archive.
    finding: tuple[str, ...] | None = None
    missing: str | None = None
    file_larger_than: int | None = None
    data_file_larger_than: int | None = None
    fact: str | None = None


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """One condition of a profile: where it looks, what it looks for, and what the importer then does.

    ``where`` names kinds of records (``UserMessage``), a data file (``users.json``), its entries (``users.json/*``) or
    the ``archive``. ``when`` is a list of predicates which must all be true; without any, everything there meets the
    condition. ``loses`` names what is lost, in words of
    ``vocabulary.LOSSES``. ``by_design``: the importer does not look at such things at all. ``source``
    is a file and line of the importer, ``evidence`` says whether its code was ``run`` or ``read``. ``bad`` is a recipe
    (docs/recipes.md) of an archive that meets the condition, ``good`` of one that does not. ``needs_finding``: a record
    that breaks no rule of its schema cannot meet it, and is not looked at. ``at_the_end``: the importer comes to it
    when it has read everything else, so that it ends at any other condition first.
    """

    id: str
    where: tuple[str, ...]
    effect: Effect
    happens: str
    source: str
    evidence: Evidence
    when: tuple[Predicate, ...] = ()
    loses: tuple[str, ...] = ()
    remedy: str = ""
    by_design: bool = False
    needs_finding: bool = False
    at_the_end: bool = False
    bad: str = ""
    good: str = ""


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """One importer: its name, its full name and version, where its source is, and its conditions."""

    name: str
    title: str
    source: str
    condition: tuple[Condition, ...]
