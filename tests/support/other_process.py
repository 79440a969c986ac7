"""Evaluates an expression in another process, with another hash seed and time zone."""

import os
import subprocess
import sys
from pathlib import Path


def printed_elsewhere(module: str, expression: str, hash_seed: str, zone: str) -> str:
    """Return what an expression over the names of a module is, as ``ascii`` writes it."""
    return subprocess.run(
        [sys.executable, "-c", f"from {module} import *; print(ascii({expression}))"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
