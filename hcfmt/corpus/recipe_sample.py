"""Archives made of the documented sample by a recipe, as the examples of rule pages and of profiles are."""

import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from hcfmt.container import MemberKind, open_archive
from hcfmt.export.editable_members import EditableMember
from hcfmt.export.editing import EditableExport
from hcfmt.export.writer import ArchiveForm
from hcfmt.recipes import apply, parse, save

PASSWORD = "hipchat"  # noqa: S105 - of the public sample
_NAME = "documented.tar.gz.aes"
_SALT = b"a recipe"
_SUFFIXES = {"tar": ".tar", "zip": ".zip", "gzip": ".gz", "aes": ".aes"}


class Cooked(Struct, frozen=True):
    """An archive: the file's name and bytes, and the limits for checking it, by their name in ``Budget``."""

    name: str
    data: bytes
    limits: Mapping[str, Any]


def sample_path() -> Path:
    """Return the path of the documented sample: in an installed package, or in ``generated/`` of a checkout."""
    installed = Path(__file__).parent / _NAME
    return installed if installed.is_file() else Path(__file__).parents[2] / "generated" / "samples" / _NAME


def cook(recipe: str) -> Cooked:
    """Make an archive of the documented sample; raises UsageError as ``parse``, ``apply`` and ``save`` do."""
    members = [EditableMember(path, content) for path, content in sample_members()]
    draft = apply(parse(recipe), EditableExport(members, ArchiveForm.ENCRYPTED, ""))
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "archive")
        save(draft, path, PASSWORD.encode, _SALT)
        data = path.read_bytes()
    suffix = "".join(_SUFFIXES[layer] for layer in reversed(draft.layers))
    return Cooked(draft.name or f"archive{suffix}", data, draft.limits)


@cache
def sample_members() -> tuple[tuple[str, bytes], ...]:
    """Return path and content of all members of the sample; the path of a directory ends in a slash."""
    with open_archive(str(sample_path()), password=PASSWORD.encode) as archive:
        return tuple(
            (member.path.rstrip("/") + "/" * (member.kind is MemberKind.DIRECTORY), b"".join(member.chunks))
            for member in archive.members()
        )
