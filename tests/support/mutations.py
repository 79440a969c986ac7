"""Archives that something happened to, in any layer: bytes, tar headers, members, JSON text, JSON values."""

import gzip
import json
import tarfile
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from hcfmt.container import encrypt
from tests.support.builders import END, header
from tests.support.recipes import PASSWORD, sample_files
from tests.support.tar_mutations import mutated_member

Files = list[tuple[str, bytes]]

_SALT = b"mutation"
_DATA = tuple(path for path in sample_files() if path.endswith(".json"))
_ODD_NAMES = (
    "users.json", "rooms.json/", "USERS.JSON", "users.json.", "rooms/1/history.json/x", "rooms/2/history.json",
    "rooms/1",
    "users/1/history.json", "users/007/history.json", "data/users.json", "data/rooms.json", "./users.json",
    "../users.json",
    "/users.json", "a\\b", "rooms/1/files/" + "d/" * 200 + "x", "n" * 300, "", ".", "caf\udce9", "e\u0301" * 40,
    "\ufeffusers.json",
    "rooms/99999999999999999999/history.json", "files/img/emoticons/1/x.png", "users/1/avatars/x.png",
    "users/files/a/b",
)  # fmt: skip
_ODD_VALUES: Sequence[Any] = (
    None, True, False, 0, -1, 1, 2, 2.0, 1.5, 1e300, 2**53, 2**53 + 1, 2**64, -(2**70), "", " ", "None", "{}", "[]",
    "null", "1",
    "\0", "\ud800", "x" * 20_000, "\u202e::error::x", "2018-04-02T15:40:44Z 000000", "2018-13-45T99:99:99Z 000000",
    "../../x",
    "/etc/passwd", [], {}, [None], [[]], [{}], {"": None}, {"id": 1}, [1] * 200, {"User": {}}, {"UserMessage": {}},
    {f"odd{number}": number for number in range(200)}, {"Id": 1, "id": 1, "ID": 1},
)  # fmt: skip
_ODD_TEXTS = (
    b"", b"[]", b"{}", b"null", b"7", b'"x"', b"[", b"]", b"[[", b"[,]", b"[{}]", b"[{},]", b"\xef\xbb\xbf[]",
    b"NaN", b"[NaN]",
    b"[1e999]", b"[-0]", b"\xff\xfe", b"[]\0", b"[] []", b'[{"User":{}}', b'[{"User":{}},{"User":{}}]',
    b"[" * 600 + b"]" * 600,
    b'{"a":' * 300 + b"1" + b"}" * 300, b"[" + b"[]," * 20_000 + b"[]]", b'[{"UserMessage":{"id":"' + b"x" * 5_000,
    b"[" + b'{"UserMessage":{}},' * 500 + b"{}]", b'{"Emoticons":null}', b'{"AutoJoins":{}}',
    b'{"Emoticons":[null,{}]}',
)  # fmt: skip
_ODD_BYTES = (
    b"\0",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\xff",
    b"\n",
    b"9",
    b".",
    b"e",
    b"\\u0000",
    b"\\ud800",
)


def mutated(random: Random) -> bytes:
    """Return the documented sample with one to four mutations, packed as a tar, gzipped, or sealed."""
    files: Files = list(sample_files().items())
    for _ in range(random.choice([0, 1, 1, 1, 2, 3])):
        random.choice(_OF_FILES)(random, files)
    data = b"".join(_member(random, path, content) for path, content in files) + END
    if random.random() < 0.3:
        data = (
            mutated_member(random) + data if random.random() < 0.5 else data[: -len(END)] + mutated_member(random) + END
        )
    layers = random.choice(["tar", "tar", "gzip", "aes"])
    data = _spoilt(random, data, 0.2)
    if layers != "tar":
        data = _spoilt(random, gzip.compress(data, 1, mtime=0), 0.2)
    if layers == "aes":
        data = _spoilt(random, b"".join(encrypt(iter([data]), PASSWORD.encode(), salt=_SALT)), 0.3)
    return data


def _member(random: Random, path: str, content: bytes) -> bytes:
    raw = path.encode("utf-8", "surrogateescape")
    flag = b"5" if path.endswith("/") else b"0"
    if len(raw) > 100 or random.random() < 0.02:
        info = tarfile.TarInfo(path.rstrip("/") or "x")
        info.size = len(content)
        block = info.tobuf(random.choice([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]), "utf-8", "surrogateescape")
    else:
        block = header(raw, len(content), flag)
    return block + content + bytes(-len(content) % 512)


