"""A Dask cluster reports what one process reports, even if one of its workers is killed halfway."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from distributed import Client
from distributed.comm.core import CommClosedError

import hcfmt
from hcfmt import Options, Plan, Report, UsageError, cluster, connect_cluster, validate, validate_all
from hcfmt.check import pipeline
from hcfmt.check.catalogue import RULES
from hcfmt.container import Archive, Budget
from hcfmt.errors import WorkerLostError
from hcfmt.report.formats import rendered
from hcfmt.report.run import Run
from tests.support.clusters import KillAlways, KillOnce, local_cluster, tls_cluster
from tests.support.command import PASSWORD, run
from tests.support.recipes import UNCHANGED, cook
from tests.support.s3_server import BUCKET, s3_server

pytestmark = pytest.mark.slow

URL = f"s3://{BUCKET}/cluster"
RECIPES = {"a.aes": UNCHANGED, "b.aes": "users.json -", "c.aes": "gzip cut 9000", "d.aes": UNCHANGED}
OBJECTS = {name: cook(recipe).data for name, recipe in RECIPES.items()}


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Return the address of a scheduler with three worker processes, whose S3 is a server on the loopback."""
    with s3_server({f"cluster/{name}": data for name, data in OBJECTS.items()}), local_cluster(3) as address:
        yield address


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Return the paths of files with the bytes of the objects."""
    for name, data in OBJECTS.items():
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in OBJECTS]


def on_cluster(address: str, archives: list[str], expired: Callable[[], bool]) -> list[Report]:
    with connect_cluster(address) as executor:
        options = Options(password=PASSWORD, executor=executor, budget=Budget(expired=expired))
        return list(validate_all(archives, options))


def printed(reports: list[Report]) -> str:
    return "\n".join(rendered("json", reports, Run(RULES)))


def killing(directory: Path, calls: int) -> KillOnce:
    return KillOnce(str(directory / "killed"), calls, os.getpid())


def test_the_command_prints_what_it_prints_for_local_files(scheduler: str, files: list[str]) -> None:
    options = ("--password", PASSWORD, "--format", "json")
    local = run("validate", *files, *options)
    remote = run("validate", "--scheduler", scheduler, f"{URL}/*.aes", *options)
    assert remote.exit == local.exit == 3
    below = str(Path(files[0]).parent)
    assert (remote.out.replace(URL, below), remote.err.replace(f"{URL}/", "")) == (local.out, local.err)


@pytest.mark.parametrize("name", OBJECTS)
def test_a_single_url_is_read_here_and_its_slices_are_shared(scheduler: str, files: list[str], name: str) -> None:
    (path,) = (path for path in files if path.endswith(name))
    (report,) = on_cluster(scheduler, [f"{URL}/{name}"], lambda: False)
    assert printed([report]).replace(f"{URL}/", "") == printed([validate(path, Options(password=PASSWORD))])


def test_a_baseline_is_made_and_used_on_a_cluster_as_in_one_process(scheduler: str, tmp_path: Path) -> None:
    export, made, local = (tmp_path / name for name in ("a.aes", "made.json", "local.json"))
    export.write_bytes(cook("rooms/1/history.json#/0/UserMessage/sender/id = 99\nusers.json#/0/User/name = 5").data)
    options = (export, "--password", PASSWORD)
    assert run("validate", *options, "--write-baseline", local).exit == 0
    assert run("validate", "--scheduler", scheduler, *options, "--write-baseline", made).exit == 0
    assert made.read_bytes() == local.read_bytes()
    assert run("validate", "--scheduler", scheduler, *options).exit == 1
    assert run("validate", "--scheduler", scheduler, *options, "--baseline", made).exit == 0


def test_the_command_checks_a_single_url(scheduler: str) -> None:
    result = run("validate", "--scheduler", scheduler, f"{URL}/a.aes", "--password", PASSWORD)
    assert (result.exit, result.out.split("\n")[0], result.err) == (0, f"{URL}/a.aes: valid (no finding)", "")


def test_reports_are_complete_and_the_same_after_a_worker_is_killed_halfway(
    scheduler: str, files: list[str], tmp_path: Path
) -> None:
    archives = [f"{URL}/{name}" for name in OBJECTS]
    reports = on_cluster(scheduler, archives, killing(tmp_path, 10))
    assert (tmp_path / "killed").exists()
    expected = [validate(path, Options(password=PASSWORD)) for path in files]
    assert printed(reports).replace(f"{URL}/", "") == printed(expected)


def test_the_slices_of_one_large_archive_survive_a_killed_worker(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "TASK", 200_000)  # so that there are several
    path = str(tmp_path / "large.tar.gz")
    hcfmt.generate(path, Plan(messages=6000, seed=3))
    assert printed(on_cluster(scheduler, [path], killing(tmp_path, 0))) == printed([validate(path)])
    assert (tmp_path / "killed").exists()


def test_files_of_this_machine_are_read_here(scheduler: str, files: list[str]) -> None:
    read: list[str] = []

    def watch(opened: Archive) -> Callable[[str], None]:
        read.append(opened.name)
        return lambda _: None

    with connect_cluster(scheduler) as executor:
        options = Options(password=lambda: PASSWORD, executor=executor, watch=watch)
        list(validate_all([*files, f"{URL}/a.aes"], options))
    assert read == files


def test_an_archive_that_kills_every_worker_is_an_error(scheduler: str) -> None:
    with pytest.raises(WorkerLostError):
        on_cluster(scheduler, [f"{URL}/a.aes", f"{URL}/b.aes"], KillAlways(os.getpid()))


def test_an_error_of_a_task_is_the_one_of_the_command(scheduler: str) -> None:
    result = run("validate", "--scheduler", scheduler, f"{URL}/a.aes", f"{URL}/none.aes", "--password", PASSWORD)
    assert result.exit == 2
    assert f"{URL}/none.aes: incomplete (HCX03 unreadable-input)\n" in result.out
    assert "Cannot be read: there is no such file.\n" in result.out
    assert f"{URL}/a.aes: valid" in result.out


def test_a_cluster_of_another_version_is_refused(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "__version__", "99")
    with pytest.raises(UsageError, match=r"The scheduler or a worker has hcfmt [0-9.a-z]+: install hcfmt"):
        connect_cluster(scheduler)


def test_a_cluster_without_hcfmt_is_refused(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_VERSION", "no_such_package:__version__")
    with pytest.raises(UsageError, match="The scheduler or a worker has no hcfmt: install hcfmt"):
        connect_cluster(scheduler)


def lose_workers(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Make the first workers be lost while all are asked something."""
    ask = Client.run

    def run_and_lose(
        client: Client, function: Callable[..., object], name: str, *, on_error: Literal["return"]
    ) -> dict[str, object]:
        answers: dict[str, object] = ask(client, function, name, on_error=on_error)
        return answers | dict.fromkeys(list(answers)[:count], CommClosedError("Address removed."))

    monkeypatch.setattr(Client, "run", run_and_lose)


