"""The hostile cases: climbing names, links and devices, bombs, endless texts, and broken streams."""

import tarfile
from collections.abc import Iterator, Mapping
from functools import cache, partial
from itertools import count
from pathlib import Path

from hcfmt.container.private_files import private_file
from hcfmt.corpus.case import Case, Files, Folder, encryption_for
from hcfmt.corpus.hostile_streams import STREAMS
from hcfmt.corpus.mutations import (
    MANY,
    Mutation,
    add_file,
    add_link,
    add_many_members,
    add_members,
    add_message_properties,
    add_users,
    add_zeros,
    edit_history,
    header_bomb,
    replace_in,
    rewrite,
    set_attachment_path,
    set_message_text,
    tar_member,
)
from hcfmt.corpus.sound import tiny
from hcfmt.export.writer import ArchiveForm

_DEEP = 200_000  # levels of JSON
_DIGITS = 200_000  # of a number
_LONG = 20_000_000  # characters of a text
_CLIMBING = "../../../../../../hcfmt-was-here"
_VALUES = 2_500_000  # in one JSON text of a few megabytes
_PROPERTIES = 10_001  # undocumented, of one message
_UNDOCUMENTED = b",".join(b'"odd%d":0' % number for number in range(_PROPERTIES))
_MARKS = "\u0327\u0301" * 500  # combining characters, which normalising has to sort


def _users(content: bytes) -> Mutation:
    """Return a mutation that replaces the content of users.json."""
    return rewrite("users.json", lambda _: content)


_MEMBERS: Mapping[str, tuple[str, Mutation]] = {
    "absolute-name": ("A member's name is absolute.", add_file("/hcfmt-was-here")),
    "climbing-name": ("A member's name leads out of the archive.", add_file(_CLIMBING)),
    "hidden-climbing-name": (
        "A member's name first leads into a directory, and then out of the archive.",
        add_file(f"rooms/1/files/{_CLIMBING}"),
    ),
    "backslash-name": (
        "A member's name leads out of the archive on systems where a backslash separates directories.",
        add_file("..\\..\\hcfmt-was-here"),
    ),
    "drive-name": ("A member's name begins with a Windows drive letter.", add_file("C:/hcfmt-was-here")),
    "control-name": ("A member's name holds control sequences for terminals.", add_file("rooms/\x1b[2J\x07/a")),
    "long-name": ("A member's name has 100,000 characters.", add_file("rooms/1/files/a/" + "x" * 100_000)),
    "deep-name": ("A member is below 30,000 directories.", add_file("d/" * 30_000 + "file")),
    "symbolic-link": (
        "A member is a symbolic link to a file of the machine.",
        add_link(tarfile.SYMTYPE, "/etc/passwd"),
    ),
    "through-a-link": (
        "A symbolic link leads out of the archive, and the next member is below it.",
        add_link(tarfile.SYMTYPE, "../../..", tar_member("rooms/link/hcfmt-was-here", b"odd\n")),
    ),
    "hard-link": ("A member is a hard link to a file of the machine.", add_link(tarfile.LNKTYPE, "/etc/passwd")),
    "linked-users": (
        "A hard link to users.json is in the place of a stored file.",
        add_link(tarfile.LNKTYPE, "users.json"),
    ),
    "device": ("A member is a character device.", add_members(tar_member("rooms/null", kind=tarfile.CHRTYPE))),
    "pipe": (
        "A member is a named pipe, on which a reader would wait forever.",
        add_members(tar_member("rooms/pipe", kind=tarfile.FIFOTYPE)),
    ),
    "second-users": ("A second users.json, which is empty, follows.", add_members(tar_member("users.json", b"[]"))),
    "many-combining-names": (
        "The names of 1,000 files are 1,000 combining characters each.",
        add_members(*(tar_member(f"rooms/100001/files/{number}/{_MARKS}") for number in range(1000))),
    ),
    "two-names": (
        "A member has one name in a POSIX extended header, and another in a GNU tar header.",
        add_members(
            tar_member("PaxHeaders/b", b"31 path=rooms/100001/files/a/b\n", kind=tarfile.XHDTYPE),
            tar_member("././@LongLink", b"users.json\0", kind=tarfile.GNUTYPE_LONGNAME),
            tar_member("rooms/100001/files/a/b", b"[]"),
        ),
    ),
    "directory-with-a-size": (
        "A directory's header gives it 512 bytes, and the next member follows immediately.",
        add_members(
            tar_member("rooms/100001/files/a", kind=tarfile.DIRTYPE, size=512),
            tar_member("rooms/100001/files/a/b", b"odd\n"),
        ),
    ),
    "directory-over-users": (
        "A directory named users.json follows, which replaces the file.",
        add_members(tar_member("users.json", kind=tarfile.DIRTYPE)),
    ),
    "lookalike-users": (
        "An empty USERS.JSON follows, which is the same file on macOS and Windows.",
        add_members(tar_member("USERS.JSON", b"[]")),
    ),
    "name-beyond-a-disk": (
        "A member's name has 300 characters between two slashes, which no usual file system holds.",
        add_file(f"rooms/100001/files/{'n' * 300}/b"),
    ),
    "many-members": (f"{MANY:,} files that no record refers to.", add_many_members),
    "endless-member": (
        "A member's header gives it 2^80 bytes.",
        add_members(tar_member("rooms/1/files/a/b", size=1 << 80)),
    ),
    "zeros-as-history": ("A history is a gigabyte of zeros.", add_zeros("rooms/1/history.json")),
    "zeros-as-file": ("A stored file is a gigabyte of zeros.", add_zeros("rooms/100001/files/a/zeros.bin")),
    "pax-bomb": ("A POSIX extended header has 256 MB.", header_bomb(tarfile.XHDTYPE)),
    "long-name-bomb": ("A GNU tar long name has 256 MB.", header_bomb(tarfile.GNUTYPE_LONGNAME)),
}

