"""The actions of a recipe, one for each kind of line, and what each of them changes."""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from hcfmt.errors import UsageError
from hcfmt.export.layer_edits import append_to_layer, cut_layer, file_size, flip_byte
from hcfmt.recipes.draft import Draft
from hcfmt.recipes.json_edits import remove_value, set_value


class Action(Protocol):
    """One line of a recipe."""

    def apply(self, draft: Draft) -> None:
        """Change the draft; raise UsageError if it lacks what is to be changed."""


@dataclass(frozen=True, slots=True)
class SetValue:
    """``users.json#/0/User/id = 3``: JSON text in place of a value."""

    path: str
    steps: tuple[str, ...]
    text: bytes

    def apply(self, draft: Draft) -> None:
        """Set the value."""
        set_value(draft, self.path, self.steps, self.text)


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """``users.json#/0/User/id -``: no such value."""

    path: str
    steps: tuple[str, ...]

    def apply(self, draft: Draft) -> None:
        """Remove the value."""
        remove_value(draft, self.path, self.steps)


@dataclass(frozen=True, slots=True)
class WriteMember:
    """``users.json = []``: the content of a member, which is added if there is none of that path."""

    path: str
    content: bytes

    def apply(self, draft: Draft) -> None:
        """Replace the content of the first member of the path, or add a member."""
        member = draft.export.find(self.path)
        if member is None:
            draft.export.add(self.path, self.content)
            return
        draft.forget_document(self.path)
        draft.export.replace_content(self.path, self.content)
        member.target = None


@dataclass(frozen=True, slots=True)
class AddMember:
    """``users.json += []``: one more member of the same path."""

    path: str
    content: bytes

    def apply(self, draft: Draft) -> None:
        """Add the member at the end of the archive."""
        draft.member(self.path)
        draft.export.add(self.path, self.content)


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """``users.json -``: no member of this path."""

    path: str

    def apply(self, draft: Draft) -> None:
        """Remove all members of the path."""
        draft.forget_document(self.path)
        draft.export.remove(self.path)


@dataclass(frozen=True, slots=True)
class AddLink:
    """``rooms/1/link -> /etc/passwd``: a symbolic link."""

    path: str
    target: str

    def apply(self, draft: Draft) -> None:
        """Add the link at the end of the archive."""
        draft.export.add(self.path, b"", target=self.target)


@dataclass(frozen=True, slots=True)
class RenameMember:
    """``rename users.json people.json``: another path for the same content."""

    path: str
    new_path: str

    def apply(self, draft: Draft) -> None:
        """Rename the first member of the path."""
        draft.member(self.path)
        draft.export.rename(self.path, self.new_path)


@dataclass(frozen=True, slots=True)
class PrefixMembers:
    """``prefix data/``: text before the path of every member."""

    prefix: str

    def apply(self, draft: Draft) -> None:
        """Prefix the paths of the members that the archive has now."""
        draft.expand(len(self.prefix) * len(draft.export.items))
        draft.export.prefix(self.prefix)


@dataclass(frozen=True, slots=True)
class PatchHeader:
    """``header users.json 345 old``: bytes in the tar header of a member."""

    path: str
    offset: int
    data: bytes

    def apply(self, draft: Draft) -> None:
        """Patch the header when the tar is packed, before any other change of the tar."""
        draft.patches.append((draft.member(self.path), self.offset, self.data))


@dataclass(frozen=True, slots=True)
class PackLayers:
    """``layers gzip tar``: the layers of the file, the outermost first."""

    layers: tuple[str, ...]

    def apply(self, draft: Draft) -> None:
        """Set the layers, and how often each is put around the others; a directory has none."""
        if not draft.layers:
            raise UsageError("A directory has no layers: name the output .tar.gz.aes, .tar.gz or .tar.")
        draft.layers = tuple(dict.fromkeys(self.layers))
        draft.export.repeats = Counter(self.layers)


@dataclass(frozen=True, slots=True)
class CutLayer:
    """``gzip cut -20``: the end of a layer, counted from its start, or from its end if negative."""

    layer: str
    offset: int

    def apply(self, draft: Draft) -> None:
        """Cut the layer when it is packed."""
        draft.edits.append((self.layer, cut_layer(self.layer, self._offset)))

    def _offset(self, size: int) -> int:
        return _offset_in(self.layer, self.offset, size)


@dataclass(frozen=True, slots=True)
class FlipByte:
    """``gzip flip -8``: one byte of a layer with all its bits flipped, counted like a cut."""

    layer: str
    offset: int

    def apply(self, draft: Draft) -> None:
        """Flip the byte when the layer is packed."""
        edit = flip_byte(self.layer, lambda file: _offset_in(self.layer, self.offset, file_size(file)))
        draft.edits.append((self.layer, edit))


@dataclass(frozen=True, slots=True)
class AppendBytes:
    """``aes add abc``: bytes behind the end of a layer."""

    layer: str
    data: bytes

    def apply(self, draft: Draft) -> None:
        """Append the bytes when the layer is packed."""
        draft.edits.append((self.layer, append_to_layer(self.layer, self.data)))


@dataclass(frozen=True, slots=True)
class PadCipher:
    r"""``aes pad \x00``: a byte that fills the last block of the cipher, in place of PKCS#7 padding."""

    byte: bytes

    def apply(self, draft: Draft) -> None:
        """Set the padding."""
        draft.padding = self.byte


@dataclass(frozen=True, slots=True)
class UseDigest:
    """``digest sha256``: the key derivation."""

    digest: str

    def apply(self, draft: Draft) -> None:
        """Set the key derivation."""
        draft.export.digest = self.digest


@dataclass(frozen=True, slots=True)
class UsePassword:
    """``password wrong``: the password that encrypts the archive."""

    password: bytes

    def apply(self, draft: Draft) -> None:
        """Set the password."""
        draft.password = self.password


@dataclass(frozen=True, slots=True)
class UseName:
    """``name export.zip``: the name of the file."""

    name: str

    def apply(self, draft: Draft) -> None:
        """Set the name."""
        draft.name = self.name


@dataclass(frozen=True, slots=True)
class SetLimit:
    """``option --max-members 5``: a limit for the check of the archive."""

    limit: str
    value: int

    def apply(self, draft: Draft) -> None:
        """Set the limit."""
        draft.limits[self.limit] = self.value


def _offset_in(layer: str, offset: int, size: int) -> int:
    """Return an offset as a number from the start of a layer; a negative one counts from the layer's end."""
    if not -size <= offset < size:
        raise UsageError(f"The {layer} layer has {size:,} bytes, and none at {offset:,}.")
    return offset if offset >= 0 else size + offset
