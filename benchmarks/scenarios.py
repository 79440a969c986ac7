"""Measures scenarios of ``hcfmt generate`` at full size: ``python -m benchmarks.scenarios DIRECTORY [NAME...]``."""

import sys
from pathlib import Path

from benchmarks.processes import run
from hcfmt.generation.scenarios import SCENARIOS

_MIB = 1 << 20
_INVALID = 1  # exit status


def main() -> None:
    """Print what each scenario costs: MiB of the archive; CPU seconds and peak memory of generate and of validate."""
    directory, *names = sys.argv[1:]
    hcfmt = (sys.executable, "-m", "hcfmt")
    for name in names or SCENARIOS:
        path = Path(directory, f"{name}.tar.gz")
        made = run((*hcfmt, "generate", "-o", str(path), "--scenario", name, "--jobs", "1"), path.parent, sampled=True)
        read = run((*hcfmt, "validate", "--jobs", "1", str(path)), path.parent, statuses=(0, _INVALID), sampled=True)
        costs = [f"{cost.cpu:.1f} s, {cost.peak / _MIB:.0f} MiB" for cost in (made, read)]
        sys.stdout.write(f"{name}: {path.stat().st_size / _MIB:.1f} MiB; {'; '.join(costs)}\n")
        sys.stdout.flush()
        path.unlink()


if __name__ == "__main__":
    main()
