"""Operations that tell where stored files, and their previews, can be had."""

from hcfmt.server.api.objects import Object
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.store import StoredFile

_DIGITS = 18  # of a number that a store can have given
_PREVIEWS = (".jpg", ".png", ".gif")  # besides the file's own extension


def get_file(call: Call) -> ApiResponse:
    """Tell where a file, or its preview, can be had; it goes by its number, or by its path in the export."""
    file = _file(call, call.path["file_id"])
    wanted = _preview(call, file) if file and call.query.get("thumbnail") else file
    if file is None or wanted is None:
        raise ApiError(404, "File not found")
    return ApiResponse(body=_told(call, str(file.id), wanted))


def get_thumbnails(call: Call) -> ApiResponse:
    """Tell where the previews of several files can be had; those without one, and ids of no file, are left out."""
    items = []
    for key in dict.fromkeys(call.body["ids"]):
        file = _file(call, key)
        preview = _preview(call, file) if file else None
        if preview:
            items.append(_told(call, key, preview))
    return ApiResponse(body={"items": items})


def _file(call: Call, key: str) -> StoredFile | None:
    number = int(key) if key.isdecimal() and key.isascii() and len(key) <= _DIGITS else None
    return call.store.file(key) if number is None else call.store.file_by_id(number)


def _told(call: Call, key: str, file: StoredFile) -> Object:
    url = call.links.stored(file.path)
    return {"id": key, "name": file.name, "size": file.size, "temp_download_url": url, "temp_url": url}


def _preview(call: Call, file: StoredFile) -> StoredFile | None:
    """Return the preview that stands beside a file (facts 1.5), None where there is none."""
    stem, dot, extension = file.path.rpartition(".")
    own = f"{stem}_thumb{dot}{extension}" if dot else f"{file.path}_thumb"
    paths = (own, *(f"{stem}_thumb{other}" for other in _PREVIEWS))
    return next(filter(None, map(call.store.file, paths)), None)
