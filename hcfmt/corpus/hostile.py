"""The cases that are made to do harm: names that climb, links and devices, bombs, texts without end, torn streams."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache, partial
from itertools import count
from pathlib import Path

from hcfmt.container import private_file
from hcfmt.corpus.case import Case, Files, Folder, packed, seal
from hcfmt.corpus.harm import (
    MANY,
    Maker,
    attached,
    edited,
    file_of,
    flipped,
    gzip_of,
    header_bomb,
    linked,
    listed,
    many_members,
    member,
    named,
    plus,
    refers,
    said,
    tar_of,
    texted,
    zeros,
)
from hcfmt.corpus.sound import tiny
from hcfmt.export.writer import ArchiveForm, Encryption
from hcfmt.rng import random_for

_DEEP = 200_000  # levels of JSON
_DIGITS = 200_000  # of a number
_LONG = 20_000_000  # characters of a text
_FAR = "../../../../../../hcfmt-was-here"
_SALTED = b"Salted__"
_VALUES = 2_500_000  # in one JSON text of a few megabytes
_STRANGE = 10_001  # properties
_MARKS = "\u0327\u0301" * 500  # combining characters, which normalising has to sort


def _zip(data: bytes) -> bytes:
    """Return a zip in which some bytes are, as HipChat's old exports were."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("export.tar", (2018, 12, 10, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _noise(how: Encryption) -> bytes:
    """Return random bytes, a whole number of blocks of the cipher behind the mark and the salt."""
    return random_for(int.from_bytes(how.salt, "big"), "noise").randbytes(48_008)


def _users(content: bytes) -> Maker:
    """Return what puts something else in the place of users.json."""
    return lambda files, how: packed(files.but("users.json", content).tar(), how)


def _other_password(files: Files, how: Encryption) -> Iterator[bytes]:
    return packed(files.tar(), Encryption(lambda: b"another", how.salt))


def _nothing_within(_: Files, how: Encryption) -> Iterator[bytes]:
    return packed([bytes(1024)], how)


_MEMBERS: Mapping[str, tuple[str, Maker]] = {
    "absolute-name": ("A member's name begins at the root.", named("/hcfmt-was-here")),
    "climbing-name": ("A member's name leads out of the archive.", named(_FAR)),
    "hidden-climbing-name": (
        "A member's name goes down first and then out of the archive.",
        named(f"rooms/1/files/{_FAR}"),
    ),
    "backslash-name": (
        "A member's name leads out of the archive where a backslash separates directories.",
        named("..\\..\\hcfmt-was-here"),
    ),
    "drive-name": ("A member's name begins with a drive of Windows.", named("C:/hcfmt-was-here")),
    "control-name": ("A member's name holds what a terminal obeys.", named("rooms/\x1b[2J\x07/a")),
    "long-name": ("A member's name has 100,000 characters.", named("rooms/1/files/a/" + "x" * 100_000)),
    "deep-name": ("A member lies below 30,000 directories.", named("d/" * 30_000 + "file")),
    "symbolic-link": ("A member is a symbolic link to a file of the machine.", linked(tarfile.SYMTYPE, "/etc/passwd")),
    "through-a-link": (
        "A symbolic link leads out of the archive, and the next member lies below it.",
        linked(tarfile.SYMTYPE, "../../..", member("rooms/link/hcfmt-was-here", b"odd\n")),
    ),
    "hard-link": ("A member is a hard link to a file of the machine.", linked(tarfile.LNKTYPE, "/etc/passwd")),
    "linked-users": ("A hard link to users.json stands where a file is due.", linked(tarfile.LNKTYPE, "users.json")),
    "device": ("A member is a character device.", plus(member("rooms/null", kind=tarfile.CHRTYPE))),
    "pipe": (
        "A member is a named pipe, on which a reader would wait for ever.",
        plus(member("rooms/pipe", kind=tarfile.FIFOTYPE)),
    ),
    "second-users": ("A second users.json, which is empty, follows.", plus(member("users.json", b"[]"))),
    "many-combining-names": (
        "The names of 1,000 files are 1,000 combining characters each.",
        plus(*(member(f"rooms/100001/files/{one}/{_MARKS}") for one in range(1000))),
    ),
    "two-names": (
        "A member has one name by POSIX's extended header, and another by GNU tar's.",
        plus(
            member("PaxHeaders/b", b"31 path=rooms/100001/files/a/b\n", kind=tarfile.XHDTYPE),
            member("././@LongLink", b"users.json\0", kind=tarfile.GNUTYPE_LONGNAME),
            member("rooms/100001/files/a/b", b"[]"),
        ),
    ),
    "directory-with-a-size": (
        "A directory's header says that it has 512 bytes, and the next member follows at once.",
        plus(
            member("rooms/100001/files/a", kind=tarfile.DIRTYPE, size=512), member("rooms/100001/files/a/b", b"odd\n")
        ),
    ),
    "directory-over-users": (
        "A directory named users.json follows, which takes its place.",
        plus(member("users.json", kind=tarfile.DIRTYPE)),
    ),
    "lookalike-users": (
        "A second users.json, which is empty, follows in capitals: on macOS and Windows it is the same.",
        plus(member("USERS.JSON", b"[]")),
    ),
    "name-beyond-a-disk": (
        "A member's name has 300 characters between two slashes, which no usual file system holds.",
        named(f"rooms/100001/files/{'n' * 300}/b"),
    ),
    "many-members": (f"{MANY:,} files to which nothing refers.", many_members),
    "endless-member": (
        "A member's header says that it has 2^80 bytes.",
        plus(member("rooms/1/files/a/b", size=1 << 80)),
    ),
    "zeros-as-history": ("A history is a gigabyte of zeros.", zeros("rooms/1/history.json")),
    "zeros-as-file": ("A stored file is a gigabyte of zeros.", zeros("rooms/100001/files/a/zeros.bin")),
    "pax-bomb": ("An extended header of POSIX has 256 MB.", header_bomb(tarfile.XHDTYPE)),
    "long-name-bomb": ("A name of GNU tar has 256 MB.", header_bomb(tarfile.GNUTYPE_LONGNAME)),
}

