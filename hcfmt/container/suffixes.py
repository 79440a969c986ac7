"""Compares the suffixes of an archive's file name with its layers."""

from hcfmt.container.layers import AES, GZIP, TAR
from hcfmt.errors import Defect

_SUFFIXES = ((".aes", (AES,)), (".tgz", (GZIP, TAR)), (".gz", (GZIP,)), (".tar", (TAR,)))
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

    A name may leave the inner layers out (``backup.aes``), and promise once what is there twice. Layers that could not
    be read are not compared.
    """
    promised = layers_of_name(name)
    for layers_once in (layers, tuple(dict.fromkeys(layers))):
        compared = min(len(promised), len(layers_once))
        if promised[:compared] == layers_once[:compared]:
            return None
    expected, found = (", ".join(_WORDS[layer] for layer in names) for names in (promised, layers))
    message = f"The file name promises these layers: {expected}; the file has: {found}. Rename the file."
    return Defect("misnamed-container", message)
