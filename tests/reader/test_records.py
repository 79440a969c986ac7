"""The classes of records are those that the schemas describe."""

from collections.abc import Callable
from pathlib import Path

from tests.support.record_module import RECORDS, record_module


def test_the_classes_are_made_of_the_schemas(golden: Callable[[Path, str], None]) -> None:
    golden(RECORDS, record_module())
