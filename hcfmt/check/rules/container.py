"""Rules of what the seal holds: gzip, tar, and whether there is anything to check."""

from hcfmt.check.layout_view import Header, Layout
from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Flaw, Severity


@rule("HC005", "not-an-archive", Severity.ERROR, "archive", fault=True)
def not_an_archive(noted: Noted) -> Flaws:
    """The bytes are no known layer: not OpenSSL-salted, gzip or tar. A ZIP is named as what it most likely is: an
    old HipChat Cloud export, another format.

    Why it matters: There is nothing to check, and that is never a pass. Rocket.Chat had two importers, one for
    each format, and each one refuses the other's files as an invalid import format.

    Bad::

        layers zip

    Good::

        layers gzip tar

    Common causes: An export of HipChat Cloud from before the middle of 2018; or an error page saved in the
    archive's place.

    What to do: Before the old server is gone: export with hc-migrate. Afterwards: find out what the file is
    (its first bytes say), and use an importer made for that format.

    Evidence: facts 2; facts 5.1 (A12).
    """
    return noted.of("not-an-archive")


@rule("HC006", "gzip-corrupt", Severity.ERROR, "archive", looks_at="gzip", fault=True)
def gzip_corrupt(noted: Noted) -> Flaws:
    """The deflate stream or its CRC is wrong. Says after which member and byte reading stopped.

    Why it matters: Every importer stops on such an archive. Members in front of the damage are whole; what
    stands behind it is unreadable or, after a wrong CRC alone, not to be trusted.

    Bad::

        gzip flip -8

    Good::

        (the documented sample as it is)

    Common causes: A bad disk or memory, a broken copy, or damage to the encrypted file, where one changed bit
    spoils a whole block of 16 bytes.

    What to do: Before the old server is gone: copy the file again and compare sums, or export again.
    Afterwards: look for another copy; what was read up to the damage can be kept.

    Evidence: facts 5.1 (A3).
    """
    return noted.of("gzip-corrupt")


@rule("HC007", "gzip-cut", Severity.ERROR, "archive", looks_at="gzip", fault=True)
def gzip_cut(noted: Noted) -> Flaws:
    """The gzip stream ends early. Names the last whole member.

    Why it matters: Every importer fails. What is missing is the end of the archive, where hc-migrate's log
    shows the room histories being written, so it is messages that are lost first.

    Bad::

        gzip cut -20

    Good::

        (the documented sample as it is)

    Common causes: A full disk while exporting or copying; a download that was broken off; hc-migrate stopped
    before its end.

    What to do: Before the old server is gone: see that hc-migrate's log ends in "Export completed
    successfully!", copy the file again or export again. Afterwards: look for another copy; members before the
    cut are whole.

    Evidence: facts 5.1 (A3); facts 4.
    """
    return noted.of("gzip-cut")


@rule("HC008", "trailing-data", Severity.ERROR, "archive", looks_at="packing", damage=True)
def trailing_data(noted: Noted) -> Flaws:
    """Bytes follow the end of the gzip stream or, other than zero padding, the end of the tar: they were not
    checked. GNU tar exits nonzero and Rocket.Chat fails.

    Why it matters: What follows may be the better half of the export, as when two files were joined, and no
    reader says what it is. GNU tar and Rocket.Chat give up on what follows gzip; Python's tarfile passes over
    it in silence. The verdict is incomplete.

    Bad::

        gzip add left over from another file

    Good::

        (the documented sample as it is)

    Common causes: Two files written into one, a copy onto a longer file without shortening it, or a transfer
    that padded the last piece.

    What to do: Before the old server is gone: copy the file again and compare sums. Afterwards: look at what
    follows, it may be a second archive; then unpack and pack again.

    Evidence: facts 5.1 (A4); facts 4.
    """
    return noted.of("trailing-data")


@rule("HC009", "tar-corrupt", Severity.ERROR, "archive", looks_at="tar", fault=True)
def tar_corrupt(noted: Noted) -> Flaws:
    """A tar header's checksum, size or numeric field is invalid.

    Why it matters: Without a header nobody knows where the next member starts, so all that follows is out of
    reach. Every importer stops; Rocket.Chat calls it an invalid tar header.

    Bad::

        tar flip 148

    Good::

        (the documented sample as it is)

    Common causes: Damage from before the archive was packed: gzip's checksum is sound, or HC006 would speak.
    One such export of HipChat Server 2.4.3 was reported and never explained.

    What to do: Before the old server is gone: export again, to another disk. Afterwards: members before the
    damaged header are whole; GNU tar skips to the next one that it can read.

    Evidence: facts 5.1 (A3); Rocket.Chat issue 13845.
    """
    return noted.of("tar-corrupt")