def _spoilt(random: Random, data: bytes, share: float) -> bytes:
    """Return bytes, a share of the times with something done to them anywhere."""
    if random.random() > share or not data:
        return data
    at = random.randrange(len(data))
    before, after = data[:at], data[at:]
    ways = (
        before,
        before + bytes([after[0] ^ 1 << random.randrange(8)]) + after[1:],
        before + random.randbytes(random.randrange(1, 40)) + after,
        before + after[random.randrange(1, 600) :],
        data + random.choice([data, b"\n", bytes(700), random.randbytes(64)]),
        before + after[:512] + after,
    )
    return random.choice(ways)


def _drop(random: Random, files: Files) -> None:
    if files:
        del files[random.randrange(len(files))]


def _double(random: Random, files: Files) -> None:
    if files:
        files.insert(random.randrange(len(files)), random.choice(files))


def _rename(random: Random, files: Files) -> None:
    if files:
        at = random.randrange(len(files))
        files[at] = (random.choice(_ODD_NAMES), files[at][1])


def _add(random: Random, files: Files) -> None:
    name = random.choice(_ODD_NAMES)
    content = b"" if name.endswith("/") else random.choice(_ODD_TEXTS)
    files.insert(random.randrange(len(files) + 1), (name, content))


def _order(random: Random, files: Files) -> None:
    random.shuffle(files)


def _data_file(random: Random, files: Files, change: Callable[[bytes], bytes]) -> None:
    places = [at for at, (path, _) in enumerate(files) if path in _DATA]
    if places:
        at = random.choice(places)
        files[at] = (files[at][0], change(files[at][1]))


def _text(random: Random, files: Files) -> None:
    _data_file(random, files, lambda _: random.choice(_ODD_TEXTS))


def _characters(random: Random, files: Files) -> None:
    def change(text: bytes) -> bytes:
        for _ in range(random.choice([1, 1, 2, 5])):
            at = random.randrange(len(text) + 1)
            text = text[:at] + random.choice(_ODD_BYTES) + text[at + random.randrange(3) :]
        return text

    _data_file(random, files, change)


def _values(random: Random, files: Files) -> None:
    def change(text: bytes) -> bytes:
        try:
            document = json.loads(text)
        except ValueError:
            return text
        for _ in range(random.choice([1, 1, 1, 2, 4])):
            document = changed(random, document)
        return json.dumps(document, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")

    _data_file(random, files, change)


def _odd_value(random: Random) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value of its own, as it may be changed in its turn."""
    return deepcopy(random.choice(_ODD_VALUES))


def changed(random: Random, document: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a document with another value somewhere, or with something more or less."""
    places = list(_places(document))
    if not places:
        return _odd_value(random)
    container, step = random.choice(places)
    match random.randrange(7):
        case 0:
            del container[step]
        case 1 if isinstance(container, dict):
            name = random.choice([str(step).swapcase(), f"{step} ", "odd", "password", ""])
            container[name] = _odd_value(random)
        case 2 if isinstance(container, dict):
            container[random.choice([str(step).swapcase(), "odd"])] = container.pop(step)
        case 3 if isinstance(container, list):
            container.insert(step, deepcopy(random.choice([container[step], _odd_value(random)])))
        case 4 if isinstance(container[step], str):
            container[step] = container[step][: len(container[step]) // 2] + random.choice(
                ["", "\0", "é", "'", '"', "{"]
            )
        case 5 if isinstance(container, dict):
            container.update({f"unknown{number}": None for number in range(random.choice([3, 300, 10_500]))})
            container.pop(step)
        case _:
            container[step] = _odd_value(random)
    return document


def _places(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - any JSON value
    """Return every place of a document: the object or array, and the key or index in it."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        container = pending.pop()
        steps = (
            list(container)
            if isinstance(container, dict)
            else range(len(container))
            if isinstance(container, list)
            else ()
        )
        found += [(container, step) for step in steps]
        pending += [container[step] for step in steps]
    return found


def _embedded(random: Random, files: Files) -> None:
    """Change the JSON inside a string: users' metadata, autojoins, a card."""

    def change(text: bytes) -> bytes:
        try:
            document = json.loads(text)
        except ValueError:
            return text
        texts = [
            (container, step)
            for container, step in _places(document)
            if isinstance(container[step], str) and container[step][:1] in ("{", "[")
        ]
        if texts:
            container, step = random.choice(texts)
            try:
                container[step] = json.dumps(changed(random, json.loads(container[step])))
            except ValueError:
                container[step] = random.choice(_ODD_TEXTS).decode("latin-1")
        return json.dumps(document).encode("utf-8", "surrogatepass")

    _data_file(random, files, change)


_OF_FILES: Sequence[Callable[[Random, Files], None]] = (
    _drop, _double, _rename, _add, _add, _order, _text, _characters, _characters, _values, _values, _values,
    _values, _values,
    _embedded, _embedded,
)  # fmt: skip
