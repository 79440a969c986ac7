"""Rules of members' names: what they may lead to, and whether two of them are one."""

import re

from hcfmt.check.layout_view import Header, Layout
from hcfmt.check.rule import Flaws, rule
from hcfmt.container import MemberKind
from hcfmt.findings import Flaw, Severity

_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_NAME, _LONGEST_PATH = 255, 4095  # bytes
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
    if path.startswith("/") or _DRIVE.match(path):
        yield Flaw("The member's name is absolute: a careless reader would write outside its directory.", member=path)
    elif ".." in path.split("/"):
        yield Flaw("The member's name climbs with '..': a careless reader would leave its directory.", member=path)
    elif _ODD.search(path):
        yield Flaw("The member's name holds a backslash or a control character.", member=path)


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
    """Two members have the same path, or a file stands where other members need a directory. Rocket.Chat reads
    two files of one path and doubles the users.

    Why it matters: Readers disagree about which one counts: a tool that unpacks keeps the last, one that reads
    as it goes takes both. A file that a directory replaces is gone once the archive is unpacked. hcfmt reads
    the first file and says so.

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
            yield Flaw("{count} members have this path; the first one was read.", {"count": entry.count}, member=path)
    for path, everywhere in layout.overlaps.items():
        if everywhere:
            yield Flaw("This path is a file's and a directory's; once unpacked, one of them is gone.", member=path)


@rule("HC109", "case-collision", Severity.WARNING, "layout", looks_at="member")
def case_collision(layout: Layout) -> Flaws:
    """Two members have paths that are one path on macOS or Windows: they differ only in letter case, Unicode
    normalisation, invisible characters, or dots and spaces at a name's end. One overwrites the other.

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
    for path, everywhere in layout.overlaps.items():
        if not everywhere:
            yield Flaw("On macOS or Windows another member has the same path.", member=path)


@rule("HC116", "lookalike-data-file", Severity.ERROR, "layout", looks_at="member")
def lookalike_data_file(layout: Layout) -> Flaws:
    """A member's path is another than a data file's, and the same on macOS or Windows: USERS.JSON, users.json
    with a dot, a space, a stream (users.json::$DATA) or an invisible character behind it, or USERS~1.JSO.

    Why it matters: An importer that opens users.json there may be given this member in its place, which hcfmt
    has not checked. So an archive would be valid in one place and hold other users in another.

    Bad::

        USERS.JSON = []

    Good::

        (the documented sample as it is)

    Common causes: No exporter writes such names. An archive merged by hand from several exports; or an attack.

    What to do: Before the old server is gone: export again. Afterwards: compare the two files, and pack the
    archive again without the one that does not belong to it.

    Evidence: none from an importer; it follows from how those file systems compare names.
    """
    for path in sorted(layout.lookalikes):
        yield Flaw("On macOS or Windows this is the path of a data file.", member=path)


@rule("HC117", "name-too-long", Severity.ERROR, "member")
def name_too_long(header: Header) -> Flaws:
    """A part of a member's path has more than 255 bytes, or the whole path more than 4,095: no usual file
    system holds it.

    Why it matters: Whoever unpacks the archive ends with an error and without that file: GNU tar and bsdtar
    exit nonzero. A tool that reads members as they come does not notice.

    Bad::

        rooms/1/files/(n*256)/ =

    Good::

        (the documented sample as it is)

    Common causes: No export that was written to a disk can hold such a name; a tool that made the archive
    without one.

    What to do: Before the old server is gone: export again. Afterwards: rename the file, and the path in the
    record that refers to it, in a copy.

    Evidence: none from an importer; it follows from the limits of ext4, APFS and NTFS.
    """
    raw = header.path.encode("utf-8", "surrogateescape").rstrip(b"/")
    if len(raw) > _LONGEST_PATH or any(len(part) > _LONGEST_NAME for part in raw.split(b"/")):
        yield Flaw("A part of the path has more than 255 bytes, or all of it more than 4,095.", member=header.path)


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
