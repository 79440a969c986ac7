"""Memory of request bodies: bounded, and granted in the order of requests."""

import asyncio

import pytest

from hcfmt.server.http.body_memory import MemoryPool


async def hold(memory: MemoryPool, size: int, log: list[str], name: str, until: asyncio.Event) -> None:
    async with memory.hold(size):
        log.append(name)
        await until.wait()
    log.append(f"-{name}")


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_requests_wait_in_order_for_free_memory() -> None:
    async def run() -> tuple[list[str], list[str]]:
        memory, log, ends = MemoryPool(10), list[str](), [asyncio.Event() for _ in range(4)]
        sizes = [6, 4, 5, 1]
        tasks = [
            asyncio.create_task(hold(memory, size, log, str(number), ends[number])) for number, size in enumerate(sizes)
        ]
        await settle()
        first = list(log)
        ends[1].set()
        await settle()
        ends[0].set()
        await settle()
        second = list(log)
        for end in ends:
            end.set()
        await asyncio.gather(*tasks)
        return first, second

    assert asyncio.run(run()) == (["0", "1"], ["0", "1", "-1", "-0", "2", "3"])


def test_a_request_larger_than_the_pool_holds_it_alone() -> None:
    async def run() -> list[str]:
        memory, log, end = MemoryPool(10), list[str](), asyncio.Event()
        end.set()
        await asyncio.gather(*(hold(memory, 100, log, name, end) for name in "ab"))
        return log

    assert asyncio.run(run()) == ["a", "-a", "b", "-b"]


def test_memory_is_released_after_cancellation_and_errors() -> None:
    async def run() -> None:
        memory, never = MemoryPool(10), asyncio.Event()
        tasks = [asyncio.create_task(hold(memory, 10, [], name, never)) for name in "ab"]
        await settle()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with pytest.raises(KeyError):
            async with memory.hold(10):
                raise KeyError
        async with memory.hold(10):
            pass

    asyncio.run(asyncio.wait_for(run(), 10))
