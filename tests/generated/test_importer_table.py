"""The table of what importers do, which takes longer to render than the other generated files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.importer_table import importer_table
from tests.support.render import IMPORTER_TABLE


@pytest.mark.slow
def test_the_table_of_importers_equals_the_rendered_one(tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    golden(IMPORTER_TABLE, importer_table(tmp_path))
