"""Copies of drawn archives, and of archives damaged at drawn bytes.

``python -m tests.anonymisation.test_drawn_archives 1000`` draws so many of each.
"""

import gzip
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcfmt import Fault, anonymise
from hcfmt.container import encrypt, open_archive
from hcfmt.export.writer import Entry, tar_chunks
from hcfmt.strategies import Sample, archives, worlds
from tests.support.recipes import sample_files

PASSWORD = b"hipchat"
SLOW = [HealthCheck.too_slow]
ARCHIVES = archives(worlds(users=8, rooms=4, messages=60))


def copy_with_equal_findings(sample: Sample) -> None:
    """Copy an archive, and compare the sizes of its members; findings that differ raise UsageError."""
    with TemporaryDirectory() as directory:
        archive, copy = (Path(directory, f"{name}{sample.form}") for name in ("in", "out"))
        archive.write_bytes(sample.data)
        anonymise(archive, copy, seed="a seed", password=sample.password.encode())
        assert _sizes(copy, sample.password.encode()) == _sizes(archive, sample.password.encode())


def _sizes(path: Path, password: bytes) -> list[tuple[int, int]]:
    with open_archive(str(path), password=password) as archive:
        return [(len(member.path.encode("utf-8", "surrogateescape")), member.size) for member in archive.members()]


@given(ARCHIVES)
@settings(max_examples=6, suppress_health_check=SLOW)
def test_a_copy_has_the_findings_and_the_sizes_of_any_archive(sample: Sample) -> None:
    copy_with_equal_findings(sample)


LAYERS: dict[str, Callable[[bytes], bytes]] = {
    "tar": lambda data: data,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "aes": lambda data: b"".join(encrypt(iter([data]), PASSWORD, "md5", salt=b"saltsalt")),
}
DAMAGE = st.tuples(
    st.sampled_from([*LAYERS]),
    st.sampled_from(["cut", "changed", "zeros", "appended"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 255),
)
Damage = tuple[str, str, float, int]
"""The layer, what is done to it, where as a share of its bytes, and a number that changes what is done."""


@cache
def _tar() -> bytes:
    return b"".join(tar_chunks([Entry(path, len(data), [data]) for path, data in sample_files().items()]))


def _damaged(data: bytes, kind: str, start: float, seed: int) -> bytes:
    at = int(start * len(data))
    if kind == "cut":
        return data[:at]
    if kind == "appended":
        return data + bytes((seed * number) % 256 for number in range(1, 300))
    changed = bytes(byte ^ (seed or 1) for byte in data[at : at + 1 + seed % 8])
    return data[:at] + (bytes(len(changed)) if kind == "zeros" else changed) + data[at + len(changed) :]


def copy_damaged(damage: Damage) -> None:
    """Damage the sample and copy it; findings that differ raise UsageError."""
    layer, kind, start, seed = damage
    data = _tar()
    for name, pack in LAYERS.items():
        data = _damaged(pack(data), kind, start, seed) if name == layer else pack(data)
    with TemporaryDirectory() as directory:
        archive, copy = Path(directory, "in.tar.gz.aes"), Path(directory, "out.tar.gz.aes")
        archive.write_bytes(data)
        try:
            anonymise(archive, copy, seed="a seed", password=PASSWORD)
        except Fault:  # it cannot be read at all
            assert not copy.exists()


@given(DAMAGE)
@settings(max_examples=15, suppress_health_check=SLOW)
def test_a_copy_has_the_findings_of_an_archive_that_is_damaged_anywhere(damage: Damage) -> None:
    copy_damaged(damage)


def main(count: int) -> None:
    """Draw archives and damages, and raise for the first whose copy has other findings."""
    many = settings(max_examples=count, suppress_health_check=SLOW, deadline=None, database=None)
    many(given(ARCHIVES)(copy_with_equal_findings))()
    many(given(DAMAGE)(copy_damaged))()
    sys.stdout.write(f"{count:,} archives and {count:,} damages, none with other findings\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
