"""What tests of reduction share: an archive is broken in a way, reduced, and compared with what it was."""

from pathlib import Path

from msgspec import Struct

import hcfmt
from hcfmt.damage import Damage
from tests.support.breaking import broken_in_a_way, report, secret

REFUSED = {"HC004", "HC006", "HC008", "HC009", "HC010", "HC011", "HC014", "HC015", "HC018"}
"""The rules of which a finding is in bytes of a layer that cannot be left out."""


class Reduced(Struct):
    """A broken archive, its reduced one, and the result of the reduction."""

    broken: Path
    output: Path
    result: hcfmt.Reduction


def reduced_way(archive: Path, directory: Path, way: Damage) -> Reduced:
    """Break an archive in a way, and reduce it to that."""
    broken, output = directory / "broken.tar.gz.aes", directory / "reduced.tar.gz.aes"
    broken_in_a_way(archive, broken, way)
    return Reduced(broken, output, hcfmt.reduce(broken, output, way.code, password=secret))


def differences(reduced: Reduced, way: Damage) -> list[str]:
    """Return what is wrong with a reduced archive."""
    found, before = report(reduced.output).totals, report(reduced.broken).totals
    wrong = [] if way.code in found else [f"{way.code} is gone"]
    return wrong + [f"{code} is new" for code, count in found.items() if count > before.get(code, 0)]
