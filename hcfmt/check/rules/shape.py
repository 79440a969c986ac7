"""Rules of shape: what a record holds, told by the schemas and their annotations."""

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Severity


@rule("HC301", "schema-violation", Severity.ERROR, "record", ought=True)
def schema_violation(noted: Noted) -> Flaws:
    """A record does not match its JSON Schema. Sub-code: the failing keyword. Reported once per fault with a JSON
    Pointer; a record that fails goes no further.

    Why it matters: Importers take the documented shape for granted. Ids that are text break migratemost, and
    Rocket.Chat finds no users for them; a message or timestamp of null stops Zulip and migratemost and hangs
    Rocket.Chat; a property left out ends as a KeyError in one or the other.

    Bad::

        rooms/1/history.json#/0/UserMessage/sender/id = "1"

    Good::

        rooms/1/history.json#/0/UserMessage/sender/id = 1

    Common causes: Another producer: the web export of HipChat Server or Cloud, or Stride, whose ids are text.
    Or a script that rewrote the files.

    What to do: Before the old server is gone: export with hc-migrate and compare. Afterwards: mend the value
    where its meaning is clear; hcfmt schema shows the schemas and what each property holds.

    Evidence: seed 000; facts 1; facts 5.3 to 5.5.
    """
    return noted.of("HC301")


@rule("HC302", "unknown-record-kind", Severity.ERROR, "record", ought=True)
def unknown_record_kind(noted: Noted) -> Flaws:
    """A wrapper object's key is not a documented record kind for that file, or it has more than one key.
    Rocket.Chat drops it; migratemost stops on a foreign kind in a user's history.

    Why it matters: The key alone tells what a record is. Of a kind that they do not know, Zulip and migratemost
    say nothing in a room's history, Lombiq's utility stops, and Rocket.Chat logs an error; the message is gone
    in all.

    Bad::

        rooms/1/history.json#/0 = {"UserAccessMessage": {}}

    Good::

        rooms/1/history.json#/0 -

    Common causes: The documentation itself says UserAccessMessage once, where it means UserMessage. Otherwise:
    histories put into the wrong file, or a producer that nobody has seen yet.

    What to do: Before the old server is gone: look the message up on the server, and report the kind.
    Afterwards: if the record looks like a known kind, rename its key.

    Evidence: facts 1.5; facts 1.8; facts 5.5 (M13, M14).
    """
    return noted.of("HC302")


@rule("HC303", "undocumented-property", Severity.INFO, "record", ought=True)
def undocumented_property(noted: Noted) -> Flaws:
    """A property that the documentation does not name.

    Why it matters: Most likely not at all: no importer is known to break on a property that it does not expect.
    But it tells that the archive comes from another version or producer, and that something in it has no
    reader.

    Bad::

        users.json#/1/User/nickname = "Otto"

    Good::

        (the documented sample as it is)

    Common causes: An export of HipChat Server or Cloud, which add links to senders and mentions to room
    messages.

    What to do: Before the old server is gone: see whether it holds something that you want to keep. Afterwards:
    nothing; keep it, for it is data.

    Evidence: seed 000; facts 1.5.
    """
    return noted.of("HC303")


@rule("HC304", "embedded-not-json", Severity.WARNING, "record", looks_at="embedded text")
def embedded_not_json(noted: Noted) -> Flaws:
    """A string that should hold JSON (autojoins data, user metadata, notification card) does not; live servers are
    known to store the literal text None in autojoins.

    Why it matters: A reader that parses the string stops or skips the entry: a user's room list, a guest's key
    or a card is lost. No importer is known to read the autojoins of an export; what a broken card does to one
    is not known.

    Bad::

        autojoins.json#/AutoJoins/0/data = "None"

    Good::

        autojoins.json#/AutoJoins/0/data = "[]"

    Common causes: The server's own store holds the text None for users without autojoins, and the export copies
    it; a card that an integration sent broken.

    What to do: Before the old server is gone: nothing, if the text is None. Afterwards: for None write [], and
    accept the loss of anything else.

    Evidence: facts 1.4; seed 000, "Auto-Joins".
    """
    return noted.of("HC304")


