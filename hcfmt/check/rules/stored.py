"""Rules of stored files: their sizes and contents, and whether any record names them."""

from hcfmt.check.layout_view import Layout
from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Flaw, Severity


@rule("HC507", "attachment-size-disagrees", Severity.WARNING, "reference", looks_at="attachment")
def attachment_size_disagrees(noted: Noted) -> Flaws:
    """attachment.size is not the stored file's size.

    Why it matters: The file may be cut short or be another one. It need not be: Zulip's authors found these
    sizes not completely trustworthy, and a wrong size alone harmed neither Zulip nor migratemost nor
    Rocket.Chat.

    Bad::

        rooms/1/history.json#/2/UserMessage/attachment/size = 21627

    Good::

        rooms/1/history.json#/2/UserMessage/attachment/size = 21626

    Common causes: A file that was stored or copied incompletely, or replaced later.

    What to do: Before the old server is gone: open the file there, and compare. Afterwards: open the stored
    file; if it is whole, correct the size or leave it.

    Evidence: facts 1.5; facts 5.5 (M7).
    """
    return noted.of("HC507")


@rule("HC508", "empty-file", Severity.SUSPECT, "layout", looks_at="stored file")
def empty_file(layout: Layout) -> Flaws:
    r"""A stored attachment, avatar or emoticon has no bytes.

    Why it matters: A file without bytes is rarely what somebody sent, and an image never is. Most likely its
    content was lost before it was packed.

    Bad::

        users/1/avatars/PrypXtu4rN8sEFL_36.jpg =

    Good::

        users/1/avatars/PrypXtu4rN8sEFL_36.jpg = \xff\xd8\xff\xe0

    Common causes: A disk that was full while files were copied; an upload that broke off. A user may also have
    sent an empty file on purpose.

    What to do: Before the old server is gone: look at the file there, and export again if it has content.
    Afterwards: take it from another export or a backup; where attachment.size is 0, it was always empty.

    Evidence: none; what importers do with an empty file is not known.
    """
    for path, entry in layout.stored():
        if not entry.size:
            yield Flaw("The stored file has no bytes.", member=path)


@rule("HC509", "content-type-disagrees", Severity.SUSPECT, "layout", looks_at="stored file")
def content_type_disagrees(layout: Layout) -> Flaws:
    """A stored file's leading bytes contradict its extension, such as an HTML page saved as .png.

    Why it matters: The file may not be what was sent, but the page that a server showed in its place, such as a
    form for signing in or an error. An importer copies it all the same, and nobody can open it later.

    Bad::

        users/1/avatars/PrypXtu4rN8sEFL.jpg = <!DOCTYPE html><title>Sign in</title>

    Good::

        rename rooms/1/files/BcudLU14VxUEeUK/img.JPG rooms/1/files/BcudLU14VxUEeUK/page.html
        rooms/1/files/BcudLU14VxUEeUK/page.html = <!DOCTYPE html><title>Sign in</title>
        rooms/1/history.json#/2/UserMessage/attachment/path = "BcudLU14VxUEeUK/page.html"
        rooms/1/history.json#/2/UserMessage/attachment/size = 37

    Common causes: A script that fetched files over the network and kept whatever came; a file that its sender
    had misnamed.

    What to do: Before the old server is gone: open the file there, and export again if it differs. Afterwards:
    take it from another export or a backup; a file that was only misnamed can get the right extension.

    Evidence: none; a heuristic that goes by what files of a kind begin with.
    """
    for path, entry in layout.stored():
        if entry.looks_like:
            sentence = "Its name promises one kind of content, its first bytes look like {content}."
            yield Flaw(sentence, {"content": entry.looks_like}, member=path)


@rule("HC510", "orphan-file", Severity.WARNING, "reference", looks_at="stored file")
def orphan_file(noted: Noted) -> Flaws:
    r"""A stored attachment, avatar or emoticon that no record refers to.

    Why it matters: Importers go by the records, so they leave it behind. Either the record is missing, and more
    may be missing with it, or the file belongs to something that was deleted and is kept without need.

    Bad::

        rooms/1/files/BcudLU14VxUEeUK/notes.txt = Nobody speaks of this file.

    Good::

        rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg -
        rooms/1/files/BcudLU14VxUEeUK/small.jpg = \xff\xd8\xff\xe0
        rooms/1/history.json#/2/UserMessage/attachment/thumbnail = "BcudLU14VxUEeUK/small.jpg"

    Common causes: Histories of another date than the files; messages that were deleted or had reached the end
    of the time for which the server kept them; a path in a record that is wrong, which another finding then
    tells.

    What to do: Before the old server is gone: see whether the message is there, and export again if it is.
    Afterwards: look into the file, and keep it apart from the import if it is of value.

    Evidence: none; the documentation does not say that every file has a record.
    """
    return noted.of("HC510")


@rule("HC516", "emoticon-size-disagrees", Severity.WARNING, "reference", looks_at="emoticon")
def emoticon_size_disagrees(noted: Noted) -> Flaws:
    """width or height is not the stored image's.

    Why it matters: The image may be another one than the record speaks of. No importer is known to read the two
    numbers.

    Bad::

        emoticons.json#/Emoticons/0/width = 56

    Good::

        emoticons.json#/Emoticons/0/width = 28

    Common causes: A larger version, such as @2x, in the place of the standard one; an image that was replaced
    or scaled later.

    What to do: Before the old server is gone: compare with the emoticon there. Afterwards: if the image is the
    right one, correct the numbers or leave them.

    Evidence: seed 000, "Emoticons".
    """
    return noted.of("HC516")
