"""Without the extra, the import of the strategies says what to install."""

import subprocess
import sys

import pytest

IMPORT = "import sys; sys.modules[{!r}] = None; import hcfmt.strategies"


@pytest.mark.parametrize("module", ["hypothesis", "faker"])
def test_an_import_without_a_library_of_the_extra_says_what_to_install(module: str) -> None:
    result = subprocess.run([sys.executable, "-c", IMPORT.format(module)], capture_output=True, text=True, check=False)
    last_line = result.stderr.splitlines()[-1]
    assert last_line == "ModuleNotFoundError: The extra 'testing' is not installed: pip install 'hcfmt[testing]'."


def test_a_test_that_needs_the_strategies_can_be_skipped() -> None:
    program = (
        f"import pytest; {IMPORT.format('hypothesis').rpartition(';')[0]}; pytest.importorskip('hcfmt.strategies')"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "Skipped: could not import 'hcfmt.strategies'" in result.stderr
