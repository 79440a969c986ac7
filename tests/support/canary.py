"""A canary in every text of an archive, for tests that none of it reaches an output."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from hcfmt.container import open_archive
from tests.support.recipes import PASSWORD, SAMPLE

CANARY = "Zaphod-Beeblebrox"

Steps = tuple[str | int, ...]


@cache
def documents() -> dict[str, Any]:
    """Return the sample's JSON files, decoded."""
    with open_archive(str(SAMPLE), password=PASSWORD.encode) as opened:
        contents = {member.path: b"".join(member.chunks) for member in opened.members()}
    return {path: json.loads(text) for path, text in contents.items() if path.endswith(".json")}


def leaves(value: Any, steps: Steps = ()) -> Iterator[Steps]:  # noqa: ANN401 - any JSON value
    """Yield the path of every text in a JSON value, also of those in JSON that stands in a text."""
    if isinstance(value, str):
        yield steps
        if value[:1] in {"{", "["}:
            yield from leaves(json.loads(value), (*steps, "(decoded)"))
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from leaves(inner, (*steps, key))
    for index, inner in enumerate(value) if isinstance(value, list) else ():
        yield from leaves(inner, (*steps, index))


def planted(value: Any, steps: Steps, text: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with another one at a path."""
    if not steps:
        return text
    first, *rest = steps
    if first == "(decoded)":
        return json.dumps(planted(json.loads(value), tuple(rest), text))
    replaced = copy.copy(value)
    replaced[first] = planted(value[first], tuple(rest), text)
    return replaced


FIELDS = [(path, steps) for path, document in documents().items() for steps in leaves(document)]


def full(text: str = CANARY) -> str:
    """Return the recipe of the sample with a text, by default the canary, in every text of every file."""
    replaced = dict(documents())
    for path, steps in FIELDS:
        if "(decoded)" not in steps:
            replaced[path] = planted(replaced[path], steps, text)
    return "\n".join(f"{path} = {json.dumps(document)}" for path, document in replaced.items())


DEFECTS = {
    "every text": full(),
    "a text in place of an array": f"users.json#/0/User/roles = {json.dumps(CANARY)}",
    "an array in place of a text": f"users.json#/0/User/name = {json.dumps([CANARY])}",
    "an object in place of a text": f"rooms.json#/0/Room/topic = {json.dumps({CANARY: CANARY})}",
    "a property": f"rooms.json#/0/Room/{CANARY} = {json.dumps(CANARY)}",
    "a record kind": f'rooms/1/history.json#/0 = {{"{CANARY}": {{"{CANARY}": "{CANARY}"}}}}',
    "two record kinds": f'users.json#/0/{CANARY} = {{"{CANARY}": "{CANARY}"}}',
    "a member": f'rooms.json#/0/Room/members = [{{"name": "{CANARY}"}}]',
    "no JSON": f'users.json = [{{"{CANARY}": {CANARY}}}]',
    "text after the end": f"users.json = [] {CANARY}",
    "cut short": f'users.json = [{{"User": {{"name": "{CANARY}',
    "a key twice": f'users.json = [{{"{CANARY}": 1, "{CANARY}": 2}}]',
    "no UTF-8": rf'rooms.json = ["{CANARY}\xff{CANARY}", {{"{CANARY}\xff": 1}}]',
    "unstorable text": rf'users.json#/0/User/name = "{CANARY}\u0000\ud800"',
    "an unstorable name": rf'users.json = [{{"{CANARY}\u0000": "\ud800{CANARY}"}}]',
    "a byte order mark": rf'users.json = \xef\xbb\xbf["{CANARY}"]',
    "no number": f'users.json = [{{"{CANARY}": NaN, "{CANARY}2": 123456789012345678901234567890}}]',
    "an unexpected file": f"{CANARY}/{CANARY}.{CANARY} = x",
    "a sound file": f"rooms/1/files/{CANARY}/{CANARY}.pdf = {CANARY}",
    "a path that leads out": f"../{CANARY} = x",
    "an absolute path": f"/{CANARY}/{CANARY} = x",
    "a link": f"{CANARY} -> /{CANARY}",
    "a member twice": f"{CANARY} = x\n{CANARY} += y",
    "two names in one case": f"{CANARY}.txt = x\n{CANARY.upper()}.txt = y",
    "a reserved name": f"{CANARY}/aux.txt = x\n{CANARY}: = y",
    "a name that is no UTF-8": rf"{CANARY}\xff = x",
    "a name with controls": rf"{CANARY}\x1b[2J\x0a = x",
    "a directory before all": f"prefix {CANARY}/",
    "an incomplete directory before all": f"users.json -\nprefix {CANARY}/",
    "a limit": f"{CANARY} = x\noption --max-names 300",
    "a gzip stream that is cut": f"rename emoticons.json {CANARY}.json\ngzip cut 20000",
    "a tar that is cut": f"rename emoticons.json {CANARY}.json\ntar cut 30000",
    "a tar that is damaged": f"rename autojoins.json {CANARY}.json\ntar flip 2048",
}
