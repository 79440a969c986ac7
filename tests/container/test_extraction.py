"""Extraction: whole private files below the directory, whatever the archive holds, and nothing outside of it.

``python -m tests.container.test_extraction 10000`` extracts that many hostile archives.
"""

import io
import os
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import Budget, MemberKind
from hcfmt.container.extraction import Extraction, LeftOut, Renamed, extract
from hcfmt.corpus.recipe_sample import sample_members
from hcfmt.corpus.suite import write_suite
from hcfmt.errors import UsageError
from tests.support.builders import END, PASSWORD, SAMPLE, entry, header, pax, record
from tests.support.counterparts import counterpart

SECRET = b"outside"
ORDINARY = ("rooms/2/files/a/Größe (2).pdf", "users/files/b/日本 .tar.gz", f"users/files/{'c' * 90}/{'d' * 60}.txt")
PARTS = st.sampled_from(
    [
        "",
        ".",
        "..",
        "a",
        "A",
        "a.",
        "b",
        "con",
        "x" * 255,
        "caf\u00e9",
        "cafe\u0301",
        "a\\..\\b",
        "c:",
        "\udcff",
        "-",
        "a-2",
    ]
) | st.text(max_size=6)
PATHS = st.lists(PARTS, min_size=1, max_size=5).map("/".join)
FLAGS = st.sampled_from([b"0"] * 6 + [b"5", b"5", b"2", b"1", b"6", b"3"])
MEMBERS = st.lists(st.tuples(PATHS, FLAGS, st.binary(max_size=20)), max_size=12)


def packed(members: Sequence[tuple[str, bytes, bytes]]) -> bytes:
    """Return a tar of paths, flags and contents; links lead out of the directory."""
    return b"".join(_member(*member) for member in members) + END


def _member(path: str, flag: bytes, content: bytes) -> bytes:
    name = path.encode("utf-8", "surrogateescape" if _is_escaped(path) else "replace")
    extended = pax(record(b"path", name), record(b"linkpath", b"../outside/secret"))
    if flag == b"0":
        return extended + entry(b"a", content)
    return extended + header(b"a", 0, flag)


