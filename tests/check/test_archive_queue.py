"""Several archives are checked as each by itself, whatever the executor, and reported in the order given."""

import io
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from hcfmt import Options, Report, UsageError, validate, validate_all
from hcfmt.check import archive_queue
from hcfmt.container import Archive, ArchiveInput
from tests.support.checking import processes
from tests.support.command import archive
from tests.support.executors import InOtherOrder
from tests.support.recipes import PASSWORD, UNCHANGED, cook

RECIPES = [UNCHANGED, "layers tar", "users.json -", "gzip cut 9000", "layers gzip tar\nmetadata.json = nothing"]


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    found = []
    for number, recipe in enumerate(RECIPES * 2):
        directory = tmp_path / str(number)
        directory.mkdir()
        found.append(str(archive(directory, recipe)))
    unpacked = tmp_path / "directory"
    unpacked.mkdir()
    (unpacked / "users.json").write_text(json.dumps([{"User": {}}]))
    return [*found, str(unpacked)]


@pytest.fixture(params=["threads", "another order", "none"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    if request.param == "none":
        yield None
        return
    with ThreadPoolExecutor(3) if request.param == "threads" else InOtherOrder() as pool:
        yield pool


def alone(paths: list[str], stdin: bytes = b"") -> list[Report]:
    return [validate(path, Options(password=PASSWORD), stdin=io.BytesIO(stdin)) for path in paths]


def noting(names: list[str]) -> Callable[[Archive], Callable[[str], None]]:
    """Return a watch that notes the names of the archives that are read in this process."""

    def watch(opened: Archive) -> Callable[[str], None]:
        names.append(opened.name)
        return lambda _: None

    return watch


@pytest.mark.parametrize("in_flight", [0, 1, 3, 16])
def test_reports_are_those_of_single_runs_in_the_order_given(
    paths: list[str], executor: Executor | None, in_flight: int
) -> None:
    options = Options(password=PASSWORD, executor=executor, in_flight=in_flight)
    assert list(validate_all(paths, options)) == alone(paths)


def test_processes_report_what_one_process_reports(paths: list[str]) -> None:
    with processes(2) as executor:
        assert list(validate_all(paths, Options(password=PASSWORD, executor=executor))) == alone(paths)


def test_large_archives_and_streams_are_read_here_and_the_others_by_the_executor(
    paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_queue, "LARGE", Path(paths[1]).stat().st_size)
    stdin = cook("layers gzip tar").data
    inputs: list[ArchiveInput] = [paths[0], "-", paths[1], io.BytesIO(stdin), paths[-1]]
    read_here: list[str] = []
    with ThreadPoolExecutor(2) as executor:
        options = Options(password=PASSWORD, executor=executor, watch=noting(read_here))
        names = [report.input for report in validate_all(inputs, options, stdin=io.BytesIO(stdin))]
    assert read_here == ["-", paths[1], "<BytesIO>"]
    assert names == ["archive.tar.gz.aes", "-", "archive.tar", "<BytesIO>", "directory"]


@pytest.mark.parametrize("inline", [1000, 1 << 30])
def test_archives_that_are_small_together_are_read_here(paths: list[str], inline: int) -> None:
    read_here: list[str] = []
    with ThreadPoolExecutor(2) as executor:
        options = Options(password=PASSWORD, executor=executor, inline=inline, watch=noting(read_here))
        inputs: list[ArchiveInput] = [*paths, io.BytesIO(b"")]
        assert len(list(validate_all(inputs, options))) == len(inputs)
    assert read_here == ["<BytesIO>"] if inline == 1000 else [*paths, "<BytesIO>"]


def test_a_directory_of_very_many_files_counts_as_large(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    read_here: list[str] = []
    monkeypatch.setattr(archive_queue, "_MOST_FILES", 1)
    with ThreadPoolExecutor(2) as executor:
        list(validate_all(paths, Options(password=PASSWORD, executor=executor, watch=noting(read_here))))
    assert read_here == [paths[-1]]


def test_a_password_function_is_called_once_and_only_for_an_encrypted_archive(paths: list[str]) -> None:
    calls: list[int] = []

    def ask() -> str:
        calls.append(1)
        return PASSWORD

    with processes(2) as executor:
        options = Options(password=ask, executor=executor)
        plain = [path for path in paths if not path.endswith(".aes")]
        assert list(validate_all(plain, options)) == alone(plain)
        assert not calls
        assert list(validate_all(paths, options)) == alone(paths)
        assert len(calls) == 1


def test_an_input_that_cannot_be_read_ends_the_run_at_its_turn(paths: list[str], executor: Executor | None) -> None:
    reports: list[Report] = []
    inputs = [*paths[:3], "no/such/file", *paths]
    with pytest.raises(UsageError, match="cannot be read"):
        reports.extend(validate_all(inputs, Options(password=PASSWORD, executor=executor)))
    assert reports == alone(paths[:3])


def test_archives_that_have_not_begun_are_cancelled_when_nobody_waits_for_them(paths: list[str]) -> None:
    with InOtherOrder() as executor:
        with closing(validate_all(paths, Options(password=PASSWORD, executor=executor))) as reports:  # type: ignore[type-var]
            next(reports)
        assert executor.waiting == 0
