"""Writes the anonymised copy of an archive, and makes sure that it has the same findings."""

import os
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.anonymisation.comparison import Difference, differences
from hcfmt.anonymisation.members import anonymised_members
from hcfmt.anonymisation.packing import Packing
from hcfmt.anonymisation.replacements import Replacements, replacements_of
from hcfmt.check.engine import KEPT, Options, validate
from hcfmt.check.reading import Progress, no_progress
from hcfmt.container import DIGESTS, DIRECTORY, SALT, STDIN, Archive, Budget, Password, open_archive
from hcfmt.container.distinct_files import require_not_input
from hcfmt.container.layers import AES
from hcfmt.container.private_files import private_file
from hcfmt.errors import Fault, UsageError
from hcfmt.export.rewriting import draft_archive, form_like, write_like
from hcfmt.export.writer import ArchiveForm, Encryption, form_of
from hcfmt.verdict import Report

_DEFAULT = Budget()
_REPRODUCED = frozenset({"ciphertext-cut", "gzip-corrupt", "gzip-cut", "tar-corrupt", "tar-cut"})
"""Kinds of the faults, which end the reading of an archive, that a copy can have too."""
_NO_SUFFIX = "copy"

Watch = Callable[[Archive], Progress]


class Anonymised(Struct, frozen=True):
    """An anonymised copy: the report on it, and the rules of which it has other findings than the original."""

    report: Report
    differences: Sequence[Difference]


def anonymise(  # noqa: PLR0913 - the arguments of the command
    archive: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    seed: str,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    allow_differences: bool = False,
    force: bool = False,
    watch: Watch | None = None,
) -> Anonymised:
    """Write a copy of an archive with the same structure, sizes, ids and findings, and other names, texts and files.

    The archive may be broken. ``seed`` is secret: who knows it can find out what was replaced. The same archive and
    seed give the same copy. The suffix of the output decides its form, a slash at its end asks for a directory;
    otherwise it has the archive's own layers. The password is the same. ``watch`` is as in ``Options``.

    The copy is checked before it appears. Raises UsageError, and writes nothing, if its findings are not those of the
    archive, unless ``allow_differences`` is set; if the archive cannot be opened; and if the output is the archive, or
    exists and ``force`` is not set, or cannot be written.
    """
    archive, output = os.fspath(archive), os.fspath(output)
    if archive == STDIN:
        raise UsageError("The archive is read twice, so it cannot be standard input: name a file.")
    require_not_input(output, [archive])
    options = Options(password, digests, budget, show_values=True)
    replacements = replacements_of(seed)
    with draft_archive(output, force=force) as draft:
        original, packed = _check(archive, options, watch)
        _require_readable(packed)
        with open_archive(archive, password=password, digests=digests, budget=budget) as opened:
            _write(opened, draft, packed, replacements, password)
        copy, _ = _check(draft.rstrip("/"), options, None)
        found = tuple(differences(original, copy, replacements, KEPT))
        if found and not allow_differences:
            raise UsageError(
                f"{output}: was not written: the copy has other findings than the archive, of"
                f" {', '.join(map(str, found))}. Another seed may help; --allow-differences writes it nevertheless."
            )
    return Anonymised(copy, found)


def _check(path: str, options: Options, watch: Watch | None) -> tuple[Report, Archive]:
    """Return the report on an archive, and the archive as it was read."""
    opened: list[Archive] = []

    def keep(archive: Archive) -> Progress:
        opened.append(archive)
        return watch(archive) if watch else no_progress

    report = validate(path, replace(options, watch=keep))
    return report, opened[0]


def _require_readable(archive: Archive) -> None:
    """Raise UsageError if an archive has nothing to anonymise, or ends early in a way that a copy cannot."""
    fault = archive.fault
    if fault and fault.kind not in _REPRODUCED:
        raise UsageError(f"{archive.name}: cannot be anonymised, as it cannot be read to its end: {fault.message}")


def _write(
    archive: Archive, draft: str, packed: Archive, replacements: Replacements, password: Password | None
) -> None:
    """Write the copy of an open archive to a new path; ``packed`` is the archive as it was read before."""
    members = anonymised_members(archive, replacements)
    salt = blake2b(b"salt", key=replacements.key, digest_size=SALT).digest()
    form = form_like(archive, draft)
    if form is ArchiveForm.DIRECTORY:
        try:
            write_like(archive, draft, (member.entry for member in members), password=password, salt=salt)
        except Fault as fault:
            raise UsageError(f"A directory cannot end where the archive does: write a .tar instead. {fault}") from None
        return
    is_own_form = form in {form_of(archive.name), form_like(archive, _NO_SUFFIX)} and archive.layers != (DIRECTORY,)
    layers = archive.layers if is_own_form else form.layers
    secret = archive.password if archive.password is not None else password
    if AES in layers and secret is None:
        raise UsageError("An encrypted archive needs a password.")
    encryption = Encryption(secret, salt, archive.digest or "md5") if secret is not None else None
    packing = Packing(layers, packed.defects, packed.fault, encryption)
    with private_file(Path(draft)) as file:
        file.writelines(packing.chunks(archive, members))
