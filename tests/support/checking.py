"""Tests of the check, and what they share."""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from hcfmt import Report


def processes(count: int) -> ProcessPoolExecutor:
    """Return so many processes; spawned, because a fork of a program with threads can hang."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def content(report: Report) -> dict[str, object]:
    """Return the inventory without the layers, which tell how the same content is packed, and who packed it."""
    return {key: value for key, value in report.inventory.items() if key not in {"layers", "dialect"}}


def in_manifest(inventory: Mapping[str, object]) -> dict[str, object]:
    """Return what the manifest of a generated export expects of an inventory; the rest is counted in test_inventory."""
    left_out = {"layers", "dialect", "busiest_users", "hours"}
    return {key: value for key, value in inventory.items() if key not in left_out}
