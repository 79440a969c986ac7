"""Files that commands write: never over an input, and private to the user."""

import gzip
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hcfmt.errors import UsageError
from tests.support.command import PASSWORD, ROOT, SAMPLE, archive, run

SUFFIX = ".tar.gz.aes"
BASELINE = '{"format_version": 1, "findings": []}'
SECRET = ("--password", PASSWORD)
SECRET_FILE = ("--password-file", "{input}")
TINY = ("--profile", "tiny", "--messages", "5", "--attachments", "0", "--emoticons", "0")
BREAK = ("--rule", "HC401")


def _sample(path: Path) -> None:
    shutil.copy(SAMPLE, path)


def _text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text)


def _tar(path: Path) -> None:
    archive(path.parent, "layers tar").rename(path)


# The input that the output must not replace, and the arguments. "sample" is another input.
COMMANDS: Mapping[str, tuple[Callable[[Path], object], Sequence[str]]] = {
    "decrypt": (_sample, ("decrypt", "{input}", "-o", "{output}", *SECRET)),
    "decrypt, password": (_text(PASSWORD), ("decrypt", "sample", "-o", "{output}", *SECRET_FILE)),
    "encrypt": (_sample, ("encrypt", "{input}", "-o", "{output}", *SECRET)),
    "encrypt, password": (_text(PASSWORD), ("encrypt", "sample", "-o", "{output}", *SECRET_FILE)),
    "break": (_sample, ("break", "{input}", *BREAK, "-o", "{output}", *SECRET)),
    "break, answers": (_sample, ("break", "{input}", *BREAK, "-o", "new.tar", "--answers", "{output}", *SECRET)),
    "break, password": (_text(PASSWORD), ("break", "sample", *BREAK, "-o", "{output}", *SECRET_FILE)),
    "break, recipe": (_text("users.json = []"), ("break", "sample", "--recipe", "@{input}", "-o", "{output}", *SECRET)),
    "anonymise": (_sample, ("anonymise", "{input}", "-o", "{output}", *SECRET)),
    "anonymise, password": (_text(PASSWORD), ("anonymise", "sample", "-o", "{output}", *SECRET_FILE)),
    "fix": (_sample, ("fix", "{input}", "-o", "{output}", *SECRET)),
    "fix, answers": (_sample, ("fix", "{input}", "-o", "new.tar", "--answers", "{output}", *SECRET)),
    "fix, password": (_text(PASSWORD), ("fix", "sample", "-o", "{output}", *SECRET_FILE)),
    "extract, renames": (_sample, ("extract", "{input}", "new", "--renames", "{output}", *SECRET)),
    "extract, password": (_text(PASSWORD), ("extract", "sample", "new", "--renames", "{output}", *SECRET_FILE)),
    "generate, password": (_text(PASSWORD), ("generate", "-o", "{output}", *TINY, *SECRET_FILE)),
    "generate, manifest": (
        _text(PASSWORD),
        ("generate", "-o", f"new{SUFFIX}", "--manifest", "{output}", *TINY, *SECRET_FILE),
    ),
    "validate, output": (_tar, ("validate", "{input}", "-o", "json:{output}")),
    "validate, receipt": (_tar, ("validate", "{input}", "--receipt", "{output}")),
    "validate, password": (_text(PASSWORD), ("validate", "sample", "-o", "json:{output}", *SECRET_FILE)),
    "validate, configuration": (
        _text('fail-on = "info"\n'),
        ("validate", "sample", "-o", "json:{output}", *SECRET, "--config", "{input}"),
    ),
    "validate, read baseline": (
        _text(BASELINE),
        ("validate", "sample", "-o", "json:{output}", *SECRET, "--baseline", "{input}"),
    ),
    "validate, written baseline": (_tar, ("validate", "{input}", "--write-baseline", "{output}")),
    "serve": (_sample, ("serve", "{input}", "--store", "{output}", *SECRET)),
    "view": (_sample, ("view", "{input}", "--store", "{output}", *SECRET)),
    "view, password": (_text(PASSWORD), ("view", "sample", "--store", "{output}", *SECRET_FILE)),
    "view, page": (_sample, ("view", "{input}", "--export", "{output}", *SECRET)),
    "view, page, password": (_text(PASSWORD), ("view", "sample", "--export", "{output}", *SECRET_FILE)),
    "serve, password": (_text(PASSWORD), ("serve", "sample", "--store", "{output}", *SECRET_FILE)),
}
FORCED = ("decrypt", "encrypt", "break", "anonymise", "generate")


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hcfmt.server.running.serve", _no_server)


