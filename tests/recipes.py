r"""The examples of the rule pages: recipes that change the documented sample, and what runs them.

The documented sample is the export that the format's documentation describes, as small as it can be: two users, one
room, every kind of message, ``generated/samples/documented.tar.gz.aes``. A recipe says how to change it, one change a
line, from the top down; ``(the documented sample as it is)`` stands for no change.

Members and what is in them::

    users.json#/0/User/title = "CTO"      the JSON value at this JSON Pointer; made when absent, "/-" ends an array
    users.json#/0/User/title = "x" * 300  the JSON value this many times over
    users.json#/0/User/title -            no such value
    users.json = [NaN]                    a member's whole content; made when there is no such member
    users.json += []                      one more member of the same path
    metadata.json -                       no such member
    rooms/1/link -> /etc/passwd           a symbolic link
    rename users.json people.json         another path for the same content
    prefix data/                          this stands before the path of every member
    header users.json 345 old             these bytes stand in the member's tar header from byte 345 on

In contents, paths and added bytes ``\xNN`` is the byte NN (so a space in a path is ``\x20``), in paths ``(n*256)``
stands for 256 times what is before the asterisk; all else stands for itself, in UTF-8.

The layers, which are tar, gzip and aes (what ``openssl enc -aes-256-cbc`` writes)::

    layers gzip tar                       what is packed, the outermost first; "aes gzip tar" unless told, also "zip"
    tar cut 700                           the layer ends after 700 bytes; "cut -700": 700 bytes before its end
    gzip flip -8                          all bits of one byte are turned; counted like a cut
    aes add abc                           bytes after the end
    aes pad \x00                          the cipher's last block is filled up with this byte, not with PKCS#7 padding
    digest sha256                         how the key is derived; "md5" unless told, also "pbkdf2"
    password wrong                        what the archive is sealed with; it is always opened with "hipchat"

The file, and the check of it::

    name export.zip                       the file's name; "archive" and a suffix for each layer unless told
    option --max-members 5                an option of ``hcfmt validate``
"""

import gzip
import io
import json
import re
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from hcfmt.container import MemberKind, encrypt, open_archive

SAMPLE = Path(__file__).parents[1] / "generated" / "samples" / "documented.tar.gz.aes"
PASSWORD = "hipchat"
UNCHANGED = "(the documented sample as it is)"

_SALT = b"a recipe"
_DATE = 1_544_400_000  # 2018-12-10, the sample's own, in seconds since 1970 UTC
_AES_BLOCK = 16
_SUFFIXES = {"tar": ".tar", "zip": ".zip", "gzip": ".gz", "aes": ".aes"}


@dataclass(frozen=True, slots=True)
class Cooked:
    """What a recipe makes: a file's name and bytes, and the limits for checking it, by their name in ``Budget``."""

    name: str
    data: bytes
    limits: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Member:
    """A member to be packed: a directory when its path ends in a slash, a link when it has a target.

    ``patch`` is a place in its header, and the bytes that stand there.
    """

    path: str
    content: bytes = b""
    target: str = ""
    patch: tuple[int, bytes] = (0, b"")


@dataclass(slots=True)
class _Draft:
    """What the lines of a recipe change before anything is packed."""

    members: list[_Member]
    edits: dict[str, list[Callable[[bytes], bytes]]] = field(default_factory=lambda: defaultdict(list))
    limits: dict[str, int] = field(default_factory=dict)
    layers: tuple[str, ...] = ("aes", "gzip", "tar")
    name: str = ""
    password: str = PASSWORD
    digest: str = "md5"
    padding: bytes = b""

    def at(self, path: str) -> int:
        """Return the index of the first member of a path; ValueError when there is none."""
        return [member.path for member in self.members].index(_path(path))


def sample_files() -> dict[str, bytes]:
    """Return the sample's files by path."""
    return {member.path: member.content for member in _sample() if not member.path.endswith("/")}


def cook(recipe: str) -> Cooked:
    """Run a recipe; ValueError for a line that is none, or that changes what is not there."""
    try:
        return _cooked([] if recipe == UNCHANGED else recipe.splitlines())
    except (LookupError, TypeError) as error:
        raise ValueError(f"The recipe changes what is not there: {recipe}") from error


