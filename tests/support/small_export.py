"""A small valid export, of which tests replace files."""

import json
from pathlib import Path
from typing import Any

from hcfmt import Options, Report, validate
from tests.support.synthetic import room, user

EXPORT: dict[str, Any] = {
    "users": [{"User": user(number)} for number in (1, 2)],
    "rooms": [{"Room": room(1)}],
    "rooms/1/history": [],
    "users/1/history": [],
    "metadata": {},
    "preferences": {},
    "emoticons": {"Emoticons": []},
    "autojoins": {"AutoJoins": [{"id": "pref:autoJoin:1", "data": "[]"}]},
}


def check(directory: Path, **files: str) -> Report:
    """Check an export in which some files have another text."""
    for name, content in EXPORT.items():
        path = directory / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files.get(name, json.dumps(content)), encoding="utf-8")
    return validate(str(directory), Options(keep=2))