def _no_server(*_: object, **__: object) -> None:
    raise UsageError("A test has no server.")


def _same(path: str) -> str:
    return path


def _here(path: str) -> str:
    return f"./{path}"


def _absolute(path: str) -> str:
    return str(Path(path).absolute())


def _symbolic_link(path: str) -> str:
    Path(f"link-{path}").symlink_to(path)
    return f"link-{path}"


def _link_to_a_link(path: str) -> str:
    return _symbolic_link(_symbolic_link(path))


def _hard_link(path: str) -> str:
    os.link(path, f"hard-{path}")
    return f"hard-{path}"


def _through_a_linked_directory(path: str) -> str:
    Path("elsewhere").symlink_to(".", target_is_directory=True)
    return f"elsewhere/{path}"


def _other_case(path: str) -> str:
    return path.upper()


NAMES = (_same, _here, _absolute, _symbolic_link, _link_to_a_link, _hard_link, _through_a_linked_directory, _other_case)


def _ignore_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the system find files of the current directory by names in other letter case, as macOS and Windows do."""
    stat = os.stat

    def lenient(name: Any, **options: Any) -> os.stat_result:  # noqa: ANN401 - as os.stat's
        names = {path.name.casefold(): path.name for path in Path().iterdir()}
        is_here = isinstance(name, str | Path) and Path(name).absolute().parent == Path.cwd()
        return stat(names.get(Path(name).name.casefold(), name) if is_here else name, **options)

    monkeypatch.setattr(os, "stat", lenient)


def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}


def _cases() -> Iterator[Any]:
    for name, (_, args) in COMMANDS.items():
        for force in (False, True) if args[0] in FORCED else (False,):
            for other in NAMES:
                yield pytest.param(name, other, force, id=f"{name}{', forced' * force}-{other.__name__.strip('_')}")


@pytest.mark.parametrize(("command", "other_name", "force"), [*_cases()])
def test_no_input_is_overwritten(
    command: str,
    other_name: Callable[[str], str],
    force: bool,  # noqa: FBT001 - a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, args = COMMANDS[command]
    path = f"export{SUFFIX}"
    write(Path(path))
    shutil.copy(SAMPLE, "sample")
    output = other_name(path)
    before = _files()
    if other_name is _other_case:
        _ignore_case(monkeypatch)
    filled = [arg.replace("{input}", path).replace("{output}", output) for arg in args]
    result = run(*filled, *["--force"] * force)
    assert (result.exit, result.out) == (2, "")
    assert "would overwrite an input; choose another name" in result.err
    assert _files() == before


def test_the_profile_of_an_importer_is_not_overwritten(tmp_path: Path) -> None:
    shutil.copy(ROOT / "hcfmt" / "profiles" / "mattermost.toml", "mine.toml")
    before = Path("mine.toml").read_bytes()
    result = run("validate", archive(tmp_path, "layers tar"), "--for", "mine.toml", "-o", "json:mine.toml")
    assert result.exit == 2
    assert "would overwrite an input" in result.err
    assert Path("mine.toml").read_bytes() == before


@pytest.mark.parametrize("suffix", ["", ".lock", "-wal", "-shm"])
def test_no_file_of_a_store_replaces_the_archive(suffix: str) -> None:
    shutil.copy(SAMPLE, f"store{suffix}")
    result = run("serve", f"store{suffix}", "--store", "store", *SECRET)
    assert result.exit == 2
    assert "would overwrite an input" in result.err
    assert Path(f"store{suffix}").read_bytes() == SAMPLE.read_bytes()
    assert list(_files()) == [f"store{suffix}"]


@pytest.mark.parametrize("command", ["anonymise", "break", "validate", "serve", "view"])
def test_nothing_is_written_into_a_directory_that_is_an_input(command: str) -> None:
    assert run("generate", "-o", "export/", *TINY).exit == 0
    inside = {
        "anonymise": ("-o", "export/shown.tar"),
        "break": (*BREAK, "-o", "export/broken.tar"),
        "validate": ("-o", "json:export/report.json"),
        "serve": ("--store", "export/store"),
        "view": ("--store", "export/store"),
    }
    before = sorted(Path("export").rglob("*"))
    result = run(command, "export", *inside[command])
    assert result.exit == 2
    assert "would write into an input" in result.err
    assert sorted(Path("export").rglob("*")) == before


@pytest.mark.parametrize(
    "args",
    [
        ("break", "sample", *BREAK, "-o", "new.tar", "--answers", "NEW.TAR", *SECRET),
        ("generate", *TINY, "-o", "new.tar", "--manifest", "NEW.tar"),
        ("validate", "sample", *SECRET, "-o", "json:new", "-o", "text:New"),
        ("validate", "sample", *SECRET, "-o", "json:new", "--write-baseline", "New"),
    ],
)
def test_two_outputs_are_not_one_file_on_any_system(args: Sequence[str]) -> None:
    shutil.copy(SAMPLE, "sample")
    result = run(*args)
    assert result.exit == 2
    assert "is named twice as a file to write" in result.err
    assert list(_files()) == ["sample"]


# The input and the arguments of each file that is written, "{output}".
PRIVATE: Mapping[str, Sequence[str]] = {
    "decrypt": ("decrypt", "sample", "-o", "{output}", *SECRET),
    "encrypt": ("encrypt", "packed", "-o", "{output}", *SECRET),
    "break": ("break", "sample", *BREAK, "-o", "{output}", *SECRET),
    "break by a recipe": ("break", "sample", "--recipe", "users.json = []", "-o", "{output}", *SECRET),
    "anonymise": ("anonymise", "sample", "-o", "{output}", *SECRET),
    "answers": ("break", "sample", *BREAK, "-o", "new.tar", "--answers", "{output}", *SECRET),
    "generate": ("generate", "-o", "{output}", *TINY),
    "manifest": ("generate", "-o", "new.tar", "--manifest", "{output}", *TINY),
    "renames": ("extract", "sample", "new", "--renames", "{output}", *SECRET),
    "report": ("validate", "sample", *SECRET, "-o", "json:{output}"),
}


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
@pytest.mark.parametrize("mode", [None, 0o666, 0o644, 0o600])
@pytest.mark.parametrize("command", PRIVATE)
def test_what_may_hold_secrets_is_private_whatever_it_replaces(command: str, mode: int | None) -> None:
    shutil.copy(SAMPLE, "sample")
    Path("packed").write_bytes(gzip.compress(b""))
    output, force = Path("out.tar"), False
    if mode is not None:
        output.touch()
        output.chmod(mode)
        force = command != "report"
    before = os.umask(0)
    try:
        result = run(*[arg.replace("{output}", str(output)) for arg in PRIVATE[command]], *["--force"] * force)
    finally:
        os.umask(before)
    assert result.exit == 0
    assert output.stat().st_size
    assert output.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
def test_a_generated_directory_is_private() -> None:
    before = os.umask(0)
    try:
        assert run("generate", "-o", "export/", *TINY).exit == 0
    finally:
        os.umask(before)
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in [Path("export"), *Path("export").rglob("*")]}
    assert modes == {(True, 0o700), (False, 0o600)}