def _cooked(lines: Sequence[str]) -> Cooked:
    draft = _Draft(list(_sample()))
    for line in lines:
        _apply(draft, line)
    if not set(draft.edits) <= set(draft.layers):
        raise ValueError(f"A layer is changed that is not packed: {lines}")
    data = b""
    for layer in reversed(draft.layers):
        data = _PACK[layer](draft, data)
        for edit in draft.edits[layer]:
            data = edit(data)
    suffix = "".join(_SUFFIXES[layer] for layer in reversed(draft.layers))
    return Cooked(draft.name or f"archive{suffix}", data, draft.limits)


@cache
def _sample() -> tuple[_Member, ...]:
    with open_archive(str(SAMPLE), password=PASSWORD.encode) as archive:
        return tuple(
            _Member(member.path.rstrip("/") + "/" * (member.kind is MemberKind.DIRECTORY), b"".join(member.chunks))
            for member in archive.members()
        )


def _apply(draft: _Draft, line: str) -> None:
    for pattern, change in _CHANGES:
        if match := pattern.fullmatch(line):
            change(draft, *match.groups())
            return
    raise ValueError(f"No line of a recipe: {line}")


def _bytes(text: str) -> bytes:
    return re.sub(rb"\\x([0-9a-fA-F]{2})", lambda escape: bytes([int(escape[1], 16)]), text.encode())


_TIMES = re.compile(r"\(([^()*]+)\*([0-9]+)\)")


def _path(text: str) -> str:
    text = _TIMES.sub(lambda match: match[1] * int(match[2]), text)
    return _bytes(text).decode("utf-8", "surrogateescape")


# Members and what is in them.


def _edit_json(draft: _Draft, path: str, pointer: str, change: Callable[[Any, Any], None]) -> None:
    """Let a function change the array or object that a pointer's last token stands in."""
    index = draft.at(path)
    document = inner = json.loads(draft.members[index].content)
    *tokens, last = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    for token in tokens:
        inner = inner[int(token) if isinstance(inner, list) else token]
    change(inner, int(last) if isinstance(inner, list) and last != "-" else last)
    draft.members[index] = replace(draft.members[index], content=json.dumps(document).encode())


def _set_value(draft: _Draft, path: str, pointer: str, text: str, times: str | None) -> None:
    value = json.loads(text) if times is None else json.loads(text) * int(times)

    def change(inner: Any, key: Any) -> None:  # noqa: ANN401 - any JSON array or object, and its index or key
        if isinstance(inner, list) and key == "-":
            inner.append(value)
        else:
            inner[key] = value

    _edit_json(draft, path, pointer, change)


def _remove_value(draft: _Draft, path: str, pointer: str) -> None:
    def change(inner: Any, key: Any) -> None:  # noqa: ANN401 - any JSON array or object, and its index or key
        del inner[key]

    _edit_json(draft, path, pointer, change)


def _write(draft: _Draft, path: str, text: str) -> None:
    member = _Member(_path(path), _bytes(text))
    if member.path in [old.path for old in draft.members]:
        draft.members[draft.at(path)] = member
    else:
        draft.members.append(member)


def _add_member(draft: _Draft, path: str, text: str) -> None:
    draft.members.insert(draft.at(path) + 1, _Member(_path(path), _bytes(text)))


def _remove_member(draft: _Draft, path: str) -> None:
    del draft.members[draft.at(path)]


def _link(draft: _Draft, path: str, target: str) -> None:
    draft.members.append(_Member(_path(path), target=target))


def _rename(draft: _Draft, old: str, new: str) -> None:
    index = draft.at(old)
    draft.members[index] = replace(draft.members[index], path=_path(new))


def _header(draft: _Draft, path: str, at: str, text: str) -> None:
    index = draft.at(path)
    draft.members[index] = replace(draft.members[index], patch=(int(at), _bytes(text)))


def _prefix(draft: _Draft, prefix: str) -> None:
    draft.members = [replace(member, path=_path(prefix) + member.path) for member in draft.members]


# The layers.


def _layers(draft: _Draft, names: str) -> None:
    draft.layers = tuple(names.split())


