"""What tests of broken archives share: how an archive is broken, judged and unpacked."""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

from hcfmt.check.engine import Options, validate
from hcfmt.container import MemberKind, open_archive
from hcfmt.corpus import Broken, break_archive
from hcfmt.damage import DAMAGES, VARIANTS, Damage
from hcfmt.verdict import Report
from tests.support.recipes import PASSWORD

WAYS = {damage.way: damage for code, usual in DAMAGES.items() for damage in (usual, *VARIANTS.get(code, {}).values())}
"""Every way to break a rule: ``HC601`` the usual one, ``HC601:february-30`` a variant."""


def secret() -> bytes:
    return PASSWORD.encode()


def report(path: Path) -> Report:
    return validate(str(path), Options(password=secret))


def broken(archive: Path, output: Path, rule: str, **how: Any) -> Broken:  # noqa: ANN401 - handed on
    return break_archive(str(archive), str(output), rule, password=secret, **how)


def broken_in_a_way(archive: Path, output: Path, way: Damage, **how: Any) -> Broken:  # noqa: ANN401 - handed on
    """Break an archive, which stays the same as long as the tests run, in a way."""
    return broken(archive, output, way.code, variant=way.variant or None, sound=sound_report(archive), **how)


def members(path: Path) -> dict[str, bytes]:
    with open_archive(str(path), password=secret) as archive:
        found = {member.path: b"".join(member.chunks) for member in archive.members() if member.kind is MemberKind.FILE}
        assert archive.fault is None
    return found


@lru_cache(maxsize=16)
def sound_report(path: Path) -> Report:
    """Return the report on an archive that many tests break."""
    return report(path)


def totals(path: Path) -> Counter[str]:
    return Counter(sound_report(path).totals)


def more(archive: Path, output: Path) -> Counter[str]:
    return Counter(report(output).totals) - totals(archive)
