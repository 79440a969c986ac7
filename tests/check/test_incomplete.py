"""Archives that are cut or have bytes behind their end: never valid."""

import gzip
from pathlib import Path
from random import Random

import pytest

from hcfmt import Options, Verdict, validate
from hcfmt.container import encrypt
from tests.support.recipes import PASSWORD, cook, sample_files

BLOCK = 512
TAR = cook("layers tar").data
PACKED = cook("layers gzip tar").data
SEALED = cook("layers aes gzip tar").data


def _verdict(data: bytes, path: Path) -> Verdict:
    path.write_bytes(data)
    return validate(path, Options(password=PASSWORD.encode)).verdict


@pytest.mark.parametrize("packed", [False, True], ids=["tar", "tar.gz"])
@pytest.mark.slow
def test_a_tar_that_is_cut_before_any_block_is_incomplete(packed: bool, tmp_path: Path) -> None:  # noqa: FBT001
    cuts = range(BLOCK, len(TAR), BLOCK * (4 if packed else 1))
    verdicts = {
        cut: _verdict(gzip.compress(TAR[:cut], 1) if packed else TAR[:cut], tmp_path / "cut.tar") for cut in cuts
    }
    assert [cut for cut, verdict in verdicts.items() if verdict is not Verdict.INCOMPLETE] == []


@pytest.mark.parametrize(
    "behind", [b"x", TAR, bytes(BLOCK) + TAR], ids=["a byte", "the same again", "the same behind zeros"]
)
@pytest.mark.parametrize("end", [2 * BLOCK, 1 * BLOCK], ids=["a proper end", "a lone zero block"])
def test_a_tar_with_something_behind_its_end_is_incomplete(behind: bytes, end: int, tmp_path: Path) -> None:
    assert _verdict(TAR[: -2 * BLOCK] + bytes(end) + behind, tmp_path / "a.tar") is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    "behind", [b"\n", bytes(BLOCK) + b"x", PACKED, PACKED[:10]], ids=lambda behind: f"{len(behind)}"
)
def test_a_gzip_stream_with_something_behind_its_end_is_incomplete(behind: bytes, tmp_path: Path) -> None:
    assert _verdict(PACKED + behind, tmp_path / "a.tar.gz") is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("packed", "behind"),
    [(PACKED, b"\0"), (PACKED, bytes(BLOCK)), (SEALED, b"\n"), (SEALED, bytes(-len(SEALED) % BLOCK))],
    ids=["a zero", "zeros", "a line end", "zeros behind an encrypted file"],
)
def test_mere_padding_behind_the_end_leaves_an_export_valid(packed: bytes, behind: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(packed + behind)
    report = validate(path, Options(password=PASSWORD.encode))
    assert (report.verdict, dict(report.totals)) == (Verdict.VALID, {"HC018": 1})


@pytest.mark.parametrize("blocks", [1, 2, 3])
@pytest.mark.parametrize("padding", range(1, 17))
def test_blocks_behind_the_proper_end_of_an_encrypted_file_are_incomplete(
    blocks: int, padding: int, tmp_path: Path
) -> None:
    own = 16 - len(PACKED) % 16
    appended = Random(padding).randbytes(16 * blocks - padding)  # noqa: S311 - whatever the added blocks decrypt to
    plain = PACKED + bytes([own]) * own + appended
    data = b"".join(encrypt(iter([plain]), PASSWORD.encode(), salt=b"saltsalt"))
    assert len(data) == 16 + len(PACKED) + own + 16 * blocks, "the padding at the very end must be a valid one"
    assert _verdict(data, tmp_path / "a.tar.gz.aes") is Verdict.INCOMPLETE


def test_an_export_without_any_history_is_incomplete(tmp_path: Path) -> None:
    removed = [path for path in sample_files() if path.endswith("/history.json") or "/files/" in path]
    recipe = [
        "layers tar",
        "rooms.json = []",
        *(f"{path} -" for path in removed),
    ]  # a room without a history is an error
    assert _verdict(cook("\n".join(recipe)).data, tmp_path / "a.tar") is Verdict.INCOMPLETE


def test_an_export_whose_histories_are_all_empty_is_valid(tmp_path: Path) -> None:
    emptied = [f"{path} = []" for path in sample_files() if path.endswith("/history.json")]
    removed = [f"{path} -" for path in sample_files() if "/files/" in path]
    data = cook("layers tar\n" + "\n".join(emptied + removed)).data
    assert _verdict(data, tmp_path / "a.tar") is Verdict.VALID
