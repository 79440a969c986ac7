"""URLs of archives: the schemes that are accepted, and names for messages without credentials."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote
from urllib.request import url2pathname

from hcfmt.errors import UsageError

FILE = "file"
_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_HOSTS = {"http": _HOST, "https": _HOST, "s3": re.compile(r"[A-Za-z0-9._-]+")}
"""The hosts (of S3: the buckets) that a URL of each scheme may name; no other scheme is opened."""

_SCHEME = re.compile(r"([^/]*|.*::.*?)://", re.DOTALL)  # "::" chains file systems in fsspec, which hcfmt does not
_RESERVED = "!#$%&'()*+,/:;=?@[]~"  # characters of a URL that are not escaped again


@dataclass(frozen=True, slots=True)
class Url:
    """URL of a remote archive.

    ``text`` is the URL to open, with all its secrets; ``name`` is for messages and reports, without user, password,
    query and fragment.
    """

    scheme: str
    name: str
    text: str = field(repr=False)


def parse_input(text: str) -> Url | str:
    """Return the URL that an input is, or its path: a ``file://`` URL is the path of its file.

    Raises UsageError for a URL that is not accepted; its sentence shows no part that could be a secret.
    """
    found = _SCHEME.match(text)
    if not found:
        return text
    scheme = found[1].lower()
    if scheme == FILE:
        return _file_path(text[found.end() :])
    if scheme not in _HOSTS:
        schemes = ", ".join(f"{known}://" for known in (FILE, *_HOSTS))
        raise UsageError(f"An input is a path or a URL that begins with one of {schemes}.")
    return _remote(scheme, text[found.end() :])


def _remote(scheme: str, rest: str) -> Url:
    authority, _, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    credentials, _, host = authority.rpartition("@")
    if not _HOSTS[scheme].fullmatch(host):
        noun = "bucket" if scheme == "s3" else "host"
        raise UsageError(
            f"A URL that begins with {scheme}:// names no valid {noun}; a user name or a password in it must be "
            "percent-encoded."
        )
    name = f"{scheme}://{host}/{path}"
    if scheme != "s3":
        return Url(scheme, name, f"{scheme}://{quote(rest, safe=_RESERVED, errors='surrogateescape')}")
    if credentials:
        raise UsageError(f"{name}: S3 takes its keys from the environment or a profile, not from the URL.")
    return Url(scheme, name, rest)


def _file_path(rest: str) -> str:
    """Return the path of a ``file://`` URL, percent-decoded as in RFC 8089; "?" and "#" are letters of it."""
    host, slash, path = rest.partition("/")
    if host not in {"", "localhost"} or not slash:
        raise UsageError("A file:// URL names a file of this machine: file:///path.")
    return url2pathname(slash + path)
