"""The records of data files as fixes see them: values that are changed in place, with every change logged."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct, field

from hcfmt.export.editable_members import REMOVED, Step
from hcfmt.export.editing import Change
from hcfmt.findings import pointer

Log = Callable[[str, Change], None]
"""Called with the code of a rule and each change that fixes a finding of it."""


class Item(Struct, eq=False):
    """An element of a list, or a whole document: ``value`` is its JSON value, which fixes change.

    ``member`` is the path of the data file, ``schema`` the name of its schema, and ``index`` the index of the element,
    None for a document. Paths are those inside the value. ``removed``: it is left out of the list.
    """

    member: str
    schema: str
    index: int | None
    value: Any
    log: Log
    code: str = ""
    changes: int = 0
    removed: bool = False
    _shortened: list[list[Any]] = field(default_factory=list)

    def at(self, path: Sequence[Step]) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value at a path; raise LookupError or TypeError where there is none."""
        value = self.value
        for step in path:
            value = value[step]
        return value

    def set(self, path: Sequence[Step], value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Set the value at a path, which may be a new property of an object, unless it is that already.

        A list is set without the items that were dropped from it.
        """
        value = [inner for inner in value if inner is not REMOVED] if isinstance(value, list) else value
        holder, last = self.at(path[:-1]), path[-1]
        before = holder.get(last) if isinstance(holder, dict) else holder[last]
        if type(before) is not type(value) or before != value:
            holder[last] = value
            self._changed(path, before, value)

    def drop(self, path: Sequence[Step]) -> None:
        """Remove the property or the item of a list at a path; the items behind it keep their indices until ``end``."""
        holder, last = self.at(path[:-1]), path[-1]
        before = holder[last]
        if isinstance(holder, dict):
            del holder[last]
        elif before is not REMOVED:
            holder[last] = REMOVED
            self._shortened.append(holder)
        if before is not REMOVED:
            self._changed(path, before, None)

    def remove(self) -> None:
        """Leave the element out of its list."""
        if not self.removed:
            self.removed = True
            self._changed((), self.value, None)

    def end(self) -> None:
        """Take the removed items out of the lists inside the value."""
        for holder in self._shortened:
            holder[:] = [inner for inner in holder if inner is not REMOVED]
        self._shortened.clear()

    def _changed(self, path: Sequence[Step], before: Any, after: Any) -> None:  # noqa: ANN401 - any JSON values
        self.changes += 1
        place = path if self.index is None else (self.index, *path)
        self.log(self.code, Change(self.member, pointer(place), before, after))


def located(value: Any, path: Sequence[str | None]) -> Iterator[tuple[tuple[Step, ...], Any]]:  # noqa: ANN401 - JSON
    """Yield the place and the value of everything at a path in a JSON value; None in it stands for any index."""
    if not path:
        yield (), value
        return
    step, *rest = path
    if step is None:
        places: list[tuple[Step, Any]] = list(enumerate(value)) if isinstance(value, list) else []
    else:
        places = [(step, value[step])] if isinstance(value, dict) and step in value else []
    for place, inner in places:
        if inner is not REMOVED:
            yield from (((place, *below), found) for below, found in located(inner, rest))
