"""Reads an export, edits its members and records, and writes it; every change is logged."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from hcfmt.container import Archive, MemberKind, Password, compress
from hcfmt.container.private_files import private_file
from hcfmt.errors import UsageError
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.editable_members import CHUNK, REMOVED, DataDocument, EditableMember, SpooledBytes, Step
from hcfmt.export.layout import Kind, layout_of, row_in_dialect
from hcfmt.export.records import LISTS, WRAPPERS, record_path
from hcfmt.export.writer import (
    ArchiveForm,
    Encryption,
    Entry,
    atomic_directory,
    encrypt_chunks,
    tar_chunks,
    write_directory,
)
from hcfmt.findings import pointer


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the member (None for the whole file), the JSON Pointer in it (None for the whole member), the values.

    ``before`` and ``after`` are JSON values, None for a value that did not exist or no longer exists. Of a member or a
    file they are its size in bytes, its path and the like.
    """

    member: str | None
    pointer: str | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One change that broke or fixed an archive.

    ``rule`` is the code of the rule that was broken or fixed, None for a recipe. ``member`` is a path in the archive,
    None for a change of the whole file; ``pointer`` is a JSON Pointer in the member, None for a change of the whole
    member. For a rule, indices count the records of the archive as it was, and after those the records that were added;
    for a recipe they count as its lines do. ``before`` and ``after`` are JSON values, None for a value that did not or
    does not exist; for members and layers they are sizes in bytes and the like.
    """

    rule: str | None
    member: str | None
    pointer: str | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EditableRecord:
    """One record of a data file: its member, kind, index and properties, which are for reading only.

    ``index`` is the index in its list; removed records count.
    """

    export: "EditableExport"
    member: str
    schema: str
    kind: str
    index: int
    value: dict[str, Any]

    def set(self, *path_and_value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Set the property at a path, whose steps come before the value."""
        *path, value = path_and_value
        self.export.set(self.member, (*self._path, *path), value)

    def splice(self, *path_and_raw: Any) -> None:  # noqa: ANN401 - steps, and bytes
        """Set raw bytes as the property at a path, whose steps come before the bytes."""
        *path, raw = path_and_raw
        self.export.splice(self.member, (*self._path, *path), raw)

    def drop(self, *path: Step) -> None:
        """Remove a property."""
        self.export.drop(self.member, (*self._path, *path))

    def remove(self) -> None:
        """Remove the record with its wrapper."""
        self.export.drop(self.member, self._path[:1])

    @property
    def _path(self) -> tuple[Step, ...]:
        return record_path(self.schema, self.kind, self.index)


LayerEdit = Callable[[BinaryIO], Change]


