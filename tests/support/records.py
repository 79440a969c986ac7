"""Records of messages that tests of the check put into histories."""

import copy
import json
from typing import Any

MESSAGE: dict[str, dict[str, Any]] = {
    "UserMessage": {
        "id": "2088ec9e-dd0d-4214-8f74-45e2fb85109c",
        "type": "muc_message",
        "sender": {"id": 1, "mention_name": "", "name": "HCDC User", "version": ""},
        "message": "anyone here?",
        "timestamp": "2018-04-02T15:40:44Z 942827",
    }
}


def changed(kind: str = "UserMessage", /, **changes: object) -> dict[str, Any]:
    return {kind: copy.deepcopy(MESSAGE["UserMessage"]) | changes}


def private(sender: int, receiver: int, number: int, **changes: object) -> str:
    message: dict[str, object] = {
        "id": f"2088ec9e-dd0d-4214-8f74-{number:012x}",
        "type": "private",
        "attachment": None,
        "attachment_path": None,
        "mentions": [],
        "message": f"message {number}",
        "sender": {"id": sender, "mention_name": "", "name": "", "version": ""},
        "receiver": {"id": receiver, "mention_name": "", "name": "", "version": ""},
        "timestamp": f"2018-04-02T15:40:{number:02}Z 000000",
    }
    return json.dumps({"PrivateUserMessage": message | changes})


def message(number: int, kind: str = "UserMessage", /, **changes: object) -> dict[str, Any]:
    return changed(kind, id=f"2088ec9e-dd0d-4214-8f74-{number:012x}", **changes)