_DATA: Mapping[str, tuple[str, Maker]] = {
    "climbing-attachment": (
        "A message's file is one outside of the archive.",
        attached("../../../../../../etc/passwd"),
    ),
    "absolute-attachment": ("A message's file is named from the root.", attached("/etc/passwd")),
    "backslash-attachment": (
        "A message's file is outside where a backslash separates directories.",
        attached("..\\..\\..\\secrets"),
    ),
    "climbing-avatar": (
        "A user's picture is outside of the archive.",
        refers("users.json", b"files/photos/", b"files/photos/../../../../../"),
    ),
    "climbing-emoticon": (
        "An emoticon's picture is outside of the archive.",
        refers("emoticons.json", b'"path":"', b'"path":"../../../../../../'),
    ),
    "deep-arrays": (
        f"A message holds {_DEEP:,} arrays inside each other.",
        said(b'"odd":%b%b' % (b"[" * _DEEP, b"]" * _DEEP)),
    ),
    "deep-objects": (
        f"A message holds {_DEEP:,} objects inside each other.",
        said(b'"odd":%b0%b' % (b'{"a":' * _DEEP, b"}" * _DEEP)),
    ),
    "deep-text": (
        f"JSON of {_DEEP:,} levels stands in a string, as the metadata of users do.",
        refers("users.json", b'"metadata":"{', b'"metadata":"{\\"odd\\":%b%b,' % (b"[" * _DEEP, b"]" * _DEEP)),
    ),
    "unclosed-arrays": (f"A history is {_DEEP:,} opening brackets.", edited("rooms", b"", lambda _: b"[" * _DEEP)),
    "huge-integer": (f"A message holds an integer of {_DIGITS:,} digits.", said(b'"odd":' + b"9" * _DIGITS)),
    "huge-id": ("A user's id does not fit into 64 bits.", refers("users.json", b'"id":', b'"id":99999999999999999999')),
    "huge-exponent": ("A message holds a number beyond any floating point.", said(b'"odd":1e999999999')),
    "long-fraction": (f"A message holds a fraction of {_DIGITS:,} digits.", said(b'"odd":0.' + b"1" * _DIGITS)),
    "long-message": (f"A message has {_LONG:,} characters.", texted(b"x" * _LONG)),
    "escaped-message": ("A message is two million escapes.", texted(b"\\u0041" * 2_000_000)),
    "endless-string": (
        "A history ends within a string.",
        edited("rooms", b"", lambda text: text[:-1] + b',{"UserMessage":{"id":"' + b"x" * 1_000_000),
    ),
    "many-properties": (
        f"A message has {MANY:,} properties that nobody knows.",
        said(b",".join(b'"odd%d":0' % one for one in range(MANY))),
    ),
    "many-empty-arrays": (
        f"metadata.json has {_VALUES:,} empty arrays.",
        lambda files, how: packed(files.but("metadata.json", b"[%b]" % b",".join([b"[]"] * _VALUES)).tar(), how),
    ),
    "many-empty-arrays-in-a-text": (
        f"JSON of {_VALUES:,} empty arrays stands in a string, as the metadata of users do.",
        refers("users.json", b'"metadata":"{', b'"metadata":"{\\"odd\\":[%b],' % b",".join([b"[]"] * _VALUES)),
    ),
    "many-objects-in-a-message": (
        f"A message holds {_VALUES:,} small objects.",
        said(b'"metadata":[%b]' % b",".join([b'{"a":0}'] * _VALUES)),
    ),
    "strange-message": (
        f"A message has {_STRANGE:,} properties that nobody knows, and no text.",
        edited(
            "rooms",
            b"",
            lambda text: (
                b'[{"UserMessage":{%b}},%b' % (b",".join(b'"odd%d":0' % one for one in range(_STRANGE)), text[1:])
            ),
        ),
    ),
    "other-letter-case": (
        "A user has two ids, and two account types, their names in another letter case.",
        refers("users.json", b'"id":', b'"ID":7,"Account_Type":"admin","id":'),
    ),
    "float-id": ("A user's id is written as a float.", refers("users.json", b'"id":1,', b'"id":1.0,')),
    "many-empty-users": (f"users.json has {MANY:,} empty objects.", listed(lambda _: b"{}")),
    "many-same-users": (
        f"users.json has {MANY:,} users of the same id.",
        listed(lambda users: users[1 : users.index(b"}},{") + 2]),
    ),
    "no-json": ("users.json is a picture.", _users(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)),
    "empty-json": ("users.json has no bytes.", _users(b"")),
    "another-json": ("users.json is the number 7.", _users(b"7")),
}

