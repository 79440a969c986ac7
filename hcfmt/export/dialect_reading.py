"""Makes records of hc-migrate's form of those of HipChat Server and Cloud.

It undoes what ``hcfmt.export.dialect_records`` does, as far as the records tell. Records may be invalid: a value of a
type that no dialect has stays as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hcfmt.export import schemas
from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.layout import EMOTICON_FILES
from hcfmt.export.message_kinds import MESSAGE_KINDS
from hcfmt.export.slices import Slice

Record = dict[str, Any]

_EMOTICONS, _GROUP = "emoticons/", "1/"
_TYPES = {kind.name: kind.type for kind in MESSAGE_KINDS}
_INTEGRATION = 0  # the sender's id of notifications (docs/format.md#message-sender)
_SECOND = len("2018-04-02T15:40:44Z")
_NOT_IN_ROOMS = ("attachment_path", "mentions")  # properties of messages


def is_other_dialect(slice_: Slice) -> bool:
    """Whether a slice is of a file that another exporter than hc-migrate wrote."""
    return schemas.dialect_of(slice_.schema)[0] is not None


def stored_path(path: str) -> str:
    """Return where hc-migrate has a stored file of another dialect: emoticons are elsewhere there."""
    return EMOTICON_FILES + _emoticon_path(path) if path.startswith(_EMOTICONS) else path


def user(record: Record) -> Record:
    """Return the record of a user, with the avatar still in base64."""
    return {**record, "rooms": record.get("rooms") or [], "metadata": record.get("metadata") or "{}"}


def room(record: Record) -> Record:
    """Return the record of a room; exports do not tell which rooms are deleted, and Cloud's not who are admins."""
    members = record.get("members")
    objects = [member for member in members if isinstance(member, dict)] if isinstance(members, list) else []
    admins = [member.get("id") for member in objects if "room_admin" in _list(member.get("room_roles"))]
    name = record.get("name")
    result: Record = {
        "canonical_name": canonical_name(name) if isinstance(name, str) else "",
        "room_admins": admins,
        "is_deleted": False,
        **record,
    }
    if objects:
        result["members"] = [member.get("id") if isinstance(member, dict) else member for member in _list(members)]
    if result.get("topic") is None:
        result["topic"] = ""
    return result


def emoticon(record: Record) -> Record:
    """Return the record of an emoticon; who uploaded it is unknown, and its size is in its file."""
    path = record.get("path")
    place = {"path": _emoticon_path(path)} if isinstance(path, str) else {}
    result = {"ID": record.get("id"), "user_id": None, "group_id": 1, "audio_path": "", **record, **place}
    result.pop("id", None)
    return result


def message(kind: str, record: Record) -> Record:
    """Return the record of a message of a kind."""
    room_message = kind != "PrivateUserMessage"
    result: Record = {**record, "type": _TYPES[kind], "sender": _party(record.get("sender"), named=room_message)}
    _CHANGES.get(kind, _unchanged)(result)
    return result


def _unchanged(_: Record) -> None:
    pass


def _change_notification(record: Record) -> None:
    text_format = record.pop("message_format", "html")
    record.setdefault("format", text_format)


def _change_topic(record: Record) -> None:
    if "topic" not in record:
        record["topic"], record["message"] = record.get("message") or "", ""


def _change_room_message(record: Record) -> None:
    _change_attachment(record)
    for name in _NOT_IN_ROOMS:
        record.pop(name, None)
    if record.get("attachment") is None:
        record.pop("attachment", None)


def _change_private_message(record: Record) -> None:
    _change_attachment(record)
    record["receiver"] = _party(record.get("receiver"), named=False)
    record["mentions"] = []


def _change_attachment(record: Record) -> None:
    """Complete an attachment with what the message tells: where its file is, when it was sent and by whom."""
    attachment, path = record.get("attachment"), record.get("attachment_path")
    if isinstance(attachment, dict):
        told = {} if path is None else {"path": path}
        sent = {"created": record["timestamp"][:_SECOND], "senderid": record["sender"]["id"]}
        record["attachment"] = {**told, **attachment, **sent, "url": ""}


_CHANGES: Mapping[str, Callable[[Record], None]] = {
    "NotificationMessage": _change_notification,
    "TopicRoomMessage": _change_topic,
    "UserMessage": _change_room_message,
    "PrivateUserMessage": _change_private_message,
}


def _party(party: Any, *, named: bool) -> Any:  # noqa: ANN401 - any JSON value
    """Return a sender or receiver; the sender of a notification may be the bare name of an integration."""
    if isinstance(party, str):
        party = {"id": _INTEGRATION, "name": party}
    if not isinstance(party, dict):
        return party
    return {"id": party.get("id"), "mention_name": "", "name": party.get("name") if named else "", "version": ""}


def _emoticon_path(path: str) -> str:
    return _GROUP + path.removeprefix(_EMOTICONS) if path.startswith(_EMOTICONS) else path


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, list) else []
