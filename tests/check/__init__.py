"""Tests of the check, and what they share."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def processes(count: int) -> ProcessPoolExecutor:
    """Return so many processes; spawned, because a fork of a program with threads can hang."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))