def _is_escaped(path: str) -> bool:
    return all("\udc80" <= character <= "\udcff" for character in path if "\ud800" <= character <= "\udfff")


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return mode and content of all that is below a directory, links by their target."""
    found: dict[str, tuple[int, bytes]] = {}
    for path in root.rglob("*"):
        status = path.lstat()
        is_file = stat.S_ISREG(status.st_mode)
        found[path.relative_to(root).as_posix()] = status.st_mode, path.read_bytes() if is_file else b""
    return found


def extracted(root: Path, tar: bytes, patterns: Sequence[str] = (), budget: Budget | None = None) -> Extraction:
    """Extract a tar to ``root/out``; what is beside it must not change."""
    (root / "outside").mkdir()
    (root / "outside" / "secret").write_bytes(SECRET)
    archive = root / "in.tar"
    archive.write_bytes(tar)
    before = tree(root)
    done = extract(archive, root / "out", patterns, budget=budget or Budget())
    after = {path: row for path, row in tree(root).items() if path.partition("/")[0] != "out"}
    assert after == before, "something outside of the directory changed"
    return done


def check_any(members: Sequence[tuple[str, bytes, bytes]], root: Path) -> None:
    """Extract members of any paths and kinds, and hold the result to what is promised."""
    done = extracted(root, packed(members))
    if not members:
        assert not (root / "out").exists()
        return
    written = tree(root / "out")
    files = [content for mode, content in written.values() if stat.S_ISREG(mode)]
    payloads = [content for path, flag, content in members if flag == b"0" and not path.endswith("/")]
    assert done.fault is None
    assert sorted(files) == sorted(payloads), "a file is missing, or was overwritten"
    assert done.files == len(files)
    assert {stat.S_IFMT(mode) for mode, _ in written.values()} <= {stat.S_IFREG, stat.S_IFDIR}
    assert {stat.S_IMODE(mode) for mode, _ in written.values()} <= {0o600, 0o700}
    assert len(done.left_out) == sum(flag not in {b"0", b"5"} for _, flag, _ in members)
    assert all((root / "out" / row.written).exists() for row in done.renamed)


def check_below_a_new_root(members: list[tuple[str, bytes, bytes]]) -> None:
    """Check in a directory of its own."""
    with TemporaryDirectory() as root:
        check_any(members, Path(root))


@settings(max_examples=60)
@given(MEMBERS)
def test_any_member_is_a_private_file_below_the_directory_or_left_out(members: list[tuple[str, bytes, bytes]]) -> None:
    check_below_a_new_root(members)


@pytest.mark.parametrize("path", ["a", "A", "./a", "a/b"])
def test_a_second_member_of_a_name_replaces_nothing(path: str, tmp_path: Path) -> None:
    check_any([("a", b"0", b"1"), (path, b"0", b"2")], tmp_path)
    assert (tmp_path / "out" / "a").read_bytes() == b"1"


def test_the_sample_is_written_as_it_is(tmp_path: Path) -> None:
    done = extract(SAMPLE, tmp_path / "out", password=PASSWORD)
    assert (done.files, done.directories, done.bytes) == (20, 14, 99_688)
    assert (done.renamed, done.left_out, done.fault, done.defects) == ((), (), None, ())
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize(("program", "version"), [("tar", "GNU tar"), ("bsdtar", "bsdtar")])
def test_sound_archives_become_the_same_tree_as_by_other_programs(
    program: str, version: str, form: int, tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "in.tar", "w", format=form) as tar:
        for path, content in [*sample_members(), *((path, b"content") for path in ORDINARY), ("empty/", b"")]:
            info = tarfile.TarInfo(path.rstrip("/"))
            info.size, info.mode = len(content), 0o755
            info.type = tarfile.DIRTYPE if path.endswith("/") else tarfile.REGTYPE
            tar.addfile(info, io.BytesIO(content))
    (tmp_path / "theirs").mkdir()
    command = [counterpart(program, version=version), "xf", str(tmp_path / "in.tar"), "-C", str(tmp_path / "theirs")]
    subprocess.run(command, check=True, env={"LC_ALL": "C.UTF-8"})
    done = extract(tmp_path / "in.tar", tmp_path / "ours")
    ours, theirs = (
        {path: (stat.S_IFMT(mode), content) for path, (mode, content) in tree(tmp_path / name).items()}
        for name in ("ours", "theirs")
    )
    assert ours == theirs
    assert not done.renamed


def test_renamed_and_left_out_members_are_listed(tmp_path: Path) -> None:
    members = [("../x", b"0", b""), ("./y", b"0", b""), ("/z", b"0", b""), ("l", b"2", b""), ("d", b"3", b"")]
    done = extracted(tmp_path, packed(members))
    assert done.renamed == (Renamed("../x", "__/x"), Renamed("/z", "z"))
    assert done.left_out == (LeftOut("l", MemberKind.LINK), LeftOut("d", MemberKind.SPECIAL))


def test_a_member_that_programs_read_differently_is_listed(tmp_path: Path) -> None:
    twice = pax(record(b"path", b"a")) + pax(record(b"path", b"b")) + entry(b"c")
    assert extracted(tmp_path, twice + END).ambiguous == ("b",)


def test_of_an_archive_that_is_cut_anywhere_whole_files_stay(tmp_path: Path) -> None:
    members = [(f"dir/{number}", b"0", bytes([number]) * 700) for number in range(4)]
    whole = packed(members)
    for number, end in enumerate(range(0, len(whole) - len(END), 499)):
        root = tmp_path / str(number)
        root.mkdir()
        done = extracted(root, whole[:end])
        written = tree(root / "out")
        files = {path: content for path, (mode, content) in written.items() if stat.S_ISREG(mode)}
        assert files == {path: content for path, _, content in members[: len(files)]}
        assert done.files == len(files)
        assert done.fault or done.defects
        assert not [path for path in written if "hcfmt" in path]


def test_limits_end_the_extraction(tmp_path: Path) -> None:
    done = extracted(tmp_path, packed([("a", b"0", b"1" * 600), ("b", b"0", b"")]), budget=Budget(members=1))
    assert done.fault
    assert (done.files, done.fault.kind) == (1, "budget-exceeded")


def test_only_what_patterns_match_is_written(tmp_path: Path) -> None:
    done = extracted(tmp_path, packed([("a/b.txt", b"0", b""), ("a/c.jpg", b"0", b"")]), ["*.jpg"])
    assert (done.files, [*tree(tmp_path / "out")]) == (1, ["a", "a/c.jpg"])


def test_a_pattern_without_a_match_leaves_no_directory(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no member 'c'"):
        extracted(tmp_path, packed([("a/b", b"0", b"")]), ["c"])
    assert not (tmp_path / "out").exists()


def _occupy(out: Path) -> None:
    out.mkdir()
    (out / "rooms").symlink_to(out.parent)


OCCUPANTS: dict[str, Callable[[Path], object]] = {
    "a directory with a link": _occupy,
    "a file": lambda out: out.write_bytes(b""),
    "a broken link": lambda out: out.symlink_to(out.parent / "nowhere"),
}


@pytest.mark.parametrize("occupy", OCCUPANTS.values(), ids=OCCUPANTS)
def test_what_is_not_a_new_or_empty_directory_stays_as_it_is(occupy: Callable[[Path], object], tmp_path: Path) -> None:
    occupy(tmp_path / "out")
    before = tree(tmp_path)
    with pytest.raises(UsageError, match="out: "):
        extract(SAMPLE, tmp_path / "out", password=PASSWORD)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("inside", ["out", "a/b/out"])
def test_an_archive_that_is_a_directory_is_not_written_into(inside: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(UsageError, match="would write into an input"):
        extract(tmp_path, tmp_path / inside)


def test_a_directory_is_extracted_as_an_archive_is(tmp_path: Path) -> None:
    extract(SAMPLE, tmp_path / "first", password=PASSWORD)
    done = extract(tmp_path / "first", tmp_path / "second")
    assert tree(tmp_path / "first") == tree(tmp_path / "second")
    assert done.files == 20


@pytest.mark.parametrize("planted", ["dir", "dir/file"])
def test_a_link_that_another_program_plants_meanwhile_is_not_followed(planted: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    archive = tmp_path / "in.tar"
    archive.write_bytes(packed([("first", b"0", b"1"), ("dir/file", b"0", b"2")]))

    def plant(path: str) -> None:
        if path == "dir/file":
            link = tmp_path / "out" / planted
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(outside / "new" if planted == "dir/file" else outside)

    with pytest.raises(UsageError, match="out: "):
        extract(archive, tmp_path / "out", watch=lambda _: plant)
    assert [*outside.iterdir()] == []


def test_an_exception_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    class Interrupted(io.BytesIO):
        def read1(self, _: int | None = -1, /) -> bytes:
            if self.tell() > 4000:
                raise KeyboardInterrupt
            return self.read(1000)

    with pytest.raises(KeyboardInterrupt):
        extract(Interrupted(packed([("a", b"0", b"1" * 9000)])), tmp_path / "out")
    assert [*(tmp_path / "out").iterdir()] == []


def test_without_hard_links_files_get_their_names_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    check_any([("a/b", b"0", b"1"), ("a/b", b"0", b"2"), ("a", b"0", b"3")], tmp_path)


def test_without_descriptors_of_directories_the_tree_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hcfmt.container.new_tree._BY_DESCRIPTOR", False)
    check_any([("a/b", b"0", b"1"), ("A/b", b"0", b"2"), ("a", b"0", b"3"), ("c/", b"5", b"")], tmp_path)


@pytest.mark.slow
def test_hostile_cases_of_the_suite_write_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    hostile = ("*name*", "*link*", "*users*", "device*", "pipe*")
    cases = write_suite(str(tmp_path / "suite"), only=tuple(f"hostile/{pattern}" for pattern in hostile))
    before = tree(tmp_path)
    for number, case in enumerate(cases):
        extract(tmp_path / "suite" / case.path, tmp_path / "deep" / "er" / str(number), password=PASSWORD)
    after = {path: row for path, row in tree(tmp_path).items() if not path.startswith("deep/er/")}
    assert after == before
    assert {stat.S_IFMT(mode) for mode, _ in tree(tmp_path / "deep").values()} == {stat.S_IFREG, stat.S_IFDIR}


if __name__ == "__main__":
    settings(max_examples=int(sys.argv[1]), deadline=None)(given(MEMBERS)(check_below_a_new_root))()
