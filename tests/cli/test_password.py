"""Tests of every way to give a password, their order, and the errors."""

import getpass
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.command import PASSWORD, SAMPLE, run

TERMINAL = frozenset({"stdin"})


def answers(monkeypatch: pytest.MonkeyPatch, *texts: str) -> list[str]:
    """Answer each prompt with the next text, and return the prompts; after the last one the input has ended."""
    prompts: list[str] = []
    remaining: Iterator[str] = iter(texts)

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        try:
            return next(remaining)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(getpass, "getpass", answer)
    return prompts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n", encoding="utf-8")
    return path


def test_an_option_provides_the_password() -> None:
    assert run("validate", SAMPLE, "--password", PASSWORD).exit == 0


@pytest.mark.parametrize(
    "content", [b"hipchat", b"hipchat\n", b"hipchat\r\n", b"hipchat\nanother\n", b"\none\n\nanother\nhipchat\n"]
)
def test_a_line_of_a_file_provides_the_password(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert run("validate", SAMPLE, "--password-file", file).exit == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("content", ["hipchat", "hipchat\r\n", "hipchat\r\nanother line \ud7ff\n"])
def test_a_file_that_a_windows_editor_wrote_provides_the_password(file: Path, content: str, encoding: str) -> None:
    text = content if encoding == "utf-8-sig" else f"\ufeff{content}"
    file.write_bytes(text.encode(encoding))
    assert run("validate", SAMPLE, "--password-file", file).exit == 0


@pytest.mark.parametrize("content", [b" hipchat\n", b"hipchat \n", b"\xef\xbb\xbf\xef\xbb\xbfhipchat\n"])
def test_only_the_line_end_is_removed_from_the_password(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert run("validate", SAMPLE, "--password-file", file).exit == 3


def test_the_environment_provides_the_password() -> None:
    assert run("validate", SAMPLE, env={"HCFMT_PASSWORD": PASSWORD}).exit == 0


def test_a_terminal_prompts_once_for_all_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = answers(monkeypatch, PASSWORD)
    assert run("validate", SAMPLE, SAMPLE, terminals=TERMINAL).exit == 0
    assert prompts == ["Password of the archive: "]


def test_a_terminal_asks_again_until_a_password_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = answers(monkeypatch, "one", "another", PASSWORD)
    result = run("validate", SAMPLE, SAMPLE, terminals=TERMINAL)
    assert (result.exit, len(prompts)) == (0, 3)
    assert result.err == "This password does not open the archive. " * 2


def test_a_terminal_asks_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = answers(monkeypatch, "one", "two", "three", PASSWORD)
    result = run("validate", SAMPLE, terminals=TERMINAL)
    assert (result.exit, len(prompts)) == (3, 3)
    assert len(result.out.splitlines()) == 3


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_after_an_empty_answer_nothing_is_asked_again(monkeypatch: pytest.MonkeyPatch, jobs: str) -> None:
    prompts = answers(monkeypatch, "", PASSWORD)
    result = run("validate", "-q", SAMPLE, SAMPLE, "--jobs", jobs, terminals=TERMINAL)
    assert (result.exit, len(prompts)) == (2, 1)
    assert result.out.count("incomplete (HCX03 unreadable-input)") == 2


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_archives_may_have_different_passwords(tmp_path: Path, file: Path, jobs: str) -> None:
    paths = [tmp_path / f"{password}.aes" for password in ("one", "two", PASSWORD)]
    plain = run("decrypt", SAMPLE, "--output", "-", "--password", PASSWORD).raw
    for path in paths:
        assert run("encrypt", "-", "--output", path, "--password", path.stem, stdin=plain).exit == 0
    file.write_text("".join(f"{path.stem}\n" for path in paths), encoding="utf-8")
    assert run("validate", *paths, "--password-file", file, "--jobs", jobs).exit == 0


def test_breaking_encrypts_with_the_password_that_opened_the_archive(tmp_path: Path, file: Path) -> None:
    file.write_text(f"one\n{PASSWORD}\n", encoding="utf-8")
    broken = tmp_path / "broken.tar.gz.aes"
    assert run("break", SAMPLE, "--rule", "HC401", "-o", broken, "--password-file", file).exit == 0
    assert run("validate", broken, "--password", PASSWORD).exit == 1


def test_an_unencrypted_archive_prompts_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = answers(monkeypatch)
    assert run("validate", tmp_path, terminals=TERMINAL).exit == 3
    assert prompts == []


def test_options_precede_the_environment_and_the_prompt(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = answers(monkeypatch)
    wrong = {"HCFMT_PASSWORD": "wrong"}
    assert run("validate", SAMPLE, "--password", PASSWORD, env=wrong, terminals=TERMINAL).exit == 0
    assert run("validate", SAMPLE, "--password-file", file, env=wrong, terminals=TERMINAL).exit == 0
    assert run("validate", SAMPLE, env=wrong, terminals=TERMINAL).exit == 3
    assert prompts == []


def test_a_password_may_be_any_bytes_of_the_command_line(tmp_path: Path) -> None:
    plain, sealed = tmp_path / "a.gz", tmp_path / "a.gz.aes"
    plain.write_bytes(bytes.fromhex("1f8b08000000000000030300000000000000 0000"))
    raw = b"p\xe4ss w\xf6rd $'\""
    secret = raw.decode("utf-8", "surrogateescape")
    (tmp_path / "secret").write_bytes(raw)
    assert run("encrypt", plain, "--password", secret).exit == 0
    assert run("decrypt", sealed, "--output", "-", "--password-file", tmp_path / "secret").raw == plain.read_bytes()


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, PASSWORD)
    assert run("validate", SAMPLE, env={"HCFMT_PASSWORD": ""}, terminals=TERMINAL).exit == 0
    assert run("validate", SAMPLE, env={"HCFMT_PASSWORD": ""}).exit == 2


def test_without_a_password_the_error_says_how_to_provide_one() -> None:
    result = run("validate", SAMPLE)
    assert (result.exit, result.err) == (2, "")
    for source in ("HCFMT_PASSWORD", "--password-file", "--password", "terminal"):
        assert source in result.out


@pytest.mark.parametrize("command", ["validate", "decrypt", "encrypt"])
def test_the_help_warns_of_passwords_on_the_command_line(command: str) -> None:
    text = " ".join(run(command, "--help").out.replace("│", " ").split())
    assert "Other users of this machine can see it; HCFMT_PASSWORD is safer." in text


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--password", PASSWORD, "--password-file", "x"), "Give --password or --password-file, not both."),
        (("--password", ""), "--password is empty."),
        (("--password-file", "there/is/no/such/file"), "the password file cannot be read: No such file or directory."),
        (("--password-file", "."), "the password file cannot be read: Is a directory."),
    ],
)
def test_a_password_given_wrongly_is_wrong_usage(args: Sequence[str], says: str) -> None:
    result = run("validate", SAMPLE, *args)
    assert result.exit == 2
    assert result.err.endswith(f"{says}\n")


