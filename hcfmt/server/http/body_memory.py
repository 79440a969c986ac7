"""Reception of request bodies in bounded memory: a request waits while other bodies fill the memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

from hcfmt.server.errors import ApiError
from hcfmt.server.http.request import RequestContext
from hcfmt.server.settings import Settings

MAX_UPLOADS, MAX_BODIES = 2, 64
"""Uploads and other bodies of the largest size that fit into memory at once."""


class MemoryPool:
    """A number of bytes, shared by the tasks of one event loop in the order of their requests."""

    def __init__(self, size: int) -> None:
        """Create a pool with all bytes free."""
        self._size = self._free = size
        self._queue = asyncio.Lock()
        self._released = asyncio.Event()

    @asynccontextmanager
    async def hold(self, size: int) -> AsyncIterator[None]:
        """Hold ``size`` bytes, at most the whole pool, within the block; wait until they are free."""
        size = min(size, self._size)
        async with self._queue:
            while self._free < size:
                self._released.clear()
                await self._released.wait()
            self._free -= size
        try:
            yield
        finally:
            self._free += size
            self._released.set()


class BodyReader:
    """Receives the bodies of requests within the limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        """Create a reader with empty memory; uploads and other bodies have separate pools."""
        self._settings = settings
        self._uploads = MemoryPool(MAX_UPLOADS * settings.max_upload)
        self._bodies = MemoryPool(MAX_BODIES * settings.max_body)

    @asynccontextmanager
    async def receive(self, context: RequestContext) -> AsyncIterator[None]:
        """Receive the body into ``context.body``, and hold its memory within the block.

        Raises ApiError(413) above the limit, and starlette's ClientDisconnect for a client that leaves early.
        """
        pool = self._uploads if context.is_upload else self._bodies
        limit = self._settings.max_upload if context.is_upload else self._settings.max_body
        async with pool.hold(_expected_size(context, limit)):
            body = BytesIO()
            async for chunk in context.request.stream():
                if body.tell() + len(chunk) > limit:
                    raise _too_large(limit)
                body.write(chunk)
            context.body = body.getvalue()  # shares the buffer
            yield


def _expected_size(context: RequestContext, limit: int) -> int:
    """Return the largest size that a body may have; raises ApiError(413) for a Content-Length above the limit."""
    headers = context.request.headers
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return limit if "transfer-encoding" in headers else 0
    if int(length) > limit:
        raise _too_large(limit)
    return int(length)


def _too_large(limit: int) -> ApiError:
    return ApiError(413, f"A body of this type has at most {limit:,} bytes")
