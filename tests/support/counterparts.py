"""Programs that hcfmt did not make, which its results are compared with."""

import os
import shutil
import subprocess
from typing import NoReturn

import pytest


def counterpart(*names: str, version: str = "") -> str:
    """Return the path of the first of these programs that is installed and says ``version`` when asked for its version.

    Where there is none the calling test is skipped, loudly, and in CI it fails: what was not compared is never a pass.
    """
    for name in names:
        path = shutil.which(name)
        if path and (not version or version in _version_of(path)):
            return path
    return missing(f"{' or '.join(names)}{f' ({version})' if version else ''}")


def _version_of(path: str) -> str:
    return subprocess.run([path, "--version"], capture_output=True, check=False, text=True).stdout


def missing(program: str) -> NoReturn:
    """Skip the calling test, loudly, and in CI fail it: a program that it needs is not there."""
    message = f"NOT COMPARED: {program} is not installed, so nothing here was held against it"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