def test_a_file_without_a_password_is_wrong_usage(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf\r\n")
    result = run("validate", SAMPLE, "--password-file", file)
    assert (result.exit, result.err) == (2, f"hcfmt: {file}: the password file is empty.\n")


def test_an_endless_password_file_is_not_read_to_its_end() -> None:
    assert run("validate", SAMPLE, "--password-file", "/dev/zero").exit == 2


@pytest.mark.parametrize("texts", [(), ("",)])
def test_an_empty_answer_to_the_prompt_is_no_password(texts: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, *texts)
    result = run("stats", SAMPLE, terminals=TERMINAL)
    assert (result.exit, result.err[:35]) == (2, "hcfmt: The archive needs a password")


def test_encrypting_prompts_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tmp_path / "a.gz"
    plain.write_bytes(run("decrypt", SAMPLE, "--output", "-", "--password", PASSWORD).raw)
    prompts = answers(monkeypatch, "one", "another", "same", "same")
    differ = run("encrypt", plain, terminals=TERMINAL)
    assert (differ.exit, differ.err) == (2, "hcfmt: The two passwords differ.\n")
    assert run("encrypt", plain, terminals=TERMINAL).exit == 0
    assert len(prompts) == 4
    assert run("validate", tmp_path / "a.gz.aes", "--password", "same").exit == 0


def test_no_output_contains_the_password() -> None:
    for args in (("--password", "s3cret"), ("--password", "s3cret", "--password-file", "x")):
        result = run("validate", SAMPLE, *args)
        assert "s3cret" not in result.out + result.err
