"""The suffixes of a file name are compared with the layers."""

import pytest

from hcfmt.container.suffixes import suffix_defect

ENCRYPTED, PACKED, BARE = ("aes", "gzip", "tar"), ("gzip", "tar"), ("tar",)


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("x.tar.gz.aes", ENCRYPTED),
        ("X.TAR.GZ.AES", ENCRYPTED),
        ("x.tgz.aes", ENCRYPTED),
        ("backup.aes", ENCRYPTED),
        ("some.where/x.tar.gz.aes", ENCRYPTED),
        ("x.tar.gz", PACKED),
        ("x.tgz", PACKED),
        ("x.gz", PACKED),
        ("x.tar", BARE),
        ("x", ENCRYPTED),
        ("x", PACKED),
        ("x.bin", BARE),
        ("x.aes.bak", PACKED),
        ("aes", BARE),
        ("x.tar.gz.aes", ()),  # no known layer: not-an-archive says more
        ("x.tar.gz.aes", ("aes",)),  # not opened: what is inside is not known
        ("x.tar.gz", ("gzip",)),
    ],
)
def test_a_name_that_agrees_with_the_layers_is_no_defect(name: str, layers: tuple[str, ...]) -> None:
    assert suffix_defect(name, layers) is None


@pytest.mark.parametrize(
    ("name", "layers", "sentence"),
    [
        ("x.tar.gz.aes", PACKED, "promises these layers: encrypted, gzip, tar; the file has: gzip, tar."),
        ("x.aes", BARE, "promises these layers: encrypted; the file has: tar."),
        ("x.tar.gz", BARE, "promises these layers: gzip, tar; the file has: tar."),
        ("x.tgz", BARE, "gzip, tar; the file has: tar."),
        ("x.gz", BARE, "gzip; the file has: tar."),
        ("x.tar", PACKED, "tar; the file has: gzip, tar."),
        ("x.tar.gz", ENCRYPTED, "gzip, tar; the file has: encrypted, gzip, tar."),
        ("x.tgz", ENCRYPTED, "gzip, tar; the file has: encrypted"),
        ("x.tar", ("aes",), "tar; the file has: encrypted."),
        ("x.tar.aes", ENCRYPTED, "encrypted, tar; the file has: encrypted, gzip, tar."),
    ],
)
def test_a_name_that_contradicts_the_layers_is_a_defect(name: str, layers: tuple[str, ...], sentence: str) -> None:
    defect = suffix_defect(name, layers)
    assert defect is not None
    assert defect.kind == "misnamed-container"
    assert sentence in defect.message
