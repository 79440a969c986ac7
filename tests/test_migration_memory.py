"""The memory that hc-migrate needs, by the figures of its documentation."""

import pytest

from hcfmt import ExportMemory, UsageError, export_memory


def test_the_figures_are_those_of_the_documentation() -> None:
    assert export_memory(1_000, 0).total == 2_600_000
    assert export_memory(0, 10**9).total == 500_000


def test_messages_and_files_are_added_and_parts_of_a_byte_count() -> None:
    assert export_memory(3, 2_001) == ExportMemory(3, 2_001, 7_800, 2, 7_802)


@pytest.mark.parametrize(("messages", "file_store", "name"), [(-1, 0, "messages"), (0, -1, "file_store")])
def test_negative_numbers_are_refused(messages: int, file_store: int, name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} must be 0 or more, not -1"):
        export_memory(messages, file_store)
