"""A member has a sentence for each header that readers read differently, and for no other."""

import pytest

from tests.support.builders import END, GNU, USTAR, V7, each_chunk_size, entry, header, pax, read_tar, record

A = header(b"a")
LONG = b"rooms/" + b"x" * 300


def long_name(payload: bytes, flag: bytes = b"L") -> bytes:
    return entry(b"././@LongLink", payload, flag)


PLAIN = {
    "POSIX's format": entry(b"a", b"abc"),
    "GNU's format": entry(b"a", b"abc", magic=GNU),
    "the oldest format": entry(b"a", b"abc", b"\0", magic=V7),
    "a prefix": header(b"a", patches={345: b"rooms/1"}),
    "numbers that end in a space": header(b"a", patches={100: b"000644 \0", 124: b"00000000000 "}),
    "numbers with leading spaces": header(b"a", patches={100: b"   644 \0"}),
    "device numbers": header(b"a", patches={329: b"0000000\0" * 2}),
    "an owner beyond octal": header(b"a", patches={108: b"\x80\0\0\0\x7f\xff\xff\xff"}),
    "a time before 1970": header(b"a", patches={136: b"\xff" * 12}),
    "a directory": header(b"rooms/", flag=b"5"),
    "a directory without a slash": header(b"rooms", flag=b"5"),
    "the oldest format's directory": header(b"rooms/", flag=b"\0", magic=V7),
    "a long name of GNU": long_name(LONG + b"\0") + entry(b"a", b"abc", magic=GNU),
    "a long name of Perl, without its NUL": long_name(LONG) + entry(b"a", b"abc"),
    "owners left empty, as node-tar has it": header(b"a", patches={108: bytes(16), 136: bytes(12)}),
    "an owner without a name, as node-tar has it": pax(record(b"uname", b""), record(b"uid", b"0")) + A,
    "a directory that is a prefix alone, as Python has it": header(b"", flag=b"5", patches={345: b"rooms/1"}),
    "a mode with the type that the header has": header(b"a", patches={100: b"0100644\0"}),
    "an access list": pax(record(b"SCHILY.acl.access", b"user::rw-,user:joe:r--:1000,group::r--,mask::r--,other::r--"))
    + A,
    "an attribute of any bytes": pax(record(b"SCHILY.xattr.security.capability", b"\1\0\0\2\n\0=")) + A,
    "a pax path": pax(record(b"path", LONG)) + entry(b"a", b"abc"),
    "a pax size that is the header's": pax(record(b"size", b"3")) + entry(b"a", b"abc"),
    "pax times and owners": pax(record(b"mtime", b"-1.5"), record(b"uid", b"70000"), record(b"uname", b"joe")) + A,
    "extended attributes": pax(record(b"SCHILY.xattr.user.a", b"b"), record(b"LIBARCHIVE.xattr.user.a", b"Yg")) + A,
    "a global comment, as git writes it": pax(record(b"comment", b"6610ca8"), flag=b"g") + A,
    "a global comment before a path": pax(record(b"comment", b"c"), flag=b"g") + pax(record(b"path", b"b")) + A,
}


@pytest.mark.parametrize("blocks", PLAIN.values(), ids=PLAIN)
def test_a_header_that_all_readers_read_alike_is_not_ambiguous(blocks: bytes) -> None:
    read = read_tar(blocks + END)
    assert read.fault is None
    assert read.ambiguities == [()]


MAGIC = "The header's magic is neither that of POSIX nor that of GNU tar, nor empty."
CHECKSUM = "The header's checksum is written in an unusual way."
NUMBER = "A number in the header is written in an unusual way."
FIELDS = "The header has bytes outside the fields of its format."
PREFIX = "The prefix of the name ends in a slash, or has no name behind it."
LONG_NAME = "GNU's long name is empty, or has a NUL before its end."
LENGTH = "A pax header has a record whose length is written in an unusual way, or bytes behind its records."
KEYWORDS = "A pax header has no records, or two of one keyword."
EMPTY = "A pax header has a record that is empty or holds a NUL."
CHANGES = "A pax header has a record that some readers refuse, or read as another name, size or type."
SUN = "The member has an extended header of Sun's own type."
GLOBAL = "A global header separates a member from its own extended header."
TWO = "Two extended headers describe one member."
DIRECTORY = "A directory has a size."
NAME = "A name is empty, or a file's name ends as a directory's does."
SLASH = "The header's own name is a directory's and the extended header's is not, or the other way round."
MODE = "The mode in the header names another type than the header itself."
FOREIGN = "The first name of the tar begins as a file of another format does, or is not plain text."
SIZES = "The header and its pax header give different sizes."

