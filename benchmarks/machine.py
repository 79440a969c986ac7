"""The machine and the versions of all programs that take part in the benchmarks."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version

from benchmarks.processes import ROOT
from hcfmt.version import __version__

PACKAGES = ("cryptography", "zlib-ng", "orjson", "msgspec", "jsonschema-rs", "check-jsonschema", "faker")
PROGRAMS = {"openssl": "version", "tar": "--version", "gzip": "--version"}


def machine() -> str:
    """Return the cores and the system."""
    return f"{cores()} cores, {platform.machine()}, {platform.system()} {platform.release()}"


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load() -> str:
    """Return the load of the last minute: on a quiet machine it is near 0 before a benchmark."""
    return f"{os.getloadavg()[0]:.1f}"


def versions() -> str:
    """Return the versions of hcfmt, Python, the packages and the other programs."""
    parts = [f"hcfmt {__version__}{_commit()}", f"Python {platform.python_version()}"]
    parts += [f"{name} {found}" for name in PACKAGES if (found := _package(name))]
    parts += [_program(name, option) for name, option in PROGRAMS.items()]
    return ", ".join(parts)


def _package(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    """Return the commit of the checkout in brackets, nothing outside one."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = (git, "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*")
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    return f" ({done.stdout.strip()})" if done.stdout else ""


def _program(name: str, option: str) -> str:
    """Return the first line that a program says on its version, shortened."""
    path = shutil.which(name)
    if path is None:
        return f"no {name}"
    done = subprocess.run((path, option), capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    line = (done.stdout.splitlines() or [""])[0]
    return f"{name} {next((word for word in line.split() if word[0].isdigit()), '?')}"
