"""Rules of places: which files the documented tree has, and which of them are there."""

from hcfmt.check.layout_view import Layout
from hcfmt.check.rule import Flaws, rule
from hcfmt.export.layout import DATA_NAMES, OPTIONAL, REQUIRED
from hcfmt.findings import Flaw, Severity


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
            yield Flaw("{file} is missing.", {"file": path}, member=layout.extra + path)


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
            yield Flaw(
                "{file}, which hc-migrate always writes, is missing.", {"file": path}, member=layout.extra + path
            )


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
        is_expected = path in layout.claimed or path in layout.lookalikes
        if place is None and layout.has_data() and not is_expected:
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
    if layout.extra:
        yield Flaw("The export stands below one extra directory; it was read through.")
    elif layout.dotted:
        sentence = "{count:,} of {members:,} members stand below './'; they were read through."
        yield Flaw(sentence, {"count": layout.dotted, "members": layout.total})


@rule("HC108", "reserved-file-name", Severity.WARNING, "layout", looks_at="member")
def reserved_file_name(layout: Layout) -> Flaws:
    """A stored attachment, avatar or emoticon is named like a data file (users.json, rooms.json, history.json,
    emoticons.json, ...). Rocket.Chat hangs on it.

    Why it matters: Rocket.Chat goes by the last part of the name and takes the upload for data of the export;
    early versions of hipmost swept up every .json below users/.

    Bad::

        rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg -
        rooms/1/files/BcudLU14VxUEeUK/users.json = []
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
