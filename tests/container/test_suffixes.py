"""The suffixes of a file name are compared with the layers."""

import pytest

from hcfmt.container.suffixes import suffix_defect, with_advice
from hcfmt.errors import Defect

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
        ("x.aes", ("aes", "tar"), "The encrypted tar is not compressed"),
        ("x.tar.aes", ENCRYPTED, "encrypted, tar; the file has: encrypted, gzip, tar."),
    ],
)
def test_a_name_that_contradicts_the_layers_is_a_defect(name: str, layers: tuple[str, ...], sentence: str) -> None:
    defect = suffix_defect(name, layers)
    assert defect is not None
    assert defect.kind == "misnamed-container"
    assert sentence in defect.message


PARTS = [
    *("x.tar.gz.aes.aa", "x.tar.gz.ab", "x.tar.gz.aesaa", "X.TAR.GZ.AES.AB", "x.tgz.zz", "x.tar.00"),
    *(
        "x.tar.gz.aes.001",
        "export.002",
        "export.ac",
        "x.tar.gz.aes.part1",
        "x.tar.gz.aes.part02",
        "x.part-3",
        "x.aes-part_1",
    ),
]
WHOLE = [
    *(
        "x.tar.gz.aes",
        "x.tar.gz",
        "x.tar",
        "x",
        "x.tar.xz",
        "x.tar.7z",
        "x.tar.bz",
        "x.aes.bak",
        "x.tar.gz.old",
        "party",
    ),
    *("x.2018", "hipchat-2018-09-24_09-30-12.tar.gz.aes", "x.tar.gz (1)", "compart1", "x.gz/y"),
]


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("kind", ["gzip-cut", "ciphertext-cut", "tar-cut", "not-an-archive"])
def test_a_part_of_a_split_file_is_to_be_joined(name: str, kind: str) -> None:
    advised = with_advice(Defect(kind, "It is cut.", 7), name)
    assert (advised.kind, advised.byte) == (kind, 7)
    assert advised.message.startswith("It is cut. By its name this is one of the parts of a split file: join them all")


@pytest.mark.parametrize("name", WHOLE)
def test_a_name_that_is_not_that_of_a_part_has_no_advice(name: str) -> None:
    defect = Defect("gzip-cut", "It is cut.")
    assert with_advice(defect, name) == defect


@pytest.mark.parametrize(
    "defect",
    [
        Defect("cannot-decrypt", "Wrong."),
        Defect("gzip-corrupt", "Damaged."),
        Defect("not-an-archive", "A ZIP.", 0, {"content": "ZIP"}),
    ],
)
def test_a_defect_that_has_another_cause_than_splitting_has_no_advice(defect: Defect) -> None:
    assert with_advice(defect, "x.tar.gz.aes.aa") == defect
