"""Lines of a recipe that begin with a keyword: they change layers, paths, headers and settings."""

import re
from collections.abc import Callable, Mapping

from hcfmt.container import DEPTHS, DIGESTS, LIMITS
from hcfmt.recipes.actions import (
    Action,
    AppendBytes,
    CutLayer,
    FlipByte,
    PackLayers,
    PadCipher,
    PatchHeader,
    PrefixMembers,
    RenameMember,
    SetLimit,
    UseDigest,
    UseName,
    UsePassword,
)
from hcfmt.recipes.source_line import SourceLine, quoted, unescaped
from hcfmt.suggestions import unknown_name

LAYERS = ("aes gzip tar", "gzip tar", "tar", "aes tar", "aes aes gzip tar", "aes gzip gzip tar", "gzip gzip tar", "zip")
_HEADER = 512  # bytes
_NUMBER = re.compile(r"-?[0-9]{1,15}")
_PADDING = re.compile(r"\\x[0-9a-fA-F]{2}|[ -~]")
_OPTION = "--max-"


def _layers(line: SourceLine, start: int) -> Action:
    ((offset, names),) = line.arguments(start, 1, "layers gzip tar")
    if names not in LAYERS:
        raise line.error(offset, unknown_name("order of layers", names, LAYERS))
    return PackLayers(tuple(names.split()))


def _tar(line: SourceLine, start: int) -> Action:
    return _layer_change(line, start, "tar")


def _gzip(line: SourceLine, start: int) -> Action:
    return _layer_change(line, start, "gzip")


def _aes(line: SourceLine, start: int) -> Action:
    return _layer_change(line, start, "aes")


def _layer_change(line: SourceLine, start: int, layer: str) -> Action:
    (verb_offset, verb), (offset, argument) = line.arguments(start, 2, f"{layer} cut 700")
    verbs = ["cut", "flip", "add", *(["pad"] if layer == "aes" else [])]
    if verb not in verbs:
        raise line.error(verb_offset, unknown_name(f"change of the {layer} layer", verb, verbs))
    if verb == "add":
        return AppendBytes(layer, unescaped(argument))
    if verb == "pad":
        if not _PADDING.fullmatch(argument):
            raise line.error(offset, r"A padding is one byte. Example: aes pad \x00")
        return PadCipher(unescaped(argument))
    offset_in_layer = _number(line, offset, argument, f"{layer} {verb} -20")
    return CutLayer(layer, offset_in_layer) if verb == "cut" else FlipByte(layer, offset_in_layer)


def _digest(line: SourceLine, start: int) -> Action:
    ((offset, name),) = line.arguments(start, 1, "digest sha256")
    if name not in DIGESTS:
        raise line.error(offset, unknown_name("key derivation", name, DIGESTS))
    return UseDigest(name)


def _password(line: SourceLine, start: int) -> Action:
    ((_, password),) = line.arguments(start, 1, "password wrong")
    return UsePassword(password.encode("utf-8", "surrogateescape"))


def _name(line: SourceLine, start: int) -> Action:
    ((offset, name),) = line.arguments(start, 1, "name export.zip")
    if set(name) & {"/", "\\", " ", "\0"} or name in {".", ".."}:
        raise line.error(offset, "A name holds no slash and no space. Example: name export.zip")
    return UseName(name)


def _option(line: SourceLine, start: int) -> Action:
    (offset, option), (value_offset, value) = line.arguments(start, 2, "option --max-members 5")
    limit = option.removeprefix(_OPTION)
    if not option.startswith(_OPTION) or limit not in LIMITS:
        raise line.error(offset, unknown_name("option of a check", option, [f"{_OPTION}{name}" for name in LIMITS]))
    number = _number(line, value_offset, value, f"option {option} 500")
    if number < 0 or (limit == "depth" and number not in DEPTHS):
        least, most = (DEPTHS[0], DEPTHS[-1]) if limit == "depth" else (0, 10**15)
        raise line.error(value_offset, f"The limit is a number from {least:,} to {most:,}.")
    return SetLimit(limit, number)


def _prefix(line: SourceLine, start: int) -> Action:
    ((offset, prefix),) = line.arguments(start, 1, "prefix data/")
    _require_no_space(line, offset, prefix)
    return PrefixMembers(line.path(offset, prefix))


def _rename(line: SourceLine, start: int) -> Action:
    (old_offset, old), (new_offset, new) = line.arguments(start, 2, "rename users.json people.json")
    _require_no_space(line, new_offset, new)
    return RenameMember(line.path(old_offset, old), line.path(new_offset, new))


def _header(line: SourceLine, start: int) -> Action:
    example = "header users.json 345 old"
    (path_offset, path), (at_offset, at), (data_offset, text) = line.arguments(start, 3, example)
    offset, data = _number(line, at_offset, at, example), unescaped(text)
    if not 0 <= offset < _HEADER:
        raise line.error(at_offset, f"A tar header has {_HEADER} bytes, which count from 0.")
    if offset + len(data) > _HEADER:
        raise line.error(data_offset, f"Only {_HEADER - offset} bytes of the tar header are left from {offset} on.")
    return PatchHeader(line.path(path_offset, path), offset, data)


def _number(line: SourceLine, offset: int, text: str, example: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise line.error(offset, f"{quoted(text)} is not a number. Example: {example}")
    return int(text)


def _require_no_space(line: SourceLine, offset: int, path: str) -> None:
    if " " in path:
        raise line.error(offset + path.index(" "), r"A space in a path is written \x20.")


STATEMENTS: Mapping[str, Callable[[SourceLine, int], Action]] = {
    "layers": _layers,
    "tar": _tar,
    "gzip": _gzip,
    "aes": _aes,
    "digest": _digest,
    "password": _password,
    "name": _name,
    "option": _option,
    "prefix": _prefix,
    "rename": _rename,
    "header": _header,
}
"""A function for each keyword: it takes the line and the offset behind the keyword, and returns the action."""