@rule("HC010", "tar-cut", Severity.ERROR, "archive", looks_at="tar", fault=True)
def tar_cut(noted: Noted) -> Flaws:
    """The tar ends inside a member.

    Why it matters: The last member is a part of a file and the ones after it are missing. Every importer
    refuses such an archive; a tool that keeps the part would take it for the whole.

    Bad::

        tar cut 700

    Good::

        (the documented sample as it is)

    Common causes: The disk was full when the archive was written, or the export was stopped: gzip ends well
    here, so the tar was short before it was packed.

    What to do: Before the old server is gone: free some space, export again and read hc-migrate's log to its
    end. Afterwards: look for another copy; members before the last one are whole.

    Evidence: facts 5.1 (A3).
    """
    return noted.of("tar-cut")


@rule("HC011", "tar-unterminated", Severity.ERROR, "archive", looks_at="tar", damage=True)
def tar_unterminated(noted: Noted) -> Flaws:
    """The tar ends after a whole member but without its two zero blocks: it may have been cut exactly there.

    Why it matters: Nothing in the file tells a finished archive from one that lost its last members, and
    histories come last. Rocket.Chat, GNU tar and Python all read it without a word. The verdict is incomplete.

    Bad::

        tar cut -1024

    Good::

        (the documented sample as it is)

    Common causes: An export that was stopped between two members, or a packer that does not write the end.

    What to do: Before the old server is gone: count rooms and messages against the server, or export again.
    Afterwards: compare with hc-migrate's log, which names every file that it wrote; where nothing is missing,
    unpack and pack again.

    Evidence: facts 4.
    """
    return noted.of("tar-unterminated")


@rule("HC012", "not-an-export", Severity.ERROR, "layout", looks_at="member", fault=True)
def not_an_export(layout: Layout) -> Flaws:
    """A sound tar, directory or empty input that holds none of the export's JSON files: nothing to check is never
    a pass.

    Why it matters: The reading went well and there was nothing to read. Zulip and migratemost stop without
    users.json and rooms.json; Rocket.Chat runs on and keeps nothing.

    Bad::

        autojoins.json -
        emoticons.json -
        metadata.json -
        preferences.json -
        rooms.json -
        rooms/1/history.json -
        users.json -
        users/1/history.json -
        users/2/history.json -

    Good::

        (the documented sample as it is)

    Common causes: The wrong file or directory was given; the export stands more than one directory deep; an
    export of HipChat's own interface or of another product.

    What to do: Before the old server is gone: find the file that hc-migrate wrote, or export again. Afterwards:
    look into the archive with tar tf and give the directory that holds users.json.

    Evidence: seed 000, "Export contents and file system"; facts 5.1 (A10).
    """
    if layout.whole and not layout.has_data():
        found = "Of {members:,} members none is a data file of an export" if layout.total else "The input is empty"
        yield Flaw(f"{found}: there is nothing to check.", {"members": layout.total})


@rule("HC014", "ambiguous-header", Severity.ERROR, "member")
def ambiguous_header(header: Header) -> Flaws:
    """A member's tar header is one that readers read differently, or that some of them refuse: two names, two
    sizes, a directory with a size, fields that its format does not have, numbers in an unusual form, records of
    pax that change what a member is.

    Why it matters: hcfmt reads one users.json, and GNU tar, bsdtar, Python or Go unpack another or none. So
    what was checked need not be what an importer gets. The finding says what readers differ on.

    Bad::

        header users.json 345 old

    Good::

        (the documented sample as it is)

    Common causes: A tool that writes tar by hand, damage from before the archive was packed, or an attack.
    Go's archive/tar, when its GNU format is asked for with access times, puts them where Python's tarfile reads
    the beginning of the name. GNU tar, bsdtar, Python, Perl and node-tar do not write such headers.

    What to do: Before the old server is gone: export again. Afterwards: unpack the archive with the reader that
    your importer uses, look at what came out, and pack it again with GNU tar; then check the new archive.

    Evidence: none from an importer; runs of GNU tar 1.34, bsdtar 3.6.2, Python 3.11 and Go 1.19, which
    tests/check/test_tar_readers.py repeats. POSIX.1-2017, pax, leaves these headers open.
    """
    yield from (Flaw(sentence, member=header.path) for sentence in header.ambiguities)
