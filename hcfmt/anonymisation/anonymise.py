"""Writes the anonymised copy of an archive, and makes sure that it has the same findings."""

import os
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.anonymisation.comparison import RuleDifference, differences
from hcfmt.anonymisation.members import AnonymisedMember, anonymised_members
from hcfmt.anonymisation.packing import Packing
from hcfmt.anonymisation.replacements import replacements_of
from hcfmt.check.engine import KEPT, Options, validate
from hcfmt.check.reading import Progress, no_progress
from hcfmt.container import DIGESTS, DIRECTORY, SALT, STDIN, Archive, Budget, Password, open_archive
from hcfmt.container.distinct_files import require_not_input
from hcfmt.container.layers import AES
from hcfmt.container.private_files import private_file, temporary_directory
from hcfmt.container.standard_input import copy_of_standard_input
from hcfmt.errors import Fault, UsageError
from hcfmt.export.rewriting import draft_archive, form_like
from hcfmt.export.writer import ArchiveForm, Encryption, form_of, write_archive
from hcfmt.verdict import Report

_DEFAULT = Budget()
_REPRODUCED = frozenset({"ciphertext-cut", "gzip-corrupt", "gzip-cut", "tar-corrupt", "tar-cut"})
"""Kinds of the faults, which end the reading of an archive, that a copy can have too."""
_NO_SUFFIX = "copy"  # a name that asks for no form

Watch = Callable[[Archive], Progress]


class Anonymised(Struct, frozen=True):
    """An anonymised copy: the report on it, and the rules of which it has other findings than the original."""

    report: Report
    differences: Sequence[RuleDifference]


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
    stdin: BinaryIO | None = None,
    watch: Watch | None = None,
) -> Anonymised:
    """Write a copy of an archive with the same structure, sizes, ids and findings, and other names, texts and files.

    The archive may be broken. It is a path or a URL, which is read twice, or ``-`` for ``stdin``, of which a copy is
    made beside the output. ``seed`` is secret: who knows it can find out what was replaced. The same archive and
    seed give the same copy. The suffix of the output decides its form, a slash at its end asks for a directory;
    otherwise it has the archive's own layers. The password is the same. ``watch`` is called with the archive once it is
    open to be copied, and returns a function that is called with the path of each member, as reports show it.

    The copy is checked before it appears. Raises UsageError, and writes nothing, if its findings are not those of the
    archive, unless ``allow_differences`` is set; if the archive cannot be opened; and if the output is the archive, or
    exists and ``force`` is not set, or cannot be written. Raises Fault if the archive cannot be read at all, or exceeds
    the budget.
    """
    archive, output = os.fspath(archive), os.fspath(output)
    require_not_input(output, [archive])
    options = Options(password, digests, budget, show_values=True)
    replacements = replacements_of(seed)
    with draft_archive(output, force=force) as draft, temporary_directory(Path(draft).parent) as directory:
        source = copy_of_standard_input(stdin, directory) if archive == STDIN else archive
        original, packed = _check(source, options)
        _require_readable(packed)
        with open_archive(source, password=password, digests=digests, budget=budget) as opened:
            show = watch(opened) if watch else no_progress
            members = anonymised_members(opened, replacements, show)
            _write(opened, members, draft, packed, _encryption(opened, password, replacements.key))
        copy, _ = _check(draft.rstrip("/"), options)
        found = tuple(differences(original, copy, replacements, KEPT))
        if found and not allow_differences:
            raise UsageError(
                f"{output}: was not written: the copy has other findings than the archive, of"
                f" {', '.join(map(str, found))}. Another seed may help; --allow-differences writes it nevertheless."
            )
    return Anonymised(copy, found)


def _check(path: str, options: Options) -> tuple[Report, Archive]:
    """Return the report on an archive, and the archive as it was read."""
    opened: list[Archive] = []

    def keep(archive: Archive) -> Progress:
        opened.append(archive)
        return no_progress

    report = validate(path, replace(options, watch=keep))
    return report, opened[0]


def _require_readable(archive: Archive) -> None:
    """Raise Fault if an archive cannot be read at all, or ends early in a way that a copy cannot."""
    fault = archive.fault
    if fault and fault.kind not in _REPRODUCED:
        raise Fault(fault.kind, fault.message, fault.byte, fault.values)


def _encryption(archive: Archive, password: Password | None, key: bytes) -> Encryption | None:
    """Return the encryption of the copy: that of the archive, or one by the given password; None without a password."""
    secret = password if archive.password is None else archive.password
    salt = blake2b(b"salt", key=key, digest_size=SALT).digest()
    return None if secret is None else Encryption(secret, salt, archive.digest or "md5")


def _write(
    archive: Archive,
    members: Iterable[AnonymisedMember],
    draft: str,
    packed: Archive,
    encryption: Encryption | None,
) -> None:
    """Write the members of an open archive to a new path; ``packed`` is the archive as it was read before."""
    form = form_like(archive, draft)
    if form is ArchiveForm.DIRECTORY:
        try:
            write_archive(draft, form, (member.entry for member in members))
        except Fault as fault:
            raise UsageError(f"A directory cannot end where the archive does: write a .tar instead. {fault}") from None
        return
    is_own_form = form in {form_of(archive.name), form_like(archive, _NO_SUFFIX)} and archive.layers != (DIRECTORY,)
    layers = archive.layers if is_own_form else form.layers
    if AES in layers and encryption is None:
        raise UsageError("An encrypted archive needs a password.")
    with private_file(Path(draft)) as file:
        file.writelines(Packing(layers, packed.defects, packed.fault, encryption).chunks(archive, members))