@dataclass(slots=True)
class EditableExport:
    """The members of an export in their order, and the form in which it is written.

    ``dialect`` is that of the export as it was read. ``name`` is the file's name; ``repeats`` are the layers that are
    put around it several times, and how often. ``edits`` change the bytes of a layer, by its name, before the next
    layer is made of them. ``log`` holds every change in order.
    """

    items: list[EditableMember]
    form: ArchiveForm
    name: str
    digest: str = "md5"
    repeats: Mapping[str, int] = field(default_factory=dict)
    edits: dict[str, list[LayerEdit]] = field(default_factory=lambda: defaultdict(list))
    log: list[Change] = field(default_factory=list)
    dialect: str = HC_MIGRATE
    _by_path: dict[str, tuple[EditableMember, Kind | None]] = field(default_factory=dict)

    # Members.

    def find(self, path: str) -> EditableMember | None:
        """Return the first member with a path, None for none."""
        return self._places().get(path, (None, None))[0]

    def paths(self, *kinds: Kind) -> list[str]:
        """Return the paths of the members of some kinds, in their order."""
        return [path for path, (_, kind) in self._places().items() if kind in kinds]

    def _places(self) -> dict[str, tuple[EditableMember, Kind | None]]:
        """Return the first member of every path and its kind; cached until members are removed or renamed."""
        if not self._by_path:
            for item in self.items:
                self._add_place(item)
        return self._by_path

    def _add_place(self, item: EditableMember) -> None:
        row = layout_of(item.path)
        self._by_path.setdefault(item.path, (item, row.kind if row else None))

    def add(self, path: str, content: bytes, *, target: str | None = None) -> None:
        """Add a member at the end, even if its path exists."""
        item = EditableMember(path, content, target)
        self.items.append(item)
        if self._by_path:
            self._add_place(item)
        self.log.append(Change(path, None, None, {"bytes": len(content)} if target is None else {"link": target}))

    def remove(self, *paths: str) -> None:
        """Remove members."""
        self.log += [Change(path, None, {"bytes": self._item(path).size}, None) for path in paths]
        removed = set(paths)
        self.items = [item for item in self.items if item.path not in removed]
        self._by_path.clear()

    def prefix(self, directory: str) -> None:
        """Put a directory, with its slash, before the path of every member."""
        for item in self.items:
            item.path = directory + item.path
        self.log.append(Change(None, None, {"prefix": ""}, {"prefix": directory}))
        self._by_path.clear()

    def rename(self, old: str, new: str) -> None:
        """Change the path of a member."""
        self._item(old).path = new
        self._by_path.clear()
        self.log.append(Change(old, None, {"path": old}, {"path": new}))

    def replace_content(self, path: str, content: bytes) -> None:
        """Replace the content of a member."""
        item = self._item(path)
        self.log.append(Change(path, None, {"bytes": item.size}, {"bytes": len(content)}))
        item.content = content

    def content(self, path: str) -> bytes:
        """Return the content of a member."""
        return self._item(path).read()

    def _item(self, path: str) -> EditableMember:
        item = self.find(path)
        if item is None:
            raise UsageError("The member to change is missing.")
        return item

    # What is in them.

    def document(self, path: str) -> DataDocument:
        """Return the document of a data file; UsageError where the file is missing or has another content."""
        item = self.find(path)
        if item is None or not isinstance(item.content, DataDocument):
            raise UsageError(f"The export has no data file {path} that can be edited.")
        return item.content

    def records(self, path: str) -> list[EditableRecord]:
        """Return the records of a data file without removed ones; none for a missing file."""
        if self.find(path) is None:
            return []
        document = self.document(path)
        schema, value = document.schema, document.value
        if schema in LISTS:
            kind, key = LISTS[schema]
            rows = [(kind, index, record) for index, record in enumerate(value[key] or ()) if record is not REMOVED]
        else:
            wrappers = [(index, wrapper) for index, wrapper in enumerate(value or ()) if wrapper is not REMOVED]
            kinds = WRAPPERS.get(schema, ())
            rows = [(kind, index, wrapper[kind]) for index, wrapper in wrappers for kind in wrapper if kind in kinds]
        return [EditableRecord(self, path, schema, kind, index, record) for kind, index, record in rows]

    def append(self, path: str, kind: str, record: dict[str, Any]) -> None:
        """Add a record at the end of a data file's list; of a history, it must have a list."""
        document = self.document(path)
        key = LISTS[document.schema][1] if document.schema in LISTS else None
        if key and document.value[key] is None:
            self.set(path, (key,), [record])
        elif key:
            self.set(path, (key, len(document.value[key])), record)
        else:
            self.set(path, (len(document.value),), {kind: record})

    def set(self, path: str, steps: Sequence[Step], value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Set a value in a data file."""
        before = self.document(path).set(steps, value)
        self.log.append(Change(path, pointer(steps), before, value))

    def splice(self, path: str, steps: Sequence[Step], raw: bytes) -> None:
        """Set raw bytes in a data file; the log holds them as text."""
        before = self.document(path).splice(steps, raw)
        self.log.append(Change(path, pointer(steps), before, raw.decode("utf-8", "backslashreplace")))

    def drop(self, path: str, steps: Sequence[Step]) -> None:
        """Remove a value from a data file."""
        self.log.append(Change(path, pointer(steps), self.document(path).drop(steps), None))

    def entries(self) -> Iterator[Entry]:
        """Yield every member as an entry to write."""
        return (item.entry() for item in self.items)


def read_export(
    archive: Archive, form: ArchiveForm, name: str, spool: BinaryIO, dialect: str = HC_MIGRATE
) -> EditableExport:
    """Read an archive: data files into memory, other files into the file ``spool``, which must outlive the export.

    Raises UsageError for links and the like, and where the archive cannot be read to its end.
    """
    items = []
    for member in archive.members():
        if member.kind is MemberKind.DIRECTORY:
            items.append(EditableMember(member.path.rstrip("/") + "/"))
            continue
        if member.kind is not MemberKind.FILE:
            raise UsageError("The archive holds a member that is neither file nor directory.")
        row = layout_of(member.path)
        if row and row.schema:
            row = row_in_dialect(row, None if dialect == HC_MIGRATE else dialect)
        if row and row.schema:
            items.append(EditableMember(member.path, DataDocument(b"".join(member.chunks), row.schema)))
        else:
            offset = spool.tell()
            spool.writelines(member.chunks)
            items.append(EditableMember(member.path, SpooledBytes(spool, offset, member.size)))
    if archive.fault:
        raise UsageError(f"The archive cannot be read to its end: {archive.fault.message}")
    return EditableExport(items, form, name, archive.digest or "md5", Counter(archive.layers), dialect=dialect)


def save_export(
    export: EditableExport,
    path: Path,
    password: Password | None,
    salt: bytes,
    *,
    layers: Sequence[str] | None = None,
) -> None:
    """Write an export in its form, layer by layer, to a new path in a private directory.

    ``layers``, the outermost first, replace those of the form, except for a directory. Raises UsageError for an
    encrypted file without a password, and as ``write_directory`` does.
    """
    if export.form is ArchiveForm.DIRECTORY:
        with atomic_directory(str(path)) as directory:
            write_directory(directory, export.entries())
        return
    layers = export.form.layers if layers is None else layers
    if "aes" in layers and password is None:
        raise UsageError("An encrypted archive needs a password.")
    encryption = Encryption(b"" if password is None else password, salt, export.digest)
    makers: Mapping[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
        "tar": lambda _: tar_chunks(export.entries()),
        "gzip": compress,
        "aes": lambda chunks: encrypt_chunks(chunks, encryption),
    }
    for layer in reversed(layers):
        for again in reversed(range(export.repeats.get(layer, 1))):
            part = path.with_name(f"{path.name}.part")
            with private_file(part) as file:
                file.writelines(makers[layer](_read(path) if path.exists() else iter(())))
                for edit in [] if again else export.edits[layer]:
                    export.log.append(edit(file))
            part.replace(path)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(CHUNK), b"")
