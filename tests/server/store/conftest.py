"""Archives that several tests load, each generated once."""

from pathlib import Path

import pytest

from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from tests.support.store_exports import Archive, secret


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return a function that gives the path of the tiny company's archive in a form, "" for a directory."""
    directory, generated = tmp_path_factory.mktemp("archives"), set[Path]()

    def give(form: str = ".tar.gz", **changes: int) -> str:
        path = directory / f"{'-'.join(map(str, changes.values()))}x{form}"
        if path not in generated:
            generate(str(path), planned("tiny", **changes), password=secret if form.endswith(".aes") else None)
            generated.add(path)
        return str(path)

    return give
