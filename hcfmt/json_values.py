"""JSON values in plain types that every strict reader accepts: lone surrogates are written as text."""

from collections.abc import Mapping


def well_formed(text: str) -> str:
    r"""Return a text with its lone surrogates written as escapes (``\udcff``), which strict JSON readers refuse."""
    return text.encode("utf-8", "backslashreplace").decode()


def plain(value: object) -> object:
    """Return a JSON value made of ``dict``, ``list``, ``str`` and scalars, with every text well formed."""
    match value:
        case str():
            return well_formed(value)
        case Mapping():
            return {well_formed(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    return value
