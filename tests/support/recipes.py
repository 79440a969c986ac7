"""Archives for tests, made of the documented sample by a recipe."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hcfmt.container import MemberKind, open_archive
from hcfmt.export.editable_members import EditableMember
from hcfmt.export.editing import EditableExport
from hcfmt.export.writer import ArchiveForm
from hcfmt.recipes import UNCHANGED, apply, parse, save

__all__ = ["PASSWORD", "SAMPLE", "UNCHANGED", "Cooked", "cook", "sample_files"]

SAMPLE = Path(__file__).parents[2] / "generated" / "samples" / "documented.tar.gz.aes"
PASSWORD = "hipchat"

_SALT = b"a recipe"
_SUFFIXES = {"tar": ".tar", "zip": ".zip", "gzip": ".gz", "aes": ".aes"}


@dataclass(frozen=True, slots=True)
class Cooked:
    """An archive: the file's name and bytes, and the limits for checking it, by their name in ``Budget``."""

    name: str
    data: bytes
    limits: Mapping[str, Any]


def cook(recipe: str) -> Cooked:
    """Make an archive of the documented sample; raises RecipeError as ``parse``, ``apply`` and ``save`` do."""
    members = [EditableMember(path, content) for path, content in _sample()]
    draft = apply(parse(recipe), EditableExport(members, ArchiveForm.ENCRYPTED, ""))
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "archive")
        save(draft, path, PASSWORD.encode, _SALT)
        data = path.read_bytes()
    suffix = "".join(_SUFFIXES[layer] for layer in reversed(draft.layers))
    return Cooked(draft.name or f"archive{suffix}", data, draft.limits)


def sample_files() -> dict[str, bytes]:
    """Return the sample's files by path."""
    return {path: content for path, content in _sample() if not path.endswith("/")}


@cache
def _sample() -> tuple[tuple[str, bytes], ...]:
    with open_archive(str(SAMPLE), password=PASSWORD.encode) as archive:
        return tuple(
            (member.path.rstrip("/") + "/" * (member.kind is MemberKind.DIRECTORY), b"".join(member.chunks))
            for member in archive.members()
        )
