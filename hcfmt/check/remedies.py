"""What ``hcfmt fix`` does about each rule: a safe or an unsafe fix, or none, each with a sentence.

``hcfmt.fixes`` holds the functions. The pages of rules and the catalogue say what is declared here.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Safety(StrEnum):
    """Whether a rule has a fix, and whether that is safe: an unsafe one drops or invents something."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    NONE = "none"


class Remedy(Struct, frozen=True):
    """The fix of a rule: what it does to the archive in a sentence, or why there is none."""

    safety: Safety
    sentence: str


def _safe(sentence: str) -> Remedy:
    return Remedy(Safety.SAFE, sentence)


def _unsafe(sentence: str) -> Remedy:
    return Remedy(Safety.UNSAFE, sentence)


def _none(sentence: str) -> Remedy:
    return Remedy(Safety.NONE, sentence)


_LOST = _none("Bytes are lost; `hcfmt salvage` saves what can be read.")
_DROPPED = _unsafe("Drops the member.")
_PEOPLE = _unsafe("Adds a deleted user with that id to users.json, if it is between 1 and 999,999,999.")
_TO_KNOW = _none("Nothing is wrong with it.")

REMEDIES: Mapping[str, Remedy] = {
    "HC001": _safe("Writes the layers that the name of the output promises."),
    "HC002": _none("Give the right password. If the file is damaged, no password opens it."),
    "HC003": _LOST,
    "HC004": _unsafe("Encrypts again, with right padding, what could be read; bytes at the end may be lost."),
    "HC005": _none("What is no archive holds nothing to fix."),
    "HC006": _LOST,
    "HC007": _LOST,
    "HC008": _unsafe("Drops the bytes behind the end."),
    "HC009": _LOST,
    "HC010": _LOST,
    "HC011": _unsafe("Writes the end of the tar; members behind the last one may be lost."),
    "HC012": _none("What is no export holds nothing to fix."),
    "HC013": _safe("Encrypts the archive again, with the key derivation MD5 that importers expect."),
    "HC014": _unsafe("Writes the header anew, with the name and size that hcfmt reads, and drops other readings."),
    "HC015": _unsafe("Drops the archives behind the first one."),
    "HC016": _safe("Encrypts the archive once."),
    "HC017": _none("Which of the exports is meant cannot be told: unpack the archive, and take one of them."),
    "HC018": _safe("Leaves out the padding behind the end."),
    "HC019": _TO_KNOW,
    "HC020": _none("The files are from different exports: take all of them from one."),
    "HC021": _safe("Packs the archive once."),
    "HC101": _DROPPED,
    "HC102": _DROPPED,
    "HC103": _unsafe("Keeps the first member of a path, which hcfmt reads, and drops the others."),
    "HC104": _none("What the file held cannot be made up: export again."),
    "HC105": _unsafe(
        "Adds the file with the content that it has without any such data. emoticons.json is not added beside "
        "images of emoticons, of which it would name none."
    ),
    "HC106": _unsafe("Drops the file."),
    "HC107": _safe("Takes the extra directories off the names of members."),
    "HC108": _unsafe("Puts file- before the name of an uploaded file, and in the records that name it."),
    "HC109": _unsafe("Puts file- before the name of an uploaded file, and in the records that name it."),
    "HC110": _DROPPED,
    "HC111": _unsafe("Adds a private room with that id to rooms.json. Its owner is the user with the lowest id."),
    "HC112": _unsafe("Adds a deleted user with that id to users.json, and drops the pictures of the user."),
    "HC113": _unsafe("Adds an empty history."),
    "HC114": _none("The history of a deleted user is not exported, so that nothing may be missing."),
    "HC116": _unsafe("Drops the file."),
    "HC117": _DROPPED,
    "HC118": _safe("Leaves out the history, which is empty."),
    "HC119": _safe("Takes the ./ off the names of members."),
    "HC201": _none("What the text should be cannot be told; `hcfmt salvage` saves its whole records."),
    "HC202": _safe("Leaves out the byte order mark."),
    "HC203": _unsafe(
        "Writes U+FFFD in place of each byte that is not UTF-8; text in UTF-16 is converted, and loses nothing."
    ),
    "HC204": _none("No number means the same, and which one was meant cannot be told."),
    "HC205": _unsafe("Keeps the last value of a key that an object has several times, as readers in Python and Go do."),
    "HC206": _unsafe("Writes U+FFFD in place of U+0000 and of half of an emoji."),
    "HC207": _none("The number is as it was written; a reader that rounds it needs another type for it."),
    "HC301": _unsafe(
        "Drops the message, or what stands in place of a record. Of users, rooms and emoticons, writes a "
        "documented value: one that follows from the record, or an empty one. A data file that is no list is "
        "left."
    ),
    "HC302": _unsafe("Drops the element of the list."),
    "HC303": _unsafe("Drops the property."),
    "HC304": _unsafe("Writes empty JSON in place of the text, and drops a card."),
    "HC305": _unsafe("Writes empty JSON in place of the text, and drops a card."),
    "HC306": _unsafe("Empties the field."),
    "HC307": _safe("Writes the ids of the members; names and roles in a room are elsewhere in the export."),
    "HC308": _unsafe("Drops the property, and keeps the documented one."),
    "HC309": _safe("Writes the number as an integer."),
    "HC310": _safe(
        "Writes an empty list or text in place of null; for roles, those that the account type stands for. A "
        "room without an owner is left."
    ),
    "HC317": _unsafe(
        "Writes a documented value: one that follows from the record, or an empty one. Drops an autojoin without an id."
    ),
    "HC318": _unsafe("Writes a documented value: one that follows from the record, or an empty one."),
    "HC401": _PEOPLE,
    "HC402": _PEOPLE,
    "HC403": _unsafe("Drops the id from the list."),
    "HC404": _PEOPLE,
    "HC405": _unsafe("Drops the id from the list."),
    "HC406": _unsafe("Drops the id from the list."),
    "HC407": _PEOPLE,
    "HC408": _PEOPLE,
    "HC409": _PEOPLE,
    "HC410": _unsafe("Drops the autojoins of nobody."),
    "HC411": _unsafe("Drops the entry that opens nothing."),
    "HC412": _unsafe("Drops the mention from the list; the text stays."),
    "HC413": _none("Who wrote the message cannot be told."),
    "HC420": _unsafe("Keeps the first user of an id, and drops the others."),
    "HC421": _unsafe("Keeps the first room of an id, and drops the others."),
    "HC422": _unsafe("Keeps the first emoticon of an ID or shortcut, and drops the others."),
    "HC423": _unsafe("Drops a message that is the same as an earlier one; another message gets a new id."),
    "HC424": _unsafe("Adds a number to the mention name of the later user. Mentions in texts stay."),
    "HC425": _none("The address belongs to one of both. Only somebody who knows them can tell which."),
    "HC426": _unsafe("Adds a number to the name of the later room, and derives its canonical name from it."),
    "HC427": _unsafe("Adds a number to the mention name of the deleted user. Mentions in texts stay."),
    "HC428": _unsafe("Drops the address of the deleted user."),
    "HC430": _safe(
        "Adds the copy that the history of the sender has to that of the receiver. Copies that differ are left."
    ),
    "HC431": _unsafe("Drops the message from the history."),
    "HC432": _unsafe("Writes the state of the last message into rooms.json."),
    "HC433": _unsafe("Writes the state of the last message into rooms.json."),
    "HC434": _unsafe("Writes the topic of the last message into rooms.json."),
    "HC435": _safe("Adds the copy that the history of the receiver has to that of the sender."),
    "HC436": _unsafe("Adds a number to the mention name of the later user. Mentions in texts stay."),
    "HC437": _unsafe("Adds a number to the name of the later room, which keeps its canonical name."),
    "HC501": _unsafe(
        "Writes null in place of the attachment, and drops its preview. A message without text gets the name "
        "of the file as its text."
    ),
    "HC502": _unsafe("Drops the property that names the preview."),
    "HC503": _unsafe("Empties the avatar, and drops its other sizes."),
    "HC504": _unsafe("Adds the sizes that are missing, as copies of the picture."),
    "HC505": _unsafe("Drops the emoticon, and its larger versions."),
    "HC506": _unsafe("Adds the versions that are missing, as copies of the image."),
    "HC507": _unsafe("Writes the size of the stored file; that it may have been cut short is no longer told."),
    "HC508": _none("What the file held is lost."),
    "HC509": _none("What the file should hold cannot be told."),
    "HC510": _unsafe("Drops the file; of a damaged archive, whose records may be lost, it is left."),
    "HC511": _unsafe("Writes the path of the attachment into attachment_path, null for none."),
    "HC512": _safe("Moves the file to where the record names it."),
    "HC513": _unsafe("Gives the file a path of a directory and a name, and the records that name it."),
    "HC514": _unsafe(
        "Writes null in place of the attachment, drops a preview, and empties another path. A message without "
        "text gets the name of the file as its text."
    ),
    "HC515": _unsafe("Empties the avatar."),
    "HC516": _safe("Writes the width and height of the image."),
    "HC517": _unsafe("Empties the avatar."),
    "HC518": _unsafe(
        "Writes null in place of the attachment. A message without text gets the name of the file as its text."
    ),
    "HC519": _unsafe("Puts the id of the room before the name of one of the files, and in the records that name it."),
    "HC601": _none("Which date was meant cannot be told."),
    "HC602": _unsafe("Writes six digits: zeros behind fewer, and no more than six."),
    "HC603": _none("Whether the message or the room has the wrong date cannot be told."),
    "HC604": _none("Which of the two dates is wrong cannot be told."),
    "HC701": _none("Where a text can be divided, only its reader can tell."),
    "HC702": _unsafe("Drops the message."),
    "HC703": _unsafe("Empties the text."),
    "HC704": _unsafe(
        "Leaves out the characters that end a mention; a name of nothing else is made of the id. Mentions in "
        "texts stay."
    ),
    "HC705": _unsafe("Writes an address to which no mail can be sent, user7@hipchat.invalid for the user 7."),
    "HC706": _safe('Adds "user" to the roles, which every account has.'),
    "HC707": _none("Whether the account type or the roles are wrong cannot be told."),
    "HC708": _unsafe("Writes the group 1."),
    "HC709": _unsafe("Cuts off the name or topic behind 50 or 250 characters."),
    "HC710": _TO_KNOW,
    "HC711": _none("The key of the address is lost, and the address no longer works."),
    "HC712": _unsafe("Writes UTC in place of the time zone."),
    "HC713": _unsafe("Drops the property."),
    "HC714": _unsafe("Cuts off the text behind the number of characters that targets take. An e-mail address is left."),
    "HC715": _unsafe("Keeps the first address in the text."),
    "HC716": _none("Every place that refers to the id would have to change."),
    "HC717": _unsafe("Names the room by its id; it keeps its canonical name."),
    "HC718": _unsafe("Writes &lt; in place of the < of the tag."),
    "HC801": _none("What is missing cannot be made up: export again."),
    "HC802": _none("What is missing cannot be made up: export again."),
    "HC803": _none("What is missing cannot be made up: export again."),
    "HC804": _none("What is missing cannot be made up: export again."),
    "HC805": _none("What is missing cannot be made up: export again."),
    "HC806": _none("What is missing cannot be made up: export again."),
    "HC807": _none("What is missing cannot be made up: export again."),
    "HC808": _none("What the log does not say cannot be known: export again."),
    "HC809": _none("What is missing cannot be made up: export again."),
    "HC810": _none("Which source is right only people can tell."),
    "HC811": _none("Which log belongs to the archive only people can tell."),
    "HCX01": _none("The limit is that of hcfmt: raise it."),
    "HCX02": _none("The mistake is in hcfmt: report it."),
    "HCX03": _none("What cannot be read cannot be fixed."),
}
"""What is done about each rule, by its code."""
