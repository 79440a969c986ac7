"""Memory that the bodies of requests take together: where too little is free, a request waits its turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Memory:
    """A number of bytes, to be used in one event loop alone."""

    def __init__(self, most: int) -> None:
        """Begin with all of them free."""
        self._most = self._free = most
        self._turn = asyncio.Lock()
        self._given_back = asyncio.Event()

    @asynccontextmanager
    async def held(self, size: int) -> AsyncIterator[None]:
        """Hold so many bytes within the block, but no more than there are; who came before is served before."""
        size = min(size, self._most)
        async with self._turn:
            while self._free < size:
                self._given_back.clear()
                await self._given_back.wait()
            self._free -= size
        try:
            yield
        finally:
            self._free += size
            self._given_back.set()
