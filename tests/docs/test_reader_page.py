"""The program of docs/reader.md writes what Mattermost imports, and a type checker knows the fields that it reads."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import hcfmt
from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from tests.support.command import ROOT, environment
from tests.support.console import BLOCK

PAGE = (ROOT / "docs" / "reader.md").read_text("utf-8")
PROGRAM = next(block["body"] for block in BLOCK.finditer(PAGE) if block["file"] == "mattermost.py")
ORDER = ["version", "team", "channel", "user", "post", "direct_post"]
PASSWORD = "hipchat"


def imported(archive: Path, directory: Path) -> list[dict[str, Any]]:
    """Return the lines that the program writes."""
    script = directory / "mattermost.py"
    script.write_text(PROGRAM)
    command = [sys.executable, str(script), str(archive), PASSWORD]
    process = subprocess.run(command, capture_output=True, env=environment(), check=False)
    assert (process.returncode, process.stderr.decode()) == (0, "")
    return [json.loads(line) for line in process.stdout.splitlines()]


def test_the_program_has_less_than_60_lines() -> None:
    assert PROGRAM.count("\n") < 60


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["hc-migrate", "server"])
def test_the_program_writes_every_channel_user_and_post(tmp_path: Path, dialect: str) -> None:
    archive = tmp_path / "a.tar"
    plan = planned("tiny", users=9, deleted_users=1, rooms=5, messages=300, attachments=5, seed=4, dialect=dialect)
    generate(str(archive), plan)
    lines = imported(archive, tmp_path)
    kinds = [line["type"] for line in lines]
    assert kinds == sorted(kinds, key=ORDER.index)
    values: dict[str, list[Any]] = {kind: [line[kind] for line in lines if line["type"] == kind] for kind in ORDER}
    users = {user["username"] for user in values["user"]}
    channels = {channel["name"] for channel in values["channel"]}
    posts, direct = values["post"], values["direct_post"]
    assert {post["user"] for post in posts} | {member for post in direct for member in post["channel_members"]} <= users
    assert {post["channel"] for post in posts} <= channels
    with hcfmt.open_export(str(archive)) as export:
        files = {file.path for file in export.files()}
        texts = Counter(
            message.message
            for message in export.messages()
            if isinstance(message, hcfmt.UserMessage | hcfmt.NotificationMessage) and not message.deleted
        )
        ids = {message.id for message in export.private_messages() if not message.deleted}
    assert (len(users), len(channels)) == (len(export.users) + 1, len(export.rooms))
    assert Counter(post["message"] for post in posts) == texts
    assert len(direct) == len(ids)
    assert {file["path"] for post in (*posts, *direct) for file in post["attachments"]} <= files


TYPES = [
    ("message.sender.name if message.sender else message.sender_name", ""),
    ("message.timestamp.tzinfo", ""),
    ("message.room.name", 'Item "None" of "Room | None" has no attribute "name"'),
    ("message.sender.nickname", 'Item "User" of "User | None" has no attribute "nickname"'),
    ("message.attachment", 'Item "NotificationMessage" of "UserMessage | NotificationMessage'),
    ("message.timestamp + 1", 'Unsupported operand types for + ("datetime" and "int")'),
    ("export.rooms[0].members[0].metadata", ""),
    ("export.rooms[0].colour", '"Room" has no attribute "colour"'),
]


@pytest.mark.slow
def test_a_type_checker_knows_every_field(tmp_path: Path) -> None:
    program, fields = tmp_path / "program.py", tmp_path / "fields.py"
    program.write_text(PROGRAM)
    lines = ["import hcfmt", 'with hcfmt.open_export("a") as export:', "    for message in export.messages():"]
    fields.write_text("\n".join([*lines, *(f"        print({expression})" for expression, _ in TYPES), ""]))
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "--no-error-summary"]
    done = subprocess.run(
        [*command, str(program), str(fields)], capture_output=True, cwd=ROOT, env=environment(), check=False
    )
    assert done.stderr == b"", "mypy could not be run"
    output = done.stdout.decode()
    errors = [line for line in output.splitlines() if ": error:" in line]
    for number, (expression, error) in enumerate(TYPES, len(lines) + 1):
        here = [line for line in errors if f"fields.py:{number}:" in line]
        assert bool(here) == bool(error), (expression, output)
        assert any(error in line for line in here) or not error, (expression, here)
    assert all("fields.py" in line for line in errors), output
