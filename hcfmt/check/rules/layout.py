"""Rules of members and their names."""

import re
import unicodedata

from hcfmt.check.rule import Flaws, rule
from hcfmt.check.subjects import Header, Layout
from hcfmt.container import MemberKind
from hcfmt.export.layout import DATA_NAMES, OPTIONAL, REQUIRED
from hcfmt.findings import Flaw, Severity

_DRIVE = re.compile(r"[A-Za-z]:")
_ODD = re.compile(r"[\\\x00-\x1f\x7f-\x9f]")


@rule("HC101", "unsafe-path", Severity.ERROR, "member")
def unsafe_path(header: Header) -> Flaws:
    """A member's name is absolute, climbs with '..', or holds a backslash, drive letter, NUL or control character.

    Why it matters: A reader that joins such a name to its own directory writes elsewhere; Zulip did so with
    paths out of the JSON. Rocket.Chat imports no messages from absolute names and reports success. hcfmt never
    turns a name into a path and does not read such a member, not even one called like a data file.

    Bad::

        users/files/../../../.ssh/authorized_keys = ssh-ed25519 AAAA

    Good::

        (the documented sample as it is)

    Common causes: An archive packed with absolute names or on Windows; a file that users gave an odd name; or
    an attack.

    What to do: Before the old server is gone: export again; hc-migrate's own directories are ids and random
    letters. Afterwards: do not unpack it with rights that matter; pack it again without these members.

    Evidence: facts 5.1 (A6, A9); facts 4.
    """
    path = header.path
    climbs = path.startswith("/") or ".." in path.split("/")
    if climbs or _DRIVE.match(path) or _ODD.search(path):
        yield Flaw("The member's name could lead a careless reader out of its directory.", member=path)


@rule("HC102", "special-member", Severity.ERROR, "member")
def special_member(header: Header) -> Flaws:
    """A member is a link, device, FIFO or anything but a regular file or directory.

    Why it matters: The documented tree has only files and directories. Once unpacked, a link can stand for a
    file of the reader's machine, which an importer could then take for an attachment. Rocket.Chat, GNU tar and
    Python accept a link; hcfmt never follows one.

    Bad::

        rooms/1/files/link -> /etc/passwd

    Good::

        (the documented sample as it is)

    Common causes: The export was unpacked, and packed again from a directory with links in it; a file store
    that was mounted through links.

    What to do: Before the old server is gone: export again. Afterwards: find out what the link stood for and
    put the file itself in its place.

    Evidence: facts 4.
    """
    if header.kind in (MemberKind.LINK, MemberKind.SPECIAL):
        yield Flaw(
            "The member is a link, a device or something else that is neither file nor directory.", member=header.path
        )


@rule("HC103", "duplicate-member", Severity.ERROR, "layout", looks_at="member")
def duplicate_member(layout: Layout) -> Flaws:
    """Two members have the same path. Rocket.Chat reads both and doubles the users.

    Why it matters: Readers disagree about which one counts: a tool that unpacks keeps the last, one that reads
    as it goes takes both. hcfmt reads the first and says so.

    Bad::

        users.json += []

    Good::

        (the documented sample as it is)

    Common causes: Files appended to the tar to mend it (tar -r), or two exports packed into one.

    What to do: Before the old server is gone: export again. Afterwards: unpack, decide which of the copies is
    the right one, and pack again.

    Evidence: facts 5.1 (A7).
    """
    for path, entry in layout.files():
        if entry.count > 1:
            yield Flaw(f"{entry.count} members have this path; the first one was read.", member=path)


@rule("HC104", "missing-file", Severity.ERROR, "layout", looks_at="member")
def missing_file(layout: Layout) -> Flaws:
    """users.json or rooms.json is missing.

    Why it matters: Without them no message has an author or a place. Zulip and migratemost stop; Rocket.Chat
    imports the rest and then drops everything.

    Bad::

        rooms.json -

    Good::

        (the documented sample as it is)

    Common causes: Only a part of the export was packed again, or the archive lost its end before it was closed.

    What to do: Before the old server is gone: export again. Afterwards: take the file from another export of
    the same server, the closer in time the better.

    Evidence: seed 000, "Export contents and file system"; facts 5.1 (A10).
    """
    for path in REQUIRED:
        if layout.lacks(path):
            yield Flaw(f"{path} is missing.", member=path)


@rule("HC105", "absent-optional-file", Severity.WARNING, "layout", looks_at="member")
def absent_optional_file(layout: Layout) -> Flaws:
    """emoticons.json, autojoins.json, preferences.json or metadata.json, which hc-migrate always writes, is
    missing.

    Why it matters: Not every importer misses them: without emoticons.json one Mattermost converter stops and
    the others go on, and the other three are not known to be read by anyone. But hc-migrate writes them, so the
    archive comes from elsewhere or was changed.

    Bad::

        preferences.json -

    Good::

        (the documented sample as it is)

    Common causes: An export from the web interface or the command line of HipChat Server, which has no
    autojoins or preferences, and emoticons only when asked for.

    What to do: Before the old server is gone: export with hc-migrate, which writes them all. Afterwards: what
    the file held is lost; an empty one of the documented form should satisfy the converter that stops.

    Evidence: seed 000, "Export contents and file system"; facts 2; facts 5.1 (A11).
    """
    for path in OPTIONAL:
        if layout.lacks(path):
            yield Flaw(f"{path}, which hc-migrate always writes, is missing.", member=path)


