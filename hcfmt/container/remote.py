"""Reads archives over HTTP and from S3 through fsspec, as streams in bounded memory.

Texts of the libraries' errors are never shown: they hold the URL, with its query, and text of the server.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from hcfmt.container.urls import Url
from hcfmt.errors import UnreadableError
from hcfmt.extras import require_extra

if TYPE_CHECKING:
    import fsspec

BLOCK = 4 << 20  # bytes that are read ahead
CONNECT_SECONDS, READ_SECONDS = 15, 60  # limits of connecting, and of waiting for the next bytes

_NOT_IN_TIME = "the server did not answer in time"
_UNREACHABLE = "the server cannot be reached"
_BROKEN = "the connection broke before the end of the file"
_REASONS: Mapping[str, str] = {
    "ClientConnectorCertificateError": "the server's certificate is not trusted",
    "ClientConnectorDNSError": "the name of the host is unknown",
    "ClientConnectorSSLError": "no TLS connection can be made",
    "ClientOSError": _UNREACHABLE,
    "ClientPayloadError": _BROKEN,
    "ConnectionClosedError": _BROKEN,
    "ConnectionError": _UNREACHABLE,
    "ConnectTimeoutError": _NOT_IN_TIME,
    "EndpointConnectionError": _UNREACHABLE,
    "FileExpired": "the file was changed while it was read",
    "FileNotFoundError": "there is no such file",
    "IncompleteReadError": _BROKEN,
    "NoCredentialsError": "there are no keys for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "PartialCredentialsError": "the keys for S3 are incomplete",
    "PermissionError": "access is denied",
    "ProfileNotFound": "there is no such profile of AWS_PROFILE",
    "ReadTimeoutError": _NOT_IN_TIME,
    "ResponseStreamingError": _BROKEN,
    "ServerDisconnectedError": _BROKEN,
    "SSLError": "no TLS connection can be made",
    "TimeoutError": _NOT_IN_TIME,
    "TooManyRedirects": "the server redirects too often",
    "ValueError": "the URL is not valid",
}
"""Reasons by the names of exceptions, whose modules are imported only where they are used."""

_DENIED, _MISSING = {401, 403, 407}, {404, 410}


class RemoteFile:
    """An open remote file, which is read once. ``size`` is its length in bytes, None if the server does not tell it."""

    def __init__(self, name: str, file: IO[bytes], size: int | None) -> None:
        """Take an open file and its length."""
        self.size = size
        self._name = name
        self._file = file
        self._bytes_read = 0

    def read(self, count: int, /) -> bytes:
        """Read up to ``count`` bytes; b"" only at the end. Raises UsageError where the stream ends before it."""
        with _sentences(self._name):
            data = self._file.read(count)
        self._bytes_read += len(data)
        if not data and self.size is not None and self._bytes_read < self.size:
            read = f"after {self._bytes_read:,} of {self.size:,} bytes"
            raise UnreadableError(self._name, f"cannot be read: {_BROKEN}, {read}.")
        return data

    def close(self) -> None:
        """Close the connection."""
        self._file.close()


def open_url(url: Url) -> RemoteFile:
    """Open a remote file. Raises UsageError where it cannot be read or the extra is not installed."""
    files = _file_system(url.scheme)
    with _sentences(url.name):
        if url.scheme == "s3":
            # Each block is a request of its own, for the version of the object that was opened.
            file = files.open(url.text, "rb", block_size=BLOCK, cache_type="readahead")
            if file.details["type"] != "file":
                raise FileNotFoundError
            return RemoteFile(url.name, file, file.size)
        # One request, whose answer is read as it comes; a size that is given keeps fsspec from asking for it first.
        file = files.open(url.text, "rb", block_size=0, size=1)
        return RemoteFile(url.name, file, file.r.content_length)


def matching_urls(url: Url) -> list[str]:
    """Return the URLs of all S3 objects whose names match a wildcard, sorted.

    Raises UsageError where they cannot be listed or the extra is not installed.
    """
    files = _file_system(url.scheme)
    with _sentences(url.name):
        found: Mapping[str, Mapping[str, Any]] = files.glob(url.text, detail=True)
    return sorted(f"{url.scheme}://{name}" for name, entry in found.items() if entry["type"] == "file")


def _file_system(scheme: str) -> "fsspec.AbstractFileSystem":
    require_extra("remote")
    import fsspec  # noqa: PLC0415 - most runs need none of it

    if scheme == "s3":
        return fsspec.filesystem("s3", use_listings_cache=False)
    from aiohttp import ClientTimeout  # noqa: PLC0415 - as above

    timeout = ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
    # The bytes as they are stored: nothing is decompressed on the way, and no URL that is signed is escaped anew.
    client = {
        "auto_decompress": False,
        "raise_for_status": True,
        "read_bufsize": BLOCK // 2,
        "timeout": timeout,
        "trust_env": True,
    }
    return fsspec.filesystem(
        scheme, client_kwargs=client, encoded=True, headers={"Accept-Encoding": "identity"}, use_listings_cache=False
    )


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    """Raise UsageError with a reason in place of any error of the libraries."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - each library below fsspec has exceptions of its own
        raise UnreadableError(name, f"cannot be read: {_reason(error)}.") from None


def _reason(error: Exception) -> str:
    names = [kind.__name__ for cause in _causes(error) for kind in type(cause).__mro__]
    if known := next((_REASONS[name] for name in names if name in _REASONS), None):
        return known
    status = getattr(error, "status", None)  # aiohttp's ClientResponseError
    if isinstance(status, int):
        return _status_reason(status)
    number = getattr(error, "errno", None)
    return os.strerror(number) if isinstance(number, int) else type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__


def _status_reason(status: int) -> str:
    if status in _DENIED:
        return f"{_REASONS['PermissionError']} (HTTP {status})"
    if status in _MISSING:
        return f"{_REASONS['FileNotFoundError']} (HTTP {status})"
    return f"the server answers with HTTP {status}"
