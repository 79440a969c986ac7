"""Length checks of the texts of messages with a link or a file."""

from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import Call

MAX_LENGTH = 10_000
"""Characters of a message."""


def link_text(call: Call) -> str:
    """Return the text of a message that shares a link: the client's text and the link; raises ApiError(400)."""
    return _check_length(f"{call.body.get('message') or ''} {call.body['link']}".strip())


def upload_text(call: Call) -> str:
    """Return the text of a message that shares a file, which may be empty; raises ApiError(400)."""
    text = call.body.metadata.get("message") or ""
    return _check_length(text if isinstance(text, str) else "")


def _check_length(text: str) -> str:
    if len(text) > MAX_LENGTH:
        message = f"A message has at most {MAX_LENGTH} characters"
        raise ApiError(400, message, field="message", validation="maxLength")
    return text
