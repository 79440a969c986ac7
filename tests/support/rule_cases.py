"""Recipes of broken exports, with the findings or ledger entries that each must yield."""

import json

from hcfmt import Status
from tests.support.synthetic import room, user

CONTRADICTS = "not examined: records that contradict their schema: 1"


UNREADABLE: list[tuple[str, str, tuple[Status, int, str | None]]] = [
    ("users.json = [{", "HC201", (Status.FAILED, 9, "not examined: data files that were not read to their end: 1")),
    ("users.json = [{", "HC204", (Status.SKIPPED, 9, "not examined: data files that were not read to their end: 1")),
    ("users.json = [{", "HC306", (Status.SKIPPED, 16, "not examined: data files that were not read to their end: 1")),
    ('users.json#/0/User/id = "1"', "HC301", (Status.FAILED, 18, None)),
    ('users.json#/0/User/id = "1"', "HC302", (Status.PASSED, 18, None)),
    ('users.json#/0/User/id = "1"', "HC306", (Status.SKIPPED, 18, CONTRADICTS)),
    ("users.json = [NaN]", "HC301", (Status.SKIPPED, 16, "not examined: records with defective text: 1")),
    ("gzip cut -900", "HC103", (Status.SKIPPED, 0, "HC007 ended the reading")),
    ("password wrong", "HC301", (Status.SKIPPED, 0, "HC002 ended the reading")),
]  # fmt: skip


ODD_FILES = [
    ("rooms/1/history.json = {}", {"HC301": 1}),
    ("rooms/1/history.json = null", {"HC310": 1, "HC510": 2}),
    ("users.json = null", {"HC301": 1}),
    ("users/1/history.json =  null\\x0a", {"HC310": 1, "HC430": 1}),
    ("users/3/history.json = null", {"HC118": 1, "HC310": 1}),
    ("rooms/1/history.json = ", {"HC201": 1}),
    ("rooms/1/history.json = []", {"HC510": 2}),
    ("rooms/1/history.json = [,]", {"HC201": 1}),
    ("rooms/1/history.json = []]", {"HC201": 1}),
    ("rooms/1/history.json = [}", {"HC201": 1}),
    ("rooms/1/history.json = [{}}", {"HC201": 1, "HC302": 1}),
    ("rooms/1/history.json = []\\x0c", {"HC201": 1}),
    ("rooms/1/history.json = [\\x0b]", {"HC201": 1}),
    ("rooms/1/history.json = \\x0b[]", {"HC201": 1}),
    ("rooms/1/history.json = [ ] \\x0b", {"HC201": 1}),
    ("rooms/1/history.json = \\xff\\xfe[\\x00]\\x00", {"HC203": 1}),
    ("rooms/1/history.json = \\xff\\xfe\\x00\\x00[\\x00\\x00\\x00]\\x00\\x00\\x00", {"HC203": 1}),
    ("rooms/1/history.json = [\\x00]", {"HC201": 1}),
    ("rooms/1/history.json = [1,2,[3]]", {"HC301": 3}),
    ("rooms/1/history.json = [{}]", {"HC302": 1}),
    ('users.json = {"User": {}}', {"HC301": 1}),
    ("emoticons.json = []", {"HC510": 4}),
    ('emoticons.json = {"Emoticons": null}', {"HC310": 1, "HC510": 4}),
    ('autojoins.json = {"AutoJoins": null}', {"HC310": 1}),
    ("autojoins.json = null", {"HC317": 1}),
    ("metadata.json = null", {"HC317": 1}),
    ("preferences.json = null", {"HC317": 1}),
    ('autojoins.json = {"AutoJoins": null, "more": 1}', {"HC303": 1, "HC310": 1}),
    ('emoticons.json = {"Emoticons": [], "Emoticons": []}', {"HC205": 1}),
]  # fmt: skip


HISTORY = "rooms/1/history.json"


USER_1 = "users/1/history.json"


USER_2 = "users/2/history.json"


MOVED = [
    f"rename rooms/1/files/BcudLU14VxUEeUK/{name} users/files/BcudLU14VxUEeUK/{name}"
    for name in ("img.JPG", "img_thumb.jpg")
]


