"""Mutations of a tar: odd fields in one member, or odd headers before it."""

from collections.abc import Callable
from random import Random

from tests.support.builders import GNU, USTAR, V7, entry, header, record

NAME = b"rooms/1/files/BcudLU14VxUEeUK/odd.txt"
PAYLOAD = b"what the member holds\n" * 30
OTHER_NAMES = (
    b"users.json",
    b"rooms/1/files/BcudLU14VxUEeUK/other.txt",
    b"rooms/1/files/" + b"l" * 15 + b"/" + b"x" * 120 + b".txt",
    b"rooms/1/files/" + b"n" * 300 + b".txt",
    b"rooms/1/files/BcudLU14VxUEeUK/odd.txt/",
    b"rooms/1/files/BcudLU14VxUEeUK/./odd.txt",
    b"rooms/1/files/BcudLU14VxUEeUK//odd.txt",
    b"rooms/1/files/BcudLU14VxUEeUK/.",
    b"./" + NAME,
    b"rooms",
    b"BZh9.txt",
    b"MSCF",
    b".",
    b"",
    b" ",
    b"rooms/1/files/BcudLU14VxUEeUK/ odd ",
    b"rooms/1/files/BcudLU14VxUEeUK/caf\xc3\xa9.txt",
    b"rooms/1/files/BcudLU14VxUEeUK/caf\xe9.txt",
    b"rooms/1/files/BcudLU14VxUEeUK/a\nb",
)
SIZES = (0, 1, 511, 512, 513, len(PAYLOAD), 2 * len(PAYLOAD), 0o77777777777)
# How files of other formats begin, which readers look for before they look for a tar.
STARTS = (
    b"(\xb5/\xfd$\0\1\0\0", b"P*M\x18\4\0\0\0", b'\4"M\x18@@\xc0', b"\xfd7zXZ\0", b"\x1f\x9d\x90", b"\x1f\x8b\x08\0",
    b"]\0\0\x80\0", b"LZIP\1\x0c", b"LRZI\0\6", b"\x89LZO\0\r\n\x1a\n", b"BZh91AY&SY", b"GRZipII\0\2\4:)", b"MSCF\0\0",
    b"xar!\0\x1c\0\1", b"!<arch>\n", b"WARC/1.0\r\n", b"\xed\xab\xee\xdb\3\0\0\0", b"begin 644 a\n", b"070707",
    b"#mtree\n",
    b"PK\3\4", b"7z\xbc\xaf'\x1c", b"Rar!\x1a\7\0",
)  # fmt: skip
FLAGS = (b"0", b"\0", b"5", b"7", b"1", b"2", b"S", b"L", b"x", b"g", b"X", b"A", b" ", b"D")
# Where each numeric field begins and how many bytes it has.
FIELDS = {
    "mode": (100, 8),
    "uid": (108, 8),
    "gid": (116, 8),
    "size": (124, 12),
    "mtime": (136, 12),
    "checksum": (148, 8),
}
DEVICES = {"major": (329, 8), "minor": (337, 8)}
KEYWORDS = (
    b"path", b"size", b"linkpath", b"mtime", b"atime", b"ctime", b"uid", b"gid", b"uname", b"gname", b"comment",
    b"charset", b"hdrcharset", b"GNU.sparse.major", b"GNU.sparse.name", b"GNU.sparse.realsize", b"GNU.sparse.size",
    b"GNU.sparse.map", b"GNU.sparse.numblocks", b"SCHILY.realsize", b"SCHILY.filetype", b"SCHILY.xattr.user.a",
    b"SCHILY.dev", b"SCHILY.devmajor", b"SCHILY.nlink", b"SUN.holesdata", b"LIBARCHIVE.creationtime",
    b"LIBARCHIVE.xattr.user.a", b"LIBARCHIVE.symlinktype", b"RHT.security.selinux", b"unknown", b"X.y",
    b"GNU.volume.size",
)  # fmt: skip
VALUES = (
    b"", b"0", b"1", b"3", b"03", b"-1", b"1.5", b"1e3", b"0x10", b" 3", b"3 ", b"99999999999", b"9" * 30, b"a\0b",
    b"user", b"caf\xe9", b"!!", b"schg", b"user::rw-,group::r--,other::r--", b"user::rwx",
    b"BINARY", b"ISO-IR 10646 2000 UTF-8", b"YWJj", b"0,1", b"%d" % len(PAYLOAD), b"1700000000.123456789", b"-5.25",
)  # fmt: skip