_STREAMS: Mapping[str, tuple[str, Maker]] = {
    "empty-file": ("The file has no bytes.", lambda _, __: []),
    "one-byte": ("The file has one byte.", file_of(lambda data: data[:1])),
    "salt-alone": ("The file ends behind the salt.", file_of(lambda data: data[:16])),
    "noise": ("Random bytes.", lambda _, how: [_noise(how)]),
    "sealed-noise": ("Random bytes behind the mark of a sealed file.", lambda _, how: [_SALTED, _noise(how)]),
    "other-password": ("The file was sealed with a password that nobody tells.", _other_password),
    "sealed-cut-at-a-block": (
        "The second half of the sealed file is missing, from the end of a block on.",
        file_of(lambda data: data[: len(data) // 32 * 16]),
    ),
    "sealed-cut-in-a-block": (
        "The second half of the sealed file is missing, from within a block on.",
        file_of(lambda data: data[: len(data) // 32 * 16 + 7]),
    ),
    "sealed-corrupt": (
        "One byte in the middle of the sealed file is another.",
        file_of(lambda data: flipped(data, len(data) // 2)),
    ),
    "sealed-twice-over": ("The sealed file stands twice in a row.", file_of(lambda data: data * 2)),
    "gzip-corrupt-inside": (
        "One byte in the middle of the gzip stream is another.",
        gzip_of(lambda data: flipped(data, len(data) // 2)),
    ),
    "gzip-wrong-length": (
        "The gzip stream says at its end that it had another length.",
        gzip_of(lambda data: flipped(data, len(data) - 1)),
    ),
    "gzip-header-alone": ("The gzip stream ends behind its header.", gzip_of(lambda data: data[:10])),
    "gzip-in-gzip": ("The gzip stream was packed again.", gzip_of(lambda data: gzip.compress(data, mtime=0))),
    "zip": ("A zip stands where a tar is due.", tar_of(_zip)),
    "tar-corrupt-header": ("One byte of a tar header is another.", tar_of(lambda data: flipped(data, 100))),
    "tar-cut-in-a-header": ("The tar ends within a header.", tar_of(lambda data: data[:200])),
    "tar-cut-between-members": (
        "The tar ends right before the first history, and has no end of its own.",
        tar_of(lambda data: data[: data.index(b"/history.json\0") // 512 * 512]),
    ),
    "blocks-behind-the-end": (
        "Blocks that were encrypted too stand behind the proper end of the encrypted stream.",
        gzip_of(lambda data: data + bytes([16 - len(data) % 16]) * (16 - len(data) % 16) + b"appended" * 3),
    ),
    "empty-tar": ("The tar has no members.", _nothing_within),
}


def _sound(seed: int) -> Files:
    """Return the first tiny company that has what is to be changed: a file in a room, and a picture of a user."""
    for number in count(1):
        files = tiny(seed, f"hostile {number}")
        shared = any(b'"attachment":{' in data for path, data in files.files if path.startswith("rooms/"))
        if shared and b'"files/photos/' in files.content["users.json"]:
            break
    return files


def hostile_cases(seed: int) -> Iterator[Case]:
    """Yield the cases that are made to do harm."""
    sound = cache(partial(_sound, seed))
    for name, (about, make) in {**_MEMBERS, **_DATA, **_STREAMS}.items():

        def write(path: str, make: Maker = make, name: str = name) -> None:
            with private_file(Path(path)) as file:
                file.writelines(make(sound(), seal(seed, name)))

        yield Case(Folder.HOSTILE, name, about, write, ArchiveForm.ENCRYPTED)
