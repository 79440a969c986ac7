"""An export while a recipe changes it, with the settings by which it will be packed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from hcfmt.errors import UsageError
from hcfmt.export.editable_members import EditableMember
from hcfmt.export.editing import EditableExport, LayerEdit
from hcfmt.export.go_json import go_json
from hcfmt.export.layer_edits import cut_layer, fill_cipher_block, patch_headers

MOST_PREFIX_CHARACTERS = 64 << 20


@dataclass(slots=True)
class Draft:
    """An export that a recipe changes.

    ``layers`` are packed, the outermost first: "aes", "gzip", "tar", or "zip" alone; none for a directory. ``name`` is
    the name of the file, ``password`` encrypts it, and ``limits`` are limits of ``Budget`` for its check: all of them
    only if the recipe sets them.
    """

    export: EditableExport
    layers: Sequence[str]
    name: str | None = None
    password: bytes | None = None
    limits: dict[str, int] = field(default_factory=dict)
    padding: bytes | None = None
    edits: list[tuple[str, LayerEdit]] = field(default_factory=list)
    prefix_characters: int = 0
    patches: list[tuple[EditableMember, int, bytes]] = field(default_factory=list)
    _documents: dict[EditableMember, Any] = field(default_factory=dict)
    # JSON text that is written as the recipe has it. Each fragment is kept with its text, which it does not give back.
    _fragments: dict[int, tuple[orjson.Fragment, bytes]] = field(default_factory=dict)

    def expand(self, characters: int) -> None:
        """Count characters that prefixes add to paths; raise UsageError if they are too many."""
        self.prefix_characters += characters
        if self.prefix_characters > MOST_PREFIX_CHARACTERS:
            raise UsageError(f"Prefixes add at most {MOST_PREFIX_CHARACTERS:,} characters to the paths of an archive.")

    def member(self, path: str) -> EditableMember:
        """Return the first member of a path; raise UsageError if there is none."""
        member = self.export.find(path)
        if member is None:
            raise UsageError(f"The archive has no member {path!r}.")
        return member

    def document(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the decoded JSON of a member, in which changes are made in place.

        Raises UsageError if there is no such member, or if its text is not JSON in UTF-8.
        """
        member = self.member(path)
        if member not in self._documents:
            try:
                self._documents[member] = orjson.loads(member.read())
            except orjson.JSONDecodeError:
                raise UsageError(f"The member {path!r} does not hold JSON, so no value in it can be changed.") from None
        return self._documents[member]

    def fragment(self, text: bytes) -> orjson.Fragment:
        """Return a value for a document that is written as this JSON text, byte for byte."""
        fragment = orjson.Fragment(text)
        self._fragments[id(fragment)] = fragment, text
        return fragment

    def decoded(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value of a fragment, or its text if orjson does not decode it; any other value as it is."""
        if not isinstance(value, orjson.Fragment):
            return value
        text = self._fragments[id(value)][1]
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text.decode("utf-8", "backslashreplace")

    def forget_document(self, path: str) -> None:
        """Drop the changes to the JSON of a member whose content is replaced."""
        self._documents.pop(self.member(path), None)

    def finish(self) -> None:
        """Write the changed documents into their members, and hand the changes of layers over to the export.

        Raises UsageError for a document that nests too deep to be written, and for a layer that is not packed.
        """
        for member, document in self._documents.items():
            try:
                member.content = go_json(document)
            except orjson.JSONEncodeError:
                raise UsageError(f"The JSON of {member.path!r} nests too deep to be written.") from None
        edits = list(self.edits)
        if self.patches:
            edits.insert(0, ("tar", self._patch_headers))
        if self.padding is not None:
            if tuple(self.layers[:1]) != ("aes",):
                raise UsageError("The padding belongs to the aes layer, which the archive does not have.")
            edits.append((self.layers[1], fill_cipher_block(self.layers[1], self.padding)))
            # The cipher pads whole blocks with one more block, which is removed.
            edits.insert(0, ("aes", cut_layer("aes", lambda size: size - 16)))
        for layer, edit in edits:
            if layer not in self.layers:
                raise UsageError(f"The {layer} layer is changed, and the archive does not have one.")
            self.export.edits[layer].append(edit)

    def _patch_headers(self, file: Any) -> Any:  # noqa: ANN401 - a binary file, and the change that is logged
        indices = {id(member): index for index, member in enumerate(self.export.items)}
        patches = [
            (indices[id(member)], offset, data) for member, offset, data in self.patches if id(member) in indices
        ]
        return patch_headers(patches)(file)