def numbers(value: int, width: int) -> list[bytes]:
    """Return the ways in which a number of a header may be written, sound and odd."""
    digits = b"%o" % value
    return [
        digits.rjust(width - 1, b"0") + b"\0",
        digits.rjust(width - 1, b"0") + b" ",
        digits.rjust(width - 2, b"0") + b" \0",
        digits.rjust(width - 2, b"0") + b"\0 ",
        digits.rjust(width, b"0"),
        digits.rjust(width - 1) + b"\0",
        digits.rjust(width - 1) + b" ",
        digits.ljust(width, b"\0"),
        digits.ljust(width, b" "),
        (b"\0" + digits).ljust(width, b"\0"),
        (b"\0 " + digits).ljust(width, b" "),
        (b"\t" + digits).ljust(width, b"\0"),
        (b"-" + digits).ljust(width, b"\0"),
        (b"+" + digits).ljust(width, b"\0"),
        (b"0" + digits + b"\0junk").ljust(width, b"\0"),
        (digits + b" 7").ljust(width, b"\0"),
        (digits + b"9").ljust(width, b"\0"),
        b"\x80" + value.to_bytes(width - 1),
        b"\x80" + (value + (1 << 33)).to_bytes(width - 1) if width > 8 else b"\x80" + (1 << 30).to_bytes(width - 1),
        b"\xff" * (width - 1) + b"\xfe",
        b"\x81" + value.to_bytes(width - 1),
        b"\xc0" + value.to_bytes(width - 1),
        bytes(width),
        b" " * width,
    ]


def mutated_member(random: Random) -> bytes:
    """Return one member as it stands in a tar, odd in one to three ways."""
    magic = random.choice([USTAR, USTAR, GNU, V7])
    patches: dict[int, bytes] = {257: magic}
    state = _Member(random, patches, NAME, len(PAYLOAD), b"0")
    for _ in range(random.choice([1, 1, 1, 2, 2, 3])):
        random.choice(_MUTATIONS)(state)
    padded = PAYLOAD[: state.payload] if state.payload <= len(PAYLOAD) else PAYLOAD.ljust(state.payload, b".")
    block = header(state.name[:100], state.size, state.flag, patches=patches, signed=state.signed)
    return b"".join(state.before) + block + padded + bytes(-len(padded) % 512)


class _Member:
    """A member that is being made odd: what its header says, the bytes that follow, and the headers before it."""

    def __init__(self, random: Random, patches: dict[int, bytes], name: bytes, size: int, flag: bytes) -> None:
        self.random = random
        self.patches = patches
        self.name, self.size, self.flag = name, size, flag
        self.payload = size
        self.signed = False
        self.before: list[bytes] = []


def _number(member: _Member) -> None:
    field, (at, width) = member.random.choice([*FIELDS.items(), *DEVICES.items()])
    modes = member.random.choice([0o644, 0o755, 0o4755, 0o100644, 0o040755, 0o120777])
    value = {"size": member.size, "mode": modes, "mtime": 1_500_000_000}.get(field, 1000)
    if field == "checksum":
        patches = {at: patch for at, patch in member.patches.items() if at != 148}
        value = int(header(member.name[:100], member.size, member.flag, patches=patches)[148:154], 8)
    member.patches[at] = member.random.choice(numbers(value, width))


def _name(member: _Member) -> None:
    member.name = member.random.choice(OTHER_NAMES)
    if member.random.random() < 0.2:
        member.patches[0] = member.name[:90] + b"\0junk"


