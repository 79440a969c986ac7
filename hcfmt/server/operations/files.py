"""The operation that tells where a stored file can be had."""

from hcfmt.server.call import Answer, Call, Refusal
from hcfmt.server.store import StoredFile

_DIGITS = 18  # of a number that a store can have given
_PREVIEWS = (".jpg", ".png", ".gif")  # besides the file's own extension


def get_file(call: Call) -> Answer:
    """Tell where a file, or its preview, can be had; it goes by its number, or by its path in the export."""
    key = call.path["file_id"]
    number = int(key) if key.isdecimal() and key.isascii() and len(key) <= _DIGITS else None
    file = call.store.file(key) if number is None else call.store.file_by_id(number)
    if file and call.query.get("thumbnail"):
        file = _preview(call, file)
    if file is None:
        raise Refusal(404, "File not found")
    url = call.links.stored(file.path)
    body = {"id": str(file.id), "name": file.name, "size": file.size, "temp_download_url": url, "temp_url": url}
    return Answer(body=body)


def _preview(call: Call, file: StoredFile) -> StoredFile | None:
    """Return the preview that stands beside a file (facts 1.5), None where there is none."""
    stem, dot, extension = file.path.rpartition(".")
    own = f"{stem}_thumb{dot}{extension}" if dot else f"{file.path}_thumb"
    paths = (own, *(f"{stem}_thumb{other}" for other in _PREVIEWS))
    return next(filter(None, map(call.store.file, paths)), None)
