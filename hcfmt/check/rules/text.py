"""Rules of JSON text, which hold in every data file."""

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Severity


@rule("HC201", "invalid-json", Severity.ERROR, "text", looks_at="data file", ought=True)
def invalid_json(noted: Noted) -> Flaws:
    """A data file is not JSON: empty, cut short, a trailing comma, ... Says line, column and byte; what depends on
    that file is skipped and listed as skipped.

    Why it matters: Zulip and migratemost stop. Rocket.Chat drops the whole file and reports success, so that a
    room or all users are missing and nobody is told.

    Bad::

        metadata.json = {"include_emoticons": true,}

    Good::

        metadata.json = {"include_emoticons": true}

    Common causes: An export that ran out of disk or memory, edits by hand, histories joined together with cat.

    What to do: Before the old server is gone: export again. Afterwards: mend the text at the place named; when
    the end is missing, records before it can be kept by closing the array.

    Evidence: facts 5.2 (J1).
    """
    return noted.of("invalid-json")


@rule("HC202", "byte-order-mark", Severity.ERROR, "text", looks_at="data file")
def byte_order_mark(noted: Noted) -> Flaws:
    r"""A data file starts with a UTF-8 byte order mark. Zulip and migratemost stop, Rocket.Chat drops the file.

    Why it matters: The mark is three bytes that no editor shows, and the JSON standard forbids to add them; the
    readers named take them for garbage before the first bracket. hcfmt reads on behind the mark.

    Bad::

        metadata.json = \xef\xbb\xbf{}

    Good::

        metadata.json = {}

    Common causes: The file was edited and saved on Windows, in Notepad or by PowerShell.

    What to do: Before the old server is gone: keep the export as it was written. Afterwards: remove the first
    three bytes (EF BB BF) and pack again.

    Evidence: facts 5.2 (J2); RFC 8259, section 8.1.
    """
    return noted.of("byte-order-mark")


@rule("HC203", "invalid-utf8", Severity.ERROR, "text", looks_at="data file", ought=True)
def invalid_utf8(noted: Noted) -> Flaws:
    r"""A data file is not UTF-8.

    Why it matters: Zulip and migratemost stop. Rocket.Chat puts U+FFFD in the place of what it cannot read and
    goes on, so that names and messages arrive damaged for good. hcfmt sets the record aside and reads the next.

    Bad::

        metadata.json = {"exported_by": "Ren\xe9"}

    Good::

        metadata.json = {"exported_by": "René"}

    Common causes: An editor or script that saved the file in Latin-1 or Windows-1252, or a character that was
    torn apart where files were cut and joined.

    What to do: Before the old server is gone: export again. Afterwards: look at the byte named, find out the
    encoding (E9 is é in Latin-1), and convert that place only.

    Evidence: facts 5.2 (J3).
    """
    return noted.of("invalid-utf8")


@rule("HC204", "non-finite-number", Severity.ERROR, "text", looks_at="data file")
def non_finite_number(noted: Noted) -> Flaws:
    """NaN, Infinity or -Infinity, which JSON does not have, or a number too large for a double, such as 1e999.

    Why it matters: Python's json module lets them in, so that Zulip and migratemost stumble only later, over a
    number that is none. JavaScript does not: Rocket.Chat drops the whole file.

    Bad::

        metadata.json = {"hours": NaN}

    Good::

        metadata.json = {"hours": null}

    Common causes: A script in Python that rewrote the file after a division or a statistics library.

    What to do: Before the old server is gone: export again; hc-migrate writes no such numbers. Afterwards: put
    null or the true value in its place.

    Evidence: facts 5.2 (J4); RFC 8259, section 6.
    """
    return noted.of("non-finite-number")


@rule("HC205", "duplicate-key", Severity.ERROR, "text record", looks_at="data file")
def duplicate_key(noted: Noted) -> Flaws:
    """An object has the same key twice, also inside a string that holds JSON; every reader keeps the last one
    silently.

    Why it matters: What the first one said is lost in every importer, without a word. hcfmt cannot know which
    one was meant, so it sets the record aside.

    Bad::

        metadata.json = {"version": 1, "version": 2}

    Good::

        metadata.json = {"version": 2}

    Common causes: Two records that an edit ran together, or a program that joins text in place of data.

    What to do: Before the old server is gone: export again. Afterwards: compare the two values and keep the
    true one.

    Evidence: facts 5.2 (J7).
    """
    return [*noted.of("duplicate-key"), *noted.of("HC205")]


@rule("HC206", "unstorable-text", Severity.WARNING, "text", looks_at="data file")
def unstorable_text(noted: Noted) -> Flaws:
    r"""A string holds U+0000 or a lone surrogate: it parses, and PostgreSQL or a UTF-8 encoder then refuses it.

    Why it matters: Conversion goes well and the import fails, hours later and far from the cause: Zulip's
    database refuses U+0000. A lone surrogate cannot be written as UTF-8 at all.

    Bad::

        users.json#/1/User/title = "Engineer\u0000"

    Good::

        users.json#/1/User/title = "Engineer"

    Common causes: Text pasted from a terminal or a binary file; an emoji cut in half by a limit on length.

    What to do: Before the old server is gone: nothing; the server stored what somebody typed. Afterwards: take
    the character out of the string before the import.

    Evidence: facts 5.2 (J5); Zulip pull request 31311.
    """
    return noted.of("unstorable-text")


@rule("HC207", "unsafe-integer", Severity.WARNING, "text", looks_at="data file")
def unsafe_integer(noted: Noted) -> Flaws:
    """An integer beyond 2^53: JavaScript readers change it.

    Why it matters: JavaScript keeps every number as a double, so 9007199254740993 becomes 9007199254740992 in
    Rocket.Chat: an id then names somebody else, or nobody. No export with one is known.

    Bad::

        metadata.json = {"group": 9007199254740993}

    Good::

        metadata.json = {"group": "9007199254740993"}

    Common causes: Ids of another system put in the place of HipChat's own, which are far smaller.

    What to do: Before the old server is gone: export again; the server's own ids are small. Afterwards: give
    the thing a smaller id, wherever it is named.

    Evidence: none from an importer; RFC 8259, section 6, on which integers readers agree.
    """
    return noted.of("unsafe-integer")
