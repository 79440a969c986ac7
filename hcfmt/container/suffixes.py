"""Compares the suffixes of an archive's file name with its layers."""

import re

from hcfmt.container.layers import AES, GZIP, TAR
from hcfmt.errors import Defect

_SUFFIXES = ((".aes", (AES,)), (".tgz", (GZIP, TAR)), (".gz", (GZIP,)), (".tar", (TAR,)))
# export.tar.gz.aes.aa of split, .001 of 7-Zip, .part1 of others.
_PART = (
    r"(?i)\.(?:aes|gz|tgz|tar)[._-]?(?:(?!7z|bz|xz)[a-z]{2}|[0-9]{1,4})$|\.(?:a[a-z]|0[0-9]{2})$|[._-]part[._-]?[0-9]+$"
)
_ENDS = ("gzip-cut", "ciphertext-cut", "tar-cut")  # defects that a part of a file has
_JOIN = " By its name this is one of the parts of a split file: join them all in their order (cat NAME.* > NAME)."
_WORDS = {AES: "encrypted", GZIP: "gzip", TAR: "tar"}


def layers_of_name(name: str) -> tuple[str, ...]:
    """Return the layers that the suffixes of a name stand for, the outermost first; () for other suffixes."""
    name, layers = name.lower(), ()
    while found := next((suffix for suffix in _SUFFIXES if name.endswith(suffix[0])), None):
        suffix, inner = found
        name, layers = name.removesuffix(suffix), (*layers, *inner)
    return layers


def suffix_defect(name: str, layers: tuple[str, ...]) -> Defect | None:
    """Return the defect of a name whose suffixes contradict the layers, None where they agree.

    A name may leave the inner layers out (``backup.aes``), but for a tar without gzip, and promise once what is there
    twice. Layers that could not be read are not compared.
    """
    promised = layers_of_name(name)
    if layers == (AES, TAR) and promised == (AES,):
        message = (
            "The encrypted tar is not compressed, and the file name does not say so. Rename the file to .tar.aes, and "
            "compress what 'hcfmt decrypt' gives (gzip) for importers that want a .tar.gz."
        )
        return Defect("misnamed-container", message)
    for layers_once in (layers, tuple(dict.fromkeys(layers))):
        compared = min(len(promised), len(layers_once))
        if promised[:compared] == layers_once[:compared]:
            return None
    expected, found = (", ".join(_WORDS[layer] for layer in names) for names in (promised, layers))
    message = f"The file name promises these layers: {expected}; the file has: {found}. Rename the file."
    return Defect("misnamed-container", message)


def with_advice(defect: Defect, name: str) -> Defect:
    """Return a defect that ended the reading, with what to do if the name is that of a part of a file."""
    is_of_part = defect.kind in _ENDS or (defect.kind == "not-an-archive" and not defect.values)
    if is_of_part and re.search(_PART, name) and not layers_of_name(name):
        return defect._replace(message=defect.message + _JOIN)
    return defect