JPEG = "\\xff\\xd8\\xff\\xe0"


def _with_users(*changes: dict[str, object]) -> str:
    """Return the recipe for more users with some properties, each with an empty history."""
    users = [user(number) | change for number, change in enumerate(changes, 3)]
    lines = [f"users.json#/- = {json.dumps({'User': record})}" for record in users]
    return "\n".join([*lines, *(f"users/{record['id']}/history.json = []" for record in users)])


DEFECTS: list[tuple[str, str, dict[str, int]]] = [
    ("a topic that was cleared", f'{HISTORY}#/6/TopicRoomMessage/topic = ""', {"HC434": 1}),
    ("guest access at an address that is not told", f'{HISTORY}#/5/GuestAccessMessage/url = ""', {}),
    (
        "guest access switched off",
        f"{HISTORY}#/5/GuestAccessMessage/enable_guest_access = false",
        {"HC433": 1},
    ),
    (
        "an orphan while it is unsure of others",
        f"emoticons.json#/Emoticons/- = 7\nfiles/img/emoticons/1/x.jpg = {JPEG}\nusers/2/avatars/x.jpg = {JPEG}",
        {"HC301": 1, "HC510": 1},
    ),
    ("a broken user keeps all sizes of the avatar", 'users.json#/0/User/is_deleted = "no"', {"HC318": 1}),
    ("a broken emoticon keeps all sizes", 'emoticons.json#/Emoticons/0/width = "28"', {"HC317": 1}),
    ("a broken room keeps its name for others", 'rooms.json#/0/Room/is_archived = "no"', {"HC318": 1}),
    (
        "a broken room keeps its name in any case",
        'rooms.json#/0/Room/is_archived = "no"\nrooms.json#/0/Room/canonical_name = "Default"',
        {"HC318": 1},
    ),
    (
        "a broken message keeps its files",
        f"{HISTORY}#/2/UserMessage/message = 5",
        {"HC301": 1},
    ),
    (
        "a broken message keeps its files in the other tree",
        "\n".join([f"{HISTORY}#/2/UserMessage/message = 5", *MOVED]),
        {"HC301": 1},
    ),
    (
        "a color that none had, of an unknown sender",
        f'{HISTORY}#/7/NotificationMessage/color = "orange"\n{HISTORY}#/7/NotificationMessage/sender/id = 9',
        {"HC317": 1, "HC401": 1},
    ),
    (
        "a missing file of an attachment without its date",
        f"{HISTORY}#/2/UserMessage/attachment/created -\nrooms/1/files/BcudLU14VxUEeUK/img.JPG -",
        {"HC317": 1, "HC501": 1},
    ),
    ("guest access that is not told", "rooms.json#/0/Room/guest_access_url -", {"HC317": 1}),
    (
        "a size below zero, of an unsafe path",
        f'{HISTORY}#/2/UserMessage/attachment/size = -1\n{HISTORY}#/2/UserMessage/attachment/path = "/x/img.JPG"',
        {"HC317": 1, "HC510": 1, "HC514": 1},
    ),
    (
        "a state that is left out, of an unknown sender",
        f"{HISTORY}#/3/ArchiveRoomMessage/is_archived -\n{HISTORY}#/3/ArchiveRoomMessage/sender/id = 9",
        {"HC317": 1, "HC401": 1},
    ),
    ("a deletion that is null", f"{HISTORY}#/0/UserMessage/deleted = null", {"HC317": 1}),
    ("a deletion without a date", f"{HISTORY}#/8/UserMessage/deleted/date -", {"HC317": 1}),
    ("a deletion at a date of another form", f'{HISTORY}#/8/UserMessage/deleted/date = "2018"', {"HC317": 1}),
    ("an emoticon without a width", "emoticons.json#/Emoticons/0/width -", {"HC317": 1}),
    ("an emoticon without a number", "emoticons.json#/Emoticons/0/ID -", {"HC317": 1}),
    ("roles that are unknown", 'users.json#/1/User/roles = ["user", "boss", 7]', {"HC317": 2}),
    (
        "a harmless value beside a harmful one, and beside an unknown mention name",
        'users.json#/1/User/roles -\nusers.json#/1/User/id = "2"\nusers.json#/1/User/mention_name = ""',
        {"HC301": 1, "HC317": 1},
    ),
    ("a topic in a change of the topic is a number", f"{HISTORY}#/6/TopicRoomMessage/topic = 7", {"HC317": 1}),
    ("a message whose path is lost", f"{HISTORY}#/2/UserMessage/attachment/path -", {"HC301": 1}),
    ("a user whose id is lost", 'users.json#/0/User/id = "1"', {"HC301": 1}),
    ("an unreadable users.json", "users.json = [{", {"HC201": 1}),
    ("an unreadable rooms.json", "rooms.json = [{", {"HC201": 1}),
    ("an unreadable history", f"{HISTORY} = [{{", {"HC201": 1}),
    ("an unreadable emoticons.json", "emoticons.json = {", {"HC201": 1}),
    ("a missing users.json", "users.json -", {"HC104": 1}),
    ("a missing rooms.json", "rooms.json -", {"HC104": 1}),
    ("no message that could be read", f"{HISTORY} = [\n{USER_1} = []\n{USER_2} = []", {"HC201": 1}),
    ("an id written as a float", "rooms.json#/0/Room/id = 1.0", {"HC309": 1}),
    ("a user's id written as a float", "users.json#/1/User/id = 2.0", {"HC309": 1}),
    (
        "an uploader written as a float",
        f"{HISTORY}#/2/UserMessage/attachment/senderid = 99.0",
        {"HC309": 1, "HC408": 1},
    ),
    (
        "a date that is none",
        f'{HISTORY}#/0/UserMessage/timestamp = "0000-00-00T00:00:00Z 000000"',
        {"HC601": 1},
    ),
    (
        "a state at a date that is none",
        f'{HISTORY}#/3/ArchiveRoomMessage/timestamp = "9999-99-99T99:99:99Z 000000"',
        {"HC601": 1},
    ),
    ("a month that is none", f'{HISTORY}#/0/UserMessage/timestamp = "2018-13-01T00:00:00Z 000000"', {"HC601": 1}),
    ("a very old room", 'rooms.json#/0/Room/created = "0900-01-01T00:00:00+00:00"', {}),
    (
        "fewer digits of microseconds",
        f'{HISTORY}#/3/ArchiveRoomMessage/timestamp = "2018-04-02T15:45:02Z 99999"',
        {"HC602": 1},
    ),
    (
        "one broken emoticon among sound ones",
        "emoticons.json#/Emoticons/- = 7\nfiles/img/emoticons/1/hcdc-1522683674.jpg -",
        {"HC301": 1, "HC505": 1},
    ),
    (
        "one broken autojoin among sound ones",
        'autojoins.json#/AutoJoins/- = 7\nautojoins.json#/AutoJoins/0/id = "pref:autoJoin:9"',
        {"HC317": 1, "HC410": 1},
    ),
    (
        "JSON in a string that takes no part",
        r'autojoins.json#/AutoJoins/0/data = "[{\"jid\": \"1_nowhere@conf.btf.hipchat.com\"}, {}]"',
        {"HC305": 1},
    ),
    (
        "a whole user twice",
        "\n".join([f"users.json#/- = {json.dumps({'User': user(3)})}"] * 2 + ["users/3/history.json = []"]),
        {"HC420": 1},
    ),
    (
        "a whole room twice",
        "\n".join([f"rooms.json#/- = {json.dumps({'Room': room(2)})}"] * 2 + ["rooms/2/history.json = []"]),
        {"HC421": 1},
    ),
    (
        "an unsafe path whose file is there",
        f'{HISTORY}#/2/UserMessage/attachment/path = "/BcudLU14VxUEeUK/img.JPG"',
        {"HC514": 1},
    ),
    (
        "an unsafe avatar whose file is there",
        'users.json#/0/User/avatar = "/files/photos/1/PrypXtu4rN8sEFL.jpg"',
        {"HC514": 1, "HC510": 3},  # nothing says what such a path means
    ),
    ("one copy's id in capitals", f'{USER_1}#/0/PrivateUserMessage/id = "518A7891-9E13-4A85-9BDB-839E5408E56B"', {}),
    (
        "a history under another user's id",
        f"rename {USER_2} users/3/history.json",
        {"HC112": 1, "HC114": 1, "HC435": 1},
    ),
    (
        "empty histories of an unknown room and an unknown user",
        "rooms/3/history.json = []\nusers/3/history.json = [ ]",
        {"HC118": 2},
    ),
    (
        "an empty history of an unknown room that has a file",
        f"rooms/3/history.json = []\nrooms/3/files/a/x.jpg = {JPEG}",
        {"HC111": 1},
    ),
    ("a history of an unknown user that cannot be read", "users/3/history.json = [", {"HC112": 1, "HC201": 1}),
    ("a broken history of an unknown room", "rooms/3/history.json = [7]", {"HC111": 1, "HC301": 1}),
    ("an empty history of an unknown user while rooms.json is lost", "rooms.json -\nusers/3/history.json = []",
     {"HC104": 1}),
    (
        "what macOS leaves in any directory",
        "\n".join(
            f"{path} = \\x00\\x05\\x16\\x07"
            for path in ("._rooms", "rooms/1/._history.json", "rooms/1/files/BcudLU14VxUEeUK/._img.JPG", "__MACOSX/a/b")
        )
        + "\nusers/files/.DS_Store = ",
        {"HC106": 1},
    ),
    (
        "what macOS and Windows leave, and a note",
        ".DS_Store = x\nthumbs.db = x\na/desktop.ini = x\nnote = x",
        {"HC106": 3},
    ),
    (
        "an upload that is named as macOS names its files",
        "\n".join(
            [
                "rename rooms/1/files/BcudLU14VxUEeUK/img.JPG rooms/1/files/BcudLU14VxUEeUK/._img.JPG",
                f'{HISTORY}#/2/UserMessage/attachment/path = "BcudLU14VxUEeUK/._img.JPG"',
            ]
        ),
        {},
    ),
    (
        "an address that a deleted user shares with two others",
        _with_users({"email": "x@a.example"}, {"email": "X@a.example"}, {"email": "x@a.example", "is_deleted": True}),
        {"HC425": 1},
    ),
    (
        "an address of two deleted users",
        _with_users(*[{"email": "x@a.example", "is_deleted": True}] * 2),
        {"HC428": 1},
    ),
    ("an avatar at an address without its scheme", 'users.json#/1/User/avatar = "//www.gravatar.com/avatar/0"',
     {"HC517": 1}),
    (
        "users that lack the one property that Server's lack too",
        "\n".join(f'users.json#/{index}/User/metadata -\nusers.json#/{index}/User/avatar = ""' for index in (0, 1)),
        {"HC510": 3},
    ),
    ("a room whose owner is null", "rooms.json#/0/Room/owner = null", {"HC310": 1}),
    ("an attachment whose url is null", f"{HISTORY}#/2/UserMessage/attachment/url = null", {"HC310": 1}),
    ("a room without a canonical name that is a text", "rooms.json#/0/Room/canonical_name = null",
     {"HC317": 1, "HC411": 1}),
    ("an archiving whose id is no UUID", f'{HISTORY}#/3/ArchiveRoomMessage/id = "zzz"', {"HC317": 1}),
    ("an archiving without a sender", f"{HISTORY}#/3/ArchiveRoomMessage/sender -", {"HC317": 1}),
    ("an archiving whose sender is null", f"{HISTORY}#/3/ArchiveRoomMessage/sender = null", {"HC317": 1}),
    ("a topic that is null", "rooms.json#/0/Room/topic = null", {"HC310": 1, "HC434": 1}),
    (
        "a topic that is null after one that was cleared",
        f'rooms.json#/0/Room/topic = null\n{HISTORY}#/6/TopicRoomMessage/topic = ""',
        {"HC310": 1},
    ),
    (
        "a room whose lists are null takes part in the rest",
        "\n".join(
            [f"rooms.json#/0/Room/{name} = null" for name in ("members", "participants", "room_admins")]
            + ["rooms.json#/0/Room/owner = 3"]
        ),
        {"HC310": 3, "HC404": 1},
    ),
    ("a guest whose roles are null", 'users.json#/1/User/account_type = "guest"\nusers.json#/1/User/roles = null',
     {"HC310": 1}),
    (
        "a private message whose mentions are null has no copy",
        f"{USER_1}#/0/PrivateUserMessage/mentions = null\n{USER_2}#/0 -",
        {"HC310": 1, "HC435": 1},
    ),
    ("a size beyond all files", f"{HISTORY}#/2/UserMessage/attachment/size = 12345678901234567890123",
     {"HC207": 1, "HC507": 1}),
    ("an image larger than any", "emoticons.json#/Emoticons/0/width = 1e20", {"HC309": 1, "HC516": 1}),
    (
        "a last state at a date that is none",
        f'{HISTORY}#/4/ArchiveRoomMessage/timestamp = "2018-04-31T15:45:02Z 000000"',
        {"HC601": 1},
    ),
    (
        "private ids written as floats",
        f"{USER_1}#/0/PrivateUserMessage/sender/id = 2.0\n{USER_1}#/0/PrivateUserMessage/receiver/id = 1.0",
        {"HC309": 2},
    ),
    (
        "a broken message keeps the file of an unsafe path",
        "\n".join(
            [
                f"{HISTORY}#/2/UserMessage/message = 5",
                f'{HISTORY}#/2/UserMessage/attachment/path = "/BcudLU14VxUEeUK/img.JPG"',
            ]
        ),
        {"HC301": 1},
    ),
    (
        "private histories that are links",
        "\n".join([f"{path} -\n{path} -> x" for path in (USER_1, USER_2)]
                  + [f"users.json#/- = {json.dumps({'User': user(3)})}", "users/3/history.json = []"]),
        {"HC102": 2},
    ),
    (
        "a misplaced file of a history that cannot be read",
        "\n".join([f"{HISTORY} = [", MOVED[0]]),
        {"HC201": 1},
    ),
    ("the sample itself", "", {}),
    ("a token in user metadata", r'users.json#/0/User/metadata = "{\"api_token\": \"x\"}"', {"HC713": 1}),
    ("an empty password", 'users.json#/0/User/password = ""', {"HC713": 1}),
    ("a password in metadata.json", 'metadata.json = {"password": "x"}', {"HC713": 1}),
    ("a token in preferences.json", 'preferences.json = {"api_token": "x"}', {"HC713": 1}),
]  # fmt: skip