_DATA: Mapping[str, tuple[str, Mutation]] = {
    "climbing-attachment": (
        "A message refers to a file outside of the archive.",
        set_attachment_path("../../../../../../etc/passwd"),
    ),
    "absolute-attachment": ("A message refers to a file by an absolute path.", set_attachment_path("/etc/passwd")),
    "backslash-attachment": (
        "A message refers to a file outside of the archive on systems where a backslash separates directories.",
        set_attachment_path("..\\..\\..\\secrets"),
    ),
    "climbing-avatar": (
        "A user's picture is outside of the archive.",
        replace_in("users.json", b"files/photos/", b"files/photos/../../../../../"),
    ),
    "climbing-emoticon": (
        "An emoticon's picture is outside of the archive.",
        replace_in("emoticons.json", b'"path":"', b'"path":"../../../../../../'),
    ),
    "deep-arrays": (
        f"A message holds {_DEEP:,} arrays inside each other.",
        add_message_properties(b'"odd":%b%b' % (b"[" * _DEEP, b"]" * _DEEP)),
    ),
    "deep-objects": (
        f"A message holds {_DEEP:,} objects inside each other.",
        add_message_properties(b'"odd":%b0%b' % (b'{"a":' * _DEEP, b"}" * _DEEP)),
    ),
    "deep-text": (
        f"JSON of {_DEEP:,} levels is in a string, the metadata of a user.",
        replace_in("users.json", b'"metadata":"{', b'"metadata":"{\\"odd\\":%b%b,' % (b"[" * _DEEP, b"]" * _DEEP)),
    ),
    "unclosed-arrays": (
        f"A history is {_DEEP:,} opening brackets.",
        edit_history("rooms", b"", lambda _: b"[" * _DEEP),
    ),
    "huge-integer": (
        f"A message holds an integer of {_DIGITS:,} digits.",
        add_message_properties(b'"odd":' + b"9" * _DIGITS),
    ),
    "huge-id": (
        "A user's id does not fit into 64 bits.",
        replace_in("users.json", b'"id":', b'"id":99999999999999999999'),
    ),
    "huge-exponent": (
        "A message holds a number beyond any floating point.",
        add_message_properties(b'"odd":1e999999999'),
    ),
    "long-fraction": (
        f"A message holds a fraction of {_DIGITS:,} digits.",
        add_message_properties(b'"odd":0.' + b"1" * _DIGITS),
    ),
    "long-message": (f"A message has {_LONG:,} characters.", set_message_text(b"x" * _LONG)),
    "escaped-message": ("A message is two million escapes.", set_message_text(b"\\u0041" * 2_000_000)),
    "endless-string": (
        "A history ends within a string.",
        edit_history("rooms", b"", lambda text: text[:-1] + b',{"UserMessage":{"id":"' + b"x" * 1_000_000),
    ),
    "many-properties": (
        f"A message has {MANY:,} undocumented properties.",
        add_message_properties(b",".join(b'"odd%d":0' % number for number in range(MANY))),
    ),
    "many-empty-arrays": (
        f"metadata.json has {_VALUES:,} empty arrays.",
        rewrite("metadata.json", lambda _: b"[%b]" % b",".join([b"[]"] * _VALUES)),
    ),
    "many-empty-arrays-in-a-text": (
        f"JSON of {_VALUES:,} empty arrays is in a string, the metadata of a user.",
        replace_in("users.json", b'"metadata":"{', b'"metadata":"{\\"odd\\":[%b],' % b",".join([b"[]"] * _VALUES)),
    ),
    "many-objects-in-a-message": (
        f"A message holds {_VALUES:,} small objects.",
        add_message_properties(b'"metadata":[%b]' % b",".join([b'{"a":0}'] * _VALUES)),
    ),
    "strange-message": (
        f"A message has {_PROPERTIES:,} undocumented properties, and no text.",
        edit_history("rooms", b"", lambda text: b'[{"UserMessage":{%b}},%b' % (_UNDOCUMENTED, text[1:])),
    ),
    "other-letter-case": (
        "A user has a second id and a second account type, under names in other letter case.",
        replace_in("users.json", b'"id":', b'"ID":7,"Account_Type":"admin","id":'),
    ),
    "float-id": ("A user's id is written as a float.", replace_in("users.json", b'"id":1,', b'"id":1.0,')),
    "many-empty-users": (f"users.json has {MANY:,} empty objects.", add_users(lambda _: b"{}")),
    "many-same-users": (
        f"users.json has {MANY:,} users of the same id.",
        add_users(lambda users: users[1 : users.index(b"}},{") + 2]),
    ),
    "no-json": ("users.json is a picture.", _users(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)),
    "empty-json": ("users.json has no bytes.", _users(b"")),
    "another-json": ("users.json is the number 7.", _users(b"7")),
}


def _sound(seed: int) -> Files:
    """Return the first tiny company that has a file in a room and a picture of a user, which mutations change."""
    for number in count(1):
        files = tiny(seed, f"hostile {number}")
        has_file = any(b'"attachment":{' in data for path, data in files.files if path.startswith("rooms/"))
        if has_file and b'"files/photos/' in files.content["users.json"]:
            break
    return files


def hostile_cases(seed: int) -> Iterator[Case]:
    """Yield the hostile cases."""
    sound = cache(partial(_sound, seed))
    for name, (about, mutate) in {**_MEMBERS, **_DATA, **STREAMS}.items():

        def write(path: str, mutate: Mutation = mutate, name: str = name) -> None:
            with private_file(Path(path)) as file:
                file.writelines(mutate(sound(), encryption_for(seed, name)))

        yield Case(Folder.HOSTILE, name, about, write, ArchiveForm.ENCRYPTED)
