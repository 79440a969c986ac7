"""Rules of names as importers convert them: names that become the same, empty or reserved."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hcfmt.check.export_view import ExportView, flaw_at
from hcfmt.check.occurrences import Place
from hcfmt.export.annotations import DEFINES, Annotation
from hcfmt.export.references import Identifier
from hcfmt.findings import Flaw, Quoted
from hcfmt.profiles.computed_keys import mattermost_channel, mattermost_username, rocketchat_slug

_PATH = ("name",)
_LONGEST = 500  # characters of a name that are compared; to normalize a run of marks takes quadratic time
_RESERVED = frozenset({"admin", "administrator", "system", "user"})  # by Rocket.Chat
_SHARED = frozenset({"town-square", "off-topic"})  # channels that every team of Mattermost has
RESERVED_ROOM_NAMES = _RESERVED | _SHARED | {"general"}
"""Names, as Rocket.Chat converts them, that HC717 reports of a room."""

Keys = Sequence[tuple[str, Callable[[str], str]]]
"""Importers, with what each makes of a name."""


def odd_room_name(room: Mapping[str, Any]) -> Iterator[Flaw]:
    """Report a room whose name is empty once an importer has converted it, or is that of something else."""
    name: str = room["name"][:_LONGEST]
    slug, channel, values = rocketchat_slug(name), mattermost_channel(name), {"name": Quoted(name)}
    if not name:
        yield Flaw("The room has no name.", path=_PATH)
    elif not slug:
        yield Flaw("The name has no letter and no digit that Rocket.Chat keeps. It is {name}.", values, _PATH)
    elif slug in _RESERVED:
        yield Flaw("Rocket.Chat reserves the name. It is {name}.", values, _PATH)
    elif channel in _SHARED:
        yield Flaw("Every team of Mattermost has a channel of this name. It is {name}.", values, _PATH)
    elif slug == "general" and room["privacy"] == "private":
        sentence = "Rocket.Chat has a public channel of this name, and the room is private. It is {name}."
        yield Flaw(sentence, values, _PATH)
    elif len(channel) == 1:
        yield Flaw("One character is too short for Mattermost. It is {name}.", values, _PATH)


def mention_names_alike(export: ExportView) -> Iterator[Flaw]:
    """Report users whose mention name becomes that of another in Mattermost, in ASCII and lower case."""
    return _alike(export, "mention name", "user", (("Mattermost", mattermost_username),), {})


def room_names_alike(export: ExportView) -> Iterator[Flaw]:
    """Report rooms whose name becomes that of another in Mattermost or Rocket.Chat."""
    keys = ("Mattermost", mattermost_channel), ("Rocket.Chat", rocketchat_slug)
    canonical = {number: name for _, rows in _names(export, "canonical name") for _, number, name in rows}
    return _alike(export, "room name", "room", keys, canonical)


def _alike(export: ExportView, thing: str, owner: str, keys: Keys, others: Mapping[Identifier, str]) -> Iterator[Flaw]:
    """Yield a flaw of each name that importers convert to the same text as an earlier one of another id.

    Names that differ in letter case alone are left to other rules, and so are records whose names in ``others``, by id,
    are the same.
    """
    for annotation, rows in _names(export, thing):
        first: dict[tuple[str, str], tuple[Identifier, str]] = {}
        for place, number, name in rows:
            same: dict[Identifier, list[str]] = {}
            for importer, converted in keys:
                key = converted(name[:_LONGEST])
                other, earlier = first.setdefault((importer, key), (number, name))
                if key and number != other and name != earlier and others.get(number, name) != others.get(other):
                    same.setdefault(other, []).append(importer)
            for other, importers in same.items():
                verb = "makes" if len(importers) == 1 else "make"
                sentence = f"{' and '.join(importers)} {verb} the same of it and of the {thing} of {owner} {{{owner}}}."
                yield flaw_at(sentence, {owner: other}, annotation, place, (thing, number, other))


def _names(export: ExportView, thing: str) -> Iterator[tuple[Annotation, list[tuple[Place, Identifier, str]]]]:
    """Yield the place, the id and the folded name of all records that define a thing, by annotation.

    They are in the order of ids, so that the order of records makes no difference.
    """
    for annotation, values in export.occurrences_of(DEFINES):
        if annotation.arguments["thing"] == thing:
            rows = [(places[0], number, name) for (number, name, _), (_, places) in values.items()]
            yield annotation, sorted(rows, key=lambda row: (int(row[1]), row[0], row[2]))