OMITTED = [
    ("users.json = [{", "HC401", "needs users.json, which is missing or was not fully read"),
    ("rooms.json -", "HC111", "needs rooms.json, which is missing or was not fully read"),
    (
        f"emoticons.json#/Emoticons/- = 7\nfiles/img/emoticons/1/x.jpg = {JPEG}",
        "HC510",
        "not examined: stored files whose records were not all read: 1",
    ),
    (
        'autojoins.json#/AutoJoins/0/data = "None"',
        "HC411",
        "not examined: records with JSON inside a string that could not be read: 1",
    ),
    (
        r'users.json#/0/User/metadata = "{\"api_token\": \"x\", \"confirmation_unix_time\": \"1\"}"',
        "HC713",
        "not examined: records with JSON inside a string that could not be read: 1",
    ),
    (f"{HISTORY} = [", "HC801", "not examined: histories that are ambiguous or were not fully read: 1"),
    ("rooms.json = [{", "HC713", "not examined: data files that were not read to their end: 1"),
    (
        'rooms.json#/0/Room/password = "x"\nrooms.json#/0/Room/is_archived = "no"',
        "HC713",
        "not examined: records that contradict their schema: 1",
    ),
    (
        f'{HISTORY}#/4/ArchiveRoomMessage/timestamp = "2018-04-31T15:45:02Z 000000"',
        "HC432",
        "not examined: rooms that are ambiguous or were not fully read: 1",
    ),
    ("users.json -", "HC431", "needs users.json, which is missing or was not fully read"),
    (f"{HISTORY}#/0/UserMessage/message = 5", "HC401", "not examined: records that contradict their schema: 1"),
    (
        f"{HISTORY} = []\n{USER_1} = []\n{USER_2} = []",
        "HC401",
        "no sender found, although an export should have some",
    ),
]
