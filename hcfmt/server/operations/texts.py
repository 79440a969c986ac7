"""The texts of messages that share something."""

from hcfmt.server.api.call import Call, Refusal

LONGEST = 10_000
"""Characters of a message (seed 001)."""


def linked(call: Call) -> str:
    """Return the text of a message that shares a link: what was said, and the link; raises Refusal(400)."""
    return _fitting(f"{call.body.get('message') or ''} {call.body['link']}".strip())


def uploaded(call: Call) -> str:
    """Return what was said with a file, which may be nothing; raises Refusal(400)."""
    text = call.body.told.get("message") or ""
    return _fitting(text if isinstance(text, str) else "")


def _fitting(text: str) -> str:
    if len(text) > LONGEST:
        raise Refusal(400, f"A message has at most {LONGEST} characters.", field="message", validation="maxLength")
    return text