AMBIGUOUS = {
    "a magic of no format": (header(b"a", magic=b"ustar\x0001"), {MAGIC}),
    "a magic in capitals": (header(b"a", magic=b"USTAR\x0000"), {MAGIC}),
    "a signed checksum": (header(b"caf\xc3\xa9", signed=True), {CHECKSUM}),
    "a checksum behind a NUL": (header(b"a", patches={148: b"0" + A[148:154] + b"\0"}), set()),
    "a size left empty": (header(b"a", patches={124: bytes(12)}), {NUMBER}),
    "a mode left empty": (header(b"a", patches={100: bytes(8)}), {NUMBER}),
    "a size that begins with a NUL": (header(b"a", patches={124: b"\0" + b"0" * 10 + b"\0"}), {NUMBER}),
    "a size in base 256 for no reason": (
        header(b"a", patches={124: b"\x80" + bytes(10) + b"\x03"}) + b"abc".ljust(512, b"\0"),
        {NUMBER},
    ),
    "an owner below 0": (header(b"a", patches={108: b"\xff" * 8}), {NUMBER}),
    "base 256 of another sign": (header(b"a", patches={136: b"\x81" + bytes(11)}), {NUMBER}),
    "a prefix in GNU's format": (header(b"a", magic=GNU, patches={345: b"rooms/1"}), {FIELDS}),
    "a prefix in the oldest format": (header(b"a", magic=V7, patches={345: b"rooms/1"}), {FIELDS}),
    "star's mark": (header(b"a", patches={508: b"tar\0"}), {FIELDS}),
    "a prefix that ends in a slash": (header(b"a", patches={345: b"rooms/"}), {PREFIX}),
    "a prefix and no name": (header(b"", patches={345: b"rooms"}), {PREFIX, NAME}),
    "an empty long name": (long_name(b"\0") + A, {LONG_NAME}),
    "a long name with more behind its NUL": (long_name(LONG + b"\0b\0") + A, {LONG_NAME}),
    "a length with a leading zero": (pax(b"011 path=b\n") + A, {LENGTH}),
    "bytes behind the records": (pax(record(b"path", b"b"), bytes(9)) + A, {LENGTH}),
    "no records": (pax() + A, {KEYWORDS}),
    "a keyword twice": (pax(record(b"path", b"b"), record(b"path", b"c")) + A, {KEYWORDS}),
    "an empty size": (pax(record(b"size", b"")) + A, {EMPTY}),
    "a path with a NUL": (pax(record(b"path", b"b\0c")) + A, {EMPTY}),
    "the size that Schily's star gives": (pax(record(b"SCHILY.realsize", b"3")) + A, {CHANGES}),
    "an unknown keyword": (pax(record(b"X.y", b"z")) + A, {CHANGES}),
    "another character set": (pax(record(b"hdrcharset", b"BINARY")) + A, {CHANGES}),
    "a time that is none": (pax(record(b"mtime", b"yesterday")) + A, {CHANGES}),
    "a link of a file": (pax(record(b"linkpath", b"b")) + A, {CHANGES}),
    "a global path": (pax(record(b"path", b"b"), flag=b"g") + A, {CHANGES}),
    "Sun's type": (pax(record(b"path", b"b"), flag=b"X") + A, {SUN}),
    "a global header too late": (pax(record(b"path", b"b")) + pax(record(b"comment", b"c"), flag=b"g") + A, {GLOBAL}),
    "two pax headers": (pax(record(b"path", b"b")) + pax(record(b"path", b"c")) + A, {TWO}),
    "two long names": (long_name(b"b\0") + long_name(b"c\0") + A, {TWO}),
    "a pax path and a long name": (pax(record(b"path", b"b")) + long_name(b"c\0") + A, {TWO}),
    "a directory with a size": (header(b"rooms/", 700, b"5"), {DIRECTORY}),
    "a directory with a size by pax": (pax(record(b"size", b"3")) + header(b"rooms/", flag=b"5"), {DIRECTORY, SIZES}),
    "an access list for directories": (pax(record(b"SCHILY.acl.default", b"user::rwx")) + A, {CHANGES}),
    "flags of a file system": (pax(record(b"SCHILY.fflags", b"schg")) + A, {CHANGES}),
    "an attribute that is not base 64": (pax(record(b"LIBARCHIVE.xattr.a", b"!!")) + A, {CHANGES}),
    "an owner's name that is not UTF-8": (pax(record(b"uname", b"caf\xe9")) + A, {CHANGES}),
    "a mode of another type": (header(b"a", patches={100: b"0040644\0"}), {MODE}),
    "a directory's header and a file's pax path": (
        pax(record(b"path", b"b")) + header(b"a/", flag=b"\0", magic=V7),
        {SLASH},
    ),
    "a file's header and a directory's long name": (long_name(b"b/\0") + header(b"a", flag=b"\0", magic=V7), {SLASH}),
    "a directory without a name": (header(b"", flag=b"5"), {NAME}),
    "the beginning of compressed data": (header(b"(\xb5/\xfd", flag=b"0"), {FOREIGN}),
    "bytes behind the first name": (header(b"a", patches={0: b"a\0b"}), {FOREIGN}),
    "the beginning of bzip2 data behind tar's magic": (entry(b"BZh9.txt", b"abc"), {FOREIGN}),
    "the beginning of bzip2 data": (entry(b"BZh9.txt", b"abc", b"\0", magic=V7), {FOREIGN}),
    "the beginning of a cabinet": (entry(b"MSCF", b"abc", b"\0", magic=V7), {FOREIGN}),
    "no name": (header(b""), {NAME}),
    "a file named like a directory": (entry(b"rooms/", b"abc"), {NAME}),
    "a file named as the directory it is in": (entry(b"rooms/.", b"abc"), {NAME}),
    "two sizes": (pax(record(b"size", b"3")) + header(b"a") + b"abc".ljust(512, b"\0"), {SIZES}),
}


@each_chunk_size
@pytest.mark.parametrize(("blocks", "sentences"), AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_header_that_readers_read_differently_is_ambiguous(blocks: bytes, sentences: set[str], chunk: int) -> None:
    read = read_tar(blocks + entry(b"next", b"payload", magic=USTAR) + END, chunk)
    assert read.fault is None
    assert [set(found) for found in read.ambiguities] == [sentences, set()]
