"""A directory appears complete or not at all, and replaces nothing but an earlier result, with force."""

from pathlib import Path

import pytest

from hcfmt.container.atomic_directory import atomic_directory, require_free_directory
from hcfmt.errors import UsageError


def _is_result(directory: Path) -> bool:
    return (directory / "result").is_file()


def _write(path: Path, *, force: bool = False, inputs: tuple[Path, ...] = ()) -> None:
    with atomic_directory(str(path), force=force, is_result=_is_result, inputs=inputs) as new:
        (new / "result").write_text("new")
        assert not _is_result(path) or (path / "result").read_text() == "old"


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.mark.parametrize("is_there", [False, True])
def test_a_directory_appears_when_the_block_ends_normally(tmp_path: Path, *, is_there: bool) -> None:
    target = tmp_path / "out"
    if is_there:
        target.mkdir()
    _write(target)
    assert (target / "result").read_text() == "new"
    assert target.stat().st_mode & 0o077 == 0
    assert _names(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "result").write_text("old")

    def write_and_fail() -> None:
        with atomic_directory(str(target), force=True, is_result=_is_result) as new:
            (new / "half").touch()
            raise error

    with pytest.raises(error):
        write_and_fail()
    assert (_names(tmp_path), _names(target)) == (["out"], ["result"])


def test_an_earlier_result_is_replaced_only_with_force(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "result").write_text("old")
    with pytest.raises(UsageError, match="exists; --force overwrites it"):
        _write(target)
    _write(target, force=True)
    assert (target / "result").read_text() == "new"
    assert _names(tmp_path) == ["out"]


@pytest.mark.parametrize("force", [False, True])
def test_other_files_are_never_replaced(tmp_path: Path, *, force: bool) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine").touch()
    with pytest.raises(UsageError, match="holds other files; name a new or an empty directory"):
        _write(target, force=force)
    assert _names(target) == ["mine"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "The path to write is empty"),
        ("file", "is no directory"),
        ("file/out", "cannot be written: Not a directory"),
        ("input/out", "would write into an input"),
        ("input", "would overwrite an input"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_work(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "input").mkdir()
    path = str(tmp_path / name) if name else ""
    with pytest.raises(UsageError, match=sentence):
        _write(Path(path) if name else Path(), force=True, inputs=(tmp_path / "input",)) if name else (
            require_free_directory(path, force=True, is_result=_is_result)
        )


def test_what_appears_during_the_work_stays(tmp_path: Path) -> None:
    target = tmp_path / "out"

    def write_while_another_does() -> None:
        with atomic_directory(str(target), force=True, is_result=_is_result):
            target.mkdir()
            (target / "mine").touch()

    with pytest.raises(UsageError, match="holds other files"):
        write_while_another_does()
    assert (_names(tmp_path), _names(target)) == (["out"], ["mine"])


def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    _write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert _names(tmp_path / "real") == ["result"]


def test_the_old_directory_comes_back_if_the_new_one_cannot_have_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, rename = tmp_path / "out", Path.rename
    target.mkdir()
    (target / "result").write_text("old")

    def refuse(path: Path, new: Path) -> Path:
        if path.name.startswith(".hcfmt") and new == target:
            raise PermissionError(1, "Operation not permitted")
        return rename(path, new)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(UsageError, match="cannot be written: Operation not permitted"):
        _write(target, force=True)
    assert (_names(tmp_path), (target / "result").read_text()) == (["out"], "old")
