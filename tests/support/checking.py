"""Tests of the check, and what they share."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from hcfmt import Report


def processes(count: int) -> ProcessPoolExecutor:
    """Return so many processes; spawned, because a fork of a program with threads can hang."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def content(report: Report) -> dict[str, object]:
    """Return the inventory without the layers, which tell how the same content is packed, and who packed it."""
    return {key: value for key, value in report.inventory.items() if key not in {"layers", "dialect"}}