def _edit_layer(draft: _Draft, layer: str, how: str, argument: str) -> None:
    def edit(data: bytes) -> bytes:
        if how == "add":
            return data + _bytes(argument)
        place = range(len(data))[int(argument)]
        return data[:place] + (bytes([data[place] ^ 0xFF]) + data[place + 1 :] if how == "flip" else b"")

    draft.edits[layer].append(edit)


def _pad(draft: _Draft, byte: str) -> None:
    draft.padding = _bytes(byte)


def _setting(draft: _Draft, what: str, value: str) -> None:
    setattr(draft, what, value)


def _option(draft: _Draft, limit: str, value: str) -> None:
    draft.limits[limit] = int(value)


_CHANGES: Sequence[tuple[re.Pattern[str], Callable[..., None]]] = [
    (re.compile(pattern), change)
    for pattern, change in (
        (r"layers (zip|(?:aes )?(?:gzip )?tar)", _layers),
        (r"(tar|gzip|aes) (cut|flip) (-?[0-9]+)", _edit_layer),
        (r"(tar|gzip|aes) (add) (.+)", _edit_layer),
        (r"aes pad (\\x[0-9a-fA-F]{2}|[ -~])", _pad),
        (r"(name) ([^/ ]+)", _setting),
        (r"(password) (.+)", _setting),
        (r"(digest) (md5|sha256|pbkdf2)", _setting),
        (r"option --max-([a-z]+) ([0-9]+)", _option),
        (r"prefix ([^ ]+)", _prefix),
        (r"rename ([^ ]+) ([^ ]+)", _rename),
        (r"header ([^ ]+) ([0-9]+) (.+)", _header),
        (r"([^ #]+)#(/[^ ]*) = (.+?)(?: \* ([0-9]+))?", _set_value),
        (r"([^ #]+)#(/[^ ]*) -", _remove_value),
        (r"([^ ]+) -> (.+)", _link),
        (r"([^ ]+) \+= (.*)", _add_member),
        (r"([^ ]+) =(?: |$)(.*)", _write),
        (r"([^ ]+) -", _remove_member),
    )
]


def _pack_tar(draft: _Draft, _: bytes) -> bytes:
    """Pack as GNU tar does, but end with the two zero blocks alone, so that what is counted from the end is plain."""
    return b"".join(_tar_member(member) for member in draft.members) + bytes(2 * tarfile.BLOCKSIZE)


def _tar_member(member: _Member) -> bytes:
    info = tarfile.TarInfo(member.path.removesuffix("/") if not member.target else member.path)
    info.size, info.mtime = len(member.content), _DATE
    if member.target:
        info.type, info.linkname = tarfile.SYMTYPE, member.target
    elif member.path.endswith("/"):
        info.type, info.mode = tarfile.DIRTYPE, 0o755
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape"))
    at, patch = member.patch
    if patch:
        at += len(header) - tarfile.BLOCKSIZE
        header[at : at + len(patch)] = patch
        header[-364:-356] = b"%06o\0 " % (sum(header[-512:-364]) + 8 * 32 + sum(header[-356:]))
    return bytes(header) + member.content + bytes(-len(member.content) % tarfile.BLOCKSIZE)


def _pack_gzip(_: _Draft, data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _pack_aes(draft: _Draft, data: bytes) -> bytes:
    if not draft.padding:
        return b"".join(encrypt(iter([data]), draft.password.encode(), draft.digest, salt=_SALT))
    filled = data + draft.padding * (-len(data) % _AES_BLOCK)
    # What is a whole number of blocks is padded with a block of its own, which is left out.
    return b"".join(encrypt(iter([filled]), draft.password.encode(), draft.digest, salt=_SALT))[:-_AES_BLOCK]


def _pack_zip(draft: _Draft, _: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for member in draft.members:
            packed.writestr(zipfile.ZipInfo(member.path), member.content)
    return stream.getvalue()


_PACK: Mapping[str, Callable[[_Draft, bytes], bytes]] = {
    "tar": _pack_tar,
    "gzip": _pack_gzip,
    "aes": _pack_aes,
    "zip": _pack_zip,
}
