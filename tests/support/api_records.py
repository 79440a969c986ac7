"""Records of an export, for tests of the objects made from them."""

from hcfmt.server.api.links import Links

LINKS = Links("http://h/v2")
TIME = 1_515_060_962_809_766
REFERENCE = {"id", "links", "mention_name", "name", "version"}

ANNA = {
    "id": 2,
    "name": "Anna Müller",
    "mention_name": "Anna",
    "email": "anna@example.com",
    "title": "Tester",
    "avatar": "files/photos/2/PrypXtu4rN8sEFL.jpg",
    "created": "2013-12-02T18:04:15+00:00",
    "is_deleted": False,
    "timezone": "Europe/Berlin",
    "account_type": "admin",
    "roles": ["user", "admin"],
    "rooms": [],
    "metadata": "{}",
}
BO = ANNA | {"id": 3, "name": "Bo", "mention_name": "Bo.", "account_type": "guest", "email": None, "avatar": ""}
LAB = {
    "id": 7,
    "created": "2015-12-29T19:50:02Z",
    "guest_access_url": None,
    "is_archived": False,
    "members": [2, {"id": 3, "name": "Bo"}, 2],
    "canonical_name": "the_lab",
    "name": "The Lab",
    "owner": 2,
    "participants": [],
    "privacy": "private",
    "room_admins": [3],
    "topic": "Tests",
    "is_deleted": False,
}
SMILE = {
    "ID": 9,
    "user_id": 2,
    "group_id": 1,
    "path": "1/smile-152.png",
    "shortcut": "smile",
    "width": 30,
    "height": 28,
    "audio_path": "",
}
