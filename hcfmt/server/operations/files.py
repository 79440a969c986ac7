"""Operations that return the URLs of stored files and their previews."""

from hcfmt.server.api.objects import Object
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.store import StoredFile

_MAX_DIGITS = 18  # of a file's number
_PREVIEW_EXTENSIONS = (".jpg", ".png", ".gif")  # besides the extension of the file


def get_file(call: Call) -> ApiResponse:
    """Return the URL of a file or its preview, by number or by path in the export."""
    file = _file(call, call.path["file_id"])
    target = _preview(call, file) if file and call.query.get("thumbnail") else file
    if file is None or target is None:
        raise ApiError(404, "File not found")
    return ApiResponse(body=_file_object(call, str(file.id), target))


def get_thumbnails(call: Call) -> ApiResponse:
    """Return the URLs of the previews of several files, without unknown files and files without a preview."""
    items = []
    for key in dict.fromkeys(call.body["ids"]):
        file = _file(call, key)
        preview = _preview(call, file) if file else None
        if preview:
            items.append(_file_object(call, key, preview))
    return ApiResponse(body={"items": items})


def _file(call: Call, key: str) -> StoredFile | None:
    number = int(key) if key.isdecimal() and key.isascii() and len(key) <= _MAX_DIGITS else None
    return call.store.file(key) if number is None else call.store.file_by_id(number)


def _file_object(call: Call, key: str, file: StoredFile) -> Object:
    url = call.links.stored(file.path)
    return {"id": key, "name": file.name, "size": file.size, "temp_download_url": url, "temp_url": url}


def _preview(call: Call, file: StoredFile) -> StoredFile | None:
    """Return the preview of a file (``_thumb`` before the extension), None without one."""
    stem, dot, extension = file.path.rpartition(".")
    same_extension = f"{stem}_thumb{dot}{extension}" if dot else f"{file.path}_thumb"
    paths = (same_extension, *(f"{stem}_thumb{other}" for other in _PREVIEW_EXTENSIONS))
    return next(filter(None, map(call.store.file, paths)), None)
