"""An output file appears complete or not at all, and replaces another only with force."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hcfmt.container.atomic_write import atomic_file
from hcfmt.errors import UsageError


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _without_links(_: Path, __: Path) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.fixture(params=["links", "no links"])
def _any_file_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no links":
        monkeypatch.setattr(Path, "hardlink_to", _without_links)


@pytest.fixture
def _open_umask() -> Iterator[None]:
    """Have the umask take no permissions away."""
    before = os.umask(0)
    yield
    os.umask(before)


any_file_system = pytest.mark.usefixtures("_any_file_system")


@any_file_system
@pytest.mark.parametrize("force", [False, True])
def test_a_file_appears_when_the_block_ends_normally(tmp_path: Path, *, force: bool) -> None:
    target = tmp_path / "out"
    with atomic_file(str(target), force=force) as file:
        file.write(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert _names(tmp_path) == ["out"]


@any_file_system
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_block_that_fails_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def write_and_fail() -> None:
        with atomic_file(str(tmp_path / "out"), force=False) as file:
            file.write(b"part")
            raise error

    with pytest.raises(error):
        write_and_fail()
    assert _names(tmp_path) == []


def test_a_block_that_fails_leaves_the_existing_file(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")

    def write_and_fail() -> None:
        with atomic_file(str(target), force=True) as file:
            file.write(b"part")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["out"]


def test_an_existing_file_is_refused_before_any_work_is_done(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")
    with pytest.raises(UsageError, match="exists; --force overwrites it"), atomic_file(str(target), force=False):
        pytest.fail("the block was entered")
    assert target.read_bytes() == b"old"


def test_a_broken_link_counts_as_existing(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="exists"), atomic_file(str(target), force=False):
        pytest.fail("the block was entered")
    assert not (tmp_path / "elsewhere").exists()


def test_force_replaces_a_file(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old and longer")
    with atomic_file(str(target), force=True) as file:
        file.write(b"new")
    assert target.read_bytes() == b"new"
    assert _names(tmp_path) == ["out"]


@any_file_system
def test_a_file_that_appears_during_the_block_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "out"

    def write_late() -> None:
        with atomic_file(str(target), force=False) as file:
            file.write(b"late")
            target.write_bytes(b"first")

    with pytest.raises(UsageError, match="exists"):
        write_late()
    assert target.read_bytes() == b"first"
    assert _names(tmp_path) == ["out"]


@pytest.mark.parametrize("force", [False, True])
def test_a_directory_is_never_replaced(tmp_path: Path, *, force: bool) -> None:
    with pytest.raises(UsageError, match="is not a regular file"), atomic_file(str(tmp_path), force=force):
        pytest.fail("the block was entered")
    assert tmp_path.is_dir()


@pytest.mark.parametrize("path", ["missing/out", "file/out"])
def test_an_unwritable_directory_is_a_usage_error(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError), atomic_file(str(tmp_path / path), force=False):
        pytest.fail("the block was entered")


def test_a_full_disk_is_a_usage_error_and_leaves_nothing(tmp_path: Path) -> None:
    def fill() -> None:
        with atomic_file(str(tmp_path / "out"), force=False):
            raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        fill()
    assert _names(tmp_path) == []


def test_a_reserved_name_is_freed_when_the_write_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_replacing(_: Path, __: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "hardlink_to", _without_links)
    monkeypatch.setattr(Path, "replace", no_replacing)
    with pytest.raises(UsageError, match="Input/output error"), atomic_file(str(tmp_path / "out"), force=False) as file:
        file.write(b"whole")
    assert _names(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("", "is empty"),
        (".", "not the name"),
        ("/", "not the name"),
        ("a/..", "not the name"),
        ("-", "give ./-"),
        ("a/", "slash at the end"),
    ],
)
def test_a_path_without_a_file_name_is_refused(path: str, says: str) -> None:
    with pytest.raises(UsageError, match=says), atomic_file(path, force=True):
        pytest.fail("the block was entered")


def test_force_writes_the_target_of_a_link_and_keeps_the_link(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    file, between, link = tmp_path / "deep" / "file", tmp_path / "deep" / "between", tmp_path / "link"
    file.write_bytes(b"old")
    between.symlink_to("file")
    link.symlink_to(Path("deep", "between"))
    with atomic_file(str(link), force=True) as target:
        target.write(b"new")
    assert file.read_bytes() == b"new"
    assert not file.is_symlink()
    assert (link.readlink(), between.readlink()) == (Path("deep", "between"), Path("file"))
    assert _names(tmp_path) == ["deep", "link"]


@pytest.mark.parametrize("leads", ["nowhere", "link", "."])
def test_a_link_to_no_regular_file_is_refused_even_with_force(tmp_path: Path, leads: str) -> None:
    link = tmp_path / "link"
    link.symlink_to(leads)
    with pytest.raises(UsageError, match=r"missing file|not a regular file"), atomic_file(str(link), force=True):
        pytest.fail("the block was entered")
    assert link.is_symlink()
    assert _names(tmp_path) == ["link"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize(
    ("mode", "kept"), [(0o600, 0o600), (0o640, 0o600), (0o444, 0o400), (0o644, 0o600), (0o777, 0o600)]
)
def test_force_keeps_the_owners_permissions_and_removes_those_of_others(tmp_path: Path, mode: int, kept: int) -> None:
    target = tmp_path / "out"
    target.touch()
    target.chmod(mode)
    with atomic_file(str(target), force=True) as file:
        file.write(b"new")
        (part,) = set(tmp_path.iterdir()) - {target}
        assert part.stat().st_mode & 0o777 == kept
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", kept)


@any_file_system
@pytest.mark.usefixtures("_open_umask")
@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_file_is_its_owners_alone_from_the_moment_it_exists(tmp_path: Path) -> None:
    with atomic_file(str(tmp_path / "out"), force=False):
        (part,) = tmp_path.iterdir()
        assert part.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
