"""Hostile input: its code and exit status, in bounded memory, without a traceback, and without writing a file."""

import gzip
import os
import random
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, Report, Verdict, validate
from hcfmt.container import encrypt
from tests.support.counterparts import counterpart
from tests.support.recipes import PASSWORD, SAMPLE, cook
from tests.support.tar_members import MAIN, member, packed

SOUND = SAMPLE.read_bytes()
MIB = 1 << 20
MOST_MEMORY = 200 * MIB  # bytes, of the whole process

# The process tells its own peak in KiB: what the system tells of a child begins with the size of its parent.
PEAK = """
import sys
from pathlib import Path
from hcfmt.cli import main
peak = Path(sys.argv.pop(1))
try:
    main()
finally:
    status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
    peak.write_text(status.split()[0])
"""


def sound_members() -> bytes:
    """Return the sample's tar without its end."""
    return cook("layers tar").data[:-1024]


def with_data(path: str, content: bytes) -> bytes:
    return packed(sound_members(), member(path, content))


def zeros(size: int, before: bytes) -> bytes:
    """Return gzip data of some bytes and then as many zeros, made of many gzip members so that making it is quick."""
    step = 64 * MIB
    return gzip.compress(before) + gzip.compress(bytes(step), 6) * (size // step) + gzip.compress(bytes(1024))


def pax_bomb() -> bytes:
    """Return a .tar.gz of 300 KB whose first member announces an extended header of 300 MB."""
    size = 320 * MIB
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, size
    return zeros(size, info.tobuf())


def huge_member(path: str) -> bytes:
    info = tarfile.TarInfo(path)
    info.size = 4096 * MIB
    return zeros(info.size, sound_members() + info.tobuf(tarfile.GNU_FORMAT))


def base256_bomb() -> bytes:
    """Return a tar whose member says that it has 2^62 bytes."""
    block = bytearray(member("users.json")[:512])
    block[124:136] = b"\x80" + (1 << 62).to_bytes(11)
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + bytes(1024)


# name: what is in the file, what the file is called, which codes it gets, which exit status, further arguments
Case = tuple[Callable[[], bytes], str, set[str], int, list[str]]
CASES: dict[str, Case] = {
    "wrong password": (lambda: SOUND, "a.tar.gz.aes", {"HC002"}, 3, ["--password", "other"]),
    "forced digest that is not the one": (lambda: SOUND, "a.tar.gz.aes", {"HC002"}, 3, ["--digest", "sha256"]),
    "not an archive": (lambda: random.Random(1).randbytes(5000), "a.bin", {"HC005"}, 3, []),  # noqa: S311 - any bytes
    "text": (lambda: b"Dear all,\n", "a.tar.gz", {"HC005"}, 3, []),
    "one byte": (lambda: b"\x1f", "a.tar.gz", {"HC005"}, 3, []),
    "old cloud zip": (lambda: cook("layers zip").data, "export.zip", {"HC005"}, 3, []),
    "zip in gzip": (lambda: gzip.compress(cook("layers zip").data), "a.tar.gz", {"HC005"}, 3, []),
    "empty file": (lambda: b"", "a.tar.gz.aes", {"HC012"}, 3, []),
    "empty gzip": (lambda: gzip.compress(b""), "a.tar.gz", {"HC012"}, 3, []),
    "empty tar": (lambda: bytes(10240), "a.tar", {"HC012"}, 3, []),
    "tar of something else": (lambda: packed(member("README", b"hello")), "a.tar.gz", {"HC012"}, 3, []),
    "absolute path": (lambda: packed(sound_members(), member("/etc/passwd", b"x")), "a.tar.gz", {"HC101"}, 1, []),
    "climbing path": (lambda: packed(sound_members(), member("../../x", b"x")), "a.tar.gz", {"HC101"}, 1, []),
    "backslash path": (lambda: packed(sound_members(), member("..\\x", b"x")), "a.tar.gz", {"HC101"}, 1, []),
    "control characters": (lambda: packed(sound_members(), member("a\x1b[2Jb", b"x")), "a.tar.gz", {"HC101"}, 1, []),
    "undecodable name": (
        lambda: packed(sound_members(), member("rooms/1/files/a/b\udcff", b"x")), "a.tar.gz", {"HC110"}, 1, [],
    ),
    "symbolic link": (
        lambda: packed(sound_members(), member("rooms/1/files/a/b", type=tarfile.SYMTYPE, linkname="/etc/passwd")),
        "a.tar.gz", {"HC102"}, 1, [],
    ),
    "hard link": (
        lambda: packed(sound_members(), member("rooms/1/files/a/b", type=tarfile.LNKTYPE, linkname="users.json")),
        "a.tar.gz", {"HC102"}, 1, [],
    ),
    "device": (lambda: packed(sound_members(), member("null", type=tarfile.CHRTYPE)), "a.tar.gz", {"HC102"}, 1, []),
    "fifo": (lambda: packed(sound_members(), member("pipe", type=tarfile.FIFOTYPE)), "a.tar.gz", {"HC102"}, 1, []),
    "duplicate member": (lambda: with_data("users.json", b"[]"), "a.tar.gz", {"HC103"}, 1, []),
    "pax header of 300 MB": (pax_bomb, "a.tar.gz", {"HCX01"}, 3, []),
    "member of 2^62 bytes": (base256_bomb, "a.tar", {"HC010"}, 3, []),
    "json of 500,000 levels": (
        lambda: with_data("rooms/2/history.json", b"[" * 500_000), "a.tar.gz", {"HC111", "HCX01"}, 3, [],
    ),
    "objects of 500,000 levels": (
        lambda: with_data("rooms/2/history.json", b'[{"UserMessage":' * 500_000), "a.tar.gz", {"HC111", "HCX01"}, 3, [],
    ),
    "document of 500,000 levels": (
        lambda: packed(member("metadata.json", b'{"a":' * 500_000), member("users.json", b"[]")),
        "a.tar.gz", {"HCX01", "HC104", "HC105"}, 3, [],
    ),
    "string that never ends": (
        lambda: with_data("rooms/2/history.json", b'["' + b"x\\" * 5 * MIB), "a.tar.gz", {"HC111", "HC201"}, 1, [],
    ),
    "record beyond its budget": (
        lambda: with_data("rooms/2/history.json", b'[{"UserMessage":{"message":"' + b"x" * 3 * MIB + b'"}}]'),
        "a.tar.gz", {"HC111", "HCX01"}, 3, ["--max-record", "1M"],
    ),
    "members beyond their budget": (lambda: SOUND, "a.tar.gz.aes", {"HCX01"}, 3, ["--max-members", "5"]),
    "names beyond their budget": (lambda: SOUND, "a.tar.gz.aes", {"HCX01"}, 3, ["--max-names", "50"]),
    "a name beyond its budget": (lambda: SOUND, "a.tar.gz.aes", {"HCX01"}, 3, ["--max-path", "20"]),
    "bytes beyond their budget": (lambda: SOUND, "a.tar.gz.aes", {"HCX01"}, 3, ["--max-expanded", "20K"]),
    "no time": (lambda: SOUND, "a.tar.gz.aes", {"HCX01"}, 3, ["--max-seconds", "0"]),
    "4 GB of zeros as a data file": (
        lambda: huge_member("rooms/2/history.json"), "a.tar.gz", {"HC111", "HC201"}, 1, [],
    ),
    "4 GB of zeros beyond the budget": (
        lambda: huge_member("rooms/1/files/a/b"), "a.tar.gz", {"HCX01"}, 3, ["--max-expanded", "1G"],
    ),
}  # fmt: skip


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """Give a working directory, and see that nothing was written there."""
    directory = tmp_path / "empty"
    directory.mkdir()
    yield directory
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.slow
def test_bad_input_gets_its_code_and_its_exit_status_within_bounds(case: Case, tmp_path: Path, empty: Path) -> None:
    data, name, codes, status, arguments = case
    path = tmp_path / name
    path.write_bytes(data())
    environment = {**os.environ, "HCFMT_PASSWORD": PASSWORD, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", MAIN, "validate", str(path), "--format", "jsonl", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=empty, env=environment
    ) as process:
        out, err = process.communicate()
        assert process.returncode == status, err.decode()
    assert b"Traceback" not in out + err
    found = {line.split('"code": "')[1][:5] for line in out.decode().splitlines() if '"type": "finding"' in line}
    assert found == codes
    assert b'"message"' in out


BOMBS = ["pax header of 300 MB", "4 GB of zeros as a data file", "json of 500,000 levels", "string that never ends"]


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.slow
def test_memory_stays_small_whatever_the_input_expands_to(bomb: str, tmp_path: Path) -> None:
    make, name, _, _, _ = CASES[bomb]
    path = tmp_path / name
    path.write_bytes(make())
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", PEAK, str(tmp_path / "peak"), "validate", str(path)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False)
    assert done.returncode in {1, 3}
    assert int((tmp_path / "peak").read_text()) * 1024 < MOST_MEMORY


def check(data: bytes, directory: Path) -> Report:
    path = directory / "archive.tar.gz.aes"
    path.write_bytes(data)
    return validate(str(path), Options(password=PASSWORD.encode))


DAMAGED = st.one_of(
    st.tuples(st.just("flip"), st.integers(0, len(SOUND) - 1), st.integers(0, 7)),
    st.tuples(st.just("cut"), st.integers(0, len(SOUND) - 1), st.just(0)),
    st.tuples(st.just("hole"), st.integers(0, len(SOUND) - 1), st.integers(1, 5000)),
)


def damage(kind: str, at: int, amount: int) -> bytes:
    match kind:
        case "flip":
            return SOUND[:at] + bytes([SOUND[at] ^ 1 << amount]) + SOUND[at + 1 :]
        case "cut":
            return SOUND[:at]
    return SOUND[:at] + SOUND[at + amount :]


@settings(max_examples=300)
@given(DAMAGED)
@pytest.mark.slow
def test_damage_anywhere_is_never_valid_and_never_looks_like_a_readable_archive(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[str, int, int]
) -> None:
    report = check(damage(*case), tmp_path_factory.getbasetemp())
    assert report.verdict is Verdict.INCOMPLETE
    assert report.exit == 3


@pytest.mark.parametrize("at", [*range(40), *range(len(SOUND) - 40, len(SOUND))])
def test_a_flipped_bit_at_either_end_is_never_valid(at: int, tmp_path: Path) -> None:
    for bit in range(8):
        report = check(damage("flip", at, bit), tmp_path)
        assert (report.verdict, report.exit) == (Verdict.INCOMPLETE, 3)


@pytest.mark.slow
def test_an_archive_whose_last_block_holds_data_is_safe_too(tmp_path: Path) -> None:
    plain = cook("layers gzip tar").data
    for more in range(16):
        # A comment in the gzip header makes the stream longer by its own length and nothing else.
        data = plain[:3] + b"\x10" + plain[4:10] + b"c" * more + b"\0" + plain[10:]
        sealed = b"".join(encrypt(iter([data]), PASSWORD.encode(), "md5", salt=b"saltsalt"))
        assert check(sealed, tmp_path).verdict is Verdict.VALID
        for at in range(len(sealed) - 32, len(sealed)):
            assert check(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], tmp_path).exit == 3
        for cut in range(1, 33):
            assert check(sealed[:-cut], tmp_path).exit == 3


def test_a_digest_that_hc_migrate_never_used_is_named_as_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz.aes"
    command = [counterpart("openssl"), "enc", "-aes-256-cbc", "-md", "sha512", "-k", PASSWORD, "-out", str(path)]
    subprocess.run(command, input=cook("layers gzip tar").data, check=True, capture_output=True)
    report = validate(str(path), Options(password=PASSWORD.encode))
    assert (set(report.totals), report.exit) == ({"HC002"}, 3)
    assert "md5, sha256, pbkdf2" in report.findings[0].message


def test_damage_to_compressed_bytes_is_reported_as_such(tmp_path: Path) -> None:
    plain = bytearray(cook("layers gzip tar").data)
    path = tmp_path / "a.tar.gz"
    for at in range(200, len(plain) - 20, 4999):
        path.write_bytes(plain[:at] + bytes([plain[at] ^ 0x55]) + plain[at + 1 :])
        report = validate(str(path), Options())
        assert report.exit == 3
        assert not {"HC009", "HC010"} & set(report.totals)