@rule("HC305", "embedded-schema-violation", Severity.WARNING, "record", looks_at="embedded text")
def embedded_schema_violation(noted: Noted) -> Flaws:
    r"""The JSON inside such a string (autojoins data, user metadata, notification card) does not match its schema.

    Why it matters: A reader of the embedded text meets something else than documented, such as an autojoin that
    names no JID and so joins nothing; HipChat's own client drops an empty one. No importer is known to look.

    Bad::

        autojoins.json#/AutoJoins/0/data = "[{\"name\": \"Default\"}]"

    Good::

        autojoins.json#/AutoJoins/0/data = "[{\"jid\": \"1_default@conf.btf.hipchat.com\"}]"

    Common causes: An old client that saved its list differently; an integration with a card of its own making.

    What to do: Before the old server is gone: look at what that user's client shows. Afterwards: mend the
    string by hand where it matters.

    Evidence: seed 000, "Auto-Joins", "Users" and "NotificationMessage"; facts 1.4.
    """
    return noted.of("HC305")


@rule("HC306", "legacy-field-used", Severity.WARNING, "record")
def legacy_field_used(noted: Noted) -> Flaws:
    """A field documented as deprecated and always empty is not: sender.mention_name, sender.version,
    attachment.url, mentions, user.rooms, audio_path, and sender.name/receiver.name in private messages.

    Why it matters: A value here says that hc-migrate did not write this record as documented. It also goes
    stale: the id is what counts, and a name kept beside it may contradict users.json.

    Bad::

        rooms/1/history.json#/0/UserMessage/sender/mention_name = "HCDCUser"

    Good::

        rooms/1/history.json#/0/UserMessage/sender/mention_name = ""

    Common causes: An export of HipChat Server or Cloud, which fill these fields. Rocket.Chat even depends on
    it: it imports attachments through attachment.url alone.

    What to do: Before the old server is gone: export with hc-migrate for the documented form. Afterwards:
    nothing; readers of that other form can use the values.

    Evidence: seed 000, "User History" and "Room History"; facts 1.5; facts 5.5 (M8).
    """
    return noted.of("HC306")


@rule("HC307", "members-as-objects", Severity.WARNING, "record", looks_at="Room")
def members_as_objects(noted: Noted) -> Flaws:
    """rooms.json members are objects, not user ids, as HipChat Server 2.2.9 wrote them. Read through; zulip stops.

    Why it matters: Zulip fails with "unhashable type: dict" and will not be changed; migratemost and hipmost
    have learnt to read both. What the objects add to the id, names and room roles, stands elsewhere in the
    export.

    Bad::

        rooms.json#/0/Room/members = [{"id": 2, "name": "Other User", "room_roles": ["room_member"]}]

    Good::

        rooms.json#/0/Room/members = [2]

    Common causes: The web or command line export of HipChat Server from late 2018 on.

    What to do: Before the old server is gone: export with hc-migrate, which writes ids. Afterwards: replace
    each object by its id before importing into Zulip.

    Evidence: facts 5.4 (R1); facts 1.2; Zulip issue 11734.
    """
    return noted.of("HC307")


@rule("HC308", "key-letter-case", Severity.ERROR, "record")
def key_letter_case(noted: Noted) -> Flaws:
    """A property has a documented name, or that of another property of the object, but for letter case.

    Why it matters: Readers disagree about what the object says. A reader in Go that uses encoding/json takes
    Account_Type for account_type and, by Unicode's case folding, one more letter each for k and s; the last
    counts. Python and Ruby tell them apart, and so does hcfmt.

    Bad::

        users.json#/1/User/Account_Type = "admin"

    Good::

        (the documented sample as it is)

    Common causes: A script that wrote the records anew and kept the old spelling; or an attack, which shows one
    value to a program that checks the archive and another to the importer.

    What to do: Before the old server is gone: export again, and see on the server which value is right.
    Afterwards: keep the documented property and remove the other.

    Evidence: none from an importer; Go documents that encoding/json matches keys in any letter case.
    """
    return noted.of("HC308")


@rule("HC309", "integer-as-float", Severity.ERROR, "record")
def integer_as_float(noted: Noted) -> Flaws:
    """A value that is documented as an integer is written as a float, such as 2.0 or 2e0.

    Why it matters: A reader in Go that uses encoding/json refuses the file. Python and Ruby make 2.0 of it,
    which as a text or in a path is another id than 2.

    Bad::

        users.json#/1/User/id = 2.0

    Good::

        users.json#/1/User/id = 2

    Common causes: A script that rewrote the files with a language or a library in which all numbers are floats.

    What to do: Before the old server is gone: export again with hc-migrate, which writes integers. Afterwards:
    write the numbers without a fraction.

    Evidence: none from an importer; it follows from how these languages decode JSON.
    """
    return noted.of("HC309")
