"""A name that promises other layers than the bytes have is told; one that says nothing is not."""

import pytest

from hcfmt.container.suffixes import suffix_defect

SEALED, PACKED, BARE = ("aes", "gzip", "tar"), ("gzip", "tar"), ("tar",)


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("x.tar.gz.aes", SEALED),
        ("X.TAR.GZ.AES", SEALED),
        ("x.tgz.aes", SEALED),
        ("backup.aes", SEALED),
        ("some.where/x.tar.gz.aes", SEALED),
        ("x.tar.gz", PACKED),
        ("x.tgz", PACKED),
        ("x.gz", PACKED),
        ("x.tar", BARE),
        ("x", SEALED),
        ("x", PACKED),
        ("x.bin", BARE),
        ("x.aes.bak", PACKED),
        ("aes", BARE),
        ("x.tar.gz.aes", ()),  # no known layer: not-an-archive says more
        ("x.tar.gz.aes", ("aes",)),  # not opened: what is inside is not known
        ("x.tar.gz", ("gzip",)),
    ],
)
def test_a_name_that_keeps_its_promise_or_makes_none_is_no_trouble(name: str, layers: tuple[str, ...]) -> None:
    assert suffix_defect(name, layers) is None


@pytest.mark.parametrize(
    ("name", "layers", "said"),
    [
        ("x.tar.gz.aes", PACKED, "promises these layers: encrypted, gzip, tar; the file has: gzip, tar."),
        ("x.aes", BARE, "promises these layers: encrypted; the file has: tar."),
        ("x.tar.gz", BARE, "promises these layers: gzip, tar; the file has: tar."),
        ("x.tgz", BARE, "gzip, tar; the file has: tar."),
        ("x.gz", BARE, "gzip; the file has: tar."),
        ("x.tar", PACKED, "tar; the file has: gzip, tar."),
        ("x.tar.gz", SEALED, "gzip, tar; the file has: encrypted, gzip, tar."),
        ("x.tgz", SEALED, "gzip, tar; the file has: encrypted"),
        ("x.tar", ("aes",), "tar; the file has: encrypted."),
        ("x.tar.aes", SEALED, "encrypted, tar; the file has: encrypted, gzip, tar."),
    ],
)
def test_a_name_that_lacks_or_hides_a_layer_is_misnamed(name: str, layers: tuple[str, ...], said: str) -> None:
    defect = suffix_defect(name, layers)
    assert defect is not None
    assert defect.kind == "misnamed-container"
    assert said in defect.message
