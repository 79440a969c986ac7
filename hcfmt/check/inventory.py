"""What an archive holds, in numbers: the same for the same content, however it is packed."""

from collections import Counter
from collections.abc import Mapping

from hcfmt.check.subjects import Layout
from hcfmt.export.layout import PLACES, TREE, Kind

_MESSAGES = (*PLACES[Kind.ROOM_HISTORY].wrappers, *PLACES[Kind.USER_HISTORY].wrappers)


def inventory(kinds: Counter[str], layout: Layout) -> Mapping[str, object]:
    """Return what was read in numbers: people, rooms, messages by record kind, histories, stored files, their bytes."""
    files = {place.kind.value: {"count": 0, "bytes": 0} for place in TREE if place.schema is None}
    histories = {Kind.ROOM_HISTORY.value: 0, Kind.USER_HISTORY.value: 0}
    for path, entry in layout.files():
        place = layout.places[path]
        if place is None:
            continue
        if place.kind.value in files:
            files[place.kind.value]["count"] += 1
            files[place.kind.value]["bytes"] += entry.size
        elif place.kind.value in histories:
            histories[place.kind.value] += 1
    messages = {kind: kinds[kind] for kind in _MESSAGES}
    return {
        "users": kinds["User"],
        "rooms": kinds["Room"],
        "emoticons": kinds["Emoticon"],
        "autojoins": kinds["AutoJoin"],
        "messages": {**messages, "total": sum(messages.values())},
        "histories": histories,
        "files": files,
    }
