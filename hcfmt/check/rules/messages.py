"""Rules of messages: their text, and what one message says twice."""

from collections.abc import Mapping
from typing import Any

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Flaw, Quoted, Severity


@rule(
    "HC511",
    "attachment-path-disagrees",
    Severity.WARNING,
    "PrivateUserMessage",
    looks_at="attachment",
    when=("attachment", "attachment_path"),
)
def attachment_path_disagrees(message: Mapping[str, Any]) -> Flaws:
    """attachment_path and attachment.path differ, or only one of them is set, in a private message.

    Why it matters: Both are documented as the same path below users/files. Varna reads attachment_path,
    other importers attachment.path: one of them finds the wrong file or none.

    Bad::

        users/1/history.json#/1/PrivateUserMessage/attachment_path = null
        users/2/history.json#/1/PrivateUserMessage/attachment_path = null

    Good::

        users/1/history.json#/0/PrivateUserMessage/attachment_path = ""
        users/2/history.json#/0/PrivateUserMessage/attachment_path = ""

    Common causes: A script that moved files and changed one of the two. Stride has another property in place of
    attachment_path.

    What to do: Before the old server is gone: see which file the message has there. Afterwards: keep the path
    whose file is in the archive, and write it in both places.

    Evidence: seed 000, "User History"; facts 1.5; facts 1.6.
    """
    attached = (message.get("attachment") or {}).get("path") or None
    repeated = message.get("attachment_path") or None
    path = ("attachment_path",)
    if attached == repeated:
        return
    if attached is None:
        yield Flaw(
            "attachment_path is {attachment_path}, and attachment.path is not set.",
            {"attachment_path": Quoted(repeated)},
            path,
        )
    elif repeated is None:
        yield Flaw("attachment.path is {path}, and attachment_path is not set.", {"path": Quoted(attached)}, path)
    else:
        yield Flaw(
            "attachment_path is {attachment_path}, attachment.path {path}.",
            {"attachment_path": Quoted(repeated), "path": Quoted(attached)},
            path,
        )


@rule("HC701", "long-message", Severity.WARNING, "record", looks_at="message", ought=True)
def long_message(noted: Noted) -> Flaws:
    """A message of more than 10,000 characters, HipChat's own limit: zulip drops it, others split it.

    Why it matters: Zulip drops the message. Of more than 16,383 characters Varna drops it too, and migratemost
    and hipmost split it.

    Bad::

        rooms/1/history.json#/0/UserMessage/message = "x" * 10001

    Good::

        rooms/1/history.json#/0/UserMessage/message = "x" * 10000

    Common causes: An integration's notification, or a log that was pasted. HipChat's API took no more, but
    several importers are made to meet longer ones.

    What to do: Before the old server is gone: nothing; the message is as it was sent. Afterwards: for Zulip,
    split it in a copy, or tell its readers that it stays in the archive alone.

    Evidence: seed 001, "Send Room Message"; facts 1.5; facts 5.5 (M10).
    """
    return noted.of("HC701")


@rule("HC702", "empty-message", Severity.SUSPECT, "record", looks_at="message")
def empty_message(noted: Noted) -> Flaws:
    """A user's message with no text, no attachment and no deletion.

    Why it matters: Of what users write, only deleted messages are documented to be empty. So either the text
    was lost on the way, or the note that it was deleted.

    Bad::

        rooms/1/history.json#/0/UserMessage/message = ""

    Good::

        rooms/1/history.json#/2/UserMessage/message = ""

    Common causes: A script that removed texts or attachments; a client that let an empty message pass.

    What to do: Before the old server is gone: look at the message there. Afterwards: nothing, if there are few;
    if there are many, look for a pattern in time or sender before you trust the archive.

    Evidence: none; of deleted messages seed 000, "Room History", says that they are empty.
    """
    return noted.of("HC702")


@rule("HC703", "deleted-not-empty", Severity.ERROR, "record", looks_at="message", ought=True)
def deleted_not_empty(noted: Noted) -> Flaws:
    """A deleted message still has its text, which the documentation says is empty: content that was deleted leaks.

    Why it matters: No importer is known to heed the deletion. One Mattermost converter notes it in its log, and
    imports the message even so. The text that somebody took back is then in the new chat for all to read.

    Bad::

        rooms/1/history.json#/8/UserMessage/message = "Forget what I said."

    Good::

        rooms/1/history.json#/8/UserMessage/message = ""

    Common causes: An archive that was merged with an older one, from before the deletion; a producer that only
    marks messages as deleted.

    What to do: Before the old server is gone: see whether the message is deleted there too. Afterwards: empty
    the text, in every copy of the archive.

    Evidence: seed 000, "User History" and "Room History"; facts 1.5.
    """
    return noted.of("HC703")
