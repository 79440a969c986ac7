"""Messages agree with the people and rooms of the export: creation, deletion, mentions, emoticons."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

from hcfmt.anonymisation.names import BUILT_IN_EMOTICONS
from hcfmt.export.message_kinds import ROOM_MESSAGES, USER_MESSAGES
from tests.support.company import PLAN, by_people, company_world, histories, in_private, in_rooms, moment

MENTION = re.compile(r"(?<![\w@])@([\w.]+)")


def mentions() -> list[tuple[int, int, int]]:
    """Return who mentions whom in which room, by their ids."""
    by_name = {person.mention_name: person.id for person in company_world().people}
    return [
        (room, message["sender"]["id"], by_name[name])
        for room, kind, message in in_rooms()
        if kind == "UserMessage"
        for name in MENTION.findall(message["message"])
        if name in by_name
    ]


def test_a_generated_export_has_messages_of_every_kind() -> None:
    kinds = {kind for history in histories().values() for record in history for kind in record}
    missing = {*ROOM_MESSAGES, *USER_MESSAGES} - kinds
    assert not missing, f"{sorted(missing)} lack a function in hcfmt/generation/history.py that makes one"


def test_messages_of_every_kind_are_as_many_as_planned() -> None:
    kinds = Counter(kind for _, kind, _ in in_rooms())
    assert (kinds.total(), sum(1 for _ in in_private())) == (
        PLAN.messages - PLAN.private_messages, PLAN.private_messages,
    )  # fmt: skip
    assert kinds["NotificationMessage"] == PLAN.notifications
    assert sum(bool(message.get("attachment")) for message in by_people()) == PLAN.attachments


def test_no_message_is_older_than_its_sender_or_room() -> None:
    created = {person.id: person.created for person in company_world().people} | {
        room.id: room.created for room in company_world().rooms
    }
    for room, _, message in in_rooms():
        assert created[room] < moment(message).timestamp()
        assert created.get(message["sender"]["id"], 0) < moment(message).timestamp()
    for message in in_private():
        assert max(created[message[side]["id"]] for side in ("sender", "receiver")) < moment(message).timestamp()


def test_deleted_people_talk_only_before_they_leave() -> None:
    deleted_people = {person.id: person for person in company_world().people if person.is_deleted}
    last = dict.fromkeys(deleted_people, 0.0)
    for message in by_people():
        if message["sender"]["id"] in deleted_people:
            last[message["sender"]["id"]] = max(last[message["sender"]["id"]], moment(message).timestamp())
    days = {user: (second - PLAN.first_second) / 86_400 for user, second in last.items() if second}
    assert len(days) > len(deleted_people) / 2
    assert all(day < deleted_people[user].days.stop + 1 for user, day in days.items())
    assert max(days.values()) < PLAN.days - 7


def test_people_created_late_talk_too() -> None:
    late = {person.id for person in company_world().people if person.created > PLAN.first_second + 10 * 86_400}
    shares = sum(message["sender"]["id"] in late for message in by_people()) / len(by_people())
    assert 0.05 < shares < 0.6


def test_mentions_name_other_active_talkers_of_the_room() -> None:
    talkers = {room.id: room.talkers for room in company_world().rooms}
    found = mentions()
    assert len(found) > 50
    assert all(sender != named and named in talkers[room] for room, sender, named in found)


def test_mentions_name_many_people() -> None:
    named = Counter(named for _, _, named in mentions())
    assert len(named) > 10
    assert max(named.values()) < 0.3 * named.total()


def test_no_mention_is_older_than_its_user() -> None:
    person = {person.mention_name: person for person in company_world().people}
    for _, kind, message in in_rooms():
        for name in MENTION.findall(message["message"]) if kind == "UserMessage" else ():
            if name in person:
                assert person[name].created < moment(message).timestamp()


def test_emoticons_in_texts_exist_and_some_are_used() -> None:
    shortcuts = {emoticon.shortcut for emoticon in company_world().emoticons}
    texts = [message["message"] for message in by_people() if not message["message"].startswith("/code")]
    alone = Counter(found[1] for text in texts if (found := re.fullmatch(r"\((\w+)\)", text)))
    assert alone.keys() <= shortcuts | BUILT_IN_EMOTICONS
    used = Counter(found[1] for text in texts if (found := re.search(r"\((\w+)\)$", text)) and found[1] in shortcuts)
    assert 0.003 < used.total() / len(texts) < 0.04
    assert len(used) > len(shortcuts) / 2


def test_no_emoticon_is_used_before_it_was_uploaded() -> None:
    uploaded = {emoticon.shortcut: emoticon.uploaded for emoticon in company_world().emoticons}
    for message in by_people():
        used = uploaded.keys() & set(re.findall(r"\((\w+)\)$", message["message"]))
        assert all(uploaded[shortcut] <= moment(message).timestamp() for shortcut in used)


def test_few_messages_are_deleted_soon_after_they_were_sent() -> None:
    deleted = [message for message in by_people() if "deleted" in message]
    assert 0.0005 < len(deleted) / PLAN.messages < 0.015
    for message in deleted:
        when = datetime.strptime(message["deleted"]["date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert timedelta(0) < when - moment(message) < timedelta(hours=2)
        assert (message["message"], message["deleted"]["user_id"]) == ("", message["sender"]["id"])


def test_every_history_is_in_the_order_of_time() -> None:
    rooms: dict[int, list[str]] = {}
    for room, _, message in in_rooms():
        rooms.setdefault(room, []).append(message["timestamp"])
    assert all(stamps == sorted(stamps) for stamps in rooms.values())


def test_notifications_have_no_user_as_sender() -> None:
    senders = {(kind, message["sender"]["id"] == 0) for _, kind, message in in_rooms()}
    assert ("NotificationMessage", True) in senders
    assert senders.isdisjoint({("NotificationMessage", False), ("UserMessage", True)})