def test_a_worker_that_is_lost_while_asked_for_its_version_does_not_count(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_workers(monkeypatch, 1)
    with connect_cluster(scheduler) as executor:
        assert executor.submit(int, "7").result() == 7


def test_a_cluster_whose_workers_are_all_lost_is_refused(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lose_workers(monkeypatch, 3)
    with pytest.raises(UsageError, match="The scheduler has no workers"):
        connect_cluster(scheduler)


def test_a_worker_of_another_version_that_came_later_runs_nothing(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect_cluster(scheduler) as executor:
        monkeypatch.setattr(cluster, "__version__", "99")
        with pytest.raises(UsageError, match=r"A worker has hcfmt .*: install hcfmt 99"):
            executor.submit(int, "7").result()


def test_a_scheduler_that_is_lost_is_an_error() -> None:
    with local_cluster(1) as address:
        executor = connect_cluster(address)
        waiting = executor.submit(signal.pause)
    with pytest.raises(UsageError, match="connection to the scheduler was lost"):
        waiting.result()
    executor.shutdown(wait=False)


def test_cancelled_tasks_are_not_waited_for(scheduler: str) -> None:
    with connect_cluster(scheduler) as executor:
        tasks = [executor.submit(int, "7") for _ in range(30)]
        assert tasks[0].result() == 7
        tasks[-1].cancel()
        assert tasks[-1].done()


def test_a_cluster_with_certificates_is_joined_with_one_of_its_own(files: list[str], tmp_path: Path) -> None:
    with tls_cluster(tmp_path) as address:
        assert address.startswith("tls://")
        result = run("validate", "--scheduler", address, *files[:2], "--password", PASSWORD, "--format", "json")
    local = run("validate", *files[:2], "--password", PASSWORD, "--format", "json")
    assert (result.exit, result.out, result.err) == (local.exit, local.out, local.err)


def test_a_scheduler_without_workers_is_refused() -> None:
    with local_cluster(0) as address, pytest.raises(UsageError, match="has no workers"):
        connect_cluster(address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("host:8786", r"is tcp://HOST:PORT or tls://HOST:PORT"),
        ("inproc://host", r"is tcp://HOST:PORT or tls://HOST:PORT"),
        ("tcp://127.0.0.1:1", r"^tcp://127\.0\.0\.1:1: the scheduler cannot be reached"),
        ("tcp://", r"cannot be reached"),
        ("tls://127.0.0.1:1", r"cannot be reached"),
    ],
)
def test_a_scheduler_that_cannot_be_reached_is_a_sentence(
    address: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.2)
    with pytest.raises(UsageError, match=message):
        connect_cluster(address)


def test_a_missing_extra_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'hcfmt\[cluster\]'"):
        connect_cluster("tcp://127.0.0.1:1")


def test_the_arguments_of_a_task_are_not_shown() -> None:
    call = cluster._Call(validate, ("https://host/a?secret", Options(password="secret")), {})  # noqa: SLF001 - its repr
    assert "secret" not in repr(call)
    assert call.__name__ == "validate"
