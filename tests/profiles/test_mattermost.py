"""The profile of Mattermost against the Go packages that its bulk import reads lines and addresses with."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from random import Random

import pytest

from hcfmt.profiles.compiled_conditions import conditions_on
from hcfmt.profiles.loading import profile_sources
from hcfmt.profiles.record_columns import RecordColumns
from tests.support.counterparts import counterpart

_SOURCE = Path(__file__).parents[1] / "support" / "mattermost_line.go"
ADDRESSES = [
    "user@example.com",
    "zoë.o'neil+hipchat@mail.example.com",
    "a@x",
    "<a@x.y>",
    '"a b"@x.y',
    "not-an-address",
    "a@example.com, b@example.com",
    "bob <bob@example.com>",
    "a b@example.com",
    "a..b@example.com",
    "a@example.com.",
    "a@",
    "a@b@c",
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mattermost")
    environment = {**os.environ, "GOCACHE": str(folder / "cache"), "GOFLAGS": "", "GO111MODULE": "off"}
    build = [counterpart("go"), "build", "-o", str(folder / "line"), str(_SOURCE)]
    subprocess.run(build, check=True, capture_output=True, env=environment)
    return folder / "line"


def accepted(program: Path, lines: list[str]) -> list[bool]:
    given = "".join(f"{line}\n" for line in lines).encode()
    answers = subprocess.run([program], input=given, capture_output=True, check=True).stdout.decode().split()
    return [answer == "yes" for answer in answers]


@cache
def _sources() -> tuple[str, ...]:
    return profile_sources(["mattermost"])


def is_refused(address: str) -> bool:
    columns = RecordColumns([{"email": address}])
    (condition,) = [condition for condition in conditions_on(_sources(), "User") if condition.key.endswith("M40")]
    return bool(condition.positions(columns))


def test_go_refuses_the_addresses_that_the_profile_says_it_refuses(program: Path) -> None:
    lines = [json.dumps({"Email": address}) for address in ADDRESSES]
    assert accepted(program, lines) == [not is_refused(address) for address in ADDRESSES]


def test_go_refuses_what_the_profile_refuses_of_any_text(program: Path) -> None:
    random = Random(1)  # noqa: S311 - the same texts each time
    texts = ["".join(random.choices('ab.@ <>"(),;+-é1', k=random.randint(1, 9))) for _ in range(3000)]
    answers = accepted(program, [json.dumps({"Email": text}) for text in texts])
    assert [text for text, accepts in zip(texts, answers, strict=True) if accepts and is_refused(text)] == []


def test_go_reads_no_time_with_a_decimal_point(program: Path) -> None:
    times = ["1522683644942", "1522683644942.827", "1522683644000.0"]
    lines = [f'{{"Email": "a@x", "CreateAt": {time}}}' for time in times]
    assert accepted(program, lines) == [True, False, False]
