"""Copies of exports in every dialect: equal findings, and nothing of a text that any record holds."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hcfmt import anonymise
from hcfmt.check.rules.records import time_zones
from hcfmt.damage import DAMAGES
from hcfmt.export.dialects import CHECKED, HC_MIGRATE
from hcfmt.export.layout import layout_of
from hcfmt.export.schemas import DIALECTS
from hcfmt.export.writer import ArchiveForm
from tests.support.breaking import broken_in_a_way, members, report
from tests.support.dialects import in_dialect, packed
from tests.support.generated_exports import company

CANARY = "Zaphod"
# Forms of values that are no text of people: dates, ids, base64, times zones.
STAYING = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*|[0-9a-f-]{36}|pref:.*|[0-9A-Za-z+/=\n]{60,}")
CONSTANT = frozenset({"type", "color", "privacy", "account_type", "roles", "format", "message_format"})
CODES = (
    *("HC201", "HC203", "HC205", "HC303", "HC304", "HC401", "HC424", "HC425", "HC437"),
    *("HC501", "HC505", "HC509", "HC711", "HC713"),
)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give a company's export in each dialect."""
    directory = tmp_path_factory.mktemp("archives")
    own = company(directory / "company.tar", ArchiveForm.TAR, people=12, rooms=6, messages=20)
    paths = {HC_MIGRATE: own, **{dialect: directory / f"{dialect}.tar" for dialect in DIALECTS}}
    for dialect in DIALECTS:
        paths[dialect].write_bytes(packed(in_dialect(own.read_bytes(), dialect)))
    return paths


def marked(value: Any, mark: Callable[[str], str], name: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value in which every text that people may have written is marked."""
    if isinstance(value, dict):
        return {key: marked(inner, mark, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner, mark, name) for inner in value]
    if not isinstance(value, str) or name in CONSTANT or STAYING.fullmatch(value) or value in time_zones():
        return value
    if value[:1] in {"[", "{"}:
        return json.dumps(marked(json.loads(value), mark))
    return mark(value)


MARKS: dict[str, Callable[[str], str]] = {
    "behind each text": lambda text: f"{text} {CANARY}" if text else text,
    "in place of each text": lambda text: CANARY if text else text,
    "in every text, also an empty one": lambda text: f"{CANARY}.{text}",
    "in a name": lambda text: f"{text}{CANARY}{text}" if text else text,
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("dialect", CHECKED)
def test_no_text_of_a_record_is_in_the_copy(
    archives: dict[str, Path], tmp_path: Path, dialect: str, mark: Callable[[str], str]
) -> None:
    contents = dict(members(archives[dialect]))
    for path in [path for path in contents if (row := layout_of(path)) and row.schema]:
        contents[path] = json.dumps(marked(json.loads(contents[path]), mark), ensure_ascii=False).encode()
    (tmp_path / "in.tar").write_bytes(packed(contents.items()))
    anonymise(tmp_path / "in.tar", tmp_path / "out.tar", seed="a seed")
    found = (tmp_path / "out.tar").read_bytes()
    assert (tmp_path / "in.tar").read_bytes().count(CANARY.encode()) > 500
    assert CANARY.lower().encode() not in found.lower()


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_damaged_export_keeps_its_findings(
    archives: dict[str, Path], tmp_path: Path, dialect: str, code: str
) -> None:
    broken_in_a_way(archives[dialect], tmp_path / "in.tar", DAMAGES[code])
    assert anonymise(tmp_path / "in.tar", tmp_path / "out.tar", seed="a seed").differences == ()
    assert report(tmp_path / "out.tar").totals == report(tmp_path / "in.tar").totals
