"""Records of histories as text, for tests that slice them, and what ends the reading of a history."""

import json

from tests.support.records import MESSAGE, changed, private

ATTACHMENT = {
    "name": "a/x.txt",
    "path": "a/x.txt",
    "size": 1,
    "url": "",
    "created": "2018-04-02T15:41:41Z",
    "senderid": 2,
}


# Records as text, sound and damaged in every way that does not end the reading of their file.
RECORDS = [
    json.dumps(MESSAGE),
    json.dumps(changed(message='a }},{"UserMessage":{ b')),
    json.dumps(changed(metadata=[{"UserMessage": {}}, {"UserMessage": {}}, {"k": {"l": []}}])),
    json.dumps(changed(message="x" * 300)),
    json.dumps(changed(message="\u0000")),
    json.dumps(changed(message="\ud800")),
    json.dumps(changed(type="user")),
    json.dumps(changed(links={})),
    json.dumps(changed(message=5, type="user")),
    json.dumps(changed(sender={"id": 1, "mention_name": "x", "name": "", "version": ""})),
    '{"FooMessage":{}}',
    "{}",
    json.dumps(changed(id="2088EC9E-DD0D-4214-8F74-45E2FB85109D", timestamp="2018-04-02T15:40:44Z 9")),
    json.dumps(changed(id="2088ec9e-dd0d-4214-8f74-45e2fb85109d", timestamp="2017-01-01T00:00:00Z 000001")),
    json.dumps(changed(sender={"id": 77, "mention_name": "", "name": "", "version": ""})),
    json.dumps(changed(sender={"id": 0, "mention_name": "", "name": "", "version": ""}, attachment=ATTACHMENT)),
    json.dumps(changed(attachment=ATTACHMENT | {"senderid": 0})),
    json.dumps(changed(attachment=ATTACHMENT | {"path": "../up", "size": 9, "thumbnail": "a/b"})),
    json.dumps(changed(attachment=ATTACHMENT | {"size": "9"})),
    json.dumps(changed(deleted={"user_id": 78, "date": "2018-02-30T00:00:00Z", "reason": None})),
    json.dumps(changed("TopicRoomMessage", type="muc_topic", topic="old", timestamp="2018-04-02T15:40:44Z 1")),
    json.dumps(changed("TopicRoomMessage", type="muc_topic", topic="new", timestamp="2018-04-02T15:41:44Z 1")),
    json.dumps(changed("ArchiveRoomMessage", type="muc_archive", is_archived=True)),
    "[]",
    "7",
    '{"UserMessage":{"id":1,"id":2}}',
    '{"UserMessage":{"id":NaN}}',
    '{"UserMessage":{"id":9007199254740999}}',
]
PRIVATE = [
    *(private(1, 2, number) for number in range(3)),
    *(private(2, 1, number) for number in range(3, 6)),
    private(1, 1, 6),
    private(2, 3, 7),
    private(1, 9, 8),
    private(1, 2, 0, message="another"),
    private(1, 2, 9, message=5),
    private(1, 2, 10, attachment=ATTACHMENT, attachment_path="a/x.txt"),
    private(1, 2, 11, attachment=ATTACHMENT),
]
# What ends the reading of a file.
ENDS = [
    "",
    "}",
    "\x0c",
    "\x0b ",
    "{",
    '{"UserMessage":{"message":"\udcff',
    '{"UserMessage":}',
    '{"UserMessage":{"message":"\\u0000","id":1,"id":2,"type"x' + "x" * 1000,
    "\x01",
    "[" * 200,
    "]",
    "x",
    '"',
]
