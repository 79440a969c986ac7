"""What a file's name promises of its layers, and whether the bytes keep it."""

from hcfmt.container.layers import AES, GZIP, TAR
from hcfmt.errors import Defect

_SUFFIXES = ((".aes", (AES,)), (".tgz", (GZIP, TAR)), (".gz", (GZIP,)), (".tar", (TAR,)))
_WORDS = {AES: "encrypted", GZIP: "gzip", TAR: "tar"}


def layers_of_name(name: str) -> tuple[str, ...]:
    """Return the layers that a name's suffixes promise, the outermost first; () where it says nothing."""
    name, layers = name.lower(), ()
    while found := next((suffix for suffix in _SUFFIXES if name.endswith(suffix[0])), None):
        suffix, inner = found
        name, layers = name.removesuffix(suffix), (*layers, *inner)
    return layers


def suffix_defect(name: str, layers: tuple[str, ...]) -> Defect | None:
    """Return the defect of a name that promises a layer which the bytes lack, or hides one that they have.

    A name that says nothing of the inner layers (``backup.aes``) hides none, and what could not be read is not judged.
    """
    promise = layers_of_name(name)
    known = min(len(promise), len(layers))
    if promise[:known] == layers[:known]:
        return None
    said, found = (", ".join(_WORDS[layer] for layer in some) for some in (promise, layers))
    message = f"The name promises these layers: {said}; the bytes have: {found}. Name the file after what it is."
    return Defect("misnamed-container", message)