@rule("HC106", "unexpected-file", Severity.WARNING, "layout", looks_at="member")
def unexpected_file(layout: Layout) -> Flaws:
    """A file that the documented tree has no place for.

    Why it matters: No importer is known to read it, so whatever it holds will not arrive. If its last name is
    that of a data file, such as users.json, Rocket.Chat reads it as one wherever it stands.

    Bad::

        notes.txt = Exported on Friday.

    Good::

        (the documented sample as it is)

    Common causes: Files of the operating system (.DS_Store, Thumbs.db), notes and logs packed along, or another
    producer's layout, such as emoticons/ at the top.

    What to do: Before the old server is gone: see whether it is something of value that the export left out.
    Afterwards: keep it apart from the archive.

    Evidence: seed 000, "Export contents and file system"; facts 1.3; facts 1.7.
    """
    for path, place in layout.places.items():
        if place is None and layout.has_data():
            yield Flaw("The documented tree has no place for this file.", member=path)


@rule("HC107", "prefixed-members", Severity.WARNING, "layout", looks_at="member")
def prefixed_members(layout: Layout) -> Flaws:
    """Every member stands below './' or below one extra directory. The archive is read through the prefix;
    Rocket.Chat imports 0 messages from it and reports success.

    Why it matters: Most readers look for rooms/1/history.json by that very name. Zulip fails on an extra
    directory, and a Mattermost converter on any prefix; GNU tar and Python pass over './'.

    Bad::

        prefix data/

    Good::

        (the documented sample as it is)

    Common causes: The export was unpacked, and packed again from the directory above (tar czf x.tar.gz data) or
    as tar czf x.tar.gz . from inside. The exports of HipChat Server's own interface began with './' from 2016
    to 2018.

    What to do: Before the old server is gone: keep the file as hc-migrate wrote it. Afterwards: unpack, and
    pack again from inside with the names alone: tar czf ../export.tar.gz *

    Evidence: facts 5.1 (A6); facts 4.
    """
    if layout.prefix:
        where = "'./'" if layout.prefix == "./" else "one extra directory"
        yield Flaw(f"The export stands below {where}; it was read through.")


@rule("HC108", "reserved-file-name", Severity.WARNING, "layout", looks_at="member")
def reserved_file_name(layout: Layout) -> Flaws:
    """A stored attachment, avatar or emoticon is named like a data file (users.json, rooms.json, history.json,
    emoticons.json, ...). Rocket.Chat hangs on it.

    Why it matters: Rocket.Chat goes by the last part of the name and takes the upload for data of the export;
    early versions of hipmost swept up every .json below users/.

    Bad::

        rename rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg rooms/1/files/BcudLU14VxUEeUK/users.json
        rooms/1/history.json#/2/UserMessage/attachment/thumbnail = "BcudLU14VxUEeUK/users.json"

    Good::

        rename rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg rooms/1/files/BcudLU14VxUEeUK/small.jpg
        rooms/1/history.json#/2/UserMessage/attachment/thumbnail = "BcudLU14VxUEeUK/small.jpg"

    What to do: Before the old server is gone: nothing; the file is what a user uploaded. Afterwards: for
    Rocket.Chat, rename the file and the paths that refer to it, in a copy.

    Evidence: facts 5.1 (A8); facts 1.7.
    """
    for path, place in layout.places.items():
        if place and place.schema is None and path.rpartition("/")[2] in DATA_NAMES:
            yield Flaw("A stored file is named like a data file.", member=path)


@rule("HC109", "case-collision", Severity.WARNING, "layout", looks_at="member")
def case_collision(layout: Layout) -> Flaws:
    """Two members differ only in letter case or Unicode normalisation: one overwrites the other on macOS and
    Windows.

    Why it matters: Whoever unpacks there loses one file without a word, and an importer that then reads the
    directory attaches the wrong one. No importer is known to notice.

    Bad::

        rename rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg rooms/1/files/BcudLU14VxUEeUK/IMG.JPG
        rooms/1/history.json#/2/UserMessage/attachment/thumbnail = "BcudLU14VxUEeUK/IMG.JPG"

    Good::

        (the documented sample as it is)

    Common causes: The random directory of each upload makes this rare; an archive that was merged from several
    exports by hand is the likeliest source.

    What to do: Before the old server is gone: nothing is wrong with the server. Afterwards: unpack and import
    on a file system that tells case apart, such as Linux's own.

    Evidence: none from an importer; it follows from how those file systems compare names.
    """
    spellings: dict[str, list[str]] = {}
    for path, _ in layout.files():
        spellings.setdefault(unicodedata.normalize("NFC", path).casefold(), []).append(path)
    for paths in spellings.values():
        for path in sorted(paths)[1:]:
            yield Flaw("Another member differs only in letter case or Unicode form.", member=path)


@rule("HC110", "undecodable-name", Severity.ERROR, "member")
def undecodable_name(header: Header) -> Flaws:
    r"""A member's name is not UTF-8.

    Why it matters: JSON is UTF-8, so no record can name such a file, and nothing leads to it any more. What
    importers make of it is not known; one that prints or stores the name is likely to stop there.

    Bad::

        users/files/0Lp9rkaHfzLpPow/caf\xe9.png = \x89PNG

    Good::

        (the documented sample as it is)

    Common causes: Names from an old client or file system in Latin-1, or an archive packed again on a machine
    with another encoding.

    What to do: Before the old server is gone: export again, with the file store mounted as UTF-8. Afterwards:
    find the record that means this file by its directory, and rename the file to what the record says.

    Evidence: none from an importer; JSON's own encoding is RFC 8259, section 8.1.
    """
    if not header.decodable:
        yield Flaw("The member's name is not UTF-8.", member=header.path)
