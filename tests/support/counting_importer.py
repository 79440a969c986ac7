"""A small importer, as anybody may write one: it reads an archive without hcfmt, and says what it would import."""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

data = Path(sys.argv[1]).read_bytes()
if data.startswith(b"Salted__"):
    digest = os.environ["HCFMT_DIGEST"]
    how = ["-pbkdf2"] if digest == "pbkdf2" else ["-md", digest]
    openssl = ["openssl", "aes-256-cbc", "-d", *how, "-pass", "env:HCFMT_PASSWORD"]
    data = subprocess.run(openssl, input=data, stdout=subprocess.PIPE, check=True).stdout
with tarfile.open(fileobj=io.BytesIO(data)) as tar:
    members = {member.name.removeprefix("./"): tar.extractfile(member) for member in tar if member.isfile()}
    files = {name: file.read() for name, file in members.items() if file}


def records(name: str) -> list[dict[str, dict[str, str]]]:
    return json.loads(files.get(name, b"[]").decode("utf-8-sig")) or []


histories = [name for name in files if name.endswith("/history.json")]
room_kinds = Counter(kind for name in histories if name.startswith("rooms/") for row in records(name) for kind in row)
private = {row["PrivateUserMessage"]["id"] for name in histories if name.startswith("users/") for row in records(name)}
emoticons = json.loads(files.get("emoticons.json", b"{}").decode("utf-8-sig"))
stored = [name for name in files if "/files/" in name and "/photos/" not in name and "_thumb." not in name]
kinds = ("UserMessage", "NotificationMessage", "TopicRoomMessage", "ArchiveRoomMessage", "GuestAccessMessage")
result = {
    "users": len(records("users.json")),
    "rooms": len(records("rooms.json")),
    "messages": room_kinds.total() + len(private) - int(os.environ.get("LOSE", "0")),
    "room_messages": room_kinds.total(),
    "private_messages": len(private),
    **{kind: room_kinds[kind] for kind in kinds},
    "files": len(stored),
    "emoticons": len(emoticons if isinstance(emoticons, list) else emoticons.get("Emoticons") or []),
}
Path(os.environ["HCFMT_RESULT"]).write_text(json.dumps(result), encoding="utf-8")