def _start(member: _Member) -> None:
    """Begin the first header, the member's or an extended one's, as a file of another format begins."""
    start = member.random.choice(STARTS)
    if member.before and member.random.random() < 0.5:
        block = bytearray(member.before[0][:512])
        block[: len(start)] = start
        block[148:156] = b"%06o\0 " % (sum(block) - sum(block[148:156]) + 8 * 32)
        member.before[0] = bytes(block) + member.before[0][512:]
    else:
        member.patches[0] = start


def _size(member: _Member) -> None:
    member.size = member.random.choice(SIZES)
    if member.random.random() < 0.5:
        member.payload = min(member.size, 4096)


def _flag(member: _Member) -> None:
    member.flag = member.random.choice(FLAGS)
    if member.random.random() < 0.5:
        member.size = member.payload = 0


def _magic(member: _Member) -> None:
    member.patches[257] = member.random.choice(
        [USTAR, GNU, V7, b"ustar\0\0\0", b"ustar  0", b"ustar\x0001", b"USTAR\x0000", b"ustar 00", b"tar\0\0\0\0\0"]
    )


def _unused(member: _Member) -> None:
    at, maximum = member.random.choice(
        [(157, 100), (265, 32), (297, 32), (345, 155), (345, 12), (476, 24), (500, 12), (508, 4)]
    )
    text = member.random.choice([b"rooms/2", b"a/", b"/", b"x", b"00000000001\0", b"tar\0", b"\0hidden", b"\xff\xfe"])
    member.patches[at] = text[:maximum]


def _bits(member: _Member) -> None:
    block = bytearray(header(member.name[:100], member.size, member.flag, patches=member.patches))
    at = member.random.randrange(512)
    if not 148 <= at < 156:
        member.patches[at] = bytes([block[at] ^ 1 << member.random.randrange(8)])


def _signed(member: _Member) -> None:
    member.name = b"rooms/1/files/caf\xc3\xa9.txt"
    member.signed = True


def _pax(member: _Member) -> None:
    records = [_record(member) for _ in range(member.random.choice([0, 1, 1, 1, 1, 2]))]
    flag = member.random.choice([b"x", b"x", b"x", b"x", b"g", b"X"])
    payload = b"".join(records) + member.random.choice([b"", b"", b"", b"", b"\0", b"\n"])
    member.before.append(_odd_header(member, b"PaxHeaders/odd", payload, flag))


def _record(member: _Member) -> bytes:
    keyword = member.random.choice(KEYWORDS[:2] + KEYWORDS)
    values = OTHER_NAMES if keyword in (b"path", b"linkpath", b"GNU.sparse.name") else VALUES
    pax_record = record(keyword, member.random.choice(values))
    odd = member.random.random()
    if odd < 0.05:
        return b"0" + record(keyword, member.random.choice(values) + b".")
    if odd < 0.1:
        return pax_record.replace(b" ", b"\t", 1)
    if odd < 0.15:
        return pax_record[:-1]
    return pax_record


def _long_name(member: _Member) -> None:
    flag = member.random.choice([b"L", b"L", b"L", b"K"])
    ending = member.random.choice([b"\0", b"\0", b"\0", b"", b"\0\0", b"\0junk"])
    member.before.append(_odd_header(member, b"././@LongLink", member.random.choice(OTHER_NAMES) + ending, flag))


def _odd_header(member: _Member, name: bytes, payload: bytes, flag: bytes) -> bytes:
    """Return an extended header that is itself odd now and then."""
    if member.random.random() < 0.9:
        return entry(name, payload, flag, magic=member.random.choice([USTAR, GNU]))
    at, width = FIELDS["size"]
    patches = {at: member.random.choice(numbers(len(payload), width))}
    return header(name, len(payload), flag, patches=patches) + payload + bytes(-len(payload) % 512)


_MUTATIONS: list[Callable[[_Member], None]] = [
    _number, _number, _name, _start, _size, _flag, _magic, _unused, _unused, _bits, _bits, _signed, _pax, _pax, _pax,
    _long_name, _long_name,
]  # fmt: skip
